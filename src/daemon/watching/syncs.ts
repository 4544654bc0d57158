/** Holds sync points: by the clock, after events, by hand. The digest goes into a file, and as one line to everybody. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Effect } from '../../core/model/effects.ts';
import { digestOf, digestSummary, digestText } from '../../core/select/digest.ts';
import { BY_HAND, nextByClock, syncPoints } from '../../core/watch/sync-points.ts';
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
/** A clock that is set, and a night of summer time, are noticed within this. */
const LONGEST_MS = 30 * 60_000;

export class Syncs {
  readonly #parts: SyncParts;
  #timer: NodeJS.Timeout | null = null;
  readonly #soon = new Map<string, NodeJS.Timeout>();
  #stopped = false;

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  /** Also where the plan is another one. */
  start(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stopped) return;
    const next = nextByClock(this.#parts.room.state, minuteOfDay(this.#now()));
    if (next === null) return;
    const wait = next.minutes * 60_000;
    const due = wait <= LONGEST_MS;
    this.#timer = setTimeout(
      () => {
        if (due) for (const { point } of next.points) void this.#hold(point);
        this.start();
      },
      Math.min(wait, LONGEST_MS),
    ).unref();
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

  async #hold(name: string): Promise<void> {
    const { room, folder } = this.#parts;
    const { state } = room;
    const point = syncPoints(state).find((one) => one.point === name) ?? BY_HAND;
    const now = this.#now().getTime();
    const digest = digestOf(state, point, own(state.watch.syncs, point.point)?.at ?? null, now);
    const path = join(folder, `${digest.at.replaceAll(':', '').replace(/\.\d+Z$/, 'Z')}-${point.point}.md`);
    let written = '';
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(path, digestText(digest, now), { mode: 0o600 });
      written = path;
    } catch (error) {
      log(`sync: ${(error as Error).message}`);
    }
    const summary = digestSummary(digest);
    room.dispatch({ type: 'sync.told', point: point.point, title: point.title, summary, path: written });
  }

  #now(): Date {
    return this.#parts.now?.() ?? new Date();
  }
}

function minuteOfDay(now: Date): number {
  return now.getHours() * 60 + now.getMinutes() + now.getSeconds() / 60 + now.getMilliseconds() / 60_000;
}
