import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { isRefusal } from './decide/refuse.ts';
import { evolve } from './evolve.ts';
import { assertInvariants } from './invariants.ts';
import { nextStep } from './merge/next-step.ts';
import { isOver, type Round } from './merge/round.ts';
import type { Command } from './model/commands.ts';
import type { Effect } from './model/effects.ts';
import type { JournalEntry } from './model/events.ts';
import { DEFAULT_MERGE_POLICY, OVERLAP_STATES, isOpen, type MergePolicy } from './model/overlap.ts';
import { emptyState, type State } from './model/state.ts';
import { matches } from './overlap/policy.ts';
import { react } from './react.ts';
import { eventWords } from './select/recent.ts';

const by = { kind: 'person', name: 'ana' } as const;

/** A session as the daemon folds it; effects are kept to be looked at. */
class Session {
  state: State = emptyState({ id: 's', repo: '/r', git: true, startedAt: 0, plan: null, planName: '', pid: 1 });
  readonly journal: JournalEntry[] = [];
  readonly effects: Effect[] = [];
  /** States of overlaps that were there after some event. */
  readonly reached = new Set<string>();
  #ids = 0;

  constructor(policy: Partial<MergePolicy> = {}) {
    this.ask({ type: 'plan.merge', policy: { ...DEFAULT_MERGE_POLICY, ...policy } });
    for (const id of ['a', 'b', 'c']) {
      const worktree = `/r/.llmctl/worktrees/${id}`;
      const spec = { id, name: id, profile: 'shell', command: ['sh'], cwd: worktree, worktree, env: {}, prompt: null };
      this.ask({ type: 'agent.add', agent: { ...spec, task: null, origin: 'plan' }, start: true });
      const tree = { dir: worktree, branch: `llmctl/${id}`, portBase: null, made: 'new' } as const;
      this.ask({ type: 'agent.placed', agent: id, tree });
      this.ask({ type: 'pty.spawned', agent: id, pid: 1, token: id });
    }
  }

  /** @returns the refusal; null where it was done */
  ask(command: Command): string | null {
    const decision = decide(this.state, command, { now: this.state.seq, newId: () => `i${++this.#ids}` });
    if (isRefusal(decision)) return decision.refused;
    for (const event of decision) {
      const before = this.state;
      const entry = { seq: before.seq + 1, at: before.seq + 1, event };
      this.state = evolve(before, entry);
      this.journal.push(entry);
      assertInvariants(this.state, before);
      this.effects.push(...react(this.state, event));
      for (const { state } of Object.values(this.state.overlaps)) this.reached.add(state);
    }
    return null;
  }

  seen(agents: [string, string], path: string, verdict: 'clean' | 'conflict' = 'clean', sameRegion = false): void {
    this.ask({ type: 'overlaps.seen', agents, paths: [{ path, verdict, sameRegion }] });
  }

  due(): void {
    for (const { id } of Object.values(this.state.overlaps)) this.ask({ type: 'overlap.due', overlap: id });
  }

  get round(): Round | undefined {
    return Object.values(this.state.rounds).at(-1);
  }

  get overlap() {
    return Object.values(this.state.overlaps).at(-1);
  }

  /** Answers the steps of a round as the daemon would, until one is asked for that it can't do by itself. */
  drive(id: string, conflicts: readonly string[] = []): void {
    for (let turn = 0; turn < 60; turn++) {
      const round = this.state.rounds[id]!;
      const step = nextStep(round);
      const tell = (fact: Extract<Command, { type: 'round.fact' }>['fact']) => this.ask({ type: 'round.fact', fact });
      switch (step.do) {
        case 'pause':
          for (const agent of step.agents) tell({ type: 'round.paused', round: id, agent, before: false });
          break;
        case 'snapshot':
          for (const agent of step.agents) tell({ type: 'round.snapshot', round: id, agent, commit: agent });
          break;
        case 'back-up':
          tell({ type: 'round.backed-up', round: id });
          break;
        case 'merge': {
          const merged = round.paths.filter((path) => !conflicts.includes(path));
          tell({ type: 'round.merged', round: id, merged, conflicts });
          break;
        }
        case 'plan':
          tell({ type: 'round.planned', round: id });
          break;
        case 'apply':
          tell({ type: 'round.applied', round: id });
          break;
        case 'verify':
          tell({ type: 'round.verified', round: id });
          break;
        case 'roll-back':
          tell({ type: 'round.rolled-back', round: id });
          break;
        case 'tell':
          for (const agent of step.agents) tell({ type: 'round.told', round: id, agent });
          break;
        case 'resume':
          for (const agent of step.agents) tell({ type: 'round.resumed', round: id, agent });
          break;
        case 'ask':
        case 'nothing':
          return;
        default:
          step satisfies never;
      }
    }
    throw new Error('does not end');
  }
}

