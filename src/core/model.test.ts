import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { isRefusal } from './decide/refuse.ts';
import { evolve } from './evolve.ts';
import { assertInvariants } from './invariants.ts';
import { AGENT_STATES, type AgentExit } from './model/agent.ts';
import type { Command } from './model/commands.ts';
import type { JournalEntry } from './model/events.ts';
import { emptyState, type State } from './model/state.ts';
import { react } from './react.ts';
import { eventWords } from './select/recent.ts';
import { statusDocument } from './select/status.ts';

const start: State = emptyState({
  id: 's',
  repo: '/repo',
  git: true,
  startedAt: 0,
  plan: null,
  planName: '',
  pid: 1,
});

const strange = fc.constantFrom('B', '__proto__', 'toString', '-x', '$(rm)');
const id = fc.oneof({ weight: 20, arbitrary: fc.constantFrom('a', 'b') }, { weight: 1, arbitrary: strange });
const by = fc.constantFrom({ kind: 'person', name: 'ana' } as const, { kind: 'coordinator', name: 'llmctl' } as const);
const text = fc.constantFrom('', 'hello', '\u001b[31mred', 'x'.repeat(2000), '🚀\u202e');
const exit: fc.Arbitrary<AgentExit> = fc.record({
  code: fc.constantFrom(null, 0, 1, 127),
  signal: fc.constantFrom(null, 9, 15),
  at: fc.integer({ min: 0, max: 1_000_000 }),
});
const told = fc.constantFrom('working', 'waiting', 'idle', 'limited', 'stuck', 'done');
const evidence = fc.constantFrom('person', 'report', 'hook', 'osc', 'screen', 'process');
const name = fc.constantFrom('build', 'test', 'constructor');

const about = <T extends string, R extends object>(type: T, rest: { [K in keyof R]: fc.Arbitrary<R[K]> }) =>
  fc.record({ type: fc.constant(type), agent: id, by, ...rest });

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    type: fc.constant('agent.add' as const),
    start: fc.boolean(),
    by,
    agent: fc.record({
      id,
      name: text,
      profile: fc.constant('shell'),
      command: fc.constantFrom(['bash'], []),
      cwd: fc.constantFrom('/repo', 'relative'),
      env: fc.constant({}),
      prompt: fc.constantFrom(null, 'Do it.', 'a\0b'),
      task: fc.constantFrom(null, 'T1'),
      origin: fc.constantFrom('plan', 'person'),
    }),
  }),
  about('agent.pause', {}),
  about('agent.resume', {}),
  about('agent.restart', {}),
  about('agent.stop', {}),
  about('agent.remove', {}),
  about('agent.send', { text, enter: fc.boolean() }),
  about('agent.keys', { keys: fc.constant(['Enter']) }),
  about('agent.report', {
    kind: fc.constantFrom('started', 'progress', 'blocked', 'done', 'failed', 'ask'),
    percent: fc.constantFrom(null, 0, 50, 1000, Number.NaN),
    text,
  }),
  about('agent.claim', { paths: fc.subarray(['a.js', 'src/', 'src/b.js', '__proto__']) }),
  about('agent.release', { paths: fc.constantFrom(null, ['a.js'], ['src/']) }),
  about('pty.spawned', { pid: fc.nat(), token: fc.constant('t') }),
  about('pty.spawned', { pid: fc.nat(), token: fc.constant('t') }),
  about('pty.spawn-failed', { reason: text }),
  about('pty.exited', { exit }),
  about('tree.paused', { processes: fc.nat(9), ms: fc.nat(9) }),
  about('tree.pause-failed', { reason: text }),
  about('tree.resumed', {}),
  about('tree.failed', { reason: text }),
  about('evidence', { state: told, reason: text, evidence }),
  about('activity', { text }),
  about('progress', { percent: fc.constantFrom(null, -5, 20, 300), text }),
  about('backoff.over', {}),
  fc.record({ type: fc.constant('todo.add' as const), text, by }),
  fc.record({ type: fc.constant('todo.check' as const), id: fc.constantFrom('1', '2', 'x'), done: fc.boolean(), by }),
  fc.record({ type: fc.constant('todo.remove' as const), id: fc.constantFrom('1', '2', 'x'), by }),
  fc.record({ type: fc.constant('health.define' as const), name, command: text, timeoutMs: fc.constant(1000) }),
  fc.record({ type: fc.constant('health.run' as const), name, by }),
  fc.record({
    type: fc.constant('health.result' as const),
    name,
    state: fc.constantFrom('green', 'red', 'unknown'),
    ms: fc.nat(),
    commit: fc.constant('abc'),
    firstError: text,
    tail: fc.constant(['x\u001b]0;t\u0007']),
  }),
  fc.record({
    type: fc.constant('git.status' as const),
    branch: text,
    upstream: fc.constantFrom(null, 'origin/main'),
    ahead: fc.nat(3),
    behind: fc.nat(3),
    head: fc.constantFrom('a', 'b'),
    changed: fc.constantFrom([], [{ path: 'f\u0007', code: ' M' }]),
    stale: fc.boolean(),
  }),
  fc.record({ type: fc.constant('tree.moved' as const) }),
  fc.record({
    type: fc.constant('plan.todo' as const),
    id: fc.constant('p'),
    text,
    task: fc.constant(null),
    agent: id,
  }),
  fc.record({
    type: fc.constant('alert' as const),
    level: fc.constantFrom('info', 'warn', 'error'),
    text,
    agent: fc.constantFrom(null, 'a'),
    cause: fc.constantFrom('x', 'y'),
  }),
  fc.record({ type: fc.constant('alert.over' as const), cause: fc.constantFrom('x', 'y') }),
  fc.record({ type: fc.constant('alert.clear' as const), id: fc.constantFrom('1', '2', 'x'), by }),
  { weight: 1, arbitrary: fc.record({ type: fc.constant('session.end' as const), by }) },
) as fc.Arbitrary<Command>;

