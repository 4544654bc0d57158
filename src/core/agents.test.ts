import { describe, expect, it } from 'vitest';
import { backoffMs } from './agents/backoff.ts';
import { endState, exitWords } from './agents/exit.ts';
import { decide } from './decide.ts';
import { isRefusal } from './decide/refuse.ts';
import { evolve } from './evolve.ts';
import { assertInvariants } from './invariants.ts';
import type { Agent, AgentExit } from './model/agent.ts';
import type { AgentSpec } from './model/agent.ts';
import type { Command } from './model/commands.ts';
import type { Effect } from './model/effects.ts';
import { emptyState, type State } from './model/state.ts';
import { react } from './react.ts';
import { nextWaiting } from './select/waiting.ts';
import { statusDocument } from './select/status.ts';
import { isoTime } from './select/time.ts';

const ana = { kind: 'person', name: 'ana' } as const;

/** A session in miniature: one command after the other, its events folded, its effects kept. */
class Session {
  state: State = emptyState({ id: 's', repo: '/r', git: true, startedAt: 0, plan: null, planName: '', pid: 1 });
  now = 1_000_000;
  effects: Effect[] = [];
  #ids = 0;

  do(command: Command): string[] {
    const decision = decide(this.state, { by: ana, ...command }, { now: this.now, newId: () => `i${++this.#ids}` });
    if (isRefusal(decision)) return [`refused ${decision.code}: ${decision.refused}`];
    this.effects = [];
    for (const event of decision) {
      const before = this.state;
      this.state = evolve(before, { seq: before.seq + 1, at: this.now, event });
      assertInvariants(this.state, before);
      this.effects.push(...react(this.state, event));
    }
    return decision.map((event) => event.type);
  }

  add(id: string, more: Partial<AgentSpec> = {}): string[] {
    const agent: AgentSpec = {
      id,
      name: id,
      profile: 'shell',
      command: ['bash'],
      cwd: '/r',
      env: {},
      prompt: null,
      task: null,
      origin: 'person',
      ...more,
    };
    return this.do({ type: 'agent.add', agent, start: true });
  }

  run(id: string, more: Partial<AgentSpec> = {}): void {
    this.add(id, more);
    this.do({ type: 'pty.spawned', agent: id, pid: 7, token: 't' });
  }

  exit(agent: string, code: number | null, signal: number | null = null): string[] {
    const exit: AgentExit = { code, signal, at: this.now };
    return this.do({ type: 'pty.exited', agent, exit });
  }

  tell(
    agent: string,
    state: 'working' | 'waiting' | 'idle',
    evidence: 'report' | 'osc' | 'process',
    reason = '',
  ): string[] {
    return this.do({ type: 'evidence', agent, state, evidence, reason });
  }

  of(id: string): Agent {
    return this.state.agents[id]!;
  }
}

