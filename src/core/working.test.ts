import { describe, expect, it } from 'vitest';
import { WorkSession, planOf } from './working.testkit.ts';

const two = { id: 'b', agent: 'ben', dependsOn: ['a'] };

describe('tasks', () => {
  it('start in order, are briefed, proved, landed, and release what waits for them', () => {
    const session = new WorkSession(planOf({ tasks: [{ id: 'a', agent: 'ana', validation: ['make'] }, two] }));
    expect(session.states()).toEqual({ a: 'running', b: 'waiting' });
    expect(session.state.agents.ana!.status.state).toBe('starting');
    session.spawned('ana');
    expect(session.effect('task.brief')).toMatchObject({
      agent: 'ana',
      text: expect.stringContaining('Your task is a'),
    });
    session.report('ana', 'done');
    expect(session.states().a).toBe('verifying');
    session.checked('a', [true]);
    expect(session.states().a).toBe('landing');
    session.landed('a');
    expect(session.states()).toEqual({ a: 'done', b: 'running' });
    expect(session.state.agents.ana!.spec.task).toBeNull();
    expect(session.state.agents.ben!.spec.task).toBe('b');
    session.finish();
    expect(session.states()).toEqual({ a: 'done', b: 'done' });
  });

  it('that prove not to be done go back to their agent, and fail when that was too often', () => {
    const session = new WorkSession(
      planOf({ tasks: [{ id: 'a', agent: 'ana', validation: ['make'] }], limits: { attempts: 2 } }),
    );
    session.spawned('ana');
    session.report('ana', 'done');
    session.checked('a', [false], 'src/a.c:3: broken');
    expect(session.task('a')).toMatchObject({ stage: 'running', attempts: 1 });
    expect(session.effect('pty.brief')).toMatchObject({ text: expect.stringContaining('src/a.c:3: broken') });
    session.report('ana', 'done');
    session.checked('a', [false], 'again');
    expect(session.states().a).toBe('failed');
    expect(session.state.alerts.at(-1)!.text).toContain('llmctl task retry a');
    session.ask({ type: 'task.retry', task: 'a', force: false });
    expect(session.task('a')).toMatchObject({ stage: 'running', attempts: 0 });
  });

  it('wait for a start, a share or a deliverable where that is all they need', () => {
    const session = new WorkSession(
      planOf({
        tasks: [
          { id: 'a', agent: 'ana', deliverables: ['the parser', 'its tests'] },
          { id: 'half', agent: 'ben', dependsOn: [{ task: 'a', on: 'partial', percent: 50 }] },
          { id: 'part', agent: 'cleo', dependsOn: [{ task: 'a', on: 'partial', deliverables: ['the parser'] }] },
          { id: 'begun', dependsOn: [{ task: 'half', on: 'started' }] },
        ],
      }),
    );
    expect(session.states()).toEqual({ a: 'running', half: 'waiting', part: 'waiting', begun: 'waiting' });
    session.spawned('ana');
    session.report('ana', 'progress', '', 50);
    expect(session.states()).toMatchObject({ half: 'running', part: 'waiting', begun: 'ready' });
    const { id } = session.state.todos.find(({ text }) => text === 'the parser')!;
    session.ask({ type: 'todo.check', id, done: true, by: { kind: 'agent', name: 'ana' } });
    expect(session.states().part).toBe('running');
    expect(session.state.todos.find((todo) => todo.id === id)).toMatchObject({ by: { name: 'ana' }, at: 8000 });
  });

  it('begin by priority, then by the work behind them; what is only preferred first goes first where both could', () => {
    const one = (id: string, more: object = {}) => ({ id, agent: 'ana', estimateHours: 1, ...more });
    const session = new WorkSession(
      planOf({
        tasks: [
          one('small'),
          one('soft', { priority: 'critical', dependsOn: [{ task: 'urgent', soft: true }] }),
          one('long', { estimateHours: 5 }),
          one('urgent', { priority: 'high' }),
        ],
      }),
    );
    const order: string[] = [];
    session.finish();
    for (const { event } of session.journal) if (event.type === 'task.started') order.push(event.task);
    expect(order).toEqual(['urgent', 'soft', 'long', 'small']);
  });

  it('are in hand of so many agents as the plan allows, and of none that is paused or at its limit', () => {
    const tasks = ['ana', 'ben', 'cleo'].map((agent) => ({ id: `of-${agent}`, agent }));
    const session = new WorkSession(planOf({ tasks, limits: { agents: 1 } }));
    expect(Object.values(session.states()).filter((state) => state === 'running')).toHaveLength(1);
    const other = new WorkSession(
      planOf({ tasks: [{ id: 'gate-it' }, { id: 'late', agent: 'ana', dependsOn: ['gate-it'] }] }),
    );
    other.ask({ type: 'agent.restart', agent: 'ana' });
    other.spawned('ana');
    other.ask({ type: 'evidence', agent: 'ana', state: 'limited', reason: 'until 5 pm', evidence: 'hook' });
    other.ask({ type: 'task.done', task: 'gate-it', force: false });
    expect(other.states().late).toBe('ready');
    other.ask({ type: 'evidence', agent: 'ana', state: 'idle', reason: '', evidence: 'hook' });
    expect(other.states().late).toBe('running');
  });

  it('are not told about in the middle of something else', () => {
    const session = new WorkSession(
      planOf({ tasks: [{ id: 'mine' }, { id: 'a', agent: 'ana', dependsOn: ['mine'] }] }),
    );
    session.ask({ type: 'agent.restart', agent: 'ana' });
    session.spawned('ana');
    session.ask({ type: 'evidence', agent: 'ana', state: 'working', reason: '', evidence: 'hook' });
    session.ask({ type: 'task.done', task: 'mine', force: false });
    expect(session.task('a')).toMatchObject({ stage: 'running', brief: 'none' });
    session.ask({ type: 'evidence', agent: 'ana', state: 'idle', reason: '', evidence: 'hook' });
    expect(session.task('a')!.brief).toBe('sending');
    session.ask({ type: 'task.told', task: 'a' });
    expect(session.task('a')!.brief).toBe('told');
  });

  it('that block call a person, and go on by themselves once their agent does', () => {
    const session = new WorkSession(planOf({ tasks: [{ id: 'a', agent: 'ana' }] }));
    session.spawned('ana');
    session.report('ana', 'ask', 'May I change the API?');
    expect(session.states().a).toBe('blocked');
    expect(session.state.alerts.map(({ text }) => text)).toEqual(['ana asks (task a): May I change the API?']);
    session.report('ana', 'progress', '', 10);
    expect(session.states().a).toBe('running');
    expect(session.state.alerts).toEqual([]);
  });

  it('of a program that does one thing and ends are done where that can be proved, and a question where not', () => {
    const session = new WorkSession(
      planOf({
        tasks: [
          { id: 'a', agent: 'ana', validation: ['make'] },
          { id: 'b', agent: 'ben' },
        ],
      }),
      false,
    );
    for (const agent of ['ana', 'ben']) {
      session.spawned(agent);
      session.exited(agent, 0);
    }
    expect(session.states()).toEqual({ a: 'verifying', b: 'blocked' });
    session.checked('a', [true]);
    expect(session.states().a).toBe('done');
    session.ask({ type: 'agent.restart', agent: 'ben' });
    session.spawned('ben');
    expect(session.task('b')).toMatchObject({ stage: 'running', brief: 'sending' });
  });

  it('keep a claimed file until they are done', () => {
    const tasks = [
      { id: 'a', agent: 'ana' },
      { id: 'b', agent: 'ben' },
    ];
    const session = new WorkSession(planOf({ tasks }), false);
    for (const agent of ['ana', 'ben']) session.spawned(agent);
    const claim = (agent: string) => session.ask({ type: 'agent.claim', agent, paths: ['src/a.ts'] });
    expect(claim('ana')).toBeNull();
    expect(claim('ben')).toMatch(/held by ana/);
    session.report('ana', 'done');
    expect(claim('ben')).toBeNull();
  });

  it('start nothing while somebody holds them', () => {
    const session = new WorkSession(
      planOf({ tasks: [{ id: 'mine' }, { id: 'a', agent: 'ana', dependsOn: ['mine'] }] }),
    );
    session.ask({ type: 'schedule.hold', reason: 'deploying' });
    session.ask({ type: 'task.done', task: 'mine', force: false });
    expect(session.states().a).toBe('ready');
    session.ask({ type: 'schedule.hold', reason: null });
    expect(session.states().a).toBe('running');
  });

  it('tick what a command proves, and open it again where it no longer does', () => {
    const acceptance = [{ text: 'it builds', verify: 'make' }, 'it is good'];
    const session = new WorkSession(planOf({ tasks: [{ id: 'a', agent: 'ana', acceptance }] }), false);
    const ticked = () => session.state.todos.map(({ done, by }) => [done, by?.name]);
    session.spawned('ana');
    session.report('ana', 'done');
    session.checked('a', [false]);
    expect(ticked()).toEqual([
      [false, undefined],
      [false, undefined],
    ]);
    session.report('ana', 'done');
    session.checked('a', [true]);
    expect(ticked()).toEqual([
      [true, 'llmctl'],
      [true, 'ana'],
    ]);
  });
});

