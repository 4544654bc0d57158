import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolveRound } from '../../core/merge/evolve-round.ts';
import { nextStep } from '../../core/merge/next-step.ts';
import { beginRound, isOver } from '../../core/merge/round.ts';
import type { Round, RoundEvent } from '../../core/merge/round.ts';
import type { MergeScope } from '../../core/model/overlap.ts';
import { PairOfAgents, got } from './pair.testkit.ts';
import { RoundSteps } from './round-steps.ts';
import { Snapshots } from './snapshot.ts';
import { StaleGuard } from './stale-guard.ts';
import { undoRound } from './undo.ts';
import { Writers } from './writers.testkit.ts';
import type { Op } from './writers.testkit.ts';

/** More of them by hand: ROUND_RUNS=200. Each run has up to five rounds. */
const RUNS = Number(process.env.ROUND_RUNS ?? 8);
/** By hand other ones each time; else the same, so that a run says something about what was changed. */
const SEED = process.env.ROUND_SEED ?? (process.env.ROUND_RUNS === undefined ? '1' : undefined);
/** To make a counterexample small takes longer than to find it: ROUND_SHRINK=1, with the seed and the path that it was told with. */
const CHANCE = {
  endOnFailure: process.env.ROUND_SHRINK === undefined,
  ...(SEED === undefined ? {} : { seed: Number(SEED) }),
  ...(process.env.ROUND_PATH === undefined ? {} : { path: process.env.ROUND_PATH }),
};

const side = fc.constantFrom<0 | 1>(0, 1);
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('insert' as const, 'insert' as const, 'drop' as const, 'replace' as const),
      side,
      file: fc.nat(6),
      at: fc.nat(40),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'create' as const,
        'delete' as const,
        'rename' as const,
        'begin' as const,
        'begin' as const,
        'finish' as const,
        'finish' as const,
      ),
      side,
      file: fc.nat(6),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('commit' as const), side }) },
);

const chapter = fc.record({
  ops: fc.array(op, { minLength: 4, maxLength: 14 }),
  take: fc.constantFrom('A' as const, 'B' as const, 'both' as const),
  /** Points at which the daemon dies, counted over steps and writes. */
  crashes: fc.array(fc.nat(12), { maxLength: 2 }),
  undo: fc.boolean(),
});

class Session {
  readonly #scope: MergeScope;
  readonly pair = new PairOfAgents();
  readonly writers = new Writers(this.pair);
  #guards: StaleGuard[] = [];
  #rounds = 0;
  crashed = 0;

  constructor(scope: MergeScope) {
    this.#scope = scope;
  }

  /** What an undo must bring back: branch, index and files of both. */
  standing(): readonly string[] {
    return this.pair.worktrees.map(({ dir }) =>
      ['rev-parse HEAD', 'status --porcelain', 'ls-files --stage -v']
        .map((command) => this.pair.git(dir, ...command.split(' ')))
        .join(''),
    );
  }

  /** With the whole tree in both there are none. */
  differences(): readonly string[] {
    if (this.#scope === 'paths') return [];
    const [a, b] = ([0, 1] as const).map((side) => ({
      ...this.writers.contents(side),
      HEAD: this.pair.git(this.pair.worktrees[side].dir, 'rev-parse', 'HEAD'),
    }));
    return Object.keys({ ...a, ...b }).filter((path) => Reflect.get(a!, path) !== Reflect.get(b!, path));
  }

  async start(): Promise<void> {
    await this.pair.start(Writers.files());
    this.#guards = this.pair.worktrees.map((worktree) => new StaleGuard(worktree, this.pair.scratch));
  }

  async write(op: Op): Promise<void> {
    const path = this.writers.do(op);
    if (path !== null) await this.#guards[op.side]!.check(path).then(got);
  }

  /** Drives a round to its end through crashes; what a choice drops is looked up in the backups. */
  async round(take: 'A' | 'B' | 'both', crashes: readonly number[]): Promise<Round> {
    const id = `r${++this.#rounds}`;
    const begin = {
      type: 'round.detected',
      round: id,
      agents: ['a', 'b'],
      paths: [],
      by: { kind: 'person', name: 't' },
      scope: this.#scope,
      confirm: false,
      verify: null,
    } as const;
    let round = beginRound(begin, 0);
    const fatal = new Set(crashes);
    let point = 0;
    let dead = false;
    const die = () => {
      if (!dead && fatal.has(point++)) dead = true;
      if (dead) throw new Error('killed');
    };
    let steps = this.#steps(die);
    for (let turn = 0; !isOver(round); turn++) {
      if (turn > 200) throw new Error(`does not end: ${JSON.stringify(round)}`);
      const events = await this.#step(steps, round, take);
      try {
        // Killed after the work and before anybody knew of it.
        die();
      } catch {
        fatal.clear();
        dead = false;
        this.crashed++;
        await this.pair.anew();
        steps = this.#steps(die);
        round = evolveRound(round, { type: 'round.recovered', round: id }, 0);
        continue;
      }
      for (const event of events) if (event.type !== 'round.detected') round = evolveRound(round, event, 0);
    }
    this.#guards = this.pair.worktrees.map((worktree) => new StaleGuard(worktree, this.pair.scratch));
    return round;
  }

  #steps(beforeWrite: () => void): RoundSteps {
    const { scratch, worktrees } = this.pair;
    const [a, b] = worktrees;
    const snapshots = [new Snapshots(a, scratch, 'repository'), new Snapshots(b, scratch, 'repository')] as const;
    return new RoundSteps({ scratch, worktrees, snapshots, hooks: { beforeWrite } });
  }

