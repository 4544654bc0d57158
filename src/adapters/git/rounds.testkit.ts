/**
 * Rounds between two writers with every write and every crash of the daemon placed: real trees, real git, no process of an agent.
 * What a guard hears and when is placed, too, so that writes from old reads may be moved, deleted or committed before it looks.
 */
import { evolveRound } from '../../core/merge/evolve-round.ts';
import { nextStep } from '../../core/merge/next-step.ts';
import { beginRound, isOver } from '../../core/merge/round.ts';
import type { Round, RoundEvent } from '../../core/merge/round.ts';
import type { MergeScope } from '../../core/model/overlap.ts';
import { notedChanges } from './guard-memory.ts';
import { PairOfAgents, got } from './pair.testkit.ts';
import { RoundSteps } from './round-steps.ts';
import type { Pair } from './round.ts';
import { Snapshots } from './snapshot.ts';
import { StaleGuard } from './stale-guard.ts';
import { undoRound } from './undo.ts';
import { Writers } from './writers.testkit.ts';
import type { Op } from './writers.testkit.ts';

export interface RoundWish {
  readonly take: 'A' | 'B' | 'both';
  /** Points at which the daemon dies, counted over steps and writes; the first ends the list. */
  readonly crashes: readonly number[];
  /** Step after which it dies, too: of those that come seldom. */
  readonly dieAfter?: 'verify' | 'roll-back';
  /** A health check that the merge has to pass: whether it does; null where there is none. */
  readonly verify?: boolean | null;
}

const MOST_TURNS = 200;

export class RoundsSession {
  readonly pair = new PairOfAgents();
  readonly writers = new Writers(this.pair);
  readonly #scope: MergeScope;
  readonly #undone = new Set<string>();
  #guards: Pair<StaleGuard> | null = null;
  #rounds = 0;
  crashed = 0;
  /** Both stand still, and their guards have looked; again after a crash, for a guard that begins anew knows less of what an agent had read. */
  onStill: () => void = () => {};
  /** Steps after which, or in which, it died. */
  readonly diedIn = new Set<string>();

  constructor(scope: MergeScope) {
    this.#scope = scope;
  }

  async start(): Promise<void> {
    await this.pair.start(Writers.files());
    this.#guards = this.#newGuards();
  }

  end(): void {
    this.pair.remove();
  }

  write(op: Op): void {
    this.writers.do(op);
  }

  /** What the guard of one side hears: all that was written until now. */
  async hear(side: 0 | 1): Promise<void> {
    const guard = this.#guards![side];
    for (const path of guard.paths) got(await guard.check(path, (work) => work(), true));
  }

  /** What an undo must bring back: branch, index and files of both. */
  standing(): readonly string[] {
    return this.pair.worktrees.map(({ dir }) =>
      ['rev-parse HEAD', 'status --porcelain', 'ls-files --stage -v']
        .map((command) => this.pair.git(dir, ...command.split(' ')))
        .join(''),
    );
  }

