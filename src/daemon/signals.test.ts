import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PaneSignal } from '../adapters/terminal/api.ts';
import type { Command } from '../core/model/commands.ts';
import { Signals } from './signals.ts';

afterEach(() => {
  vi.useRealTimers();
});

function told(...signals: PaneSignal[]): Command[] {
  const commands: Command[] = [];
  new Signals((command) => void commands.push(command)).take('a', signals);
  return commands;
}

const status = { kind: 'status', reason: '', message: '', subject: null } as const;

describe('Signals', () => {
  it('understands the program status protocol', () => {
    expect(told({ ...status, state: 'blocked', reason: 'permission', message: 'run make?' })).toMatchObject([
      { type: 'evidence', state: 'waiting', reason: 'permission: run make?', evidence: 'osc' },
    ]);
    expect(told({ ...status, state: 'error', message: 'rate limit' })).toMatchObject([{ state: 'limited' }]);
    expect(told({ ...status, state: 'working' })).toMatchObject([{ state: 'working', reason: 'says it is working' }]);
    expect(told({ ...status, state: 'done', subject: 'subagent' })).toEqual([]);
    expect(told({ ...status, state: 'clear' })).toEqual([]);
  });

  it('takes titles and notifications for what the agent is at, and progress for work', () => {
    expect(told({ kind: 'title', text: 'parsing' })).toEqual([{ type: 'activity', agent: 'a', text: 'parsing' }]);
    expect(told({ kind: 'notification', title: 'Done', text: 'all green' })).toMatchObject([
      { text: 'Done: all green' },
    ]);
    expect(told({ kind: 'progress', state: 'normal', percent: 40 })).toMatchObject([
      { state: 'working' },
      { type: 'progress', percent: 40 },
    ]);
    expect(told({ kind: 'progress', state: 'none', percent: null }, { kind: 'bell' })).toEqual([]);
  });

  it('tells of silence again when better evidence has grown old', () => {
    vi.useFakeTimers();
    const commands: Command[] = [];
    const signals = new Signals((command) => void commands.push(command));
    signals.take('a', [{ kind: 'activity', active: true }]);
    signals.take('a', [{ kind: 'activity', active: false }]);
    expect(commands).toMatchObject([{ state: 'working' }, { state: 'idle', evidence: 'process' }]);
    vi.advanceTimersByTime(20_000);
    signals.toldBetter('a');
    vi.advanceTimersByTime(20_000);
    expect(commands).toHaveLength(2);
    vi.advanceTimersByTime(11_000);
    expect(commands.slice(2)).toMatchObject([{ state: 'idle' }]);
    signals.take('a', [{ kind: 'activity', active: true }]);
    signals.toldBetter('a');
    vi.advanceTimersByTime(100_000);
    signals.take('a', [{ kind: 'activity', active: false }]);
    signals.forget('a');
    signals.toldBetter('a');
    vi.advanceTimersByTime(100_000);
    expect(commands).toHaveLength(5);
    expect(vi.getTimerCount()).toBe(0);
  });
});