  async #step(steps: RoundSteps, round: Round, take: 'A' | 'B' | 'both'): Promise<readonly RoundEvent[]> {
    const step = nextStep(round);
    switch (step.do) {
      case 'pause':
        return step.agents.map((agent) => ({ type: 'round.paused', round: round.id, agent, before: false }));
      case 'tell':
        return step.agents.map((agent) => ({ type: 'round.told', round: round.id, agent }));
      case 'resume':
        return step.agents.map((agent) => ({ type: 'round.resumed', round: round.id, agent }));
      case 'ask': {
        const settled = round.conflicts.map((path) => ({ path, take }));
        return [{ type: 'round.settled', round: round.id, settled, by: { kind: 'person', name: 't' } }];
      }
      case 'nothing':
        throw new Error(`nothing to do in ${round.phase}`);
      default:
        return steps.carryOut(round);
    }
  }

  async remember(round: string): Promise<readonly unknown[]> {
    for (const guard of this.#guards) got(await guard.remember(round));
    return [];
  }

  /** @returns what could not be taken back. */
  async undo(round: Round): Promise<readonly unknown[]> {
    return got(await undoRound(round.id, this.pair.scratch, this.pair.worktrees)).left;
  }

  /** Lines that only the backup has, because a person chose so: gone from the worktrees, but not lost. */
  forgive(round: Round): void {
    if (round.conflicts.length === 0) return;
    const kept = ['a', 'b'].map((agent) =>
      this.pair.git(this.pair.repo, 'grep', '-h', '-e', '', `refs/llmctl/backup/${round.id}/${agent}/snap`),
    );
    const backup = new Set(this.writers.tokensOf(kept.join('\n')));
    for (const token of this.writers.lost()) if (backup.has(token)) this.writers.forgiven.add(token);
  }
}

describe('rounds between two writers', () => {
  it.each(['paths', 'tree'] as const)(
    'with scope %s lose nothing, through crashes, and are undone byte for byte',
    async (scope) => {
      let crashes = 0;
      let rounds = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(chapter, { minLength: 2, maxLength: 5 }), async (chapters) => {
          const session = new Session(scope);
          const { pair, writers } = session;
          try {
            await session.start();
            for (const { ops, take, crashes: fatal, undo } of chapters) {
              for (const op of ops) await session.write(op);
              expect(writers.lost()).toEqual([]);
              const before = [writers.contents(0), writers.contents(1)];
              const standing = session.standing();
              const round = await session.round(take, fatal);
              expect(round).toMatchObject({ phase: 'resolved', reason: '' });
              session.forgive(round);
              expect(writers.lost()).toEqual([]);
              expect((await pair.verdict()).paths).toEqual([]);
              expect(session.differences()).toEqual([]);
              rounds++;
              const left = undo ? await session.undo(round) : await session.remember(round.id);
              expect(left).toEqual([]);
              const after = [writers.contents(0), writers.contents(1)];
              expect(undo ? after : before).toEqual(before);
              expect(undo ? session.standing() : standing).toEqual(standing);
            }
            crashes += session.crashed;
          } finally {
            pair.remove();
          }
        }),
        { numRuns: RUNS, ...CHANCE },
      );
      expect(rounds).toBeGreaterThan(RUNS);
      expect(crashes).toBeGreaterThan(RUNS / 8);
    },
    60_000 + RUNS * 10_000,
  );
});
