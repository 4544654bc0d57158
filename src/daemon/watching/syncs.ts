/** Holds sync points: by the clock, after events, by hand. The digest goes into a file, and as one line to everybody. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EpochMs } from '../../core/model/agent.ts';
import type { Effect } from '../../core/model/effects.ts';
import { digestOf, digestSummary, digestText } from '../../core/select/digest.ts';
import { BY_HAND, cameByClock, nextByClock, syncPoints } from '../../core/watch/sync-points.ts';
import { own } from '../../core/model/work.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';

export interface SyncParts {
  readonly room: Room;
  /** Absolute; made where it isn't there. */
  readonly folder: string;
  readonly now?: () => Date;
}

/** What ends together is held together. */
const TOGETHER_MS = 1_500;
/** A clock that is set, a machine that slept, and a night of summer time, are noticed within this. */
const LONGEST_MS = 30 * 60_000;
const MINUTE_MS = 60_000;
/** A timer on a busy machine is no reason to speak of lateness. */
const LATE_MS = 2 * 60_000;

export class Syncs {
  readonly #parts: SyncParts;
  #timer: NodeJS.Timeout | null = null;
  readonly #soon = new Map<string, NodeJS.Timeout>();
  #stopped = false;
  /** Up to then everything that comes by the clock was held, or is of no interest. */
  #seenTo = Number.POSITIVE_INFINITY;

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  /**
   * Also where the plan is another one: what it would have had before is nothing that was missed.
   * @param since the time up to which a daemon was there; what came after it is held now, late. null: nobody was to be there
   */
  start(since: EpochMs | null = null): void {
    this.#seenTo = since ?? this.#now().getTime();
    this.#look();
  }

  #look(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stopped) return;
    const { state } = this.#parts.room;
    const now = this.#now();
    const minute = minuteOfDay(now);
    const span = (now.getTime() - this.#seenTo) / MINUTE_MS;
    this.#seenTo = now.getTime();
    const due = cameByClock(state, minute, span).map(({ point, ago }) => ({
      point: point.point,
      at: Math.round(now.getTime() - ago * MINUTE_MS),
    }));
    void this.#holdAll(due);
    const next = nextByClock(state, minute);
    if (next === null) return;
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.ceil(next * MINUTE_MS), LONGEST_MS)).unref();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    for (const timer of this.#soon.values()) clearTimeout(timer);
  }

  /** By hand at once; after an event with what else happens in the same moment. */
  hold({ point, soon }: Extract<Effect, { type: 'sync.hold' }>): void {
    if (!soon) void this.#hold(point);
    else if (!this.#soon.has(point)) {
      const timer = setTimeout(() => {
        this.#soon.delete(point);
        void this.#hold(point);
      }, TOGETHER_MS).unref();
      this.#soon.set(point, timer);
    }
  }

  /** In their order: the last one is the newest news. */
  async #holdAll(due: readonly { readonly point: string; readonly at: EpochMs }[]): Promise<void> {
    for (const { point, at } of due) await this.#hold(point, at);
  }

  /** @param due when it came by the clock; null: it came by something else */
  async #hold(name: string, due: EpochMs | null = null): Promise<void> {
    const { room, folder } = this.#parts;
    const { state } = room;
    const point = syncPoints(state).find((one) => one.point === name) ?? BY_HAND;
    const now = this.#now().getTime();
    const late = due !== null && now - due >= LATE_MS ? due : null;
    const digest = digestOf(state, point, { since: own(state.watch.syncs, point.point)?.at ?? null, due: late }, now);
    const path = join(folder, `${digest.at.replaceAll(':', '').replace(/\.\d+Z$/, 'Z')}-${point.point}.md`);
    const text = digestText(digest, now);
    let written = '';
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(path, text, { mode: 0o600 });
      written = path;
    } catch (error) {
      log(`sync: ${(error as Error).message}`);
    }
    const summary = digestSummary(digest);
    room.dispatch({
      type: 'sync.told',
      point: point.point,
      title: point.title,
      summary,
      path: written,
      text,
      due: late,
    });
  }

  #now(): Date {
    return this.#parts.now?.() ?? new Date();
  }
}

function minuteOfDay(now: Date): number {
  return now.getHours() * 60 + now.getMinutes() + now.getSeconds() / 60 + now.getMilliseconds() / MINUTE_MS;
}
