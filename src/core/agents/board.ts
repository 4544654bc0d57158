/** What is known of one agent's state just now: the last word of each source, and how old it is. */
import type { AgentStateName, Evidence, WaitingFor } from '../model/agent.ts';

/** Sources of a word, best first. */
export const SOURCES = [
  /** The agent's own word: `llmctl report`, MCP. */
  'report',
  /** The Program Status Protocol (OSC 7501). */
  'osc',
  'hook',
  'api',
  'title',
  'notification',
  'screen',
  /** Whether it prints. */
  'process',
] as const;
export type Source = (typeof SOURCES)[number];

/** States that a word can tell; the others follow from what the daemon itself does. */
export type ToldState = Exclude<AgentStateName, 'paused' | 'starting' | 'stopped' | 'failed'>;

/** What a source says. */
export interface Saying {
  readonly state: ToldState;
  readonly waitingFor: WaitingFor | null;
  /** In words; one line. */
  readonly text: string;
  /** When a limit ends, in milliseconds since 1970; null where nobody says. */
  readonly until: number | null;
  /** Id of the profile's rule that understood it; null where none was needed. */
  readonly rule: string | null;
  /** The text that the rule matched. */
  readonly matched: string;
  /** It is there to be seen now, whatever was said before. */
  readonly sure: boolean;
}

/** Times are milliseconds of a clock that never goes back. */
export interface Word extends Saying {
  readonly source: Source;
  /** When it was first said, in this state and of this. */
  readonly since: number;
  /** When it was said last. */
  readonly heardAt: number;
}

export interface Board {
  readonly words: { readonly [S in Source]?: Word };
  /** Something better than whether it prints was heard: that alone decides nothing any more. */
  readonly heardBetter: boolean;
  /** When anything but a report last said that it is idle: what it reported before belongs to the turn before. */
  readonly turnEndedAt: number;
}

export const EMPTY_BOARD: Board = { words: {}, heardBetter: false, turnEndedAt: Number.NEGATIVE_INFINITY };

/** Under which name of the contract a source stands. */
export function evidenceOf(source: Source): Evidence {
  switch (source) {
    case 'api':
      return 'hook';
    case 'title':
    case 'notification':
      return 'osc';
    default:
      return source;
  }
}

export const PLAIN: Omit<Saying, 'state' | 'text'> = {
  waitingFor: null,
  until: null,
  rule: null,
  matched: '',
  sure: false,
};

/** The same state of the same thing said once more is no new word. */
export function hear(board: Board, source: Source, saying: Saying, at: number): Board {
  const known = board.words[source];
  const same = known?.state === saying.state && known.waitingFor === saying.waitingFor;
  const word: Word = { ...saying, source, since: same ? known.since : at, heardAt: at };
  const ends = saying.state === 'idle' && source !== 'report' && source !== 'process' && !same;
  const heardBetter = board.heardBetter || source !== 'process';
  return { words: { ...board.words, [source]: word }, heardBetter, turnEndedAt: ends ? at : board.turnEndedAt };
}

/** The source says nothing any more. */
export function withdraw(board: Board, source: Source): Board {
  if (board.words[source] === undefined) return board;
  const { [source]: _, ...words } = board.words;
  return { ...board, words };
}