describe('gates', () => {
  const one = (gate: object, more: readonly object[] = []) =>
    new WorkSession(
      planOf({
        tasks: [{ id: 'a', agent: 'ana' }, { id: 'b', agent: 'ben', dependsOn: [{ gate: 'g' }] }, ...more],
        gates: [{ id: 'g', after: ['a'], ...gate }],
      }),
      false,
    );
  const aDone = (session: WorkSession): void => {
    session.spawned('ana');
    session.report('ana', 'done');
  };

  it('hold a figure against its limit and its baseline', () => {
    const check = {
      threshold: 'time',
      run: 'bench',
      metric: 'took (\\S+) s',
      limit: '< 5',
      baseline: '2',
      tolerance: 10,
      unit: 's',
    };
    const session = one({ checks: [check] });
    aDone(session);
    session.gateChecked('g', [true], ['build took 9', 'it took 2.1 s', 'done']);
    expect(session.state.work!.gates.g).toMatchObject({
      state: 'passed',
      checks: [{ state: 'passed', said: 'time: 2.1 s (< 5 s, baseline 2 s with 10 % to spare, 5 % above)' }],
    });
    const slow = one({ checks: [check] });
    aDone(slow);
    slow.gateChecked('g', [true], ['it took 2.3 s']);
    expect(slow.states().b).toBe('waiting');
    expect(slow.state.alerts.at(-1)!.text).toContain('gate g has failed: time: 2.3 s');
    expect(slow.ask({ type: 'gate.pass', gate: 'g', reason: '', force: false })).toContain('--force');
    slow.ask({ type: 'gate.pass', gate: 'g', reason: 'good enough', force: true });
    expect(slow.state.work!.gates.g).toMatchObject({ state: 'passed', forced: true });
    expect(slow.states().b).toBe('running');
  });

  it('have the work before them done again, so often as the plan says', () => {
    const session = one({ checks: [{ run: 'make' }], onFail: 'retry' });
    aDone(session);
    session.gateChecked('g', [false]);
    expect(session.states()).toEqual({ a: 'running', b: 'waiting' });
    expect(session.effect('task.brief')!.text).toContain('gate g has failed: make: no');
    session.report('ana', 'done');
    session.gateChecked('g', [false]);
    expect(session.state.work!.gates.g).toMatchObject({ state: 'failed', retries: 1 });
    session.ask({ type: 'gate.run', gate: 'g', force: false });
    session.gateChecked('g', [true]);
    expect(session.states().b).toBe('running');
  });

  it('take another way where the plan has one', () => {
    const session = one({ checks: ['Go?'], onFail: 'fallback other' }, [{ id: 'other', agent: 'cleo' }]);
    expect(session.states().other).toBe('waiting');
    aDone(session);
    session.ask({ type: 'gate.fail', gate: 'g', reason: 'too slow', force: false });
    expect(session.states()).toEqual({ a: 'done', b: 'waiting', other: 'running' });
    session.spawned('cleo');
    session.report('cleo', 'done');
    expect(session.states().b).toBe('running');
  });

  it('are implied by what must hold at the end of phases, milestones and the plan', () => {
    const session = new WorkSession(
      planOf({
        phases: [{ id: 'p', validation: ['make'] }],
        tasks: [
          { id: 'a', agent: 'ana', phase: 'p' },
          { id: 'b', agent: 'ben', dependsOn: ['p'] },
        ],
        milestones: [{ id: 'm', tasks: ['a'], deliverables: [{ text: 'a report', path: 'report.md' }] }],
        success: [{ text: 'all is well', verify: 'make all' }],
      }),
      false,
    );
    aDone(session);
    expect(session.states().b).toBe('waiting');
    session.gateChecked('phase:p', [true]);
    expect(session.states().b).toBe('running');
    expect(session.state.work!.milestones.m!.reachedAt).toBeNull();
    session.gateChecked('milestone:m', [false]);
    expect(session.state.work!.gates['milestone:m']!.reason).toBe('a report: report.md is not there');
    session.ask({ type: 'gate.waive', gate: 'milestone:m', reason: '' });
    expect(session.state.work!.milestones.m!.reachedAt).not.toBeNull();
    session.finish();
    expect(session.state.work!.gates['plan:end']!.state).toBe('passed');
  });
});

