/** Which commit of the integration branch broke a check, and whose landing that is. Pure: what is to be tested next is its answer. */
import { firstRed } from './first-red.ts';

/** How often a red one is tried again before anybody is blamed. */
export const RETRIES = 2;

/** What each commit came to, in the order of the runs. */
export type Runs = ReadonlyMap<string, readonly boolean[]>;

export type Breakage =
  /** Run the check once on this commit. */
  | { readonly do: 'run'; readonly commit: string }
  | { readonly do: 'green' }
  /** The same commit passes and fails: nobody is to blame. */
  | { readonly do: 'flaky'; readonly commit: string }
  /** It failed before anything landed. */
  | { readonly do: 'before' }
  | { readonly do: 'found'; readonly commit: string; readonly before: string };

/**
 * @param chain of the branch's first parents, oldest first; the first one stands before all that is in question
 * @param runs what is known; a commit that is blamed has failed as often as is asked for, and the one before it has passed as often
 */
export function nextBreakage(chain: readonly string[], runs: Runs): Breakage {
  const tip = chain.at(-1)!;
  const atTip = settled(tip, runs, false);
  if (atTip !== 'red') return atTip === 'green' ? { do: 'green' } : atTip;
  // The branch alone: there is nothing that could have broken it.
  if (chain.length < 2) return { do: 'before' };
  const first = runs.get(chain[0]!)?.[0];
  if (first === undefined) return { do: 'run', commit: chain[0]! };
  if (!first) {
    const known = settled(chain[0]!, runs, false);
    return known === 'red' ? { do: 'before' } : asStep(known, chain[0]!);
  }
  const turn = firstRed(chain.length - 1, (steps) => {
    if (steps === chain.length - 1) return 'red';
    const run = runs.get(chain[steps]!)?.[0];
    return run === undefined ? undefined : run ? 'green' : 'red';
  });
  if ('ask' in turn) return { do: 'run', commit: chain[turn.ask]! };
  const [commit, before] = [chain[turn.found]!, chain[turn.found - 1]!];
  const culprit = settled(commit, runs, false);
  if (culprit !== 'red') return asStep(culprit, commit);
  const sound = settled(before, runs, true);
  return sound === 'green' ? { do: 'found', commit, before } : asStep(sound, before);
}

type Settled = 'green' | 'red' | Extract<Breakage, { do: 'run' | 'flaky' }>;

/** @param often whether green counts only once it was so each time */
function settled(commit: string, runs: Runs, often: boolean): Settled {
  const known = runs.get(commit) ?? [];
  if (known.length === 0) return { do: 'run', commit };
  const greens = known.filter(Boolean).length;
  if (greens > 0 && greens < known.length) return { do: 'flaky', commit };
  if (greens > 0 && !often) return 'green';
  if (known.length <= RETRIES) return { do: 'run', commit };
  return greens > 0 ? 'green' : 'red';
}

function asStep(known: Settled, commit: string): Breakage {
  return typeof known === 'string' ? { do: 'flaky', commit } : known;
}
