/** Reads the status when asked to, at once the first time and then at most every two seconds, and again by itself. */
import type { RepoStatus } from '../git/parse-status.ts';
import type { StatusReading } from '../git/status.ts';

export type ObservedStatus = RepoStatus & {
  /** git could not be asked just now: the figures are of before. */
  readonly stale: boolean;
};

export interface StatusLoopTimes {
  /** From the begin of one look to the begin of the next while things move. */
  readonly gapMs: number;
  /** Looked again even when nothing was heard. */
  readonly restMs: number;
  /** The same where no events come. */
  readonly blindMs: number;
  /** A lock older than this makes the figures stale: git's own are gone within milliseconds. */
  readonly lockMs: number;
}

export const STATUS_TIMES: StatusLoopTimes = { gapMs: 2000, restMs: 30_000, blindMs: 3000, lockMs: 1000 };

const LONGEST_REST_MS = 300_000;

export interface StatusLoopEvents {
  /** Only when something in it is not as before. */
  readonly onStatus: (status: ObservedStatus) => void;
  /** git can't be asked, one line; null: it can again. Told once for each change. */
  readonly onTrouble: (reason: string | null) => void;
}

export class StatusLoop {
  readonly #read: () => Promise<StatusReading>;
  readonly #events: StatusLoopEvents;
  readonly #times: StatusLoopTimes;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #lastStart = Number.NEGATIVE_INFINITY;
  #lastMs = 0;
  #last: RepoStatus | null = null;
  #told = '';
  #trouble: string | null = null;
  #blind = false;
  #stopped = false;

  constructor(read: () => Promise<StatusReading>, events: StatusLoopEvents, times = STATUS_TIMES) {
    this.#read = read;
    this.#events = events;
    this.#times = times;
  }

  /** Something may have changed. */
  poke(): void {
    if (this.#stopped) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    // A slow repository is looked at less often, so that it keeps nine tenths of a core for its agents.
    const gap = Math.max(this.#times.gapMs, this.#lastMs * 10);
    this.#schedule(Math.max(0, this.#lastStart + gap - performance.now()));
  }

  /** Looks now; resolves once a status was read that began after this call. */
  async refresh(): Promise<void> {
    await this.#running;
    if (!this.#stopped) await this.#look();
  }

  /** No events come from now on; or with false, they come again. */
  goBlind(blind = true): void {
    this.#blind = blind;
    this.poke();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(ms: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms);
    this.#timer.unref();
  }

  #look(): Promise<void> {
    this.#running ??= this.#once().finally(() => {
      this.#running = null;
      this.#next();
    });
    return this.#running;
  }

  #next(): void {
    if (this.#stopped) return;
    const again = this.#again;
    this.#again = false;
    if (again) return this.poke();
    const retry = this.#blind || this.#trouble !== null || this.#told.endsWith('stale');
    if (retry) return this.#schedule(Math.max(Math.min(this.#times.blindMs, this.#times.restMs), this.#lastMs * 10));
    // Events tell what is to be told; eight large worktrees in which nothing happens must not cost a tenth of a core.
    return this.#schedule(Math.max(this.#times.restMs, Math.min(this.#lastMs * 1000, LONGEST_REST_MS)));
  }

  async #once(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#lastStart = performance.now();
    const reading = await this.#read();
    this.#lastMs = performance.now() - this.#lastStart;
    if (this.#stopped) return;
    if (reading.ok) {
      this.#last = reading.status;
      if (reading.lockAgeMs !== null) this.#again = true;
      this.#tell(reading.status, (reading.lockAgeMs ?? 0) > this.#times.lockMs);
      this.#say(null);
    } else {
      if (this.#last) this.#tell(this.#last, true);
      this.#say(reading.reason);
    }
  }

  #tell(status: RepoStatus, stale: boolean): void {
    const told = `${JSON.stringify(status)} ${stale ? 'stale' : 'fresh'}`;
    if (told === this.#told) return;
    this.#told = told;
    this.#events.onStatus({ ...status, stale });
  }

  #say(reason: string | null): void {
    if (reason === this.#trouble) return;
    this.#trouble = reason;
    this.#events.onTrouble(reason);
  }
}
