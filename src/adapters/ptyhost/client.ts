/** The daemon's control connection to the ptyhost. */
import { INPUT_LIMIT_BYTES, PTY_FRAME } from '../../protocol/ptyhost.ts';
import type { HelloReply, PaneInfo, SpawnRequest, TreeReply } from '../../protocol/ptyhost.ts';
import { PtyChannel } from './channel.ts';
import type { PtyNotice } from './channel.ts';
import { encodeMessage, encodePaneBytes } from './payloads.ts';

export interface PaneExit {
  readonly pane: number;
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly signal: number | null;
}

/** Every method that returns a promise rejects with PtyHostError: one line in the ptyhost's own words. */
export class PtyHostClient {
  readonly #channel: PtyChannel;
  readonly #onExit: ((exit: PaneExit) => void)[] = [];
  readonly #onInputRefused: ((pane: number, bytes: number) => void)[] = [];

  private constructor(channel: PtyChannel) {
    this.#channel = channel;
    channel.onNotice = (notice) => this.#notice(notice);
  }

  /** @throws the connection's own error (`code` ENOENT, ECONNREFUSED…), or PtyHostError where the versions differ */
  static async connect(socketPath: string): Promise<PtyHostClient> {
    return new PtyHostClient(await PtyChannel.connect(socketPath, 'control'));
  }

  /** The ptyhost's pid and what it can do. */
  get host(): HelloReply {
    return this.#channel.hello;
  }

  /** Starts a program in a pane. A pane whose program ended is replaced, its stream begins again at 0. */
  async spawn(request: SpawnRequest): Promise<{ readonly pid: number }> {
    return (await this.#channel.request({ method: 'spawn', ...request })) as { readonly pid: number };
  }

  /** Sizes are clamped to 1..1000; of no effect once the program has ended. */
  async resize(pane: number, cols: number, rows: number): Promise<void> {
    await this.#channel.request({ method: 'resize', pane, cols, rows });
  }

  /** Input for the program, in order. While the pane is paused it waits in the ptyhost. Too much of it is refused. */
  write(pane: number, bytes: Uint8Array): void {
    if (bytes.length > INPUT_LIMIT_BYTES) this.#notice({ type: 'input-refused', pane, bytes: bytes.length });
    else this.#channel.send(PTY_FRAME.write, encodePaneBytes(pane, bytes));
  }

  /** Two pieces of input, the second `ms` after the terminal took the first, also where this process is gone by then. */
  message(pane: number, first: Uint8Array, ms: number, second: Uint8Array): void {
    const bytes = first.length + second.length;
    if (bytes > INPUT_LIMIT_BYTES) this.#notice({ type: 'input-refused', pane, bytes });
    else this.#channel.send(PTY_FRAME.message, encodeMessage(pane, ms, first, second));
  }

  /** Resolves when no process of the tree runs; where one can't be stopped, all go on and `ok` is false. */
  async pause(pane: number): Promise<TreeReply> {
    return (await this.#channel.request({ method: 'pause', pane })) as TreeReply;
  }

  async resume(pane: number): Promise<TreeReply> {
    return (await this.#channel.request({ method: 'resume', pane })) as TreeReply;
  }

  /** TERM, at most `graceMs` of waiting, then kill. Resolves when the tree is gone, after the pane's exit was told. */
  async stop(pane: number, graceMs: number): Promise<TreeReply> {
    return (await this.#channel.request({ method: 'stop', pane, graceMs })) as TreeReply;
  }

  /** Panes as they are now, ended ones included until they are forgotten. */
  async list(): Promise<readonly PaneInfo[]> {
    const reply = (await this.#channel.request({ method: 'list' })) as { readonly panes: readonly PaneInfo[] };
    return reply.panes;
  }

  /** Drops an ended pane's output and record. */
  async forget(pane: number): Promise<void> {
    await this.#channel.request({ method: 'forget', pane });
  }

  /** Stops every tree and ends the ptyhost; resolves when the trees are gone. */
  async shutdown(graceMs: number): Promise<void> {
    await this.#channel.request({ method: 'shutdown', graceMs });
  }

  /** The program of a pane ended. Output may still come on data connections until their `onEnded`. */
  onExit(callback: (exit: PaneExit) => void): void {
    this.#onExit.push(callback);
  }

  /** Input was thrown away: the program reads nothing and its queue is full. */
  onInputRefused(callback: (pane: number, bytes: number) => void): void {
    this.#onInputRefused.push(callback);
  }

  /** Called once, when the connection ends from either side. */
  onClose(callback: () => void): void {
    this.#channel.onClose(callback);
  }

  close(): void {
    this.#channel.close();
  }

  #notice(notice: PtyNotice): void {
    switch (notice.type) {
      case 'exit':
        for (const callback of this.#onExit) {
          callback({ pane: notice.pane, code: notice.code, signal: notice.signal });
        }
        return;
      case 'input-refused':
        for (const callback of this.#onInputRefused) callback(notice.pane, notice.bytes);
        return;
      case 'checkpoint-wanted':
        return;
    }
  }
}
