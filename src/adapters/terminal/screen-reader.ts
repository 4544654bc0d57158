/** When a pane's screen is read by the rules of its profile: after it changed and stood for a moment, and never more often than this. */
import type { Saying } from '../../core/agents/board.ts';
import { readyRules, type ReadyRule } from '../../core/profile/match.ts';
import type { ScreenRule } from '../../core/profile/profile.ts';
import { screenSaying } from '../../core/profile/screen.ts';
import type { Emulator } from './emulator.ts';

/** After a change: a picture that is being drawn is none yet. */
const STILL_MS = 40;
const HELD_MS = 200;
/** A program that draws without end is read so often. */
const EVERY_MS = 150;
/** A rule that takes longer than this on one screen is switched off: it would hold up every pane of its worker. */
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
   * @param onSlow is told the id of a rule that is switched off
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
    const zoneMinutes = -new Date(wallClock).getTimezoneOffset();
    const began = performance.now();
    const saying = screenSaying(this.#rules, rows, { now: wallClock, zoneMinutes });
    const ms = performance.now() - began;
    if (ms > SLOW_MS) this.#dropSlowest(rows, wallClock, onSlow);
    const said = saying === null ? '' : `${saying.rule}\n${saying.state}\n${saying.text}`;
    if (said === this.#said) return undefined;
    this.#said = said;
    return saying;
  }

  #dropSlowest(rows: readonly string[], now: number, onSlow: (rule: string, ms: number) => void): void {
    let slowest: { readonly ready: ReadyRule; readonly ms: number } | null = null;
    for (const ready of this.#rules) {
      const began = performance.now();
      screenSaying([ready], rows, { now, zoneMinutes: 0 });
      const ms = performance.now() - began;
      if (ms > (slowest?.ms ?? SLOW_MS / 2)) slowest = { ready, ms };
    }
    if (slowest === null) return;
    const { ready, ms } = slowest;
    this.#rules = this.#rules.filter((rule) => rule !== ready);
    onSlow(ready.rule.id, Math.round(ms));
  }
}
