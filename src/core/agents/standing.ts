/** Evidence of one agent from the first word to the state that is shown: board, verdict, settling. */
import { EMPTY_BOARD, hear, withdraw, type Board, type Saying, type Source } from './board.ts';
import { judge, type Verdict } from './judge.ts';
import { settle, UNSETTLED, type Settled } from './settle.ts';

export interface Standing {
  readonly board: Board;
  readonly verdict: Verdict;
  readonly settled: Settled;
  /** When to look again, as time alone may change it; null for never. */
  readonly dueAt: number | null;
}

export const NO_STANDING: Standing = {
  board: EMPTY_BOARD,
  verdict: { word: null, others: [], dueAt: null },
  settled: UNSETTLED,
  dueAt: null,
};

/** @param saying null: the source says nothing any more */
export function told(standing: Standing, source: Source, saying: Saying | null, now: number): Standing {
  const { board } = standing;
  return judged(standing, saying === null ? withdraw(board, source) : hear(board, source, saying, now), now);
}

/** Time has passed. */
export function looked(standing: Standing, now: number): Standing {
  return judged(standing, standing.board, now);
}

function judged(standing: Standing, board: Board, now: number): Standing {
  const verdict = judge(board, now);
  return { board, verdict, ...settle(standing.settled, verdict, now) };
}