/** Folds commands as the daemon does; `check` sees every step. */
function run(steps: readonly { command: Command; wait: number }[], check: (before: State, after: State) => void) {
  let state = start;
  let now = 1000;
  let ids = 0;
  const journal: JournalEntry[] = [];
  const spawned: unknown[] = [];
  const refusals: string[] = [];
  for (const step of steps) {
    now += step.wait;
    const decision = decide(state, step.command, { now, newId: () => String(++ids) });
    if (isRefusal(decision)) {
      refusals.push(decision.refused);
      continue;
    }
    for (const event of decision) {
      const entry = { seq: state.seq + 1, at: now, event };
      const before = state;
      state = evolve(state, entry);
      journal.push(entry);
      check(before, state);
      for (const effect of react(state, event)) {
        spawned.push(effect.type === 'pty.spawn' ? state.agents[effect.agent]?.status.state : 'starting');
      }
    }
  }
  expect(refusals.filter((words) => !/^[^\p{Cc}]+$/u.test(words))).toEqual([]);
  expect(spawned.filter((name) => name !== 'starting')).toEqual([]);
  return { state, journal };
}

const steps = fc.array(fc.record({ command, wait: fc.integer({ min: -5000, max: 70_000 }) }), {
  maxLength: 80,
  size: 'max',
});

describe('decide, evolve, react', () => {
  it('keeps what must hold, whatever is asked in whatever order', () => {
    fc.assert(
      fc.property(steps, (all) => {
        expect(() => run(all, (before, after) => assertInvariants(after, before))).not.toThrow();
      }),
      { numRuns: 3000 },
    );
  });

  it('reaches every state there is by such commands, or the above would say little', () => {
    const states = new Set<string>();
    // The same runs each time: which states random ones reach is chance.
    for (const all of fc.sample(steps, { numRuns: 3000, seed: 2 })) {
      run(all, (_, after) => {
        for (const agent of Object.values(after.agents)) states.add(agent.status.state);
      });
    }
    expect([...states].toSorted()).toEqual([...AGENT_STATES].toSorted());
  });

  it('has the same state again when its journal is folded from JSON', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { state, journal } = run(all, () => {});
        const read = JSON.parse(JSON.stringify(journal)) as JournalEntry[];
        expect(read.reduce(evolve, start)).toEqual(JSON.parse(JSON.stringify(state)));
      }),
      { numRuns: 300 },
    );
  });

  it('lets no control character of an agent into what is shown', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { state, journal } = run(all, () => {});
        const shown = Object.values(state.agents).map((agent) => [
          agent.status.reason,
          agent.activity,
          agent.spec.name,
        ]);
        const alerts = state.alerts.map((alert) => alert.text);
        const checks = Object.values(state.health).map((check) => [check.firstError, check.tail, check.command]);
        const words = journal.map((entry) => eventWords(entry.event));
        const all_ = JSON.stringify([shown, alerts, checks, state.git, state.todos, words]);
        // JSON writes control characters as \uXXXX.
        expect(all_).not.toMatch(/\\u00[01][0-9a-f]|\\u007f|\u202e/);
        expect(() => statusDocument(state, 1)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });
});
