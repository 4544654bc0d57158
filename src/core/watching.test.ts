import { describe, expect, it } from 'vitest';
import { failuresIn } from './health/failures.ts';
import type { Emergency } from './model/watch.ts';
import { allWaiting } from './select/waiting.ts';
import { nextLook } from './watch/look.ts';
import { planOf, WorkSession } from './working.testkit.ts';

const MINUTE = 60_000;
const TASKS = [{ id: 'parser', agent: 'ana', estimateHours: 1 }];

/** Ana is at the parser. */
function atWork(parts: Readonly<Record<string, unknown>> = {}): WorkSession {
  const session = new WorkSession(planOf({ tasks: TASKS, ...parts }));
  session.spawned('ana');
  session.ask({ type: 'task.told', task: 'parser' });
  session.ask({ type: 'evidence', agent: 'ana', state: 'working', reason: 'thinking', evidence: 'osc' });
  return session;
}

function emergency(session: WorkSession): Emergency | undefined {
  return session.state.watch.emergencies.at(-1);
}

const stateOf = (session: WorkSession, id = 'ana') => session.state.agents[id]!.status.state;
const alerts = (session: WorkSession) => session.state.alerts.map(({ level, text }) => `${level}: ${text}`);
const sent = (session: WorkSession, id = 'ana') =>
  session.journal.flatMap(({ event }) => (event.type === 'agent.sent' && event.agent === id ? [event.text] : []));

describe('an agent without progress', () => {
  it('is asked after half an hour, and a person after five more minutes', () => {
    const session = atWork();
    session.wait(29 * MINUTE);
    expect(stateOf(session)).toBe('working');
    expect(sent(session)).toEqual([]);
    session.wait(2 * MINUTE);
    expect(stateOf(session)).toBe('stuck');
    expect(session.state.agents.ana!.status.reason).toMatch(/^no progress for 31m; last: was told about task parser$/);
    expect(sent(session)).toEqual([
      expect.stringMatching(/no progress for a while with task parser.*llmctl report progress/),
    ]);
    expect(alerts(session)).toEqual([expect.stringMatching(/^warn: ana: No progress: no progress for 31m/)]);
    session.wait(4 * MINUTE);
    expect(emergency(session)!.work.map(({ state }) => state)).toEqual(['running']);
    session.wait(2 * MINUTE);
    session.wait(1000);
    expect(emergency(session)!.work.map(({ state }) => state)).toEqual(['failed', 'asking']);
    expect(alerts(session)).toEqual([expect.stringMatching(/^error: ana: .*no answer.*llmctl emergency go/)]);
    const { id } = emergency(session)!;
    expect(allWaiting(session.state)).toEqual([
      { kind: 'agent', id: 'ana' },
      { kind: 'emergency', id },
    ]);
    session.ask({ type: 'alert.ack', id: session.state.alerts[0]!.id });
    expect(allWaiting(session.state)).toEqual([{ kind: 'agent', id: 'ana' }]);
    expect(sent(session)).toHaveLength(1);
  });

  it('is stuck no longer once it says a word', () => {
    const session = atWork();
    session.wait(31 * MINUTE);
    session.report('ana', 'progress', 'half of the grammar', 40);
    expect(stateOf(session)).toBe('working');
    session.wait(1000);
    expect(emergency(session)).toMatchObject({ end: 'it goes on: half of the grammar' });
    expect(session.state.alerts).toEqual([]);
    session.wait(29 * MINUTE);
    expect(session.state.watch.emergencies).toHaveLength(1);
    session.wait(3 * MINUTE);
    expect(session.state.watch.emergencies).toHaveLength(2);
  });

  it.each([
    ['a file', { type: 'path.touched', toucher: 'ana', path: 'src/a.ts' }],
    ['a tool', { type: 'progress.seen', agent: 'ana', kind: 'tool', text: 'Bash' }],
    ['output', { type: 'progress.seen', agent: 'ana', kind: 'output', text: 'new lines' }],
    ['a change', { type: 'agent.git', agent: 'ana', git: { branch: 'b', changed: ['a', 'b'], ahead: 0, behind: 0 } }],
  ] as const)('gets on by %s', (_, seen) => {
    const session = atWork();
    session.ask({ type: 'agent.git', agent: 'ana', git: { branch: 'b', changed: ['a'], ahead: 0, behind: 0 } });
    session.wait(20 * MINUTE);
    session.ask(seen);
    session.wait(20 * MINUTE);
    expect(stateOf(session)).toBe('working');
    session.wait(11 * MINUTE);
    expect(stateOf(session)).toBe('stuck');
    session.ask(seen.type === 'agent.git' ? { ...seen, git: { ...seen.git, ahead: 1 } } : seen);
    expect(stateOf(session)).toBe('working');
  });

  it('stays stuck while its spinner turns', () => {
    const session = atWork();
    session.wait(31 * MINUTE);
    for (const evidence of ['process', 'osc', 'screen', 'hook'] as const) {
      session.ask({ type: 'evidence', agent: 'ana', state: 'working', reason: 'prints', evidence });
      session.ask({ type: 'evidence', agent: 'ana', state: 'idle', reason: 'prints nothing', evidence: 'process' });
    }
    expect(stateOf(session)).toBe('stuck');
    session.ask({ type: 'evidence', agent: 'ana', state: 'waiting', reason: 'permission', evidence: 'osc' });
    expect(stateOf(session)).toBe('waiting');
    session.wait(1000);
    expect(emergency(session)!.goneAt).not.toBeNull();
  });

  it('may be one that is idle with a task in hand, but none without, none that is paused', () => {
    const session = atWork();
    session.ask({ type: 'agent.restart', agent: 'ben' });
    session.spawned('ben');
    for (const agent of ['ana', 'ben']) {
      session.ask({ type: 'evidence', agent, state: 'idle', reason: 'quiet', evidence: 'osc' });
    }
    session.wait(31 * MINUTE);
    expect([stateOf(session), stateOf(session, 'ben')]).toEqual(['stuck', 'idle']);
    const paused = atWork();
    paused.ask({ type: 'agent.pause', agent: 'ana' });
    paused.ask({ type: 'tree.paused', agent: 'ana', processes: 1, ms: 1, by: { kind: 'person', name: 'eva' } });
    paused.wait(60 * MINUTE);
    expect(paused.state.watch.emergencies).toEqual([]);
    paused.ask({ type: 'agent.resume', agent: 'ana' });
    paused.ask({ type: 'tree.resumed', agent: 'ana', by: { kind: 'person', name: 'eva' } });
    paused.wait(29 * MINUTE);
    expect(stateOf(paused)).toBe('working');
  });

  it('has the limit of its task, else its own, else that of the plan', () => {
    const limits = [
      { stuck: { after: '20m' } },
      { stuck: { after: '20m' }, tasks: [{ ...TASKS[0], stuckAfter: '10m' }] },
    ];
    expect(
      limits.map((parts) => {
        const session = atWork(parts);
        return Math.round((nextLook(session.state, session.now)! - session.now) / MINUTE);
      }),
    ).toEqual([20, 10]);
  });

  it.each([
    ['restart', 'agent.stopping'],
    ['reassign', 'task.assigned'],
    ['split', 'agent.sent'],
  ])('goes through "%s" before a person is asked where the plan says so', (otherwise, event) => {
    const session = atWork({ stuck: { after: '10m', answer: '1m', otherwise } });
    session.ask({ type: 'agent.restart', agent: 'ben' });
    session.spawned('ben');
    session.ask({ type: 'evidence', agent: 'ben', state: 'idle', reason: 'quiet', evidence: 'process' });
    session.wait(11 * MINUTE);
    const before = session.journal.length;
    session.wait(2 * MINUTE);
    session.wait(1000);
    expect(session.journal.slice(before).map((entry) => entry.event.type)).toContain(event);
    const ofAna = session.state.watch.emergencies.find(({ cause }) => cause === 'stuck:ana');
    expect(ofAna!.work[1]!.state).toBe('done');
    const to = otherwise === 'reassign' ? 'ben' : null;
    expect(session.state.work!.tasks.parser!.assigned).toBe(to);
  });

  it('is not told twice: one emergency for one cause, also after a person has stopped it', () => {
    const session = atWork();
    session.wait(31 * MINUTE);
    const { id } = emergency(session)!;
    expect(session.ask({ type: 'emergency.stop', emergency: id })).toBeNull();
    session.wait(120 * MINUTE);
    expect(session.state.watch.emergencies).toHaveLength(1);
    expect(session.state.alerts).toEqual([]);
    expect(nextLook(session.state, session.now)).toBeNull();
  });
});

