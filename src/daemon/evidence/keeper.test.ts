import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PaneSignal } from '../../adapters/terminal/api.ts';
import type { AgentStatus } from '../../core/model/agent.ts';
import type { Command } from '../../core/model/commands.ts';
import { readyRules } from '../../core/profile/match.ts';
import { explain } from './explain.ts';
import { EvidenceKeeper } from './keeper.ts';
import type { ProfileRules } from './rules.ts';

const TITLE = { id: 'busy', match: '^✦', unless: null, state: 'working', for: null, text: null, until: null } as const;
const HOOK = { on: 'Stop', where: {}, state: 'idle', for: null, text: 'turn over', until: null } as const;
const rules: ProfileRules = {
  name: 'test',
  titles: readyRules([{ ...TITLE, since: null, before: null }], null),
  notifications: [],
  screen: { rules: [], version: null },
  hooks: [{ ...HOOK, since: null, before: null }],
  events: [],
  channels: ['osc', 'hook', 'screen', 'process'],
  usage: [],
  personal: false,
  floor: { cols: 1, rows: 1 },
  version: null,
};
const status = { kind: 'status', reason: '', message: '', subject: null } as const;
const DIALOG = { waitingFor: 'permission', until: null, rule: 'x', matched: 'x?', sure: true } as const;