describe('overlaps', () => {
  it('of different parts of a file are watched and merged by nobody', () => {
    const session = new Session();
    session.seen(['a', 'b'], 'f');
    session.due();
    expect(session.overlap).toMatchObject({ state: 'watching', verdict: 'clean', policy: 'merge' });
    expect(session.round).toBeUndefined();
  });

  it('of an undone merge wait for a person, who may merge them again', () => {
    const session = new Session();
    session.seen(['a', 'b'], 'f', 'clean', true);
    session.due();
    const first = session.round!.id;
    session.drive(first);
    session.ask({ type: 'round.fact', fact: { type: 'round.undone', round: first, by } });
    session.seen(['a', 'b'], 'f', 'clean', true);
    session.due();
    expect(session.overlap).toMatchObject({ state: 'needs-person', reason: expect.stringContaining('undone') });
    expect(Object.keys(session.state.rounds)).toEqual([first]);
    // What has nothing to do with it is merged as ever.
    session.seen(['a', 'c'], 'f', 'clean', true);
    session.due();
    expect(session.round!.sides.map(({ agent }) => agent)).toEqual(['a', 'c']);
    session.drive(session.round!.id);
    const open = Object.values(session.state.overlaps).find(({ state }) => state === 'needs-person')!;
    expect(session.ask({ type: 'overlap.merge', overlap: open.id, by })).toBeNull();
    session.drive(session.round!.id);
    expect(session.state.overlaps[open.id]).toMatchObject({ state: 'resolved', reason: 'merged' });
  });

  it('of the same lines are merged, and are resolved then', () => {
    const session = new Session();
    session.seen(['a', 'b'], 'f', 'clean', true);
    expect(session.effects.at(-1)).toMatchObject({ type: 'overlap.consider' });
    session.due();
    expect(session.overlap).toMatchObject({ state: 'pausing', round: session.round!.id });
    session.drive(session.round!.id);
    expect(session.overlap).toMatchObject({ state: 'resolved', reason: 'merged' });
    expect(session.overlap!.resolvedAt).not.toBeNull();
  });

  it('in conflict wait for a person, who decides or puts them off', () => {
    const session = new Session();
    session.seen(['a', 'b'], 'f', 'conflict');
    session.due();
    session.drive(session.round!.id, ['f']);
    expect(session.overlap!.state).toBe('needs-person');
    expect(session.state.alerts[0]!.text).toMatch(/^a and b are paused for a conflict: f$/);
    expect(session.ask({ type: 'overlap.merge', overlap: 'f', by })).toMatch(/can't be combined/);
    session.ask({ type: 'overlap.settle', overlap: 'f', settled: [{ path: 'f', take: 'A' }], by });
    session.drive(session.round!.id, ['f']);
    expect(session.overlap).toMatchObject({ state: 'resolved', reason: 'settled and merged' });
    expect(session.state.alerts).toEqual([]);
  });

  it('in conflict are handed to the agent that the plan names', () => {
    const session = new Session({ mergeAgent: 'c' });
    session.seen(['a', 'b'], 'f', 'conflict');
    session.due();
    session.drive(session.round!.id, ['f']);
    const told = session.effects.find((effect) => effect.type === 'pty.brief' && effect.agent === 'c');
    expect(told).toMatchObject({ text: expect.stringContaining(`llmctl merge ${session.overlap!.id} --take`) });
  });

  it('that were put off stay red and begin nothing by themselves until the two combine again', () => {
    const session = new Session();
    session.seen(['a', 'b'], 'f', 'conflict');
    session.due();
    session.drive(session.round!.id, ['f']);
    session.ask({ type: 'overlap.defer', overlap: 'f', by });
    session.drive(session.round!.id, ['f']);
    expect(session.round!.phase).toBe('deferred');
    session.seen(['a', 'b'], 'f', 'conflict');
    session.due();
    expect(Object.keys(session.state.rounds)).toHaveLength(1);
    expect(session.overlap).toMatchObject({ state: 'needs-person', reason: 'put off: by ana' });
    session.seen(['a', 'b'], 'f', 'clean');
    expect(session.overlap!.state).toBe('watching');
  });

  it('whose merge was undone are not merged again before somebody says so', () => {
    const session = new Session();
    session.seen(['a', 'b'], 'f', 'clean', true);
    session.due();
    session.drive(session.round!.id);
    session.ask({ type: 'round.fact', fact: { type: 'round.undone', round: session.round!.id, by } });
    session.seen(['a', 'b'], 'f', 'clean', true);
    session.due();
    expect(Object.keys(session.state.rounds)).toHaveLength(1);
    expect(session.overlap).toMatchObject({ state: 'needs-person', reason: expect.stringMatching(/undone/) });
    session.ask({ type: 'overlap.merge', overlap: 'f', by });
    session.drive(session.round!.id);
    expect(session.overlap!.state).toBe('resolved');
  });

  it('wait while one of the two is in a round with a third', () => {
    const session = new Session();
    session.seen(['a', 'b'], 'f', 'clean', true);
    session.due();
    session.seen(['b', 'c'], 'g', 'clean', true);
    session.due();
    expect(Object.values(session.state.rounds)).toHaveLength(1);
    session.effects.length = 0;
    session.drive(Object.keys(session.state.rounds)[0]!);
    expect(session.effects.filter((effect) => effect.type === 'overlap.consider')).not.toEqual([]);
    session.due();
    expect(session.round!.paths).toEqual(['g']);
  });

  it('under `pause` stop for a yes although all combines', () => {
    const session = new Session({ policy: 'pause' });
    session.seen(['a', 'b'], 'f');
    session.due();
    session.drive(session.round!.id);
    expect(session.overlap!.state).toBe('needs-person');
    session.ask({ type: 'overlap.merge', overlap: 'f', by });
    session.drive(session.round!.id);
    expect(session.overlap!.state).toBe('resolved');
  });

  it('under `warn` are only told about', () => {
    const session = new Session({ policy: 'warn' });
    session.seen(['a', 'b'], 'f', 'conflict');
    session.due();
    expect(session.round).toBeUndefined();
    expect(session.state.alerts[0]!.text).toMatch(/do not combine/);
  });

  it('under `lock` belong to the first, and the second is told', () => {
    const session = new Session({ rules: [{ match: '*.sql', policy: 'lock', driver: null, regenerate: null }] });
    session.ask({ type: 'path.touched', toucher: 'a', path: 'db/x.sql' });
    session.ask({ type: 'path.touched', toucher: 'b', path: 'db/x.sql' });
    session.ask({ type: 'path.touched', toucher: 'b', path: 'db/y.txt' });
    expect(session.state.locks).toEqual({ 'db/x.sql': 'a' });
    expect(session.effects).toContainEqual(expect.objectContaining({ type: 'pty.brief', agent: 'b' }));
    session.ask({ type: 'lock.free', path: 'db/x.sql', by });
    session.ask({ type: 'path.touched', toucher: 'b', path: 'db/x.sql' });
    expect(session.state.locks).toEqual({ 'db/x.sql': 'b' });
  });

  it('keep an agent from being resumed by hand or taken out in the middle of a round', () => {
    const session = new Session();
    session.seen(['a', 'b'], 'f', 'conflict');
    session.due();
    session.ask({ type: 'agent.pause', agent: 'a' });
    session.ask({ type: 'tree.paused', agent: 'a', processes: 1, ms: 1, by: { kind: 'coordinator', name: 'llmctl' } });
    expect(session.ask({ type: 'agent.resume', agent: 'a', by })).toMatch(/being merged/);
    session.ask({ type: 'pty.exited', agent: 'b', exit: { code: 0, signal: null, at: 1 } });
    expect(session.round!.sides[1]).toMatchObject({ gone: true });
    expect(session.ask({ type: 'agent.remove', agent: 'b', by })).toMatch(/being merged/);
  });

  it('settle by themselves what a rule of the plan decides', () => {
    const session = new Session({
      rules: [{ match: 'CHANGELOG.md', policy: null, driver: 'union', regenerate: null }],
    });
    session.seen(['a', 'b'], 'CHANGELOG.md', 'conflict');
    session.due();
    session.drive(session.round!.id, ['CHANGELOG.md']);
    expect(session.round).toMatchObject({ phase: 'resolved', settled: [{ path: 'CHANGELOG.md', take: 'both' }] });
  });

  it('ask only about what no rule decides', () => {
    const session = new Session({
      rules: [{ match: 'CHANGELOG.md', policy: null, driver: 'union', regenerate: null }],
    });
    session.seen(['a', 'b'], 'f', 'conflict');
    session.due();
    session.drive(session.round!.id, ['CHANGELOG.md', 'f']);
    expect(session.round).toMatchObject({ phase: 'needs-person', settled: [{ path: 'CHANGELOG.md', take: 'both' }] });
    expect(session.state.alerts.map(({ text }) => text)).toEqual(['a and b are paused for a conflict: f']);
  });
});

const path = fc.constantFrom('f', 'g\u001b[2J', '__proto__');
const pair = fc.constantFrom<[string, string]>(['a', 'b'], ['b', 'c'], ['a', 'c']);
const seenPath = fc.record({ path, verdict: fc.constantFrom('clean', 'conflict'), sameRegion: fc.boolean() });
const move = fc.oneof(
  fc.record({
    type: fc.constant('overlaps.seen'),
    agents: pair,
    paths: fc.uniqueArray(seenPath, { selector: (one) => one.path }),
  }),
  fc.constant({ type: 'due' }),
  fc.record({ type: fc.constant('overlap.merge'), overlap: path, by: fc.constant(by) }),
  fc.record({ type: fc.constant('overlap.defer'), overlap: path, by: fc.constant(by) }),
  fc.record({
    type: fc.constant('overlap.settle'),
    overlap: path,
    settled: fc.array(fc.record({ path, take: fc.constantFrom('A', 'B', 'both') }), { maxLength: 2 }),
    by: fc.constant(by),
  }),
  fc.record({ type: fc.constant('path.touched'), toucher: fc.constantFrom('a', 'b', 'x'), path }),
  fc.record({
    type: fc.constant('pty.exited'),
    agent: fc.constantFrom('a', 'b'),
    exit: fc.constant({ code: 0, signal: null, at: 1 }),
  }),
  fc.record({ type: fc.constant('agent.remove'), agent: fc.constantFrom('a', 'b') }),
  fc.record({ type: fc.constant('drive'), conflict: fc.boolean() }),
  fc.record({ type: fc.constant('fail'), moved: fc.boolean() }),
  fc.constant({ type: 'recover' }),
);

describe('whatever happens to overlaps', () => {
  it('keeps what must hold, ends every round, and folds to the same again', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom('merge', 'pause', 'warn', 'lock'),
        fc.array(move, { maxLength: 30 }),
        (policy, moves) => {
          const session = new Session({ policy: policy as MergePolicy['policy'] });
          for (const one of moves) {
            const { round } = session;
            if (one.type === 'due') session.due();
            else if (one.type === 'drive') {
              if (round) session.drive(round.id, 'conflict' in one && one.conflict ? round.paths : []);
            } else if (one.type === 'fail' && 'moved' in one) {
              const fact = {
                type: 'round.failed',
                round: round?.id ?? '',
                reason: 'x\u0007',
                moved: one.moved,
              } as const;
              session.ask({ type: 'round.fact', fact });
            } else if (one.type === 'recover') {
              session.ask({ type: 'round.fact', fact: { type: 'round.recovered', round: round?.id ?? '' } });
            } else session.ask(one as Command);
          }
          for (const { id } of Object.values(session.state.rounds)) {
            session.drive(id);
            if (!isOver(session.state.rounds[id]!)) {
              const { paths } = session.state.rounds[id]!;
              const settled = [...paths, ...session.state.rounds[id]!.conflicts].map((one) => ({
                path: one,
                take: 'A' as const,
              }));
              const overlap = Object.values(session.state.overlaps).find((one) => one.round === id && isOpen(one))!.id;
              session.ask({ type: 'overlap.settle', overlap, settled, by });
              session.drive(id);
            }
          }
          for (const state of session.reached) reached.add(state);
          expect(Object.values(session.state.rounds).filter((round) => !isOver(round))).toEqual([]);
          const folded = (JSON.parse(JSON.stringify(session.journal)) as JournalEntry[]).reduce(
            evolve,
            emptyState(session.state.session),
          );
          expect(folded).toEqual(JSON.parse(JSON.stringify(session.state)));
          const words = session.journal.map(({ event }) => eventWords(event));
          expect(JSON.stringify([words, session.state.alerts.map(({ text }) => text)])).not.toMatch(
            /\\u00[01][0-9a-f]/,
          );
        },
      ),
      { numRuns: 300 },
    );
    expect([...reached].toSorted()).toEqual([...OVERLAP_STATES].toSorted());
  });
});

describe('patterns of rules', () => {
  it.each([
    ['package-lock.json', 'package-lock.json', true],
    ['package-lock.json', 'web/package-lock.json', true],
    ['/package-lock.json', 'web/package-lock.json', false],
    ['*.sql', 'db/x.sql', true],
    ['src/generated/**', 'src/generated/a/b.ts', true],
    ['src/generated', 'src/generated/a/b.ts', true],
    ['src/*.ts', 'src/a/b.ts', false],
    ['**/gen/*.ts', 'a/b/gen/c.ts', true],
    ['a?c', 'abc', true],
    ['a+(c)', 'a+(c)', true],
    ['x.sql', 'xysql', false],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });
});
