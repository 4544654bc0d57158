/**
 * What is to be merged, tested, landed or refused next. A pure function of the queue and of what is known, so that a daemon that
 * begins anew goes on where the old one stopped, and one whose branch was moved by hand begins again by itself.
 */
import type { FirstError } from '../health/first-error.ts';
import { oneLine } from '../text.ts';
import { firstRed } from './first-red.ts';
import type { Colour } from './first-red.ts';
import { ALL_LANDED, isOpen } from './landing.ts';
import type { Landing, LandingFault } from './landing.ts';
import { setKey } from './results.ts';
import type { Checked, LandingResults, Merged } from './results.ts';

export type TestReason =
  /** One on top of the branch. */
  | 'alone'
  /** All that wait. */
  | 'batch'
  /** Which of them turns it red. */
  | 'search'
  /** Does it fail without the others? */
  | 'culprit'
  /** Which one does it fail with? */
  | 'partner'
  /** Does the branch pass by itself? */
  | 'tip';

export type LandingStep =
  /** Merge them in order on top of the branch: landing.merged. */
  | { readonly do: 'merge'; readonly landings: readonly string[] }
  /** Test that tree: landing.checked. */
  | {
      readonly do: 'check';
      readonly landings: readonly string[];
      readonly tree: string;
      readonly commit: string;
      readonly why: TestReason;
    }
  /** Move the branch to the last of `commits`: landing.landed for each and landing.tip; only the latter where it had moved. */
  | { readonly do: 'land'; readonly landings: readonly string[]; readonly commits: readonly string[] }
  /** landing.failed. */
  | {
      readonly do: 'fail';
      readonly landing: string;
      readonly fault: LandingFault;
      readonly partner: string | null;
      readonly reason: string;
      readonly firstError: FirstError | null;
    }
  /** landing.withdrawn. */
  | { readonly do: 'withdraw'; readonly landing: string; readonly reason: string }
  | { readonly do: 'nothing' };

/** From this many on they are tested together: of two that pass alone, too, it is then known whether they pass together. */
export const BATCH_FROM = 2;

export function nextTest(queue: readonly Landing[], results: LandingResults): LandingStep {
  const waiting = queue.filter(isOpen).map(({ id }) => id);
  const search = new Turn(queue, results);
  if (waiting.length === 0) return { do: 'nothing' };
  return waiting.length < BATCH_FROM ? search.alone(waiting[0]!) : search.together(waiting);
}

type Known = { readonly step: LandingStep } | { readonly merged: Extract<Merged, { kind: 'tree' }>; checked: Checked };

/** One call's look at what is known. */
class Turn {
  readonly #queue: readonly Landing[];
  readonly #results: LandingResults;

  constructor(queue: readonly Landing[], results: LandingResults) {
    this.#queue = queue;
    this.#results = results;
  }

  alone(landing: string): LandingStep {
    const known = this.#look([landing], 'alone');
    if ('step' in known) return known.step;
    const { merged, checked } = known;
    if (checked.green) return { do: 'land', landings: [landing], commits: merged.commits };
    const tip = this.#look([], 'tip');
    if ('step' in tip) return tip.step;
    return this.#fail(landing, tip.checked.green ? 'own' : 'tip', tip.checked.green ? checked : tip.checked);
  }

  /** Those that can't be merged behind the others wait until the others have landed. */
  together(waiting: readonly string[]): LandingStep {
    let set = waiting;
    for (;;) {
      if (set.length < BATCH_FROM) return this.alone(waiting[0]!);
      const merged = this.#results.merged[setKey(set)];
      if (!merged) return { do: 'merge', landings: set };
      if (merged.kind === 'tree') break;
      if (merged.landing === waiting[0]) return this.alone(merged.landing);
      set = set.filter((id) => id !== merged.landing);
    }
    const known = this.#look(set, 'batch');
    if ('step' in known) return known.step;
    if (known.checked.green) return { do: 'land', landings: set, commits: known.merged.commits };
    const tip = this.#look([], 'tip');
    if ('step' in tip) return tip.step;
    // One of them may be what mends the branch.
    return tip.checked.green ? this.#culprit(set) : this.alone(waiting[0]!);
  }

