/** What the pool remembers of a pane, so that a new worker can go on with it. */
import type { OpenPane, PoisonRange, WatchMode, WorkerRequest } from './api.ts';
import type { WorkInHand } from './pulse.ts';
import type { ScreenRules } from './screen-reader.ts';

/** A pane that brought down this many workers isn't tried again. */
const GIVE_UP_STRIKES = 8;
export interface ThreadPane {
  readonly pane: number;
  readonly slot: number;
  readonly cols: number;
  readonly rows: number;
  answeredTo: number;
  frame: number;
  watch: WatchMode;
  follow: boolean;
  strikes: number;
  poison: PoisonRange[];
  givenUp: boolean;
  rules: ScreenRules;
}

const NO_RULES: ScreenRules = { rules: [], version: null };

export function newRecord(open: Omit<OpenPane, 'poison' | 'rules'>): ThreadPane {
  return { ...open, watch: 'none', follow: false, strikes: 0, poison: [], givenUp: false, rules: NO_RULES };
}

export function openRequest(record: ThreadPane): WorkerRequest {
  const { pane, cols, rows, slot, answeredTo, frame, poison, rules } = record;
  return { type: 'open', pane, cols, rows, slot, answeredTo, frame, poison, rules };
}

/**
 * A worker hung or died with this pane in hand. The first time may be the machine's fault; the second time the bytes
 * it had in hand are left out for good.
 * @returns what a person should know, null for nothing
 */
export function strike(record: ThreadPane, inHand: WorkInHand, reason: string): string | null {
  record.strikes++;
  if (record.strikes < 2) return null;
  if (record.strikes >= GIVE_UP_STRIKES) {
    record.givenUp = true;
    return `its terminal emulator was given up after ${record.strikes} failures (${reason})`;
  }
  const { from, to } = inHand;
  if (to <= from || record.poison.some((range) => range.from === from)) return null;
  record.poison = [...record.poison, { from, to }];
  return `${to - from} bytes of output were skipped: the terminal emulator failed on them (${reason})`;
}
