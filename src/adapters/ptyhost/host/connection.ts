/** One peer on the ptyhost's socket: frames in, frames out. */
import type { Socket } from 'node:net';
import { FrameDecoder, HEADER_BYTES, encodeFrame, encodeJsonFrame } from '../../../protocol/framing.ts';
import type { Frame } from '../../../protocol/framing.ts';
import { PTY_FRAME } from '../../../protocol/ptyhost.ts';
import type { PtyMessage, PtyRequestMessage } from '../../../protocol/ptyhost.ts';
import { STREAM_HEADER_BYTES, encodeScreen, encodeStreamHeader } from '../payloads.ts';
import type { Follower } from './pane.ts';
import type { Checkpoint } from './ring.ts';

export interface ConnectionEvents {
  readonly onRequest: (connection: Connection, request: PtyRequestMessage) => void;
  /** Payloads are views that are valid until the call returns. */
  readonly onFrame: (connection: Connection, frame: Frame) => void;
  readonly onClose: (connection: Connection) => void;
  readonly log: (line: string) => void;
}

/** Below it a copy is cheaper than a second buffer in the write. */
const COPY_BELOW = 2048;

export class Connection implements Follower {
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder();
  readonly #events: ConnectionEvents;
  /** null before hello. */
  role: 'control' | 'data' | null = null;
  pid = 0;

  constructor(socket: Socket, events: ConnectionEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => {});
    socket.on('close', () => events.onClose(this));
  }

  message(message: PtyMessage): void {
    this.#write(encodeJsonFrame(PTY_FRAME.json, message));
  }

  reply(id: number, result: unknown): void {
    this.message({ type: 'reply', id, ok: true, result });
  }

  refuse(id: number, error: string): void {
    this.message({ type: 'reply', id, ok: false, error });
  }

  restore(pane: number, { offset, cols, rows, bytes }: Checkpoint): void {
    this.#write(encodeFrame(PTY_FRAME.restore, encodeScreen(pane, offset, cols, rows, bytes)));
  }

  /** `bytes` must never change: they are sent from where they lie. */
  data(pane: number, offset: number, bytes: Buffer): void {
    if (this.#socket.destroyed) return;
    const head = Buffer.allocUnsafe(
      HEADER_BYTES + STREAM_HEADER_BYTES + (bytes.length < COPY_BELOW ? bytes.length : 0),
    );
    head.writeUInt32LE(STREAM_HEADER_BYTES + bytes.length, 0);
    head[4] = PTY_FRAME.data;
    head.writeUInt32LE(pane, HEADER_BYTES);
    head.writeDoubleLE(offset, HEADER_BYTES + 4);
    this.#gather();
    if (bytes.length < COPY_BELOW) bytes.copy(head, HEADER_BYTES + STREAM_HEADER_BYTES);
    this.#socket.write(head);
    if (bytes.length >= COPY_BELOW) this.#socket.write(bytes);
  }

  resized(pane: number, offset: number, cols: number, rows: number): void {
    this.#write(encodeFrame(PTY_FRAME.resized, encodeScreen(pane, offset, cols, rows)));
  }

  ended(pane: number, offset: number): void {
    this.#write(encodeFrame(PTY_FRAME.ended, encodeStreamHeader(pane, offset)));
  }

  checkpointWanted(pane: number): void {
    this.message({ type: 'checkpoint-wanted', pane });
  }

  /** Resolves when all that was written is with the kernel, or can't be. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.end(() => this.#socket.destroy());
    });
  }

  /** All that is sent in one go is one write to the kernel, and wakes the other side once. */
  #gather(): void {
    if (this.#socket.writableCorked > 0) return;
    this.#socket.cork();
    process.nextTick(() => this.#socket.uncork());
  }

  #write(frame: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(frame);
  }

  #receive(chunk: Buffer): void {
    try {
      this.#decoder.push(chunk, (frame) => {
        if (this.#socket.destroyed) return;
        if (frame.type === PTY_FRAME.json) {
          this.#events.onRequest(this, JSON.parse(frame.payload.toString('utf8')) as PtyRequestMessage);
        } else this.#events.onFrame(this, frame);
      });
    } catch (error) {
      this.#events.log(`dropped a connection (${this.role ?? 'no hello'}): ${(error as Error).message}`);
      this.#socket.destroy();
    }
  }
}
