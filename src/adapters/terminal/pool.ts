/** Emulators in worker threads: the daemon's side. One hung emulator harms no pane of another worker. */
import type { SearchReply } from '../../protocol/messages.ts';
import type { PaneText, PoolEvents, PoolStats, TerminalColours, TextOptions, WatchMode } from './api.ts';
import { DEFAULT_COLOURS } from './colours.ts';
import { PoolThread } from './pool-thread.ts';
import type { ScreenRules } from './screen-reader.ts';

export interface PoolOptions {
  /** The ptyhost's socket: each worker has a connection of its own to it. */
  readonly socketPath: string;
  /** Worker threads at most; they are started as panes need them. */
  readonly workers: number;
  /** Path of the bundled worker, dist/emulator-worker.js. */
  readonly entry: string;
  readonly events: PoolEvents;
  /** Told to programs that ask for the terminal's colours. */
  readonly colours?: TerminalColours;
  /** Milliseconds between two looks at a busy worker; four of them at the same work mean that it hangs. */
  readonly checkMs?: number;
}

export class EmulatorPool {
  readonly #options: PoolOptions;
  readonly #threads: PoolThread[] = [];
  readonly #byPane = new Map<number, PoolThread>();
  /** Frame numbers go on where a pane was closed and is opened again. */
  readonly #frames = new Map<number, number>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * Begins to emulate a pane that the ptyhost has, from its last checkpoint on. A pane that is open begins anew.
   * @param answeredTo offset up to which another daemon has parsed the output (PaneInfo.offset of a pane that is
   * adopted, 0 for a new one): questions before it aren't answered again
   * @throws Error when every worker has as many panes as it can have
   */
  open(pane: number, cols: number, rows: number, answeredTo = 0): void {
    this.close(pane);
    const thread = this.#leastLoaded();
    this.#byPane.set(pane, thread);
    thread.open(pane, cols, rows, answeredTo, this.#frames.get(pane) ?? 0);
  }

  close(pane: number): void {
    const thread = this.#byPane.get(pane);
    if (!thread) return;
    this.#byPane.delete(pane);
    this.#frames.set(pane, thread.close(pane));
  }

  watch(pane: number, mode: WatchMode): void {
    this.#byPane.get(pane)?.watch(pane, mode);
  }

  /** How its screen is to be read, also by a worker that takes it over. */
  read(pane: number, rules: ScreenRules): void {
    this.#byPane.get(pane)?.read(pane, rules);
  }

  /** A key goes to the pane: its next output is published without any delay. */
  boost(pane: number): void {
    this.#byPane.get(pane)?.boost(pane);
  }

  /** Asks for a full frame. */
  refresh(pane: number): void {
    this.#byPane.get(pane)?.refresh(pane);
  }

  /** Whole lines of text, as they are completed, to onLines. */
  follow(pane: number, on: boolean): void {
    this.#byPane.get(pane)?.follow(pane, on);
  }

  /**
   * Rows of scrollback and screen, as a rows payload in which y counts from `from`; at most 2,000.
   * @param from absolute line number as in RowsHeader.base
   * @throws Error in one line when the pane isn't open
   */
  lines(pane: number, from: number, count: number): Promise<Uint8Array> {
    return this.#thread(pane, (thread) => thread.call({ method: 'lines', pane, from, count }));
  }

  /** @throws Error in one line when the pane isn't open */
  search(pane: number, query: string): Promise<SearchReply> {
    return this.#thread(pane, (thread) => thread.call({ method: 'search', pane, query }));
  }

  /** @throws Error in one line when the pane isn't open */
  text(pane: number, options: TextOptions): Promise<PaneText> {
    return this.#thread(pane, (thread) => thread.call({ method: 'text', pane, options }));
  }

  async stats(): Promise<PoolStats> {
    const running = this.#threads.filter((thread) => thread.size > 0);
    const panes = await Promise.all(running.map((thread) => thread.call({ method: 'stats' }).catch(() => [])));
    const restarts = this.#threads.reduce((sum, thread) => sum + thread.restarts, 0);
    return { workers: this.#threads.length, restarts, panes: panes.flat() };
  }

  /** Ends every worker. */
  async dispose(): Promise<void> {
    this.#byPane.clear();
    await Promise.all(this.#threads.splice(0).map((thread) => thread.dispose()));
  }

  #thread<T>(pane: number, act: (thread: PoolThread) => Promise<T>): Promise<T> {
    const thread = this.#byPane.get(pane);
    return thread ? act(thread) : Promise.reject(new Error(`pane ${pane} is not open`));
  }

  #leastLoaded(): PoolThread {
    const open = this.#threads.filter((thread) => !thread.full);
    const least = open.reduce<PoolThread | null>((a, b) => (a && a.size <= b.size ? a : b), null);
    if (least && (least.size === 0 || this.#threads.length >= this.#options.workers)) return least;
    if (this.#threads.length >= this.#options.workers) throw new Error('all emulator workers are full');
    const { socketPath, entry, events, colours = DEFAULT_COLOURS, checkMs } = this.#options;
    const thread = new PoolThread({ socketPath, entry, events, colours, checkMs });
    this.#threads.push(thread);
    return thread;
  }
}
