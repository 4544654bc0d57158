/** A client of the daemon's socket that is nothing but the protocol: for idle(), state, and faulty frames. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { JournalEntry } from '../../src/core/model/events.ts';
import type { State } from '../../src/core/model/state.ts';
import { FrameDecoder, encodeFrame, encodeJsonFrame } from '../../src/protocol/framing.ts';
import {
  FRAME,
  PROTOCOL_VERSION,
  type DaemonMessage,
  type Request,
  type Snapshot,
} from '../../src/protocol/messages.ts';

type Pending = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };

export class Wire {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  /** Frames of rows that came, and their bytes. */
  frames = 0;
  rowBytes = 0;
  #decoder = new FrameDecoder();
  #pending = new Map<number, Pending>();
  #nextId = 1;
  #listeners = new Set<(message: DaemonMessage) => void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', () => resolve());
    });
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => this.#decoder.push(chunk, (frame) => this.#frame(frame.type, frame.payload)));
    socket.on('close', () => {
      for (const each of this.#pending.values()) each.reject(new Error('the daemon closed the connection'));
      this.#pending.clear();
    });
  }

  static async open(path: string): Promise<Wire> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new Wire(socket);
  }

  /** Connected, introduced and ready to ask. */
  static async client(path: string, readOnly = false): Promise<Wire> {
    const wire = await Wire.open(path);
    await wire.ask({ method: 'hello', version: PROTOCOL_VERSION, kind: 'cli', readOnly, user: 'test kit' });
    return wire;
  }

  ask(request: Request): Promise<unknown> {
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.socket.write(encodeJsonFrame(FRAME.json, { ...request, id }));
    return answer;
  }

  input(pane: number, text: string): void {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(pane);
    this.socket.write(encodeFrame(FRAME.input, Buffer.concat([head, Buffer.from(text)])));
  }

  async state(): Promise<State> {
    return ((await this.ask({ method: 'snapshot' })) as Snapshot).state;
  }

  onMessage(listener: (message: DaemonMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onEvents(listener: (entries: readonly JournalEntry[]) => void): () => void {
    return this.onMessage((message) => {
      if (message.type === 'events') listener(message.entries);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #frame(type: number, payload: Buffer): void {
    if (type === FRAME.frameEnd) {
      this.frames++;
      this.socket.write(encodeFrame(FRAME.ack, Buffer.from(payload)));
    } else if (type === FRAME.paneRows) this.rowBytes += payload.length;
    else if (type === FRAME.json) this.#message(JSON.parse(payload.toString('utf8')) as DaemonMessage);
  }

  #message(message: DaemonMessage): void {
    if (message.type === 'reply') {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.ok) pending?.resolve(message.result);
      else pending?.reject(new Error(message.error));
    }
    for (const listener of this.#listeners) listener(message);
  }
}
