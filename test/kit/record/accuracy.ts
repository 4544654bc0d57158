/** How right the states were that were shown, against those that are known to be true. */
import type { Recording } from './recording.ts';
import type { Shown } from './replay.ts';

export interface Accuracy {
  readonly samples: number;
  readonly right: number;
  /** Times that a state was left and came back while nothing had changed. */
  readonly flaps: number;
  /** The longest time that a waiting agent was shown as anything else, in milliseconds. */
  readonly hiddenMs: number;
  readonly wrong: readonly string[];
}

/** Ten a second. */
const SAMPLE_MS = 100;
/** What changed is to be shown after this. */
const DELAY_MS = 500;

interface Truth {
  readonly at: number;
  readonly state: string | null;
  readonly waitingFor: string | null;
}

export function accuracyOf({ happenings }: Recording, shown: readonly Shown[]): Accuracy {
  const truths: Truth[] = happenings.flatMap((one) =>
    one[1] === 's' ? [{ at: one[0], state: one[2], waitingFor: one[3] }] : [],
  );
  const end = truths.at(-1)?.at ?? 0;
  let samples = 0;
  let right = 0;
  const wrong: string[] = [];
  for (let at = 0; at < end; at += SAMPLE_MS) {
    const now = truths.findLast((truth) => truth.at <= at);
    if (!now || now.state === null) continue;
    const was = truths.findLast((truth) => truth.at <= at - DELAY_MS);
    // Where it could not be told a moment ago, what was shown then may be shown still.
    if (was === undefined || was.state === null) continue;
    samples++;
    const is = shown.findLast((one) => one.at <= at);
    const fits = (truth: Truth): boolean =>
      is?.state === truth.state && (truth.waitingFor === null || is?.waitingFor === truth.waitingFor);
    // Within the delay both count, and all that was true in between; a hook may tell of a dialog before it is drawn.
    const between = truths.filter((truth) => truth.at > at - DELAY_MS && truth.at <= at + DELAY_MS);
    if ([was, ...between].some(fits)) right++;
    else
      wrong.push(
        `${at}: ${is?.state ?? 'nothing'} ${is?.waitingFor ?? ''} (${is?.source} ${is?.rule ?? ''}), but ${now.state} ${now.waitingFor ?? ''}`,
      );
  }
  return { samples, right, flaps: flapsIn(truths, shown), hiddenMs: hidden(truths, shown), wrong };
}

/** A state that was shown where, between two changes of what is true, another had been shown after it already. */
function flapsIn(truths: readonly Truth[], shown: readonly Shown[]): number {
  let flaps = 0;
  for (const [n, { at, state }] of truths.entries()) {
    if (state === null) continue;
    const until = truths[n + 1]?.at ?? at;
    const within = shown.filter((one) => one.at > at && one.at <= until);
    const seen = new Set<string>();
    for (const one of within) {
      const name = `${one.state} ${one.waitingFor}`;
      if (seen.has(name)) flaps++;
      seen.add(name);
    }
  }
  return flaps;
}

function hidden(truths: readonly Truth[], shown: readonly Shown[]): number {
  let most = 0;
  for (const [n, truth] of truths.entries()) {
    if (truth.state !== 'waiting') continue;
    const until = truths[n + 1]?.at ?? truth.at;
    let at = truth.at;
    for (; at < until; at += 10) if (shown.findLast((one) => one.at <= at)?.state === 'waiting') break;
    most = Math.max(most, at - truth.at);
  }
  return most;
}
