/** All panes of one worker: who is next, who asks what, and the one timer. */
import type { TerminalColours, WorkerCall, WorkerMessage, WorkerRequest } from './api.ts';
import { PaneRunner } from './pane-runner.ts';
import type { RunnerContext } from './pane-runner.ts';
import type { PaneSource } from './pane-source.ts';
import { Beat } from './publisher.ts';
import type { PulseWriter } from './pulse.ts';
import { linesPayload, paneText, searchLines } from './text.ts';

/** How long output is parsed before messages and sockets get their turn. */
const TURN_MS = 4;

export interface RoomOptions {
  readonly source: PaneSource;
  readonly pulse: PulseWriter;
  readonly colours: TerminalColours;
  readonly post: (message: WorkerMessage) => void;
}

export class EmulatorRoom {
  readonly #panes = new Map<number, PaneRunner>();
  readonly #options: RoomOptions;
  readonly #context: RunnerContext;
  #order: PaneRunner[] = [];
  #turn = 0;
  #pumping = false;
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(options: RoomOptions) {
    this.#options = options;
    this.#context = {
      ...options,
      now: () => performance.now(),
      // The monotonic clock's own zero is the same in every thread.
      beat: new Beat(performance.now() - Number(process.hrtime.bigint() / 1000n) / 1000),
      onWork: () => this.#pumpLater(),
      onLater: () => this.#arm(),
    };
    options.source.onCheckpointWanted((pane) => this.#panes.get(pane)?.checkpointWanted());
    options.source.onClose(() => {
      options.post({ type: 'disconnected', reason: 'the connection to the ptyhost is gone' });
    });
  }

  handle(request: WorkerRequest): void {
    switch (request.type) {
      case 'open':
        this.#close(request.pane);
        this.#panes.set(request.pane, new PaneRunner(request, this.#context));
        this.#reorder();
        return;
      case 'close':
        this.#close(request.pane);
        return;
      case 'watch':
        this.#panes.get(request.pane)?.watch(request.mode);
        this.#reorder();
        return;
      case 'refresh':
        this.#panes.get(request.pane)?.refresh();
        return;
      case 'rules':
        this.#panes.get(request.pane)?.read(request.rules);
        return;
      case 'follow':
        this.#panes.get(request.pane)?.follow(request.on);
        return;
      case 'call':
        void this.#answer(request.id, request.call);
    }
  }

  #close(pane: number): void {
    this.#panes.get(pane)?.close();
    this.#panes.delete(pane);
    this.#reorder();
  }

  /** Watched panes come first in each round. */
  #reorder(): void {
    const weight = { focus: 0, background: 1, none: 2 };
    this.#order = [...this.#panes.values()].sort((a, b) => weight[a.publisher.mode] - weight[b.publisher.mode]);
  }

  #pumpLater(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    const until = performance.now() + TURN_MS;
    let next = this.#next();
    while (next && performance.now() < until) {
      next.step();
      next = this.#next();
    }
    this.#pumping = false;
    if (next) this.#pumpLater();
    this.#arm();
  }

  /** The focused pane every second time, the others in turn. */
  #next(): PaneRunner | undefined {
    const first = this.#order[0];
    this.#turn++;
    if (this.#turn % 2 === 0 && first?.publisher.mode === 'focus' && first.hasWork) return first;
    for (let n = 0; n < this.#order.length; n++) {
      const pane = this.#order[((this.#turn >> 1) + n) % this.#order.length]!;
      if (pane.hasWork) return pane;
    }
    return undefined;
  }

  /** Sets the timer for whatever is due first; there is none while nothing is. */
  #arm(): void {
    let at = Number.POSITIVE_INFINITY;
    for (const pane of this.#panes.values()) at = Math.min(at, pane.tick() ?? Number.POSITIVE_INFINITY);
    // A timer that fires early does no harm, one for a pane that is quiet again costs one wake.
    if (at >= this.#timerAt) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#ring(), Math.max(0, Math.ceil(at - performance.now())));
  }

  #ring(): void {
    this.#timer = null;
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#arm();
  }

  async #answer(id: number, call: WorkerCall): Promise<void> {
    try {
      this.#options.post({ type: 'reply', id, ok: true, result: await this.#result(call) });
    } catch (error) {
      this.#options.post({
        type: 'reply',
        id,
        ok: false,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  async #result(call: WorkerCall): Promise<unknown> {
    if (call.method === 'stats') return [...this.#panes.values()].map((pane) => pane.stats);
    const pane = this.#panes.get(call.pane);
    if (!pane) throw new Error(`pane ${call.pane} is not open`);
    const emulator = await pane.ready;
    this.#options.pulse.begin();
    try {
      switch (call.method) {
        case 'lines':
          return linesPayload(call.pane, emulator, call.from, call.count);
        case 'search':
          return searchLines(emulator, call.query);
        case 'text':
          return paneText(emulator, call.options);
      }
    } finally {
      this.#options.pulse.end();
    }
  }
}
