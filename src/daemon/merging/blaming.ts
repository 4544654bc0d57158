/** Looks for the landing that broke a check: runs it on commits of the integration branch, in a tree of its own, while others land. */
import type { HealthOutcome } from '../../adapters/build/outcome.ts';
import { isAncestor } from '../../adapters/git/landing-merge.ts';
import { firstParents } from '../../adapters/git/rebuild.ts';
import { nextBreakage, type Breakage } from '../../core/landing/breakage.ts';
import { firstRed } from '../../core/landing/first-red.ts';
import type { Landing } from '../../core/landing/landing.ts';
import type { Inquiry } from '../../core/model/health.ts';
import { own } from '../../core/model/work.ts';
import type { PlanHealth } from '../../core/plan/model.ts';
import type { Busy } from '../busy.ts';
import { Lanes } from '../lanes.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';
import { CheckTree, type CheckTreeParts } from './check-tree.ts';
import type { Branch, Landings } from './landings.ts';
import { landedBy } from './landed-by.ts';
import { mergeSet } from './merge-set.ts';

export interface BlamingParts extends CheckTreeParts {
  readonly room: Room;
  readonly landings: Landings;
  readonly health: ReadonlyMap<string, PlanHealth>;
  readonly busy: Busy;
}

/** So often a search begins again. */
const TRIES = 3;

type End = Exclude<Breakage, { do: 'run' }>;

/** One check, and what it came to on each commit. */
class Trial {
  readonly check: PlanHealth;
  readonly #tree: CheckTree;
  readonly runs = new Map<string, readonly boolean[]>();
  readonly #errors = new Map<string, string>();
  count = 0;

  constructor(check: PlanHealth, tree: CheckTree) {
    this.check = check;
    this.#tree = tree;
  }

  /** @throws Error with one line where it can't be told */
  async run(commit: string): Promise<HealthOutcome> {
    const outcome = await this.#tree.judge(this.check, commit);
    if (outcome.state === 'unknown') throw new Error(outcome.firstError);
    this.count++;
    this.runs.set(commit, [...(this.runs.get(commit) ?? []), outcome.state === 'green']);
    if (outcome.state === 'red') this.#errors.set(commit, outcome.firstError);
    return outcome;
  }

  error(commit: string): string {
    return this.#errors.get(commit) ?? '';
  }
}

export class Blaming {
  readonly #parts: BlamingParts;
  readonly #tree: CheckTree;
  /** One search at a time: they share a tree. */
  readonly #turns = new Lanes();

  constructor(parts: BlamingParts) {
    this.#parts = parts;
    this.#tree = new CheckTree(parts, 'blame');
  }

