/** One worker thread of the pool, replaced by a new one when it hangs or dies; its panes go on where they were. */
import { Worker } from 'node:worker_threads';
import type {
  PaneRows,
  PoolEvents,
  TerminalColours,
  WatchMode,
  WorkerCall,
  WorkerData,
  WorkerMessage,
  WorkerRequest,
  WorkerResults,
} from './api.ts';
import { newRecord, openRequest, strike } from './pool-pane.ts';
import type { ThreadPane } from './pool-pane.ts';
import { PULSE_SLOTS, PulseReader, createPulse } from './pulse.ts';
import type { WorkInHand } from './pulse.ts';
import type { ScreenRules } from './screen-reader.ts';

const CHECK_MS = 500;
/** Checks that find the worker at the very same piece of work: 2 s. Counted, so that a suspended machine isn't a hang. */
const HUNG_CHECKS = 4;
const IDLE_CHECKS = 2;
/** Deaths within DEATHS_MS that no pane is to blame for: more, and something is wrong that a new worker won't mend. */
const MAX_DEATHS = 4;
const DEATHS_MS = 60_000;
const FIRST_PAUSE_MS = 50;
const HEAP_MB = 256;
/** A flood fills the young generation as fast as it may grow, which is to three times 32 MB by itself. */
const YOUNG_MB = 12;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface ThreadOptions {
  readonly socketPath: string;
  readonly entry: string;
  readonly colours: TerminalColours;
  readonly events: PoolEvents;
  readonly checkMs?: number;
}