  #culprit(set: readonly string[]): LandingStep {
    const turn = firstRed(set.length, (steps) => this.#colour(set.slice(0, steps)));
    if ('ask' in turn) return this.#test(set.slice(0, turn.ask), 'search');
    const before = set.slice(0, turn.found - 1);
    const culprit = set[turn.found - 1]!;
    const withAll = this.#look([...before, culprit], 'search');
    if ('step' in withAll) return withAll.step;
    const colour = this.#colour([culprit]);
    if (colour === undefined) return this.#test([culprit], 'culprit');
    if (colour === 'red') return this.#fail(culprit, 'own', this.#checked([culprit]) ?? withAll.checked);
    return this.#partner(before, culprit, withAll.checked);
  }

  /** It passes alone and fails behind all of `before`: which of them does it take? */
  #partner(before: readonly string[], culprit: string, withAll: Checked): LandingStep {
    const set = (steps: number) => [...before.slice(0, steps), culprit];
    const turn = firstRed(before.length, (steps) => this.#colour(set(steps)));
    if ('ask' in turn) return this.#test(set(turn.ask), 'partner');
    const partner = before[turn.found - 1]!;
    const pair = [partner, culprit];
    const colour = this.#colour(pair);
    if (colour === undefined) return this.#test(pair, 'partner');
    if (colour === 'red') return this.#fail(culprit, 'interaction', this.#checked(pair) ?? withAll, partner);
    return this.#fail(culprit, 'interaction', withAll);
  }

  #checked(set: readonly string[]): Checked | undefined {
    const merged = this.#results.merged[setKey(set)];
    return merged?.kind === 'tree' ? this.#results.checked[merged.tree] : undefined;
  }

  /** What can't be merged can't be what broke it. */
  #colour(set: readonly string[]): Colour | undefined {
    const merged = this.#results.merged[setKey(set)];
    if (merged && merged.kind !== 'tree') return 'green';
    const checked = this.#checked(set);
    return checked && (checked.green ? 'green' : 'red');
  }

  #test(set: readonly string[], why: TestReason): LandingStep {
    const known = this.#look(set, why);
    return 'step' in known ? known.step : { do: 'nothing' };
  }

  #look(set: readonly string[], why: TestReason): Known {
    const merged = this.#results.merged[setKey(set)];
    if (!merged) return { step: { do: 'merge', landings: set } };
    if (merged.kind === 'nothing') {
      return { step: { do: 'withdraw', landing: merged.landing, reason: ALL_LANDED } };
    }
    if (merged.kind === 'conflict') return { step: this.#conflict(merged) };
    const { tree, commits } = merged;
    const checked = this.#results.checked[tree];
    if (checked) return { merged, checked };
    return { step: { do: 'check', landings: set, tree, commit: commits.at(-1) ?? this.#results.tip, why } };
  }

  #conflict({ landing, paths }: Extract<Merged, { kind: 'conflict' }>): LandingStep {
    const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
    const named = paths.slice(0, 3).map((path) => oneLine(path));
    const reason = `it conflicts with what has landed in ${named.join(', ')}${more}; bring it forward, settle that, and land again`;
    return { do: 'fail', landing, fault: 'conflict', partner: null, reason, firstError: null };
  }

  #fail(landing: string, fault: 'own' | 'tip' | 'interaction', checked: Checked, partner?: string): LandingStep {
    const { firstError } = checked;
    const error = firstError ? `: ${placed(firstError)}` : '';
    const reason = `${this.#blame(fault, partner)}${error}`;
    return { do: 'fail', landing, fault, partner: partner ?? null, reason, firstError };
  }

  #blame(fault: 'own' | 'tip' | 'interaction', partner: string | undefined): string {
    if (fault === 'own') return 'the check fails with it';
    if (fault === 'tip') return 'the check fails without it, too, on what has landed';
    const agent = this.#queue.find(({ id }) => id === partner)?.agent;
    const whose = agent === undefined ? 'what waited before it' : `the work of ${oneLine(agent)}`;
    return `the check passes with it alone and fails together with ${whose}`;
  }
}

function placed({ file, line, text }: FirstError): string {
  const where = file === null ? '' : `${file}${line === null ? '' : `:${line}`}: `;
  return oneLine(`${where}${text}`);
}