describe('handovers', () => {
  it('tell the receiver where it is, and hold it back where the plan says so', () => {
    const handover = { from: 'a', to: 'b', artefact: 'the interface', interface: 'three calls' };
    const tasks = [
      { id: 'a', agent: 'ana' },
      { id: 'b', agent: 'ben' },
    ];
    const session = new WorkSession(planOf({ tasks, handovers: [{ ...handover, blocking: true }] }), false);
    expect(session.states().b).toBe('waiting');
    session.spawned('ana');
    session.ask({
      type: 'agent.report',
      agent: 'ana',
      kind: 'progress',
      percent: 40,
      text: 'the interface',
      artefacts: ['docs/i.md'],
    });
    expect(session.states().b).toBe('running');
    session.spawned('ben');
    expect(session.effect('task.brief')!.text).toContain('- from a: the interface, in docs/i.md: three calls');

    const beside = new WorkSession(planOf({ tasks, handovers: [handover] }), false);
    for (const agent of ['ana', 'ben']) beside.spawned(agent);
    beside.report('ana', 'done');
    expect(beside.effect('pty.brief')).toMatchObject({
      agent: 'ben',
      text: expect.stringContaining('handed over to you from a'),
    });
  });
});

describe('a plan that is taken again', () => {
  const tasks = [
    { id: 'a', agent: 'ana' },
    { id: 'b', agent: 'ben', dependsOn: ['a'] },
  ];

  it('keeps what was done and what runs, tells what changed, and whose task reads otherwise', () => {
    const session = new WorkSession(planOf({ tasks }), false);
    session.spawned('ana');
    const again = planOf({
      tasks: [
        { id: 'a', agent: 'ana', acceptance: ['it is fast'] },
        { id: 'c', agent: 'ben' },
      ],
    });
    session.ask({ type: 'plan.take', plan: again, path: '/r/llmctl.yaml' });
    expect(session.states()).toEqual({ a: 'running', c: 'running' });
    expect(session.effect('pty.brief')).toMatchObject({ agent: 'ana', text: expect.stringContaining('- it is fast') });
    const taken = session.journal.findLast(({ event }) => event.type === 'plan.taken')!.event;
    expect(taken).toMatchObject({ changes: { added: ['task c'], removed: ['task b'], changed: ['task a'] } });
    const { length } = session.journal;
    session.ask({ type: 'plan.take', plan: structuredClone(again), path: '/r/llmctl.yaml' });
    expect(session.journal).toHaveLength(length);
  });

  it('goes on after the end of the session where it was: what was in hand is open again', () => {
    const session = new WorkSession(planOf({ tasks }), false);
    session.spawned('ana');
    session.report('ana', 'done');
    session.spawned('ben');
    session.ask({ type: 'session.end' });
    expect(session.states()).toEqual({ a: 'done', b: 'ready' });
    session.bringBack();
    session.finish();
    expect(session.states()).toEqual({ a: 'done', b: 'done' });
  });

  it('is another one where both its file and its name are others', () => {
    const session = new WorkSession(planOf({ tasks }), false);
    session.finish();
    session.ask({ type: 'plan.take', plan: { ...planOf({ tasks }), name: 'another' }, path: '/r/other.yaml' });
    expect(session.states()).toEqual({ a: 'running', b: 'waiting' });
  });
});