describe('an agent', () => {
  it('starts, is paused, goes on, and is stopped', () => {
    const s = new Session();
    expect(s.add('a', { prompt: 'Go.' })).toEqual(['agent.added', 'agent.starting']);
    expect(s.effects).toEqual([{ type: 'pty.spawn', agent: 'a' }]);
    s.do({ type: 'pty.spawned', agent: 'a', pid: 7, token: 't' });
    expect(s.effects).toEqual([{ type: 'pty.brief', agent: 'a', text: 'Go.', enter: true, gentle: false }]);
    expect(s.do({ type: 'agent.pause', agent: 'a' })).toEqual(['agent.pausing']);
    expect(s.do({ type: 'agent.pause', agent: 'a' })).toEqual([]);
    s.now += 10;
    s.do({ type: 'tree.paused', agent: 'a', processes: 3, ms: 9, by: ana });
    expect(s.of('a').status).toMatchObject({ state: 'paused', reason: 'paused by ana', by: ana, since: s.now });
    expect(s.do({ type: 'agent.pause', agent: 'a' })).toEqual([]);
    s.do({ type: 'agent.resume', agent: 'a' });
    s.do({ type: 'tree.resumed', agent: 'a', by: ana });
    expect(s.of('a').status.state).toBe('working');
    expect(s.do({ type: 'agent.resume', agent: 'a' })).toEqual([]);
    s.do({ type: 'agent.stop', agent: 'a' });
    expect(s.effects).toEqual([{ type: 'tree.stop', agent: 'a', graceMs: 3000 }]);
    s.exit('a', null, 9);
    expect(s.of('a').status).toMatchObject({ state: 'stopped', reason: 'stopped by ana' });
    expect(s.do({ type: 'agent.stop', agent: 'a' })).toEqual([]);
    expect(s.state.alerts).toEqual([]);
  });

  it('is done with exit code 0 and failed with any other, which raises an alert', () => {
    const s = new Session();
    s.run('a');
    expect(s.exit('a', 0)).toEqual(['agent.exited']);
    expect(s.of('a').status.state).toBe('done');
    s.run('b');
    s.exit('b', 2);
    expect(s.of('b').status).toMatchObject({ state: 'failed', reason: 'exit code 2' });
    expect(s.state.alerts).toMatchObject([{ level: 'error', text: 'agent b failed: exit code 2', agent: 'b' }]);
    s.do({ type: 'agent.restart', agent: 'b' });
    expect(s.state.alerts).toEqual([]);
    expect(s.of('b').restarts).toBe(1);
  });

  it('is started again by the plan, later each time, until somebody stops that', () => {
    const s = new Session();
    s.run('a', { origin: 'plan' });
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      expect(s.exit('a', 1)).toEqual(['agent.exited', 'alert.raised', 'agent.backoff']);
      waits.push((s.effects[0] as { ms: number }).ms);
      expect(s.of('a').retryAt).toBe(s.now + waits.at(-1)!);
      if (i === 6) break;
      expect(s.do({ type: 'backoff.over', agent: 'a', by: { kind: 'coordinator', name: 'llmctl' } })).toEqual([
        'agent.starting',
      ]);
      s.do({ type: 'pty.spawned', agent: 'a', pid: 7, token: 't' });
    }
    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    expect(s.do({ type: 'agent.stop', agent: 'a' })).toEqual(['agent.stopping']);
    expect(s.effects).toEqual([]);
    expect(s.of('a').status.state).toBe('stopped');
    expect(s.do({ type: 'backoff.over', agent: 'a' })).toEqual([]);
  });

  it('counts anew after a run that did real work', () => {
    const s = new Session();
    s.run('a', { origin: 'plan' });
    s.exit('a', 1);
    s.do({ type: 'backoff.over', agent: 'a' });
    s.do({ type: 'pty.spawned', agent: 'a', pid: 7, token: 't' });
    s.now += 60_000;
    s.exit('a', 1);
    expect(s.of('a').quickExits).toBe(1);
    expect(backoffMs(1)).toBe(10_000);
  });

  it('is restarted only after its program has ended', () => {
    const s = new Session();
    s.run('a');
    expect(s.do({ type: 'agent.restart', agent: 'a' })).toEqual(['agent.stopping']);
    expect(s.of('a').pending).toBe('restarting');
    expect(s.exit('a', null, 15)).toEqual(['agent.exited', 'agent.starting']);
    expect(s.effects).toEqual([{ type: 'pty.spawn', agent: 'a' }]);
  });

  it('says who was perhaps meant', () => {
    const s = new Session();
    s.run('parser');
    expect(s.do({ type: 'agent.pause', agent: 'parsr' })[0]).toMatch(
      /no agent is named "parsr"; did you mean "parser"\?/,
    );
    expect(s.do({ type: 'agent.pause', agent: '__proto__' })[0]).toMatch(/^refused unknown-agent/);
    expect(s.add('PARSER')[0]).toMatch(/^refused duplicate/);
  });

  it.each(['', '-x', '.hidden', 'a b', 'a/b', '$(x)', 'a\n', 'ä', 'x'.repeat(41)])('can not be named %j', (id) => {
    expect(new Session().add(id)[0]).toMatch(/^refused invalid/);
  });

  it('leaves the state before a pause to evidence, and the pause itself to nobody', () => {
    const s = new Session();
    s.run('a');
    s.do({ type: 'tree.paused', agent: 'a', processes: 1, ms: 1, by: ana });
    s.tell('a', 'waiting', 'osc', 'permission');
    expect(s.of('a').status.state).toBe('paused');
    s.do({ type: 'tree.resumed', agent: 'a', by: ana });
    expect(s.of('a').status).toMatchObject({ state: 'waiting', evidence: 'osc', reason: 'permission' });
  });

  it('ends a pause that failed', () => {
    const s = new Session();
    s.run('a');
    s.do({ type: 'agent.pause', agent: 'a' });
    s.do({ type: 'tree.pause-failed', agent: 'a', reason: 'it forks faster than it can be stopped' });
    expect(s.of('a').pending).toBeNull();
    expect(s.state.alerts).toHaveLength(1);
  });
});

