/** Numbers and times as they are typed on the command line. */
import { usageError } from './errors.ts';

/**
 * @param what the option's name, for the message
 * @throws CliError (usage) unless `text` is a whole number of at least `least`
 */
export function wholeNumber(text: unknown, what: string, least = 0): number {
  const value = Number(text);
  if (typeof text === 'string' && /^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw usageError(`${what} takes a whole number of at least ${least}, not '${String(text)}'`);
}

/** @throws CliError (usage) unless `text` is a number above 0 */
export function positiveNumber(text: unknown, what: string): number {
  const value = Number(text);
  if (typeof text === 'string' && text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw usageError(`${what} takes a number above 0, not '${String(text)}'`);
}

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * A point in time: `90s`, `15m`, `2h`, `1d` before now, or anything Date understands.
 * @returns milliseconds since 1970
 * @throws CliError (usage) where it is neither
 */
export function pointInTime(text: string, now: number): number {
  const ago = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text.trim());
  if (ago) return now - Number(ago[1]) * UNIT_MS[ago[2] as keyof typeof UNIT_MS];
  const at = Date.parse(text);
  if (Number.isFinite(at)) return at;
  throw usageError(`--since takes 90s, 15m, 2h, 1d or a date, not '${text}'`);
}
