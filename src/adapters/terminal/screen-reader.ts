/** When a pane's screen is read by the rules of its profile: after it changed and stood for a moment, and never more often than this. */
import type { Saying } from '../../core/agents/board.ts';
import { readyRules, type Clock, type ReadyRule } from '../../core/profile/match.ts';
import type { ScreenRule } from '../../core/profile/profile.ts';
import { screenSaying } from '../../core/profile/screen.ts';
import { within } from '../patterns/within.ts';
import type { Emulator } from './emulator.ts';

/** After a change: a picture that is being drawn is none yet. */
const STILL_MS = 40;
const HELD_MS = 200;
/** A program that draws without end is read so often. */
const EVERY_MS = 150;
/** Rules that take longer than this on one screen are stopped: they would hold up every pane of their worker. */
const PATIENCE_MS = 100;
/** And of one that takes longer than this by itself, twice, nothing more is heard. */
const SLOW_MS = 50;

export interface ScreenRules {
  readonly rules: readonly ScreenRule[];
  /** Of the program that runs; null where nobody knows. */
  readonly version: string | null;
}

export class ScreenReader {
  #rules: readonly ReadyRule[] = [];
  #changedAt: number | null = null;
  #readAt = Number.NEGATIVE_INFINITY;
  #said: string | null = null;

  set rules({ rules, version }: ScreenRules) {
    this.#rules = readyRules(rules, version);
    this.#said = null;
    this.#changedAt ??= Number.NEGATIVE_INFINITY;
  }

  changed(now: number): void {
    this.#changedAt ??= now;
  }

  /** @returns Infinity where nothing is to be read */
  dueAt({ synchronized }: Pick<Emulator, 'synchronized'>): number {
    if (this.#changedAt === null || this.#rules.length === 0) return Number.POSITIVE_INFINITY;
    // In the middle of a frame there is nothing to be read; one that never ends is read all the same.
    return Math.max(this.#changedAt + (synchronized ? HELD_MS : STILL_MS), this.#readAt + EVERY_MS);
  }

  /**
   * Reads the screen.
   * @param onSlow is told the id of a rule that is switched off, and the milliseconds that it had
   * @returns undefined where it says what it said before; null: nothing that a rule knows
   */
  read(
    emulator: Emulator,
    now: number,
    wallClock: number,
    onSlow: (rule: string, ms: number) => void,
  ): Saying | null | undefined {
    this.#changedAt = null;
    this.#readAt = now;
    const rows = Array.from({ length: emulator.rows }, (_, y) => emulator.row(y).translateToString(true));
    const clock = { now: wallClock, zoneMinutes: -new Date(wallClock).getTimezoneOffset() };
    const attempt = () => within(PATIENCE_MS, () => screenSaying(this.#rules, rows, clock));
    let read = attempt();
    for (let isSecond = false; !read.done; isSecond = true) {
      for (const slow of this.#slowRules(rows, clock, isSecond)) {
        this.#rules = this.#rules.filter((ready) => ready !== slow);
        onSlow(slow.rule.id, SLOW_MS);
      }
      read = attempt();
    }
    const saying = read.value;
    const said = saying === null ? '' : `${saying.rule}\n${saying.state}\n${saying.text}`;
    if (said === this.#said) return undefined;
    this.#said = said;
    return saying;
  }

  /** Those that take too long, not once but twice: a machine may stand still for a moment. @param anyhow the slowest if none does */
  #slowRules(rows: readonly string[], clock: Clock, anyhow: boolean): readonly ReadyRule[] {
    const timed = this.#rules.map((ready) => {
      const once = (): number => {
        const began = performance.now();
        within(SLOW_MS, () => screenSaying([ready], rows, clock));
        return performance.now() - began;
      };
      return { ready, ms: Math.min(once(), once()) };
    });
    const slow = timed.filter(({ ms }) => ms >= SLOW_MS);
    if (slow.length === 0 && anyhow) slow.push(...timed.toSorted((a, b) => b.ms - a.ms).slice(0, 1));
    return slow.map(({ ready }) => ready);
  }
}