describe('evidence', () => {
  it('of a weaker source waits until the stronger is old', () => {
    const s = new Session();
    s.run('a');
    s.tell('a', 'waiting', 'report', 'asks');
    s.now += 10_000;
    expect(s.tell('a', 'working', 'osc')).toEqual([]);
    s.now += 50_000;
    expect(s.tell('a', 'working', 'osc')).toEqual(['agent.state']);
  });

  it('of a stronger source counts at once', () => {
    const s = new Session();
    s.run('a');
    s.tell('a', 'working', 'osc');
    expect(s.tell('a', 'waiting', 'report')).toEqual(['agent.state']);
  });

  it('by mere silence ends only work that was told of half a minute ago', () => {
    const s = new Session();
    s.run('a');
    s.tell('a', 'working', 'osc', 'busy');
    s.now += 29_999;
    expect(s.tell('a', 'idle', 'process')).toEqual([]);
    s.now += 1;
    expect(s.tell('a', 'idle', 'process')).toEqual(['agent.state']);
  });

  it.each(['report', 'osc'] as const)('by mere activity never refutes a question told by %s', (evidence) => {
    const s = new Session();
    s.run('a');
    s.tell('a', 'waiting', evidence, 'asks');
    s.now += 1_000_000;
    expect(s.tell('a', 'working', 'process', 'prints')).toEqual([]);
    expect(s.tell('a', 'idle', 'process', 'prints nothing')).toEqual([]);
    expect(s.of('a').status).toMatchObject({ state: 'waiting', reason: 'asks', evidence });
    expect(s.tell('a', 'working', 'osc', 'busy')).toEqual(['agent.state']);
  });

  it('by activity decides where nothing better was heard in this run', () => {
    const s = new Session();
    s.run('a');
    s.tell('a', 'waiting', 'report', 'asks');
    s.exit('a', 0);
    s.do({ type: 'agent.restart', agent: 'a' });
    s.do({ type: 'pty.spawned', agent: 'a', pid: 8, token: 'u' });
    expect(s.tell('a', 'idle', 'process')).toEqual(['agent.state']);
    expect(s.tell('a', 'working', 'process')).toEqual(['agent.state']);
  });

  it('said again is kept fresh without an event each time', () => {
    const s = new Session();
    s.run('a');
    s.tell('a', 'working', 'osc', 'busy');
    const { since } = s.of('a').status;
    s.now += 4_000;
    expect(s.tell('a', 'working', 'osc', 'busy')).toEqual([]);
    s.now += 2_000;
    expect(s.tell('a', 'working', 'osc', 'busy')).toEqual(['agent.state']);
    expect(s.of('a').status).toMatchObject({ since, heardAt: s.now });
    s.now += 9_000;
    expect(s.tell('a', 'idle', 'process')).toEqual([]);
  });

  it('counts at once where the clock was set back', () => {
    const s = new Session();
    s.run('a');
    s.tell('a', 'waiting', 'report');
    s.now -= 86_400_000;
    expect(s.tell('a', 'working', 'osc')).toEqual(['agent.state']);
  });
});

