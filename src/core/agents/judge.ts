/**
 * Which word counts. The best source, unless a weaker one began to say something else after it was last heard and went on saying
 * so: a hook that never came must not hold a state for ever. A dialog that can be seen counts before anything said.
 */
import { SOURCES, type Board, type Word } from './board.ts';

/** A fact that can be read off a screen or title: this long, and it is no leftover of a picture just being redrawn. */
const SHOWN_MS = 400;
/** An empty input box says little while better sources say that it works. */
const SHOWN_IDLE_MS = 5_000;
/** A dialog that is told of and one that is seen this near to each other are one. */
const SAME_MS = 5_000;
/** Work that was told of, and nothing printed since. */
export const SILENT_MS = 30_000;

export interface Verdict {
  readonly word: Word | null;
  /** Every other word, and why it doesn't count. */
  readonly others: readonly { readonly word: Word; readonly why: string }[];
  /** When the verdict may change by time alone; null for never. */
  readonly dueAt: number | null;
}

export function judge(board: Board, now: number): Verdict {
  const words = SOURCES.flatMap((source) => board.words[source] ?? []).filter((word) => !isOver(word, now));
  const shown = words.find((word) => word.sure);
  if (shown) {
    const word = words.find((one) => tellsOf(one, shown)) ?? shown;
    const why = (one: Word): string =>
      one === shown
        ? `${word.source} says the same and is the better source`
        : 'what can be seen now counts before what was said';
    return {
      word,
      others: words.filter((one) => one !== word).map((one) => ({ word: one, why: why(one) })),
      dueAt: null,
    };
  }
  let best: Word | null = null;
  let dueAt: number | null = null;
  const others: { word: Word; why: string }[] = [];
  for (const word of words) {
    if (best === null && !(word.source === 'process' && board.heardBetter)) {
      best = word;
      continue;
    }
    if (best === null) {
      others.push({ word, why: 'whether it prints says little of a program that says more' });
      continue;
    }
    const from = countsFrom(word, best, board);
    if (from !== null && now >= from) {
      others.push({ word: best, why: `${word.source} says otherwise since, for long enough` });
      best = word;
      continue;
    }
    if (from !== null) dueAt = Math.min(dueAt ?? Number.POSITIVE_INFINITY, from);
    others.push({ word, why: from === null ? `${best.source} is the better source` : `not for long enough yet` });
  }
  return { word: best, others, dueAt: earliest(dueAt, words) };
}

/** The program itself told of what can be seen, in words of its own: it knows best what it asks. */
function tellsOf(told: Word, { state, waitingFor, since }: Word): boolean {
  if (told.state !== state || told.waitingFor !== waitingFor || waitingFor === null) return false;
  if (told.source === 'title' || told.source === 'notification') return false;
  const inWords = told.source === 'report' || told.matched !== '';
  return inWords && Math.abs(told.since - since) < SAME_MS;
}

/** A limit with a known end is over then. */
function isOver(word: Word, now: number): boolean {
  return word.state === 'limited' && word.until !== null && word.source !== 'screen' && now >= word.until;
}

function earliest(dueAt: number | null, words: readonly Word[]): number | null {
  const ends = words.flatMap((word) =>
    word.state === 'limited' && word.source !== 'screen' ? (word.until ?? []) : [],
  );
  return [dueAt, ...ends].reduce<number | null>((least, at) => (at === null ? least : Math.min(least ?? at, at)), null);
}

/** @returns when the weaker word counts before the better one; null for never */
function countsFrom(weak: Word, best: Word, board: Board): number | null {
  if (weak.state === best.state) return null;
  if (weak.source === 'process') {
    const silence = best.state === 'working' && weak.state === 'idle' && best.source !== 'screen';
    return silence ? Math.max(best.heardAt, weak.since) + SILENT_MS : null;
  }
  if (weak.since <= best.heardAt) return null;
  if (best.source === 'report' && best.state !== 'working') {
    // It asked, or said that it is done, in the middle of a turn: that turn's own work takes nothing back.
    const anew = weak.state === 'working' && board.turnEndedAt > best.heardAt && weak.since > board.turnEndedAt;
    return anew ? weak.since : null;
  }
  // A notification tells of a moment.
  if (best.source === 'notification' || weak.source === 'notification') return weak.since;
  if (weak.source !== 'screen' && weak.source !== 'title') return weak.since;
  return weak.since + (weak.state === 'idle' && best.state === 'working' ? SHOWN_IDLE_MS : SHOWN_MS);
}
