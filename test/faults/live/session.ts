/** Rounds between two live writers, by the adapters that the daemon uses, and through crashes: what was lost, if anything. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { distFile } from '../../../src/adapters/paths/dist.ts';
import { PairOfAgents, got } from '../../../src/adapters/git/pair.testkit.ts';
import { RoundSteps } from '../../../src/adapters/git/round-steps.ts';
import { undoRound } from '../../../src/adapters/git/undo.ts';
import { TreeWatchers } from '../../../src/adapters/watch/tree-watcher.ts';
import { evolveRound } from '../../../src/core/merge/evolve-round.ts';
import { nextStep } from '../../../src/core/merge/next-step.ts';
import { beginRound, isOver, type Round, type RoundEvent } from '../../../src/core/merge/round.ts';
import type { MergeScope } from '../../../src/core/model/overlap.ts';
import { Desk } from './desk.ts';
import { chosenIn, tokensKept, tokensToldLost, type Dropped } from './kept.ts';
import { traceOf } from './trace.ts';
import { Ledger, contentsOf, tokensIn, type SideName } from './ledger.ts';

const LINES = 25;
const NAMES = ['f0', 'f1', 'dir/f 2', 'f3'];
const MOST_TURNS = 300;

export interface RoundWish {
  readonly take: 'A' | 'B' | 'both';
  /** Points at which the daemon dies, counted over steps and writes. */
  readonly crashes: ReadonlySet<number>;
}

export class LiveSession {
  readonly pair = new PairOfAgents();
  readonly #scope: MergeScope;
  readonly #watchers = new TreeWatchers(distFile('tree-watcher.js'));
  readonly #folder = join(this.pair.folder, 'said');
  #ledger!: Ledger;
  #desks!: readonly [Desk, Desk];
  #rounds = 0;
  readonly #undone = new Set<string>();
  readonly #dropped: Dropped[] = [];
  crashes = 0;
  conflicts = 0;
  forgiven = 0;

  constructor(scope: MergeScope) {
    this.#scope = scope;
  }

  get desks(): readonly Desk[] {
    return this.#desks;
  }

  get written(): number {
    return this.#ledger.written;
  }

