/** Emulators in worker threads: the daemon's side. One hung emulator harms no pane of another worker. */
import type { SearchReply } from '../../protocol/messages.ts';
import type { PaneText, PoolEvents, PoolStats, TerminalColours, TextOptions, WatchMode } from './api.ts';

export interface PoolOptions {
  /** The ptyhost's socket: each worker has a connection of its own to it. */
  readonly socketPath: string;
  /** Worker threads at most; they are started as panes need them. */
  readonly workers: number;
  /** Path of the bundled worker, dist/emulator-worker.js. */
  readonly entry: string;
  readonly events: PoolEvents;
  readonly colours?: TerminalColours;
}

export class EmulatorPool {
  constructor(options: PoolOptions) {
    void options;
  }

  /**
   * Begins to emulate a pane that the ptyhost has, from its last checkpoint on.
   * @param answeredTo offset up to which another daemon has parsed the output (PaneInfo.offset of a pane that is
   * adopted, 0 for a new one): questions before it aren't answered again
   */
  open(pane: number, cols: number, rows: number, answeredTo = 0): void {
    void [pane, cols, rows, answeredTo];
  }

  close(pane: number): void {
    void pane;
  }

  watch(pane: number, mode: WatchMode): void {
    void [pane, mode];
  }

  /** A key went to the pane: its next output is published without any delay. */
  boost(pane: number): void {
    void pane;
  }

  /** Asks for a full frame. */
  refresh(pane: number): void {
    void pane;
  }

  /** Whole lines of text, as they are completed, to onLines. */
  follow(pane: number, on: boolean): void {
    void [pane, on];
  }

  /**
   * Rows of scrollback and screen, as a rows payload in which y counts from `from`.
   * @param from absolute line number as in RowsHeader.base
   * @throws Error in one line when the pane isn't open
   */
  lines(pane: number, from: number, count: number): Promise<Uint8Array> {
    void [pane, from, count];
    return Promise.reject(new Error('not there yet'));
  }

  search(pane: number, query: string): Promise<SearchReply> {
    void [pane, query];
    return Promise.reject(new Error('not there yet'));
  }

  text(pane: number, options: TextOptions): Promise<PaneText> {
    void [pane, options];
    return Promise.reject(new Error('not there yet'));
  }

  stats(): Promise<PoolStats> {
    return Promise.resolve({ workers: 0, restarts: 0, panes: [] });
  }

  /** Ends every worker. */
  dispose(): Promise<void> {
    return Promise.resolve();
  }
}
