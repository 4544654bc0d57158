/** Who is told of what, and when: a person's own rules. */
import type { AlertLevel } from '../model/state.ts';
import { LEVELS, type Notice } from './notices.ts';

/** Minutes since midnight; from 22:00 to 07:00 goes over midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/** How the operator's terminal is told: OSC 9 (iTerm2, Windows Terminal, kitty, WezTerm), OSC 777 (urxvt, foot, Ghostty). */
export type TerminalNotice = 'off' | 'osc9' | 'osc777';

export interface NotifyRules {
  /** What is less than this is told to nobody. */
  readonly level: AlertLevel;
  /** Nothing but errors then. */
  readonly quiet: QuietHours | null;
  readonly bell: boolean;
  readonly terminal: TerminalNotice;
  /** By notify-send(1). */
  readonly desktop: boolean;
  /** argv; it gets the notice as JSON on its standard input. */
  readonly command: readonly string[] | null;
  /** http or https; it gets the notice as JSON in a POST. */
  readonly webhook: string | null;
}

export const DEFAULT_RULES: NotifyRules = {
  level: 'warn',
  quiet: null,
  bell: true,
  terminal: 'off',
  desktop: false,
  command: null,
  webhook: null,
};

/** @param minute of the day, by the clock on the wall */
export function isTold({ level, quiet }: NotifyRules, notice: Notice, minute: number): boolean {
  const least: AlertLevel = quiet !== null && isWithin(quiet, minute) ? 'error' : notice.wanted ? 'info' : level;
  return LEVELS.indexOf(notice.level) >= LEVELS.indexOf(least);
}

export function isWithin({ from, to }: QuietHours, minute: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** `22:00-07:00`; null where it is none. */
export function readHours(text: string): QuietHours | null {
  const match = /^\s*(\d{1,2}):(\d{2})\s*(?:-|–|to)\s*(\d{1,2}):(\d{2})\s*$/.exec(text);
  if (!match) return null;
  const [fromHour, fromMinute, toHour, toMinute] = match.slice(1).map(Number) as [number, number, number, number];
  if (fromHour > 23 || toHour > 23 || fromMinute > 59 || toMinute > 59) return null;
  return { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute };
}
