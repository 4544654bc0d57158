/** Verdicts become states once they have stood for a moment, so that a state never flaps. */
import type { Verdict } from './judge.ts';
import type { ToldState, Word } from './board.ts';

/** What is shown, and what may come next. */
export interface Settled {
  readonly shown: Word | null;
  readonly coming: { readonly word: Word; readonly at: number } | null;
}

export const UNSETTLED: Settled = { shown: null, coming: null };

/** How long a verdict of another state has to stand, by what it would become: who waits is to be seen at once. */
const STANDS_MS: Readonly<Record<ToldState, number>> = {
  waiting: 60,
  limited: 60,
  working: 60,
  done: 120,
  stuck: 0,
  // Between two steps of a turn it may look idle for a moment.
  idle: 300,
};

/** What it waits for is not said for a moment where its dialog is drawn anew: that it waits says nothing else. */
const UNSAID_MS = 1_500;

/** Every program prints as it starts: what it is at, something better will tell. */
const FIRST_PRINTS_MS = 2_000;

/** @returns the state after it, and when to look again where time alone may change it */
export function settle(
  settled: Settled,
  verdict: Verdict,
  now: number,
): { readonly settled: Settled; readonly dueAt: number | null } {
  const { word } = verdict;
  if (word === null) return { settled: { ...settled, coming: null }, dueAt: verdict.dueAt };
  const { shown } = settled;
  // Until something better was heard, what is shown is a guess.
  const first = (shown === null || shown.source === 'process') && word.source !== 'process';
  if (first || (shown?.state === word.state && shown.waitingFor === word.waitingFor)) {
    return { settled: { shown: word, coming: null }, dueAt: verdict.dueAt };
  }
  const before = settled.coming;
  const same = before !== null && before.word.state === word.state && before.word.waitingFor === word.waitingFor;
  const at = same ? before.at : now;
  const isLess = shown?.state === 'waiting' && word.state === 'waiting' && word.waitingFor === null;
  const from = at + (shown === null ? FIRST_PRINTS_MS : isLess ? UNSAID_MS : STANDS_MS[word.state]);
  if (now >= from) return { settled: { shown: word, coming: null }, dueAt: verdict.dueAt };
  const dueAt = verdict.dueAt === null ? from : Math.min(from, verdict.dueAt);
  return { settled: { shown, coming: { word, at } }, dueAt };
}
