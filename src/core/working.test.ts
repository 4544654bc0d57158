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
      planOf({ tasks: [{ id: 'a', agent: 'ana', validation: ['make'] }], limits: { agents: null, attempts: 2 } }),
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
});
