import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absorb } from './absorb.ts';
import { forward } from './forward.ts';
import { undoForward } from './forward-undo.ts';
import { moveIntegration, openIntegration } from './integration.ts';
import { landCommit } from './land-commit.ts';
import { mergeForLanding } from './landing-merge.ts';
import { PairOfAgents, got } from './pair.testkit.ts';
import { Snapshots } from './snapshot.ts';
import { Writers } from './writers.testkit.ts';
import type { Op } from './writers.testkit.ts';

/** More of them by hand: LANDING_RUNS=200. */
const RUNS = Number(process.env.LANDING_RUNS ?? 6);
const BRANCH = 'llmctl/integration';

const side = fc.constantFrom<0 | 1>(0, 1);
const edit = fc.record({
  kind: fc.constantFrom('insert' as const, 'insert' as const, 'drop' as const, 'replace' as const),
  side,
  file: fc.nat(6),
  at: fc.nat(40),
});
const file = fc.record({
  kind: fc.constantFrom('create' as const, 'delete' as const, 'rename' as const),
  side,
  file: fc.nat(6),
});
const commit = fc.record({ kind: fc.constant('commit' as const), side });
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: edit },
  { weight: 2, arbitrary: file },
  { weight: 1, arbitrary: commit },
);

const chapter = fc.record({
  ops: fc.array(op, { minLength: 1, maxLength: 6 }),
  next: fc.record({ kind: fc.constantFrom('land' as const, 'forward' as const, 'forward' as const), side }),
  /** Write at which llmctl is killed while it brings an agent forward. */
  crash: fc.option(fc.nat(4), { nil: null }),
  undo: fc.boolean(),
});

class Session {
  readonly pair = new PairOfAgents();
  readonly writers = new Writers(this.pair);
  #count = 0;
  landed = 0;
  forwarded = 0;
  conflicts = 0;

  start(): Promise<void> {
    return this.pair.start(Writers.files());
  }

  #git(who: 0 | 1, ...args: string[]): string {
    return this.pair.git(this.pair.worktrees[who].dir, ...args);
  }

  standing(who: 0 | 1): unknown {
    const commands = ['rev-parse HEAD', 'status --porcelain', 'ls-files --stage -v'];
    return [this.writers.contents(who), ...commands.map((command) => this.#git(who, ...command.split(' ')))];
  }

  /** @returns what is wrong with it */
  async land(who: 0 | 1): Promise<readonly string[]> {
    const { scratch, worktrees, repo } = this.pair;
    const worktree = worktrees[who];
    const id = `l${this.#count++}`;
    const { git, tip } = got(await openIntegration(repo, { branch: BRANCH, base: null }));
    const work = got(await landCommit(worktree, scratch, { message: 'Work', at: 0 }));
    const text = { agent: worktree.agent, message: `Land ${id}`, at: 0 };
    const { merge } = got(await mergeForLanding(git, scratch, tip, work.commit, text));
    if (merge.kind === 'conflict') this.conflicts++;
    if (merge.kind !== 'merged') return [];
    got(await moveIntegration(git, { branch: BRANCH, from: tip, to: merge.commit, id }));
    if (work.uncommitted) got(await absorb(worktree, scratch, { commit: work.commit, id }));
    this.landed++;
    const there = new Set(this.writers.tokensOf(this.pair.git(repo, 'grep', '-h', '-e', '', merge.commit)));
    const missing = this.writers.mine(who).filter((token) => !there.has(token));
    return [
      ...missing,
      ...this.#git(who, 'status', '--porcelain')
        .split('\n')
        .filter((line) => line !== ''),
    ];
  }

  /** @returns what is wrong with it */
  async forward(who: 0 | 1, crash: number | null, undo: boolean): Promise<readonly string[]> {
    const worktree = this.pair.worktrees[who];
    const { tip } = got(await openIntegration(this.pair.repo, { branch: BRANCH, base: null }));
    const id = `f${this.#count++}`;
    const before = this.standing(who);
    let writes = 0;
    const beforeWrite = () => {
      if (crash !== null && writes++ >= crash) throw new Error('killed');
    };
    const bring = (hooks: { beforeWrite?: () => void }) =>
      forward(worktree, this.pair.scratch, new Snapshots(worktree, this.pair.scratch, 'repository'), {
        tip,
        id,
        at: 0,
        hooks,
      });
    let done = await bring({ beforeWrite });
    if (!done.ok && done.reason === 'killed') {
      await this.pair.anew();
      done = await bring({});
    }
    const { forwarded } = got(done);
    const same = () => JSON.stringify(this.standing(who)) === JSON.stringify(before);
    if (forwarded.kind === 'conflict') this.conflicts++;
    if (forwarded.kind !== 'forwarded') return same() ? [] : ['touched'];
    this.forwarded++;
    if (!undo) return this.#git(who, 'merge-base', '--is-ancestor', tip, 'HEAD') === '' ? [] : ['not forward'];
    const { left } = got(await undoForward(worktree, this.pair.scratch, id));
    return [...left, ...(same() ? [] : ['not as before'])];
  }
}

describe('two writers whose work lands', () => {
  it(
    'lose nothing, on the branch or in their worktrees, through crashes and undos',
    async () => {
      const sums = { landed: 0, forwarded: 0, conflicts: 0 };
      await fc.assert(
        fc.asyncProperty(fc.array(chapter, { minLength: 3, maxLength: 8 }), async (chapters) => {
          const session = new Session();
          try {
            await session.start();
            for (const { ops, next, crash, undo } of chapters) {
              for (const one of ops) session.writers.do(one);
              const wrong = next.kind === 'land' ? session.land(next.side) : session.forward(next.side, crash, undo);
              expect(await wrong).toEqual([]);
              expect(session.writers.lost()).toEqual([]);
            }
            for (const key of ['landed', 'forwarded', 'conflicts'] as const) sums[key] += session[key];
          } finally {
            session.pair.remove();
          }
        }),
        { numRuns: RUNS },
      );
      expect(sums.landed).toBeGreaterThan(RUNS / 3);
      expect(sums.forwarded).toBeGreaterThan(0);
    },
    60_000 + RUNS * 10_000,
  );
});