export class PoolThread {
  readonly #options: ThreadOptions;
  readonly #pulse = createPulse();
  readonly #reader = new PulseReader(this.#pulse);
  readonly #panes = new Map<number, ThreadPane>();
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextCall = 1;
  #watchdog: NodeJS.Timeout | null = null;
  #lastBeat = -1;
  #sameBeats = 0;
  #deaths: number[] = [];
  #restarts = 0;
  #restarting = false;
  #disposed = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#panes.size;
  }

  get full(): boolean {
    return this.#panes.size >= PULSE_SLOTS;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** @param frame number of the last frame that was published of this pane */
  open(pane: number, cols: number, rows: number, answeredTo: number, frame: number): void {
    const slot = this.#freeSlot();
    this.#reader.reset(slot);
    const record = newRecord({ pane, cols, rows, slot, answeredTo, frame });
    this.#panes.set(pane, record);
    if (this.#worker) this.#send(openRequest(record));
    else this.#start();
  }

  /** @returns number of the pane's last frame */
  close(pane: number): number {
    const record = this.#panes.get(pane);
    this.#panes.delete(pane);
    this.#send({ type: 'close', pane });
    return record?.frame ?? 0;
  }

  watch(pane: number, mode: WatchMode): void {
    const record = this.#panes.get(pane);
    if (!record || record.watch === mode) return;
    record.watch = mode;
    this.#send({ type: 'watch', pane, mode });
  }

  follow(pane: number, on: boolean): void {
    const record = this.#panes.get(pane);
    if (!record || record.follow === on) return;
    record.follow = on;
    this.#send({ type: 'follow', pane, on });
  }

  read(pane: number, rules: ScreenRules): void {
    const record = this.#panes.get(pane);
    if (!record) return;
    record.rules = rules;
    this.#send({ type: 'rules', pane, rules });
  }

  boost(pane: number): void {
    const record = this.#panes.get(pane);
    if (record) this.#reader.key(record.slot);
  }

  refresh(pane: number): void {
    this.#send({ type: 'refresh', pane });
  }

  call<C extends WorkerCall>(call: C): Promise<WorkerResults[C['method']]> {
    if (!this.#worker) return Promise.reject(new Error('the terminal emulator is not running'));
    const id = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#send({ type: 'call', id, call });
    });
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#stopWatchdog();
    this.#rejectAll('the session ends');
    await this.#worker?.terminate();
    this.#worker = null;
  }

  #freeSlot(): number {
    const taken = new Set([...this.#panes.values()].map((record) => record.slot));
    for (let slot = 0; slot < PULSE_SLOTS; slot++) if (!taken.has(slot)) return slot;
    throw new Error(`more than ${PULSE_SLOTS} panes in one emulator worker`);
  }

  #start(): void {
    if (this.#disposed || this.#restarting || this.#worker || this.#panes.size === 0) return;
    const { socketPath, colours, entry } = this.#options;
    const workerData: WorkerData = { socketPath, pulse: this.#pulse, colours };
    const worker = new Worker(entry, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#worker = worker;
    worker.on('message', (message: WorkerMessage) => {
      if (worker === this.#worker) this.#receive(message);
    });
    worker.on('error', (error: Error) => {
      if (worker === this.#worker) this.#replace(`it failed: ${error.message}`);
    });
    worker.on('exit', (code) => {
      if (worker === this.#worker) this.#replace(`it ended with code ${code}`);
    });
    for (const record of this.#panes.values()) {
      if (record.givenUp) continue;
      this.#send(openRequest(record));
      if (record.watch !== 'none') this.#send({ type: 'watch', pane: record.pane, mode: record.watch });
      if (record.follow) this.#send({ type: 'follow', pane: record.pane, on: true });
    }
  }

  #send(request: WorkerRequest): void {
    this.#worker?.postMessage(request);
  }

  #receive(message: WorkerMessage): void {
    const { events } = this.#options;
    switch (message.type) {
      case 'rows':
        this.#rows(message);
        return;
      case 'batch':
        for (const rows of message.rows) this.#rows(rows);
        return;
      case 'signals':
        if (this.#panes.has(message.pane)) events.onSignals(message.pane, message.signals);
        return;
      case 'ended':
        if (this.#panes.has(message.pane)) events.onEnded(message.pane);
        return;
      case 'reset':
        if (this.#panes.has(message.pane)) events.onReset(message.pane, message.reason);
        return;
      case 'lines':
        if (this.#panes.has(message.pane)) events.onLines(message.pane, message.lines);
        return;
      case 'disconnected':
        this.#disconnected(message.reason);
        return;
      case 'busy':
        this.#startWatchdog();
        return;
      case 'reply': {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if (message.ok) waiting?.resolve(message.result);
        else waiting?.reject(new Error(message.error));
      }
    }
  }

  #rows({ pane, payload }: PaneRows): void {
    const record = this.#panes.get(pane);
    if (!record) return;
    record.frame = frameOf(payload);
    this.#options.events.onRows(pane, payload);
  }

  #startWatchdog(): void {
    if (this.#watchdog) return;
    this.#lastBeat = -1;
    this.#sameBeats = 0;
    this.#watchdog = setInterval(() => this.#check(), this.#options.checkMs ?? CHECK_MS);
    this.#watchdog.unref();
  }

  #stopWatchdog(): void {
    if (this.#watchdog) clearInterval(this.#watchdog);
    this.#watchdog = null;
  }

  #check(): void {
    const beat = this.#reader.beat;
    if (beat !== this.#lastBeat) {
      this.#lastBeat = beat;
      this.#sameBeats = 0;
      return;
    }
    this.#sameBeats++;
    if (beat % 2 === 1) {
      if (this.#sameBeats >= HUNG_CHECKS) this.#replace('it hung');
    } else if (this.#sameBeats >= IDLE_CHECKS && this.#reader.disarm()) {
      this.#stopWatchdog();
    }
  }

  /** Its panes are lost with the ptyhost; the next pane that is opened gets a worker with a new connection. */
  #disconnected(reason: string): void {
    const old = this.#worker;
    this.#worker = null;
    this.#stopWatchdog();
    this.#rejectAll(reason);
    for (const record of this.#panes.values()) record.givenUp = true;
    void old?.terminate();
    this.#options.events.onDisconnected(reason);
  }

  #replace(reason: string): void {
    const old = this.#worker;
    this.#worker = null;
    this.#stopWatchdog();
    if (this.#disposed || !old) return;
    this.#restarts++;
    this.#restarting = true;
    void old.terminate().then(() => this.#restart(this.#reader.inHand, reason));
    this.#rejectAll(`the terminal emulator had to be restarted (${reason}): try again`);
  }

  #restart(inHand: WorkInHand | null, reason: string): void {
    if (this.#disposed) return;
    for (const record of this.#panes.values()) {
      record.answeredTo = Math.max(record.answeredTo, this.#reader.parsed(record.slot));
    }
    this.#restarting = false;
    this.#reader.restart();
    const blamed = inHand && [...this.#panes.values()].find((record) => record.slot === inHand.slot);
    if (blamed && inHand) {
      const told = strike(blamed, inHand, reason);
      if (told !== null) this.#options.events.onReset(blamed.pane, told);
      this.#start();
      return;
    }
    if (this.#diesTooOften()) {
      this.#options.events.onDisconnected(`the terminal emulator can't be kept running: ${reason}`);
      return;
    }
    // Perhaps the machine is out of threads or memory: give it time.
    setTimeout(() => this.#start(), FIRST_PAUSE_MS * 2 ** this.#deaths.length).unref();
  }

  #diesTooOften(): boolean {
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < DEATHS_MS), now];
    return this.#deaths.length > MAX_DEATHS;
  }

  #rejectAll(reason: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(reason));
    this.#waiting.clear();
  }
}

/** Second field of the header in protocol/rows.ts. */
function frameOf(payload: Uint8Array): number {
  return new DataView(payload.buffer, payload.byteOffset).getUint32(4, true);
}
