/** Every agent's terminal: its pane in the ptyhost, its emulator in the pool, the mirror of its screen. */
import type { PtyHostClient } from '../adapters/ptyhost/client.ts';
import type { PaneText, PoolStats, TextOptions, WatchMode } from '../adapters/terminal/api.ts';
import { PaneMirror } from '../adapters/terminal/mirror.ts';
import type { EmulatorPool } from '../adapters/terminal/pool.ts';
import type { ScreenRules } from '../adapters/terminal/screen-reader.ts';
import type { AgentId } from '../core/model/agent.ts';
import type { SearchReply } from '../protocol/messages.ts';
import { Readiness } from './readiness.ts';

export interface Pane {
  readonly agent: AgentId;
  readonly pane: number;
  /** Replaced when the program is started again: frames begin anew. */
  mirror: PaneMirror;
  /** Counts the programs that this pane has had. */
  generation: number;
  cols: number;
  rows: number;
  readiness: Readiness;
}

/** Room for a program that nobody looks at yet. */
const FIRST_SIZE = { cols: 120, rows: 32 };

export class Panes {
  readonly #pool: EmulatorPool;
  #host: PtyHostClient;
  readonly #panes = new Map<number, Pane>();
  readonly #byAgent = new Map<AgentId, Pane>();
  readonly #shown = new Map<number, WatchMode>();
  readonly #held = new Map<number, number>();
  readonly #followers = new Map<number, number>();
  #lastSize = FIRST_SIZE;

  /** Rows of a pane came: whoever shows it may want them. */
  onRows: (pane: number) => void = () => {};
  /** How the screen of an agent is to be read. */
  screenRules: (agent: AgentId) => ScreenRules = () => ({ rules: [], version: null });
  /** Below this an agent's screen says something else: a smaller pane shows a part of it. */
  floor: (agent: AgentId) => { readonly cols: number; readonly rows: number } = () => ({ cols: 1, rows: 1 });
  /** A pane has its first program or another one: clients may show it since before it was there. */
  onOpened: () => void = () => {};

  constructor(pool: EmulatorPool, host: PtyHostClient) {
    this.#pool = pool;
    this.#host = host;
  }

  /** After the ptyhost was lost and another one answers. */
  useHost(host: PtyHostClient): void {
    this.#host = host;
  }

  get host(): PtyHostClient {
    return this.#host;
  }

  get(pane: number): Pane | undefined {
    return this.#panes.get(pane);
  }

  of(agent: AgentId): Pane | undefined {
    return this.#byAgent.get(agent);
  }

  agentOf(pane: number): AgentId | undefined {
    return this.#panes.get(pane)?.agent;
  }

  all(): Iterable<Pane> {
    return this.#panes.values();
  }

  /** The size that a pane of this number has, or that a new one should begin with. */
  sizeFor(agent: AgentId, pane: number): { readonly cols: number; readonly rows: number } {
    const known = this.#panes.get(pane);
    return known
      ? { cols: known.cols, rows: known.rows }
      : this.#atLeast(agent, this.#lastSize.cols, this.#lastSize.rows);
  }