describe('somebody who waits', () => {
  it('is told of once more after a while, until the answer is there', () => {
    const session = atWork();
    session.ask({ type: 'evidence', agent: 'ana', state: 'waiting', reason: 'may I run rm?', evidence: 'osc' });
    session.wait(9 * MINUTE);
    expect(session.state.alerts).toEqual([]);
    session.wait(2 * MINUTE);
    expect(alerts(session)).toEqual(['warn: ana has waited for 11m: may I run rm?']);
    session.wait(20 * MINUTE);
    expect(session.state.alerts[0]!.count).toBe(1);
    // A person has put it away.
    session.ask({ type: 'alert.clear', id: session.state.alerts[0]!.id });
    session.wait(20 * MINUTE);
    expect(session.state.alerts).toEqual([]);
    expect(nextLook(session.state, session.now)).toBeNull();
    session.ask({ type: 'evidence', agent: 'ana', state: 'working', reason: 'goes on', evidence: 'osc' });
    session.wait(1000);
    expect(session.state.alerts).toEqual([]);
  });
});

describe('an emergency of the plan', () => {
  const red = (session: WorkSession, firstError: string): void => {
    session.ask({ type: 'health.define', name: 'build', command: 'make', timeoutMs: 1 });
    const failures = failuresIn([firstError]);
    const result = { name: 'build', state: 'red', ms: 1, commit: 'c', firstError, failures, tail: [] } as const;
    session.ask({ type: 'health.result', ...result });
  };
  const plan = (steps: readonly object[]) => ({
    emergencies: [{ when: 'build-broken', title: 'The build breaks', steps }],
  });

  it('takes its steps in their order, each recorded, and ends with its cause', () => {
    const session = atWork(
      plan([
        { do: 'pause' },
        { do: 'blame' },
        { do: 'rollback' },
        { do: 'ask-person', text: 'Why?' },
        { do: 'resume' },
      ]),
    );
    red(session, "a.c:1: expected ';'");
    session.wait(1000);
    expect(session.effect('tree.pause')).toMatchObject({ agent: 'ana' });
    session.ask({
      type: 'tree.paused',
      agent: 'ana',
      processes: 1,
      ms: 1,
      by: { kind: 'coordinator', name: 'llmctl' },
    });
    session.wait(1000);
    expect(session.effect('emergency.do')).toMatchObject({ step: 1 });
    const { id } = emergency(session)!;
    session.ask({ type: 'emergency.told', emergency: id, step: 1, ok: true, said: 'it was nobody' });
    session.wait(1000);
    session.wait(1000);
    expect(emergency(session)!.work.map(({ state, said }) => `${state} ${said}`)).toEqual([
      'done ana paused',
      'done it was nobody',
      'failed nobody is to blame as far as is known: nothing is taken out',
      'asking Why?',
    ]);
    expect(session.ask({ type: 'emergency.go', emergency: 'build-broken:build' })).toBeNull();
    session.wait(1000);
    expect(session.effect('tree.resume')).toMatchObject({ agent: 'ana' });
    session.ask({ type: 'health.result', name: 'build', state: 'green', ms: 1, commit: 'd', firstError: '', tail: [] });
    session.wait(1000);
    expect(emergency(session)).toMatchObject({ end: 'it is so no longer' });
    expect(session.state.alerts).toEqual([]);
  });

  it('leaves out what is not so, and asks where nobody but a person can tell', () => {
    const steps = [
      { do: 'reassign', to: 'ben', if: 'it does not link' },
      { do: 'reassign', to: 'ana', if: 'it does not compile' },
      { do: 'notify', if: 'the moon is full' },
    ];
    const session = atWork(plan(steps));
    red(session, "src/a.c:3: error: expected ';'");
    for (let turn = 0; turn < 4; turn++) session.wait(1000);
    const work = () => emergency(session)!.work.map(({ state }) => state);
    expect(work()).toEqual(['skipped', 'done', 'asking']);
    expect(sent(session).at(-1)).toMatch(/build fails: src\/a.c:3/);
    session.ask({ type: 'emergency.skip', emergency: emergency(session)!.id });
    expect(work()).toEqual(['skipped', 'done', 'skipped']);
    expect(session.ask({ type: 'emergency.go', emergency: emergency(session)!.id })).toMatch(/no step left/);
  });

  it('can be begun by hand, once at a time', () => {
    const session = atWork(plan([{ do: 'ask-person' }]));
    expect(session.ask({ type: 'emergency.start', when: 'failed', agent: null })).toMatch(/nothing for "failed"/);
    expect(session.ask({ type: 'emergency.start', when: 'stuck', agent: 'anna' })).toMatch(/did you mean "ana"/);
    expect(session.ask({ type: 'emergency.start', when: 'build-broken', agent: null })).toBeNull();
    expect(session.ask({ type: 'emergency.start', when: 'build-broken', agent: null })).toMatch(/about that already/);
    session.wait(1000);
    session.ask({ type: 'emergency.go', emergency: emergency(session)!.id });
    session.wait(1000);
    expect(emergency(session)).toMatchObject({ end: 'its steps were taken' });
  });

  it('gives up what never ends', () => {
    const session = atWork(plan([{ do: 'collect-output' }, { do: 'notify' }]));
    red(session, 'x');
    session.wait(1000);
    expect(session.effect('emergency.do')).toMatchObject({ step: 0 });
    session.wait(2 * MINUTE);
    session.wait(1000);
    expect(emergency(session)!.work.map(({ state }) => state)).toEqual(['failed', 'done']);
    const { id } = emergency(session)!;
    session.ask({ type: 'emergency.told', emergency: id, step: 0, ok: true, said: 'late' });
    expect(emergency(session)!.work[0]!.state).toBe('failed');
  });
});

describe('an alert', () => {
  it('that somebody has seen calls again only when it gets worse', () => {
    const session = atWork();
    const raise = (level: 'warn' | 'error') =>
      session.ask({ type: 'alert', level, text: 'x', agent: null, cause: 'c' });
    raise('warn');
    const { id } = session.state.alerts[0]!;
    session.ask({ type: 'alert.ack', id, by: { kind: 'person', name: 'eva' } });
    raise('warn');
    expect(session.state.alerts[0]).toMatchObject({ ackedBy: { name: 'eva' }, count: 2 });
    raise('error');
    expect(session.state.alerts[0]!.ackedBy).toBeNull();
    expect(session.ask({ type: 'alert.ack', id: 'none' })).toMatch(/no alert has the id/);
  });
});
