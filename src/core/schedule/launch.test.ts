import { describe, expect, it } from 'vitest';
import { planOf, WorkSession } from '../working.testkit.ts';
import { launchState } from './launch.ts';
import { standingOf } from './standing.ts';

const LAUNCH = {
  tasks: [
    { id: 'docs', agent: 'ana', priority: 'high' },
    { id: 'proof', agent: 'ana' },
    { id: 'backend', agent: 'ben' },
  ],
  gates: [{ id: 'good', after: ['proof'], checks: [{ person: 'Good?' }] }],
  launch: [
    { title: 'The proof', start: 'proof' },
    { title: 'All else', start: ['docs'] },
    { title: 'The backend', start: ['ben', 'cleo'], after: 'good' },
  ],
};

describe('the order of launch', () => {
  const states = (session: WorkSession) =>
    session.state.work!.plan.launch.map((step) => launchState(session.state, standingOf(session.state)!, step));

  it('goes before priority among what could start, and holds back what has to wait', () => {
    const session = new WorkSession(planOf(LAUNCH), false);
    session.spawned('ana');
    expect(session.states()).toMatchObject({ proof: 'running', docs: 'ready', backend: 'waiting' });
    expect(states(session)).toEqual(['started', 'open', 'waiting']);
    session.report('ana', 'done');
    expect(session.states()).toMatchObject({ docs: 'running', backend: 'waiting' });
    expect(session.state.agents.cleo!.status.state).toBe('stopped');
    session.ask({ type: 'gate.pass', gate: 'good', reason: '', force: false });
    expect(session.states().backend).toBe('running');
    // Its agents come with it, also those without a task.
    expect(session.state.agents.cleo!.status).toMatchObject({
      state: 'starting',
      reason: 'in the order of launch: The backend',
    });
    expect(states(session)).toEqual(['started', 'started', 'started']);
    session.spawned('ben');
    session.spawned('cleo');
    session.exited('cleo', 0);
    expect(session.state.agents.cleo!.status.state).toBe('done');
  });

  it('waits while the schedule is held', () => {
    const session = new WorkSession(planOf({ ...LAUNCH, launch: [{ start: 'cleo' }] }), false);
    expect(session.state.agents.cleo!.status.state).toBe('starting');
    const held = new WorkSession(planOf(LAUNCH), false);
    held.ask({ type: 'schedule.hold', reason: 'deploying' });
    held.ask({ type: 'gate.waive', gate: 'good', reason: '' });
    expect(held.state.agents.cleo!.status.state).toBe('stopped');
    held.ask({ type: 'schedule.hold', reason: null });
    expect(held.state.agents.cleo!.status.state).toBe('starting');
  });
});
