/** Time and names for new things: all that core may not make itself. */
import { randomBytes } from 'node:crypto';
import type { EpochMs } from '../../core/model/agent.ts';

export interface Clock {
  /** For people and the journal; may jump, so never subtract two of them. */
  now(): EpochMs;
  /** Milliseconds that only ever grow, whatever happens to the clock on the wall. */
  monotonicMs(): number;
  /** 12 characters, never used before. */
  newId(): string;
  /** Calls back once after `ms` of monotonic time; returns what cancels it. Keeps no process alive. */
  after(ms: number, act: () => void): () => void;
}

/** setTimeout takes 31 bits; anything longer fires at once. */
const LONGEST_MS = 0x7fffffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  newId: () => randomBytes(9).toString('base64url'),
  after(ms, act) {
    const timer = setTimeout(act, Math.min(Math.max(0, ms), LONGEST_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
