/** An emulator worker's own connection to the ptyhost: output in, answers to the program and checkpoints out. */
import { MAX_PAYLOAD_BYTES } from '../../protocol/framing.ts';
import type { Frame } from '../../protocol/framing.ts';
import { PTY_FRAME } from '../../protocol/ptyhost.ts';
import { PtyChannel } from './channel.ts';
import type { PtyNotice } from './channel.ts';
import {
  SCREEN_HEADER_BYTES,
  decodeScreen,
  decodeStream,
  encodePaneBytes,
  encodeScreen,
  encodeStreamHeader,
} from './payloads.ts';
import type { ScreenBytes } from './payloads.ts';

/** A screen as it was at `offset`; `bytes` redraw it on an empty one of that size, and are empty where none was kept. */
export type PaneRestore = Omit<ScreenBytes, 'pane'>;

/**
 * What comes of an attached pane, in stream order. Buffers are views that are valid until the handler returns.
 * First one onRestore, then output from its offset on. An offset larger than expected means that the ring had
 * overflowed: what lay between is lost.
 */
export interface PaneStreamHandlers {
  readonly onRestore: (restore: PaneRestore) => void;
  /** `offset` is that of the first byte. Say `consumed` when they are parsed, or the program stands still. */
  readonly onData: (bytes: Buffer, offset: number) => void;
  readonly onResized: (cols: number, rows: number, offset: number) => void;
  /** The program ended and nobody holds its terminal: nothing follows. */
  readonly onEnded: (offset: number) => void;
}

interface Attached {
  readonly handlers: PaneStreamHandlers;
  restored: boolean;
}

export class PtyDataConnection {
  readonly #channel: PtyChannel;
  readonly #panes = new Map<number, Attached>();
  readonly #onCheckpointWanted: ((pane: number) => void)[] = [];

  private constructor(channel: PtyChannel) {
    this.#channel = channel;
    channel.onFrame = (frame) => this.#frame(frame);
    channel.onNotice = (notice) => this.#notice(notice);
  }

  /** @throws the connection's own error (`code` ENOENT, ECONNREFUSED…), or PtyHostError where the versions differ */
  static async connect(socketPath: string): Promise<PtyDataConnection> {
    return new PtyDataConnection(await PtyChannel.connect(socketPath, 'data'));
  }

  /**
   * Handlers are called from now on; the promise resolves after the ptyhost agreed, before onRestore.
   * Attach again to begin again from the last checkpoint.
   * @throws PtyHostError where there is no such pane
   */
  async attach(pane: number, handlers: PaneStreamHandlers): Promise<void> {
    const attached: Attached = { handlers, restored: false };
    this.#panes.set(pane, attached);
    try {
      await this.#channel.request({ method: 'attach', pane });
    } catch (error) {
      if (this.#panes.get(pane) === attached) this.#panes.delete(pane);
      throw error;
    }
  }

  /** No handler of the pane is called after this; its program no longer waits for this connection. */
  detach(pane: number): void {
    if (!this.#panes.delete(pane)) return;
    this.#channel.request({ method: 'detach', pane }).catch(() => {});
  }

  /** @param offset all before it is parsed: the ptyhost reads on while less than CREDIT_BYTES are open */
  consumed(pane: number, offset: number): void {
    this.#channel.send(PTY_FRAME.consumed, encodeStreamHeader(pane, offset));
  }

  /** @param bytes redraw the screen as it was at `offset`; the ring before it is dropped. Too long, it is not kept. */
  checkpoint(pane: number, offset: number, cols: number, rows: number, bytes: Uint8Array): void {
    if (bytes.length > MAX_PAYLOAD_BYTES - SCREEN_HEADER_BYTES) return;
    this.#channel.send(PTY_FRAME.checkpoint, encodeScreen(pane, offset, cols, rows, bytes));
  }

  /** Input for the program: the emulator's answers to its questions. */
  write(pane: number, bytes: Uint8Array): void {
    this.#channel.send(PTY_FRAME.write, encodePaneBytes(pane, bytes));
  }

  /** The ring of a pane is half full: call `checkpoint` soon. */
  onCheckpointWanted(callback: (pane: number) => void): void {
    this.#onCheckpointWanted.push(callback);
  }

  /** Called once, when the connection ends from either side. */
  onClose(callback: () => void): void {
    this.#channel.onClose(callback);
  }

  close(): void {
    this.#panes.clear();
    this.#channel.close();
  }

  #frame(frame: Frame): void {
    switch (frame.type) {
      case PTY_FRAME.data: {
        const { pane, offset, bytes } = decodeStream(frame.payload);
        this.#live(pane)?.onData(bytes, offset);
        return;
      }
      case PTY_FRAME.resized: {
        const { pane, offset, cols, rows } = decodeScreen(frame.payload);
        this.#live(pane)?.onResized(cols, rows, offset);
        return;
      }
      case PTY_FRAME.ended: {
        const { pane, offset } = decodeStream(frame.payload);
        this.#live(pane)?.onEnded(offset);
        return;
      }
      case PTY_FRAME.restore: {
        const { pane, ...restore } = decodeScreen(frame.payload);
        const attached = this.#panes.get(pane);
        if (!attached) return;
        attached.restored = true;
        attached.handlers.onRestore(restore);
        return;
      }
      default:
        return;
    }
  }

  /** What was under way for an earlier attach of the same pane is not the new one's. */
  #live(pane: number): PaneStreamHandlers | undefined {
    const attached = this.#panes.get(pane);
    return attached?.restored ? attached.handlers : undefined;
  }

  #notice(notice: PtyNotice): void {
    if (notice.type !== 'checkpoint-wanted' || !this.#panes.has(notice.pane)) return;
    for (const callback of this.#onCheckpointWanted) callback(notice.pane);
  }
}
