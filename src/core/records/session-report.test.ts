import { describe, expect, it } from 'vitest';
import { evolve } from '../evolve.ts';
import type { AgentSpec } from '../model/agent.ts';
import type { Event, JournalEntry } from '../model/events.ts';
import { emptyState, type State } from '../model/state.ts';
import { planOf } from '../working.testkit.ts';
import { timeInStates } from './agent-story.ts';
import { Chronicler } from './chronicle.ts';
import { reportMarkdown } from './report-markdown.ts';
import { sessionReport } from './session-report.ts';

const START = Date.UTC(2026, 0, 2, 9);
const MINUTE = 60_000;
const eva = { kind: 'person', name: 'eva' } as const;
const session = {
  id: 's',
  repo: '/r',
  git: true,
  startedAt: START,
  plan: null,
  planName: '',
  pid: 1,
  integration: 'llmctl/integration',
};
const spec = (id: string): AgentSpec => ({
  id,
  name: id,
  profile: 'claude',
  command: ['claude'],
  cwd: '/r',
  env: {},
  prompt: null,
  task: null,
  origin: 'plan',
});
const finished = (name: string, state: 'green' | 'red', ms: number): Event => ({
  type: 'health.finished',
  name,
  state,
  ms,
  commit: '',
  firstError: state === 'red' ? 'a.c:3: <no> | really' : '',
  tail: [],
});
const usage = (tokens: number, costUsd: number): Event => ({
  type: 'agent.usage',
  agent: 'ana',
  usage: { tokens, costUsd, contextUsed: null, model: null },
});

/** A minute between any two events. */
const DAY: readonly Event[] = [
  { type: 'session.started', session },
  { type: 'agent.added', spec: spec('ana'), pane: 1, by: eva },
  { type: 'agent.added', spec: spec('ben'), pane: 2, by: eva },
  {
    type: 'plan.taken',
    plan: planOf({
      tasks: [
        { id: 'a', title: 'The parser', agent: 'ana', estimateHours: [1, 2] },
        { id: 'b', agent: 'ben' },
      ],
      gates: [{ id: 'ready', after: ['a'], checks: [{ person: 'Ship it?', go: 'g' }] }],
      milestones: [{ id: 'm', tasks: ['a'], owner: 'ana' }],
    }),
    path: '/r/llmctl.yaml',
    fresh: true,
    changes: { added: [], removed: [], changed: [] },
  },
  { type: 'agent.starting', agent: 'ana', reason: 'plan', by: eva },
  { type: 'agent.started', agent: 'ana', pid: 7, token: 't' },
  { type: 'task.started', task: 'a', agent: 'ana', by: eva, forced: false },
  { type: 'agent.paused', agent: 'ana', by: eva, processes: 1, ms: 1 },
  { type: 'agent.resumed', agent: 'ana', by: eva },
  usage(1_000, 0.5),
  usage(3_500, 1.25),
  { type: 'health.defined', name: 'test', command: 'make test', timeoutMs: 1 },
  finished('test', 'green', 2_000),
  finished('test', 'red', 4_000),
  finished('test', 'red', 6_000),
  {
    type: 'overlap.seen',
    id: 'o',
    path: 'a.c',
    agents: ['ana', 'ben'],
    verdict: 'conflict',
    sameRegion: true,
    policy: 'merge',
    state: 'watching',
  },
  {
    type: 'round.detected',
    round: 'r1',
    agents: ['ana', 'ben'],
    paths: ['a.c'],
    by: eva,
    scope: 'paths',
    confirm: false,
    verify: null,
  },
  { type: 'round.deferred', round: 'r1', reason: 'nobody settled it', by: eva },
  { type: 'landing.requested', landing: 'l1', agent: 'ana', task: 'a', commit: 'c1', by: eva },
  { type: 'landing.landed', landing: 'l1', merge: 'abcdef1234567890' },
  { type: 'task.done', task: 'a', by: eva, forced: false, commit: 'abcdef1234567890' },
  {
    type: 'gate.passed',
    gate: 'ready',
    by: eva,
    reason: 'looks *fine*',
    checks: [{ state: 'passed', said: '' }],
    forced: false,
  },
  { type: 'milestone.reached', milestone: 'm', commit: 'abcdef1234567890' },
  { type: 'agent.sent', agent: 'ana', text: 'well done', enter: true, by: eva },
  { type: 'agent.exited', agent: 'ana', exit: { code: 1, signal: null, at: 0 }, asked: false },
];

function lived(events: readonly Event[]): { chronicler: Chronicler; state: State; last: number } {
  const chronicler = new Chronicler();
  let state = emptyState(session);
  let last = START;
  events.forEach((event, i) => {
    const entry: JournalEntry = { seq: i + 1, at: START + i * MINUTE, event };
    chronicler.add(entry);
    state = evolve(state, entry);
    last = entry.at;
  });
  return { chronicler, state, last };
}