describe('what follows', () => {
  it('checks go stale once when the tree moves', () => {
    const s = new Session();
    s.do({ type: 'health.define', name: 'build', command: 'make', timeoutMs: 1 });
    expect(s.do({ type: 'health.define', name: 'build', command: 'make', timeoutMs: 1 })).toEqual([]);
    expect(s.do({ type: 'health.run', name: 'biuld' })[0]).toMatch(/did you mean "build"/);
    s.do({ type: 'health.run', name: 'build' });
    expect(s.do({ type: 'health.run', name: 'build' })).toEqual([]);
    s.do({ type: 'health.result', name: 'build', state: 'red', ms: 5, commit: 'c', firstError: 'a.c:1: no', tail: [] });
    expect(s.state.alerts).toMatchObject([{ text: 'build is red: a.c:1: no' }]);
    const git = {
      type: 'git.status',
      branch: 'main',
      upstream: null,
      ahead: 0,
      behind: 0,
      head: 'c',
      changed: [],
      stale: false,
    } as const;
    expect(s.do(git)).toEqual(['git.observed']);
    expect(s.do(git)).toEqual([]);
    expect(s.do({ ...git, changed: [{ path: 'a.c', code: ' M' }] })).toEqual(['git.observed', 'health.stale']);
    expect(s.do({ type: 'tree.moved' })).toEqual([]);
    s.do({ type: 'health.run', name: 'build' });
    s.do({ type: 'health.result', name: 'build', state: 'green', ms: 5, commit: 'c', firstError: '', tail: [] });
    expect(s.state.alerts).toEqual([]);
    expect(s.state.health.build).toMatchObject({ state: 'green', stale: false });
  });

  it('alerts of one cause are one, counted', () => {
    const s = new Session();
    const alert = { type: 'alert', level: 'warn', text: 'journal', agent: null, cause: 'j' } as const;
    s.do(alert);
    s.do(alert);
    expect(s.state.alerts).toMatchObject([{ count: 2 }]);
    expect(s.do({ type: 'alert.clear', id: 'nope' })[0]).toMatch(/^refused unknown-alert/);
    expect(s.do({ type: 'alert.over', cause: 'j' })).toEqual(['alert.cleared']);
  });

  it('those that wait come round in order', () => {
    const s = new Session();
    for (const id of ['a', 'b', 'c']) s.run(id);
    expect(nextWaiting(s.state, null)).toBeNull();
    s.exit('a', 3);
    s.now += 1;
    s.tell('c', 'waiting', 'report');
    s.now += 1;
    s.tell('b', 'waiting', 'report');
    expect(nextWaiting(s.state, null)?.id).toBe('c');
    expect(nextWaiting(s.state, { kind: 'agent', id: 'c' })?.id).toBe('b');
    expect(nextWaiting(s.state, { kind: 'agent', id: 'b' })?.id).toBe('a');
    expect(nextWaiting(s.state, { kind: 'agent', id: 'a' })?.id).toBe('c');
  });

  it('an end is told in words', () => {
    expect(exitWords({ code: null, signal: 11, at: 0 })).toBe('ended by SIGSEGV');
    expect(exitWords({ code: 0, signal: 0, at: 0 })).toBe('exit code 0');
    expect(endState({ code: 0, signal: 0, at: 0 }, false)).toBe('done');
    expect(endState({ code: null, signal: 9, at: 0 }, false)).toBe('failed');
  });

  it('times are ISO 8601 in UTC', () => {
    expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(isoTime(951_782_400_000)).toBe('2000-02-29T00:00:00.000Z');
    expect(isoTime(1_763_638_701_123)).toBe('2025-11-20T11:38:21.123Z');
    expect(isoTime(4_102_444_799_999)).toBe('2099-12-31T23:59:59.999Z');
  });

  it('the status document has the names that scripts rely on', () => {
    const s = new Session();
    s.run('a');
    const document = statusDocument(s.state, 2);
    expect(Object.keys(document)).toEqual(
      expect.arrayContaining(['session', 'agents', 'tasks', 'milestones', 'gates', 'overlaps', 'health', 'alerts']),
    );
    expect(document.agents[0]).toMatchObject({
      id: 'a',
      host: 'local',
      state: 'working',
      pid: 7,
      worktree: '/r',
      changed: [],
    });
    const plans = ['/r/llmctl.yaml', '/r2/x.yaml', null].map((plan) => ({
      ...s.state,
      session: { ...s.state.session, plan },
    }));
    expect(plans.map((state) => statusDocument(state, 0).session.plan)).toEqual(['llmctl.yaml', '/r2/x.yaml', '']);
    s.add('b', { worktree: '/r/.llmctl/worktrees/b' });
    expect(statusDocument(s.state, 0).agents[1]).toMatchObject({
      worktree: '/r/.llmctl/worktrees/b',
      branch: 'llmctl/b',
    });
  });
});