  #atLeast(agent: AgentId, cols: number, rows: number): { readonly cols: number; readonly rows: number } {
    const floor = this.floor(agent);
    return { cols: Math.max(cols, floor.cols), rows: Math.max(rows, floor.rows) };
  }

  /**
   * Begins to emulate a program that the ptyhost has.
   * @param answeredTo see EmulatorPool.open
   * @param settled true where the program runs for long already: no waiting for its first screen
   */
  open(agent: AgentId, pane: number, cols: number, rows: number, answeredTo: number, settled: boolean): void {
    const before = this.#panes.get(pane);
    if (before) {
      before.readiness.cancel();
      this.#pool.close(pane);
    }
    const release = settled ? () => {} : this.#hold(pane);
    const readiness = new Readiness(settled, release);
    const generation = (before?.generation ?? 0) + 1;
    const opened: Pane = { agent, pane, mirror: new PaneMirror(pane), generation, cols, rows, readiness };
    this.#panes.set(pane, opened);
    this.#byAgent.set(agent, opened);
    this.#pool.open(pane, cols, rows, answeredTo);
    this.#pool.read(pane, this.screenRules(agent));
    this.#applyWatch(pane);
    if ((this.#followers.get(pane) ?? 0) > 0) this.#pool.follow(pane, true);
    this.onOpened();
  }

  /** The rules may be others now. */
  readAgain(): void {
    for (const { agent, pane } of this.#panes.values()) this.#pool.read(pane, this.screenRules(agent));
  }

  /** The agent is gone for good. */
  async forget(agent: AgentId): Promise<void> {
    const known = this.#byAgent.get(agent);
    if (!known) return;
    const { pane } = known;
    known.readiness.cancel();
    this.#byAgent.delete(agent);
    this.#panes.delete(pane);
    this.#held.delete(pane);
    this.#followers.delete(pane);
    this.#pool.close(pane);
    await this.#host.forget(pane).catch(() => undefined);
  }

  /** From the pool. */
  rows(pane: number, payload: Uint8Array): void {
    const known = this.#panes.get(pane);
    if (!known) return;
    if (!known.mirror.apply(payload)) {
      this.#pool.refresh(pane);
      return;
    }
    known.readiness.drew(known.mirror.header?.flags ?? 0);
    this.onRows(pane);
  }

  /** From the pool: the program ended, or its emulator began anew. */
  ended(pane: number): void {
    this.#panes.get(pane)?.readiness.cancel();
  }

  /** Raw bytes of a key or a paste, straight to the program. */
  write(pane: number, bytes: Uint8Array): void {
    this.#pool.boost(pane);
    this.#host.write(pane, bytes);
  }

  /** A paste and what follows it `ms` later. */
  message(pane: number, paste: Uint8Array, ms: number, then: Uint8Array): void {
    this.#pool.boost(pane);
    this.#host.message(pane, paste, ms, then);
  }

  resize(pane: number, cols: number, rows: number): void {
    this.#lastSize = { cols, rows };
    const known = this.#panes.get(pane);
    if (!known) return;
    const size = this.#atLeast(known.agent, cols, rows);
    if (known.cols === size.cols && known.rows === size.rows) return;
    known.cols = size.cols;
    known.rows = size.rows;
    this.#host.resize(pane, size.cols, size.rows).catch(() => undefined);
  }

  /** How closely clients look at a pane. */
  show(pane: number, mode: WatchMode): void {
    if ((this.#shown.get(pane) ?? 'none') === mode) return;
    this.#shown.set(pane, mode);
    this.#applyWatch(pane);
  }

  /** The program's modes as they are now, also where nobody looks at the pane. */
  async modes(pane: number): Promise<{ readonly flags: number; readonly kittyFlags: number }> {
    const release = this.#hold(pane);
    try {
      if ((this.#shown.get(pane) ?? 'none') === 'none') {
        // A worker answers in order: the frame that the hold asked for comes before this, or a moment later.
        await this.#pool.stats();
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      }
      const header = this.#panes.get(pane)?.mirror.header;
      return { flags: header?.flags ?? 0, kittyFlags: header?.kittyFlags ?? 0 };
    } finally {
      release();
    }
  }

  follow(pane: number): () => void {
    const count = (this.#followers.get(pane) ?? 0) + 1;
    this.#followers.set(pane, count);
    if (count === 1) this.#pool.follow(pane, true);
    return () => {
      const left = (this.#followers.get(pane) ?? 1) - 1;
      this.#followers.set(pane, left);
      if (left === 0) this.#pool.follow(pane, false);
    };
  }

  lines(pane: number, from: number, count: number): Promise<Uint8Array> {
    return this.#pool.lines(pane, from, count);
  }

  search(pane: number, query: string): Promise<SearchReply> {
    return this.#pool.search(pane, query);
  }

  text(pane: number, options: TextOptions): Promise<PaneText> {
    return this.#pool.text(pane, options);
  }

  stats(): Promise<PoolStats> {
    return this.#pool.stats();
  }

  async dispose(): Promise<void> {
    for (const pane of this.#panes.values()) pane.readiness.cancel();
    await this.#pool.dispose();
  }

  /** Frames are wanted although nobody may be looking. @returns ends that */
  #hold(pane: number): () => void {
    this.#held.set(pane, (this.#held.get(pane) ?? 0) + 1);
    this.#applyWatch(pane);
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      const left = (this.#held.get(pane) ?? 1) - 1;
      if (left > 0) this.#held.set(pane, left);
      else this.#held.delete(pane);
      this.#applyWatch(pane);
    };
  }

  #applyWatch(pane: number): void {
    if (!this.#panes.has(pane)) return;
    const shown = this.#shown.get(pane) ?? 'none';
    this.#pool.watch(pane, shown === 'none' && this.#held.has(pane) ? 'background' : shown);
  }
}

/** A worker publishes a frame at most this long after it is asked to, unless the program is drawing. */
const SETTLE_MS = 15;