describe('the report of a session', () => {
  const { chronicler, state, last } = lived(DAY);
  const report = sessionReport(chronicler.chronicle, state, last + MINUTE);

  it('says who did what, and for how long', () => {
    const [ana, ben] = report.agents;
    expect(ana).toMatchObject({
      id: 'ana',
      state: 'failed',
      done: ['a'],
      landed: 1,
      refused: 0,
      messages: 1,
      restarts: 0,
    });
    expect(ana!.hours).toEqual({ stopped: 0.05, starting: 0.0167, working: 0.3, paused: 0.0167, failed: 0.0167 });
    expect(ana).toMatchObject({ tokens: 3_500, costUsd: 1.25 });
    expect(ben).toMatchObject({ state: 'stopped', done: [], tokens: null, costUsd: null });
    expect(report.cost).toEqual({ tokens: 3_500, costUsd: 1.25, reportedBy: ['ana'] });
  });

  it('tells what came of the plan, of overlaps, merges, landings, gates and checks', () => {
    expect(report.plan).toMatchObject({ name: 'test', tasks: { total: 2, done: 1, failed: 0, running: 0, open: 1 } });
    expect(report.tasks[0]).toMatchObject({
      id: 'a',
      state: 'done',
      agent: 'ana',
      hours: 0.2333,
      commit: 'abcdef1234567890',
    });
    expect(report.landings).toMatchObject([{ id: 'l1', state: 'landed', merge: 'abcdef1234567890' }]);
    expect(report.merges).toMatchObject([{ id: 'r1', outcome: 'deferred', reason: 'nobody settled it' }]);
    expect(report.overlaps).toMatchObject([{ path: 'a.c', verdict: 'conflict' }]);
    expect(report.gates).toMatchObject([{ id: 'ready', state: 'passed', results: [{ result: 'passed', by: 'eva' }] }]);
    expect(report.health).toMatchObject([
      { name: 'test', runs: 3, green: 1, red: 2, medianMs: 4_000, longestMs: 6_000, state: 'red' },
    ]);
    expect(report.milestones).toMatchObject([{ id: 'm', state: 'reached' }]);
  });

  it('has a check in its time line when it turns, and failures by themselves', () => {
    const turns = report.timeline.filter(({ words }) => words.startsWith('test is'));
    expect(turns.map(({ words }) => words)).toEqual(['test is red after 4000 ms: a.c:3: <no> | really']);
    expect(report.failures.map(({ words }) => words)).toEqual([
      'test is red after 4000 ms: a.c:3: <no> | really',
      'ana and ben both changed a.c: conflict',
      'round r1 is put off: nobody settled it',
      'ana ended: exit code 1',
    ]);
  });

  it('is Markdown in which nothing that was said is markup', () => {
    const text = reportMarkdown(report);
    expect(text).toContain('# Session test\n');
    expect(text).toContain('- Tasks: 1 of 2 done, 1 open');
    expect(text).toContain('| ana | claude | failed | `a` | 1 | 0 | 19 m | 0 s | 0 s | 1 m | 0 | 1 |');
    expect(text).toContain('| `a` | The parser | ana | done | 14 m | 1–2 h | `abcdef1234` |  |');
    expect(text).toContain('| `test` | red | 3 | 1 | 2 | 4 s | 6 s | a.c:3: \\<no> \\| really |');
    expect(text).toContain('- `ready`: **passed**\n  - 01-02 09:21:00 passed by eva: looks \\*fine\\*');
    expect(text).toContain('All agents that count (ana): 3,500 tokens, $1.25');
    expect(text).toContain('- 01-02 09:22:00 milestone m reached at abcdef123456');
    for (const title of [
      'Agents',
      'Tasks',
      'Landings',
      'Merges between agents',
      'Overlaps',
      'Gates',
      'Failures',
      'Time line',
    ])
      expect(text).toContain(`\n## ${title}\n`);
    expect(text).not.toContain('## Roll-backs');
  });

  it('is of the last session alone', () => {
    const again = lived([
      ...DAY,
      { type: 'session.ended', by: eva },
      { type: 'session.started', session: { ...session, pid: 2 } },
    ]);
    const next = sessionReport(again.chronicler.chronicle, again.state, again.last);
    expect([next.agents, next.landings, next.timeline.length]).toEqual([[], [], 1]);
    const ended = lived([...DAY, { type: 'session.ended', by: eva }]);
    const closed = sessionReport(ended.chronicler.chronicle, ended.state, ended.last + 99 * MINUTE);
    expect(closed.session.endedAt).toBe(closed.session.until);
    expect(closed.agents.map(({ id, landed }) => [id, landed])).toEqual([
      ['ana', 1],
      ['ben', 0],
    ]);
  });

  it('takes no time away where the clock was set back', () => {
    const chronicler2 = new Chronicler();
    const at = [0, 100, 50];
    const events: readonly Event[] = [
      { type: 'session.started', session },
      { type: 'agent.added', spec: spec('ana'), pane: 1, by: eva },
      { type: 'agent.started', agent: 'ana', pid: 1, token: 't' },
    ];
    events.forEach((event, i) => chronicler2.add({ seq: i + 1, at: at[i]!, event }));
    expect(timeInStates(chronicler2.chronicle.agents.get('ana')!, 150)).toEqual({ stopped: 0, working: 100 });
  });
});
