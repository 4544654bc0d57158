/** One socket to the daemon: frames out and in, requests matched with their replies. Knows nothing of the state. */
import { createConnection, type Socket } from 'node:net';
import { encodeFrame, encodeJsonFrame, FrameDecoder, HEADER_BYTES, type Frame } from '../protocol/framing.ts';
import {
  FRAME,
  PROTOCOL_VERSION,
  type ClientKind,
  type ClientMessage,
  type DaemonMessage,
  type Request,
} from '../protocol/messages.ts';
import { LlmctlError } from './error.ts';

/** What comes unasked. Payloads are views into a buffer that is used again: copy what is to be kept. */
export interface ConnectionHandlers {
  onMessage?(message: Exclude<DaemonMessage, { type: 'reply' }>): void;
  /** @throws LlmctlError or RangeError on nonsense, which closes the connection */
  onPaneRows?(payload: Buffer): void;
  onFrameEnd?(frame: number): void;
  /** Called once, however the connection ended; never after `close()` was called on this side. */
  onClose?(reason: LlmctlError): void;
}

export interface Greeting {
  readonly kind: ClientKind;
  readonly readOnly: boolean;
  /** Shown as "by whom". */
  readonly user: string;
  /** LLMCTL_TOKEN of the agent that speaks. */
  readonly token?: string;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: LlmctlError) => void;
}

export class DaemonConnection {
  readonly #socket: Socket;
  readonly #handlers: ConnectionHandlers;
  readonly #decoder = new FrameDecoder();
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #closed = false;

  private constructor(socket: Socket, handlers: ConnectionHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail('lost', `the connection to the session broke: ${error.message}`));
    socket.on('close', () => this.#fail('lost', 'the session closed the connection'));
  }

  /**
   * Connects and says hello.
   * @param path of the session's socket
   * @throws LlmctlError `no-session` where nobody listens, `version` where the daemon speaks another protocol
   */
  static async open(path: string, greeting: Greeting, handlers: ConnectionHandlers = {}): Promise<DaemonConnection> {
    const connection = new DaemonConnection(await connect(path), handlers);
    try {
      await connection.request({ method: 'hello', version: PROTOCOL_VERSION, ...greeting });
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * @returns the reply's result; for `lines` a copy of the rows payload as a Buffer
   * @throws LlmctlError with the daemon's own words, or `lost` where the connection ends first
   */
  request(request: Request): Promise<unknown> {
    if (this.#closed) return Promise.reject(new LlmctlError('lost', 'not connected to the session'));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const message: ClientMessage = { ...request, id };
      this.#socket.write(encodeJsonFrame(FRAME.json, message));
    });
  }

  /** One frame, one write, nothing in between: a keystroke's way to the program. */
  input(pane: number, bytes: Uint8Array): void {
    if (this.#closed) return;
    const frame = Buffer.allocUnsafe(HEADER_BYTES + 4 + bytes.length);
    frame.writeUInt32LE(4 + bytes.length, 0);
    frame[4] = FRAME.input;
    frame.writeUInt32LE(pane, HEADER_BYTES);
    frame.set(bytes, HEADER_BYTES + 4);
    this.#socket.write(frame);
  }

  ack(frame: number): void {
    if (this.#closed) return;
    const payload = Buffer.allocUnsafe(4);
    payload.writeUInt32LE(frame >>> 0, 0);
    this.#socket.write(encodeFrame(FRAME.ack, payload));
  }

  /** Ends the connection from this side; requests still open are rejected. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#rejectAll(new LlmctlError('lost', 'the connection was closed'));
    this.#socket.destroySoon();
    // A daemon that doesn't read must not keep a command from ending.
    this.#socket.unref();
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return;
    try {
      this.#decoder.push(chunk, (frame) => this.#dispatch(frame));
    } catch (error) {
      this.#fail('protocol', `the session sent something unreadable: ${String((error as Error).message)}`);
    }
  }

  #dispatch({ type, payload }: Frame): void {
    if (this.#closed) return;
    switch (type) {
      case FRAME.json:
        this.#message(JSON.parse(payload.toString('utf8')) as DaemonMessage);
        return;
      case FRAME.paneRows:
        this.#handlers.onPaneRows?.(payload);
        return;
      case FRAME.frameEnd:
        this.#handlers.onFrameEnd?.(payload.readUInt32LE(0));
        return;
      case FRAME.lines:
        this.#settle(payload.readUInt32LE(0))?.resolve(Buffer.from(payload.subarray(4)));
        return;
      default:
        // A newer daemon may know more kinds of frames.
        return;
    }
  }

  #message(message: DaemonMessage): void {
    if (message === null || typeof message !== 'object') throw new TypeError('a message that is no object');
    if (message.type !== 'reply') {
      this.#handlers.onMessage?.(message);
      return;
    }
    const waiting = this.#settle(message.id);
    if (message.ok) waiting?.resolve(message.result);
    else waiting?.reject(new LlmctlError(message.code, String(message.error), message.nearest ?? []));
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #fail(code: 'lost' | 'protocol', text: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    const reason = new LlmctlError(code, text);
    this.#rejectAll(reason);
    this.#handlers.onClose?.(reason);
  }

  #rejectAll(reason: LlmctlError): void {
    const open = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of open) reject(reason);
  }
}

function connect(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const nobody = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      reject(
        nobody
          ? new LlmctlError('no-session', 'no session is running here: start one with `llmctl up` or `llmctl tui`')
          : new LlmctlError('lost', `${path}: ${error.message}`),
      );
    });
  });
}