  async start(seed: number): Promise<void> {
    await this.pair.start(files());
    const folder = this.#folder;
    mkdirSync(folder);
    this.#ledger = new Ledger(folder);
    const { worktrees, scratch } = this.pair;
    const desk = (side: 0 | 1): Desk => new Desk(worktrees[side], scratch, this.#watchers, folder, seed * 2 + side);
    this.#desks = [desk(0), desk(1)];
    await Promise.all(this.#desks.map((each) => each.ready()));
  }

  async end(): Promise<void> {
    await Promise.all(this.#desks.map((desk) => desk.end()));
    this.#watchers.stop();
    this.pair.remove();
  }

  /**
   * One round, from the pause to the moment before the resume; then `look` with both still held.
   * @param look says whether it has taken the round back
   */
  async round(wish: RoundWish, look: (round: Round) => Promise<{ readonly undone: boolean }>): Promise<void> {
    const round = await this.#drive(wish);
    if (round.conflicts.length > 0) this.#dropped.push({ rounds: [round.id], paths: chosenIn(round, this.#there()) });
    this.conflicts += round.conflicts.length;
    const looked = await look(round);
    for (const desk of this.#desks) {
      if (!looked.undone) got(await desk.tree.guard.remember(round.id));
      await desk.go();
      desk.guards.letGo(round.id, desk.worktree.agent);
    }
  }

  /** Tokens that were written, were taken out by nobody, and are gone. Both are held. */
  lost(): string[] {
    const has: Record<SideName, ReadonlySet<string>> = { a: this.#tokens(0), b: this.#tokens(1) };
    const missing = [...this.#ledger.standing()].filter(([token, side]) => {
      const both = this.#scope === 'tree';
      return both ? !has.a.has(token) || !has.b.has(token) : !has[side].has(token);
    });
    if (missing.length === 0) return [];
    const kept = this.#keptForSomebody();
    return missing.flatMap(([token]) => {
      if (!kept.has(token)) return [token];
      this.#ledger.forgive(token);
      this.forgiven++;
      return [];
    });
  }

  /** For whoever looks for the cause. */
  trace(lost: readonly string[]): string {
    const [a, b] = this.pair.worktrees.map(({ dir }) => dir);
    return traceOf(this.pair.repo, this.#folder, { a: a!, b: b! }, lost);
  }

  /** Paths of the round that are not the same on both sides; of all, where it was for the whole tree. */
  differences(round: Round): string[] {
    const [a, b] = [this.contents(0), this.contents(1)];
    const paths = this.#scope === 'tree' ? Object.keys({ ...a, ...b }) : [...round.merged, ...round.conflicts];
    return paths.filter((path) => a[path] !== b[path]);
  }

  contents(side: 0 | 1): Record<string, string> {
    return contentsOf(this.pair.worktrees[side].dir);
  }

  /** Branch, index and files of both. */
  standing(): unknown[] {
    return ([0, 1] as const).map((side) => {
      const { dir } = this.pair.worktrees[side];
      const said = ['rev-parse HEAD', 'status --porcelain', 'ls-files --stage -v'];
      return [...said.map((command) => this.pair.git(dir, ...command.split(' '))), this.contents(side)];
    });
  }

  async undo(round: Round): Promise<readonly unknown[]> {
    const { left } = got(await undoRound(round.id, this.pair.scratch, this.pair.worktrees));
    this.#undone.add(round.id);
    for (const { guards, tree } of this.#desks) {
      await guards.accept(tree);
      tree.changed('all');
    }
    return left;
  }

  /** Called with both held, before a round: what was seen then. */
  onHeld: () => void = () => {};

  async #drive({ take, crashes }: RoundWish): Promise<Round> {
    const id = `r${++this.#rounds}`;
    const by = { kind: 'person', name: 't' } as const;
    const terms = { scope: this.#scope, confirm: false, verify: null } as const;
    let round = beginRound({ type: 'round.detected', round: id, agents: ['a', 'b'], paths: [], by, ...terms }, 0);
    let point = 0;
    let dead = false;
    const die = (): void => {
      if (!dead && crashes.has(point++)) dead = true;
      if (dead) throw new Error('killed');
    };
    let steps = this.#steps(die);
    for (let turn = 0; nextStep(round).do !== 'tell'; turn++) {
      if (turn > MOST_TURNS || isOver(round)) throw new Error(`does not end well: ${JSON.stringify(round)}`);
      const events = await this.#step(steps, round, take);
      try {
        // Killed after the work and before anybody knew of it.
        die();
      } catch {
        dead = false;
        this.crashes++;
        await this.#anew(id);
        steps = this.#steps(die);
        round = evolveRound(round, { type: 'round.recovered', round: id }, 0);
        continue;
      }
      for (const event of events) if (event.type !== 'round.detected') round = evolveRound(round, event, 0);
    }
    return round;
  }

  async #step(steps: RoundSteps, round: Round, take: RoundWish['take']): Promise<readonly RoundEvent[]> {
    const step = nextStep(round);
    switch (step.do) {
      case 'pause': {
        const warming = steps.warm();
        await Promise.all(this.#desks.map((desk) => desk.stop()));
        await warming;
        for (const desk of this.#desks) await desk.guards.hold(round.id, desk.tree, !round.planned);
        if (!round.planned) this.onHeld();
        return step.agents.map((agent) => ({ type: 'round.paused', round: round.id, agent, before: false }));
      }
      case 'ask': {
        const settled = round.conflicts.map((path) => ({ path, take }));
        return [{ type: 'round.settled', round: round.id, settled, by: { kind: 'person', name: 't' } }];
      }
      default: {
        const events = await steps.carryOut(round);
        if (step.do === 'apply' || step.do === 'roll-back')
          for (const { tree } of this.#desks)
            tree.changed(round.scope === 'tree' ? 'all' : new Set([...round.merged, ...round.conflicts]));
        return events;
      }
    }
  }

  #steps(beforeWrite: () => void): RoundSteps {
    const { scratch, worktrees } = this.pair;
    const snapshots = [this.#desks[0].tree.keeps, this.#desks[1].tree.keeps] as const;
    return new RoundSteps({ scratch, worktrees, snapshots, hooks: { beforeWrite } });
  }

  /** The writers stay as they are: they belong to another process than the daemon. */
  async #anew(round: string): Promise<void> {
    await this.pair.anew();
    for (const desk of this.#desks) {
      desk.anew(this.pair.scratch);
      await desk.guards.hold(round, desk.tree, false);
    }
    await Promise.all(this.#desks.map(({ tree }) => tree.watcher!.ready));
    const rounds = Object.fromEntries([...this.#undone].map((id) => [id, { undone: true } as Round]));
    for (const { guards, tree } of this.#desks) await guards.remind({ rounds }, { all: () => [tree] }, Date.now());
  }

  #tokens(side: 0 | 1): Set<string> {
    return new Set(tokensIn(Object.values(this.contents(side)).join('\n')));
  }

  #there(): readonly string[] {
    return ([0, 1] as const).flatMap((side) => Object.keys(this.contents(side)));
  }

  #keptForSomebody(): Set<string> {
    return new Set([...tokensKept(this.pair.repo, this.#dropped), ...tokensToldLost(this.pair.repo)]);
  }
}

/** What the writers begin with. */
export function files(): Record<string, string> {
  const text = (name: string): string =>
    Array.from({ length: LINES }, (_, i) => `${name} line ${i} ${'x'.repeat(i)}\n`).join('');
  return Object.fromEntries(NAMES.map((name) => [name, text(name)]));
}