  /** @param name null: the first one that is red. @throws Error with one line where it can't be told */
  run(name: string | null): Promise<void> {
    const { busy, room } = this.#parts;
    return busy.during(() =>
      this.#turns.run('blame', async () => {
        for (const check of this.#asked(name)) {
          const inquiry = await this.#inquire(check);
          room.dispatch({ type: 'health.blamed', name: check.name, inquiry });
          if (inquiry.verdict !== 'green') return;
        }
      }),
    );
  }

  async stop(): Promise<void> {
    await this.#tree.stop();
  }

  /** On the branch as it is now: others land on it meanwhile. Where it was made anew meanwhile, what was found is gone. */
  async #inquire(check: PlanHealth): Promise<Inquiry> {
    const { landings } = this.#parts;
    for (let tries = 1; ; tries++) {
      const branch = await landings.branch();
      const inquiry = await this.#search(check, branch);
      const now = await landings.tip();
      if (tries >= TRIES || now === null || (await isAncestor(branch.git, branch.tip, now))) return inquiry;
      log(`blame: ${check.name} is looked at again: the branch was made anew`);
    }
  }

  /** Those that are red first. */
  #asked(name: string | null): PlanHealth[] {
    const { health, room } = this.#parts;
    const all = [...health.values()].filter((check) => name === null || check.name === name);
    const isRed = (check: PlanHealth): boolean => own(room.state.health, check.name)?.state === 'red';
    return [...all.filter(isRed), ...all.filter((check) => !isRed(check))];
  }

  async #search(check: PlanHealth, branch: Branch): Promise<Inquiry> {
    const trial = new Trial(check, this.#tree);
    const whole = await this.#chain(branch);
    const green = own(this.#parts.room.state.health, check.name)?.lastGreen ?? '';
    const chain = whole.slice(Math.max(0, whole.indexOf(green)));
    let end = await this.#follow(trial, chain, branch.tip);
    // What was green once isn't any more: the answer lies further back, or nowhere.
    if (end.do === 'before' && chain.length < whole.length) end = await this.#follow(trial, whole, branch.tip);
    return this.#inquiry(trial, end, branch, whole);
  }

  async #follow(trial: Trial, chain: readonly string[], tip: string): Promise<End> {
    for (;;) {
      const step = nextBreakage(chain, trial.runs);
      if (step.do !== 'run') return step;
      const outcome = await trial.run(step.commit);
      // How the branch stands is news of its own, while it stands there.
      const { room, landings } = this.#parts;
      if (step.commit !== tip || (await landings.tip()) !== tip) continue;
      room.dispatch({ type: 'health.result', ...outcome, landedBy: await landedBy(room, landings, outcome.failures) });
    }
  }

  async #inquiry(trial: Trial, end: End, branch: Branch, chain: readonly string[]): Promise<Inquiry> {
    const plain = { blame: null, reason: '' } as const;
    switch (end.do) {
      case 'green':
        return { verdict: 'green', commit: branch.tip, ...plain, runs: trial.count };
      case 'flaky':
        return {
          verdict: 'flaky',
          commit: end.commit,
          blame: null,
          reason: trial.error(end.commit),
          runs: trial.count,
        };
      case 'before':
        return { verdict: 'before', commit: chain[0]!, blame: null, reason: trial.error(chain[0]!), runs: trial.count };
      case 'found': {
        const { commit } = end;
        const reason = trial.error(commit);
        const landing = this.#landed().find(({ merge }) => merge === commit);
        if (!landing) return { verdict: 'hand', commit, blame: null, reason, runs: trial.count };
        const partner = await this.#partner(trial, landing, branch, chain).catch((error: Error) => {
          log(`blame: ${error.message}`);
          return null;
        });
        const blame = { landing: landing.id, agent: landing.agent, merge: commit, partner, reason };
        return { verdict: 'landing', commit, blame, reason, runs: trial.count };
      }
      default:
        return end satisfies never;
    }
  }

  /**
   * The landing before it that it fails together with; null where it fails alone, where it can't be had alone, for its branch
   * holds what had landed, and where it takes more than one.
   */
  async #partner(trial: Trial, culprit: Landing, branch: Branch, chain: readonly string[]): Promise<string | null> {
    const { git } = branch;
    const place = new Map(chain.map((commit, i) => [commit, i]));
    const at = (one: Landing): number => place.get(one.merge ?? '') ?? -1;
    const before = this.#landed().filter((one) => at(one) > 0 && at(one) < at(culprit));
    for (const one of before) if (await isAncestor(git, one.merge!, culprit.commit)) return null;
    const fails = async (set: readonly Landing[]): Promise<boolean | null> => {
      const merged = await mergeSet({ ...branch, tip: chain[0]! }, set, ({ agent }) => `work of ${agent}`);
      return merged.kind === 'tree' ? (await trial.run(merged.commits.at(-1)!)).state === 'red' : null;
    };
    if (before.length === 0 || (await fails([culprit])) !== false) return null;
    const known = new Map<number, 'green' | 'red'>();
    for (;;) {
      const turn = firstRed(before.length, (steps) => known.get(steps));
      if ('ask' in turn) {
        const red = await fails([...before.slice(0, turn.ask), culprit]);
        known.set(turn.ask, red === true ? 'red' : 'green');
        continue;
      }
      const partner = before[turn.found - 1]!;
      return (await fails([partner, culprit])) === true ? partner.id : null;
    }
  }

  /** The branch from before the first of what landed on it. */
  async #chain({ git, tip }: Branch): Promise<readonly string[]> {
    for (const { merge } of this.#landed()) {
      if (!(await isAncestor(git, merge!, tip))) continue;
      const first = await git.line(['rev-parse', '--verify', `${merge}^1^{commit}`]);
      return [first, ...(await firstParents(git, first, tip))];
    }
    return [tip];
  }

  /** In the order in which they came upon the branch. */
  #landed(): readonly Landing[] {
    const landed = this.#parts.room.state.landings.filter(({ state, merge }) => state === 'landed' && merge !== null);
    return landed.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  }
}