describe('the keeper of evidence', () => {
  let commands: Command[];
  let keeper: EvidenceKeeper;
  let current: ProfileRules;
  let slow: (readonly string[])[];
  const hear = (...signals: PaneSignal[]) => keeper.signals('a', signals);
  const states = () => commands.flatMap((one) => (one.type === 'evidence' ? [`${one.state} ${one.source}`] : []));

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance', 'Date'] });
    commands = [];
    slow = [];
    current = rules;
    keeper = new EvidenceKeeper({
      dispatch: (command) => void commands.push(command),
      rulesOf: () => current,
      onSlow: (...rule) => void slow.push(rule),
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('understands the program status protocol', () => {
    hear({ ...status, state: 'blocked', reason: 'permission', message: 'run make?' });
    expect(commands).toMatchObject([
      {
        type: 'evidence',
        state: 'waiting',
        waitingFor: 'permission',
        reason: 'permission: run make?',
        evidence: 'osc',
      },
    ]);
    hear({ ...status, state: 'error', message: 'rate limit, resets in 10m' });
    vi.advanceTimersByTime(100);
    const until = Date.now() - 100 + 600_000;
    expect(commands.at(-1)).toMatchObject({
      state: 'limited',
      until,
      reason: expect.stringMatching(/, until \d\d:\d\d$/),
    });
    hear({ ...status, state: 'working', subject: 'subagent' });
    vi.advanceTimersByTime(1_000);
    expect(states()).toEqual(['waiting osc', 'limited osc']);
    hear({ ...status, state: 'clear' }, { ...status, state: 'done' });
    vi.advanceTimersByTime(1_000);
    expect(states().at(-1)).toBe('idle osc');
  });

  it('takes an error at the end of a turn for just that, and one of the login for a login', () => {
    hear({ ...status, state: 'error', message: 'API Error: 400 bad prompt' });
    expect(commands.at(-1)).toMatchObject({
      state: 'idle',
      reason: 'ended its turn with an error: API Error: 400 bad prompt',
    });
    hear({ ...status, state: 'error', message: 'API Error: 401 invalid x-api-key' });
    vi.advanceTimersByTime(100);
    expect(commands.at(-1)).toMatchObject({ state: 'waiting', waitingFor: 'login' });
    hear({ ...status, state: 'error' });
    vi.advanceTimersByTime(1_000);
    expect(commands.at(-1)).toMatchObject({ state: 'idle', reason: 'ended its turn with an error' });
  });

  it('takes titles and notifications for what the agent is at, without their spinners', () => {
    hear({ kind: 'title', text: '✦ parsing' }, { kind: 'title', text: '◐ parsing' }, { kind: 'bell' });
    hear(
      { kind: 'notification', title: 'Done', text: 'all green' },
      { kind: 'progress', state: 'normal', percent: 40 },
    );
    expect(commands.filter(({ type }) => type !== 'evidence')).toEqual([
      { type: 'activity', agent: 'a', text: 'parsing' },
      { type: 'activity', agent: 'a', text: 'parsing' },
      { type: 'activity', agent: 'a', text: 'Done: all green' },
      { type: 'progress', agent: 'a', percent: 40, text: '' },
    ]);
    expect(states()[0]).toBe('working title');
  });

  it('tells a state when it has stood for a moment, and the same one once', () => {
    hear({ kind: 'title', text: '✦' });
    keeper.event('a', 'hook', 'Stop', {});
    keeper.event('a', 'hook', 'Stop', {});
    expect(keeper.event('a', 'hook', 'Unheard', {})).toBeNull();
    expect(states()).toEqual(['working title']);
    vi.advanceTimersByTime(5_000);
    expect(states()).toEqual(['working title', 'idle hook']);
  });

  it('hears of reports from the journal, not of its own words', () => {
    const state = { type: 'agent.state', agent: 'a', state: 'waiting', reason: 'asks', evidence: 'report' } as const;
    keeper.heardOf({ ...state, source: 'report' });
    keeper.heardOf({ ...state, evidence: 'osc' });
    vi.advanceTimersByTime(100);
    expect(states()).toEqual([]);
    keeper.heardOf(state);
    vi.advanceTimersByTime(100);
    hear({ kind: 'title', text: '✦' });
    vi.advanceTimersByTime(60_000);
    expect(states()).toEqual(['waiting report']);
  });

  it('goes on with what was known before it, and forgets a run that is over', () => {
    const known: AgentStatus = { state: 'waiting', since: 0, reason: 'asks', evidence: 'osc', by: null };
    keeper.seed('a', known);
    keeper.seed('b', { ...known, evidence: 'screen' });
    keeper.seed('c', { ...known, state: 'paused' });
    expect(states()).toEqual(['waiting osc']);
    keeper.begin('a');
    expect(keeper.standing('a').standing.board.words).toEqual({});
  });

  it('explains every word, and which one counts', () => {
    hear({ ...status, state: 'working' });
    vi.advanceTimersByTime(1_000);
    hear({ kind: 'screen', saying: { ...DIALOG, state: 'waiting', text: 'wants x' } });
    vi.advanceTimersByTime(2_000);
    expect(explain(keeper, rules, ['a line'], 'a')).toEqual({
      profile: 'test',
      coming: null,
      silent: ['hook', 'process'],
      off: ['a line'],
      words: [
        expect.objectContaining({ source: 'screen', rank: 7, rule: 'x', matched: 'x?', ageMs: 2_000, counts: true }),
        expect.objectContaining({ source: 'osc', rule: null, ageMs: 3_000, counts: false }),
      ],
    });
  });

  it('leaves no timer behind', () => {
    hear({ kind: 'title', text: '✦' });
    keeper.event('a', 'hook', 'Stop', {});
    expect(vi.getTimerCount()).toBe(1);
    keeper.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('hands on which rule of a screen is too slow', () => {
    hear({ kind: 'slow-rule', rule: 'loop', ms: 50 });
    expect(slow).toEqual([['test', 'screen', 'loop']]);
  });

  it('finds the rule of a title or hook that never comes to an end, and holds nothing up', () => {
    vi.useRealTimers();
    const title = { ...TITLE, id: 'loop', match: '^(a+)+$', since: null, before: null };
    const hook = { ...HOOK, on: 'Loop', where: { text: '^(a+)+$' }, since: null, before: null };
    current = { ...rules, personal: true, titles: readyRules([title], null), hooks: [hook] };
    const text = `${'a'.repeat(60)}!`;
    hear({ kind: 'title', text });
    expect(slow).toEqual([['test', 'titles', 'loop']]);
    expect(keeper.event('a', 'hook', 'Loop', { text })).toBeNull();
    expect(slow.at(-1)).toEqual(['test', 'hooks', 'Loop']);
  });
});
