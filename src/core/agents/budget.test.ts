import { describe, expect, it } from 'vitest';
import type { Usage } from '../model/run-facts.ts';
import { planOf, WorkSession } from '../working.testkit.ts';
import { spentBy, withUsage } from './usage.ts';

const usage = (costUsd: number | null, tokens: number | null = null): Usage => {
  return { costUsd, tokens, contextUsed: null, model: null };
};

function session(budget: unknown): WorkSession {
  const s = new WorkSession(planOf({ budget, tasks: [{ id: 'parser', title: 'Parser', agent: 'ana' }] }));
  s.ask({ type: 'agent.restart', agent: 'ben' });
  for (const id of ['ana', 'ben']) s.spawned(id);
  return s;
}

const spend = (s: WorkSession, agent: string, costUsd: number) =>
  s.ask({ type: 'agent.usage', agent, usage: usage(costUsd) });
const alerts = (s: WorkSession) =>
  s.state.alerts.filter(({ cause }) => cause.startsWith('budget:')).map(({ text }) => text);

describe('what an agent used', () => {
  it('is summed over its conversations: a count that falls began anew', () => {
    const counts = [usage(1, 100), usage(2, 250), usage(0.5, 50), usage(0.75)];
    const known = counts.reduce<ReturnType<typeof withUsage> | null>((at, one) => withUsage(at, one), null);
    expect(spentBy(known)).toEqual({ costUsd: 2.75, tokens: 300 });
  });

  it('goes to the task that it has in hand', () => {
    const s = session(null);
    s.ask({ type: 'agent.add', agent: { ...s.state.agents.ana!.spec, id: 'dan' }, start: false });
    s.ask({ type: 'task.start', task: 'parser', agent: 'ana', force: false });
    spend(s, 'ana', 0.5);
    spend(s, 'ana', 0.75);
    spend(s, 'ben', 9);
    expect(s.state.spent).toEqual({ parser: { costUsd: 0.75, tokens: 0 } });
  });
});

describe('a budget', () => {
  it('is told of when it is near, and when it is spent; it pauses where the plan says so', () => {
    const s = session({ agent: { costUsd: 1 }, over: 'pause' });
    spend(s, 'ana', 0.5);
    expect(alerts(s)).toEqual([]);
    spend(s, 'ana', 0.85);
    expect(alerts(s)).toEqual(['agent ana has spent $0.85: nearly all of its budget']);
    spend(s, 'ana', 0.9);
    spend(s, 'ben', 0.1);
    expect(s.state.agents.ana!.pending).toBeNull();
    spend(s, 'ana', 1.2);
    expect(alerts(s)).toEqual(['agent ana has spent $1.20: all of its budget, so it is paused']);
    expect([s.state.agents.ana!.pending, s.state.agents.ben!.pending]).toEqual(['pausing', null]);
    s.ask({ type: 'tree.paused', agent: 'ana', processes: 1, ms: 1, by: { kind: 'coordinator', name: 'llmctl' } });
    s.ask({ type: 'agent.resume', agent: 'ana', by: { kind: 'person', name: 'eve' } });
    s.ask({ type: 'tree.resumed', agent: 'ana', by: { kind: 'person', name: 'eve' } });
    // A person lets it go on: that is a word to be taken.
    spend(s, 'ana', 1.3);
    expect(s.state.agents.ana!.status.state).not.toBe('paused');
    expect(s.state.agents.ana!.pending).toBeNull();
  });

  it('of the session pauses all, and nothing new is started', () => {
    const s = session({ session: { costUsd: 1 }, over: 'pause' });
    spend(s, 'ana', 0.6);
    spend(s, 'ben', 0.6);
    expect([s.state.agents.ana!.pending, s.state.agents.ben!.pending]).toEqual(['pausing', 'pausing']);
    expect(s.state.work!.holds).toEqual({ budget: 'the budget of the session is spent' });
  });

  it('may be told of only', () => {
    const s = session({ session: { costUsd: 1 } });
    spend(s, 'ana', 2);
    expect(alerts(s)).toEqual(['the session has spent $2.00: all of its budget']);
    expect(s.state.agents.ana!.pending).toBeNull();
  });
});

describe('an account', () => {
  it('that is limited starts no new work until it is not', () => {
    const plan = planOf({
      tasks: [
        { id: 'one', title: 'One', agent: 'ana' },
        { id: 'two', title: 'Two', agent: 'ben', dependsOn: ['three'] },
        { id: 'three', title: 'Three', agent: 'cleo' },
      ],
    });
    const s = new WorkSession(plan);
    for (const id of ['ana', 'ben', 'cleo']) s.spawned(id);
    s.ask({ type: 'evidence', agent: 'ana', state: 'limited', reason: 'until 18:00', evidence: 'hook' });
    s.ask({ type: 'task.done', task: 'three', force: true });
    expect(s.state.work!.tasks.two!.stage).toBe('open');
    s.ask({ type: 'evidence', agent: 'ana', state: 'working', reason: 'goes on', evidence: 'hook' });
    expect(s.state.work!.tasks.two!.stage).toBe('running');
  });
});
