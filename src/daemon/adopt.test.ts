import { describe, expect, it } from 'vitest';
import { COORDINATOR, type Agent } from '../core/model/agent.ts';
import type { PaneInfo } from '../protocol/ptyhost.ts';
import { reconcile } from './adopt.ts';

const status = { state: 'working', since: 1, reason: '', evidence: 'process', by: null } as const;

function agent(more: Partial<Agent> = {}): Agent {
  return {
    spec: {
      id: 'a',
      name: 'a',
      profile: 'p',
      command: ['x'],
      cwd: '/',
      env: {},
      prompt: null,
      task: null,
      origin: 'person',
    },
    pane: 1,
    status,
    beforePause: null,
    pending: null,
    run: { pid: 7, startedAt: 1, token: 't' },
    exit: null,
    restarts: 0,
    quickExits: 0,
    progress: null,
    activity: '',
    git: null,
    ...more,
  };
}

function pane(more: Partial<PaneInfo> = {}): PaneInfo {
  return { pane: 1, agent: 'a', pid: 7, token: 't', cols: 80, rows: 24, paused: false, exit: null, offset: 9, ...more };
}

const paused = { status: { ...status, state: 'paused' }, beforePause: status } as const;

describe('reconcile', () => {
  it('has nothing to tell where all is as it was', () => {
    expect(reconcile(agent(), pane(), 5)).toEqual([]);
    expect(reconcile(agent(paused), pane({ paused: true }), 5)).toEqual([]);
    expect(reconcile(agent({ run: null, status: { ...status, state: 'done' } }), undefined, 5)).toEqual([]);
  });

  it('tells of an end that nobody saw', () => {
    const [gone] = reconcile(agent(), undefined, 5);
    expect(gone).toMatchObject({
      type: 'pty.exited',
      exit: { code: null, at: 5 },
      reason: 'ended while the daemon was away',
    });
    expect(reconcile(agent(), pane({ token: 'another run' }), 5)).toMatchObject([{ type: 'pty.exited' }]);
    expect(reconcile(agent(), pane({ exit: { code: 3, signal: null } }), 5)).toMatchObject([
      { type: 'pty.exited', exit: { code: 3 } },
    ]);
  });

  it('believes the ptyhost about pauses', () => {
    expect(reconcile(agent(), pane({ paused: true }), 5)).toMatchObject([{ type: 'tree.paused', by: COORDINATOR }]);
    expect(reconcile(agent(paused), pane(), 5)).toMatchObject([{ type: 'tree.resumed' }]);
  });

  it('ends what was under way, one way or the other', () => {
    expect(reconcile(agent({ pending: 'pausing' }), pane({ paused: true }), 5)).toMatchObject([
      { type: 'tree.paused' },
    ]);
    expect(reconcile(agent({ pending: 'pausing' }), pane(), 5)).toMatchObject([{ type: 'tree.failed' }]);
    expect(reconcile(agent({ pending: 'stopping' }), pane(), 5)).toMatchObject([{ type: 'tree.failed' }]);
    expect(reconcile(agent({ ...paused, pending: 'resuming' }), pane(), 5)).toMatchObject([{ type: 'tree.resumed' }]);
  });

  it('finds a start that was under way', () => {
    const starting = agent({ run: null, status: { ...status, state: 'starting' } });
    expect(reconcile(starting, pane({ pid: 8, token: 'n' }), 5)).toMatchObject([
      { type: 'pty.spawned', pid: 8, token: 'n' },
    ]);
    expect(reconcile(starting, undefined, 5)).toMatchObject([{ type: 'pty.spawn-failed' }]);
  });
});
