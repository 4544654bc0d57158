/** One connection to a ptyhost: hello, numbered requests and their replies, frames for whoever listens. */
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { FrameDecoder, encodeFrame, encodeJsonFrame } from '../../protocol/framing.ts';
import type { Frame } from '../../protocol/framing.ts';
import { PTY_FRAME, PTYHOST_VERSION } from '../../protocol/ptyhost.ts';
import type { HelloReply, PtyMessage, PtyRequest } from '../../protocol/ptyhost.ts';

/** The ptyhost refused a request, or the connection to it is gone. */
export class PtyHostError extends Error {
  override readonly name = 'PtyHostError';
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Messages that nobody asked for. */
export type PtyNotice = Exclude<PtyMessage, { readonly type: 'reply' }>;

export class PtyChannel {
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder();
  readonly #waiting = new Map<number, Waiting>();
  readonly #onClose: (() => void)[] = [];
  #nextId = 1;
  #closed = false;
  #hello: HelloReply = { pid: 0, version: 0, subreaper: false };

  /** Called for every binary frame; its payload is a view that is valid until the call returns. */
  onFrame: (frame: Frame) => void = () => {};
  onNotice: (notice: PtyNotice) => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => {});
    socket.on('close', () => this.#end());
  }

  /**
   * Connects and says hello.
   * @throws the connection's own error (`code` ENOENT, ECONNREFUSED…), or PtyHostError where the versions differ
   */
  static async connect(socketPath: string, role: 'control' | 'data'): Promise<PtyChannel> {
    const socket = createConnection({ path: socketPath });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const channel = new PtyChannel(socket);
    try {
      const hello = await channel.request({ method: 'hello', version: PTYHOST_VERSION, role, pid: process.pid });
      channel.#hello = hello as HelloReply;
      return channel;
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  get hello(): HelloReply {
    return this.#hello;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @throws PtyHostError with the ptyhost's own words, or when the connection closes before the reply */
  request(request: PtyRequest): Promise<unknown> {
    if (this.#closed) return Promise.reject(new PtyHostError(GONE));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.write(encodeJsonFrame(PTY_FRAME.json, { ...request, id }));
    });
  }

  /** One binary frame; nothing where the connection is gone. */
  send(type: number, payload: Uint8Array): void {
    if (!this.#closed) this.#socket.write(encodeFrame(type, payload));
  }

  /** Called once, when the connection ends from either side; at once where it has ended. */
  onClose(callback: () => void): void {
    if (this.#closed) callback();
    else this.#onClose.push(callback);
  }

  close(): void {
    this.#socket.end();
    this.#socket.destroySoon();
    this.#end();
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return;
    try {
      this.#decoder.push(chunk, (frame) => {
        if (this.#closed) return;
        if (frame.type === PTY_FRAME.json) this.#message(JSON.parse(frame.payload.toString('utf8')) as PtyMessage);
        else this.onFrame(frame);
      });
    } catch (error) {
      this.#socket.destroy();
      this.#end();
      throw error;
    }
  }

  #message(message: PtyMessage): void {
    if (message.type !== 'reply') {
      this.onNotice(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.ok) waiting?.resolve(message.result);
    else waiting?.reject(new PtyHostError(message.error));
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const waiting of this.#waiting.values()) waiting.reject(new PtyHostError(GONE));
    this.#waiting.clear();
    for (const callback of this.#onClose) callback();
  }
}

const GONE = 'the connection to the ptyhost is gone';