  contents(): readonly Record<string, string>[] {
    return [this.writers.contents(0), this.writers.contents(1)];
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

  /** Drives a round to its end through crashes. */
  async round({ take, crashes, dieAfter, verify = null }: RoundWish): Promise<Round> {
    const id = `r${++this.#rounds}`;
    const begin = {
      type: 'round.detected',
      round: id,
      agents: ['a', 'b'],
      paths: [],
      by: { kind: 'person', name: 't' },
      scope: this.#scope,
      confirm: false,
      verify: verify === null ? null : 'build',
    } as const;
    let round = beginRound(begin, 0);
    const fatal = new Set(crashes);
    let point = 0;
    let dead = false;
    const die = (): void => {
      if (!dead && fatal.has(point++)) dead = true;
      if (dead) throw new Error('killed');
    };
    let seldom: string | undefined = dieAfter;
    let steps = this.#steps(die);
    for (let turn = 0; !isOver(round); turn++) {
      if (turn > MOST_TURNS) throw new Error(`does not end: ${JSON.stringify(round)}`);
      const doing = nextStep(round).do;
      const events = await this.#step(steps, round, take, verify);
      try {
        // Killed after the work and before anybody knew of it.
        if (seldom === doing) throw new Error('killed');
        die();
      } catch {
        if (seldom === doing) seldom = undefined;
        fatal.clear();
        dead = false;
        this.crashed++;
        this.diedIn.add(doing);
        await this.pair.anew();
        await this.#remind();
        steps = this.#steps(die);
        round = evolveRound(round, { type: 'round.recovered', round: id }, 0);
        continue;
      }
      for (const event of events) if (event.type !== 'round.detected') round = evolveRound(round, event, 0);
    }
    return round;
  }

  /** @returns what could not be taken back. */
  async undo(round: Round): Promise<readonly unknown[]> {
    const { left } = got(await undoRound(round.id, this.pair.scratch, this.pair.worktrees));
    this.#undone.add(round.id);
    for (const guard of this.#guards!) for (const path of guard.paths) got(await guard.accept(path));
    return left;
  }

  /**
   * Lines that only a backup has, because a person chose so, or because an agent wrote over them unawares and a person was told:
   * gone from the worktrees, but not lost. @param round that a choice was made in
   */
  forgive(round?: Round): void {
    if (this.writers.lost().length === 0) return;
    const { pair, writers } = this;
    const kept = new Set<string>();
    const look = (ref: string, paths: readonly string[]): void => {
      const literal = paths.map((path) => `:(literal)${path}`);
      for (const token of writers.tokensOf(grep(pair, ref, literal))) kept.add(token);
    };
    for (const ref of this.#told()) look(ref, ['merged']);
    if (round && round.conflicts.length > 0)
      for (const agent of ['a', 'b']) look(`refs/llmctl/backup/${round.id}/${agent}/snap`, this.#chosen(round));
    for (const token of writers.lost()) if (kept.has(token)) writers.forgiven.add(token);
  }

  /** Paths in conflict, and those that are gone with it: what one moved the other had where it lay. */
  #chosen({ merged, conflicts }: Round): readonly string[] {
    const there = new Set(this.contents().flatMap((files) => Object.keys(files)));
    return [...conflicts, ...merged.filter((path) => !there.has(path))];
  }

  #told(): string[] {
    const refs = this.pair.git(this.pair.repo, 'for-each-ref', '--format=%(refname)', 'refs/llmctl/backup/lost-*/**');
    return refs.split('\n').filter(Boolean);
  }

  #newGuards(): Pair<StaleGuard> {
    const [a, b] = this.pair.worktrees;
    return [new StaleGuard(a, this.pair.scratch), new StaleGuard(b, this.pair.scratch)];
  }

  /** As a daemon that begins anew. */
  async #remind(): Promise<void> {
    this.#guards = this.#newGuards();
    for (const [side, guard] of this.#guards.entries()) {
      const noted = await notedChanges(this.pair.worktrees[side]!);
      for (const { id } of noted) got(await guard.remember(id, this.#undone.has(id) ? 'undone' : 'again'));
    }
  }

  #steps(beforeWrite: () => void): RoundSteps {
    const { scratch, worktrees } = this.pair;
    const [a, b] = worktrees;
    const snapshots = [new Snapshots(a, scratch, 'repository'), new Snapshots(b, scratch, 'repository')] as const;
    return new RoundSteps({ scratch, worktrees, snapshots, hooks: { beforeWrite } });
  }

  async #step(
    steps: RoundSteps,
    round: Round,
    take: RoundWish['take'],
    verify: boolean | null,
  ): Promise<readonly RoundEvent[]> {
    const step = nextStep(round);
    const { id } = round;
    switch (step.do) {
      case 'pause':
        if (!round.planned) {
          await Promise.all([this.hear(0), this.hear(1)]);
          this.onStill();
        }
        return step.agents.map((agent) => ({ type: 'round.paused', round: id, agent, before: false }));
      case 'verify':
        return verify === true
          ? [{ type: 'round.verified', round: id }]
          : [{ type: 'round.failed', round: id, reason: 'red', moved: false }];
      case 'tell':
        return step.agents.map((agent) => ({ type: 'round.told', round: id, agent }));
      case 'resume':
        if (round.outcome === 'merged') for (const guard of this.#guards!) got(await guard.remember(id));
        return step.agents.map((agent) => ({ type: 'round.resumed', round: id, agent }));
      case 'ask': {
        const settled = round.conflicts.map((path) => ({ path, take }));
        return [{ type: 'round.settled', round: id, settled, by: { kind: 'person', name: 't' } }];
      }
      case 'nothing':
        throw new Error(`nothing to do in ${round.phase}`);
      default:
        return steps.carryOut(round);
    }
  }
}

function grep(pair: PairOfAgents, ref: string, paths: readonly string[]): string {
  try {
    return pair.git(pair.repo, 'grep', '-h', '-e', 'T', ref, '--', ...paths);
  } catch {
    // Nothing there.
    return '';
  }
}
