/** One client: frames in and out, rows paced by what it has acknowledged, a queue that can't grow without end. */
import type { Socket } from 'node:net';
import { FrameDecoder, HEADER_BYTES, encodeFrame, encodeJsonFrame, type Frame } from '../protocol/framing.ts';
import { decodeHookCall, type HookCall } from '../protocol/hook-frame.ts';
import { FRAME, type ClientKind, type DaemonMessage, type PaneView } from '../protocol/messages.ts';
import type { Panes } from './panes.ts';

/** A client that leaves this much unread is dropped: its process hangs, and events must not pile up for it. */
const QUEUE_BYTES = 8 * 1024 * 1024;

/** Between the messages of two workers that kept the same beat. */
const SOON_MS = 2;

export interface ConnectionHandlers {
  /** A parsed JSON frame: anything at all. */
  readonly onMessage: (connection: Connection, message: unknown) => void;
  readonly onInput: (connection: Connection, pane: number, bytes: Buffer) => void;
  /** A hook of an agent's CLI: it says who it is itself, and nothing else comes from it. */
  readonly onHook: (connection: Connection, call: HookCall) => void;
  readonly onClose: (connection: Connection) => void;
}

interface Sent {
  readonly frame: number;
  readonly generation: number;
}

export class Connection {
  kind: ClientKind = 'cli';
  user = '';
  readOnly = false;
  greeted = false;
  subscribed = false;
  /** The agent that this connection was proven to come from. */
  agent: string | null = null;
  views: ReadonlyMap<number, PaneView> = new Map();
  focus: number | null = null;
  activeAt = 0;
  /** Ends what was asked for until the client goes. */
  readonly cleanups: (() => void)[] = [];
  /** Panes whose new lines it wants. */
  readonly following = new Set<number>();
  /** Requests that aren't answered yet. */
  pending = 0;

  readonly #socket: Socket;
  readonly #panes: Panes;
  readonly #handlers: ConnectionHandlers;
  readonly #decoder = new FrameDecoder();
  readonly #sent = new Map<number, Sent>();
  #frame = 0;
  #unacknowledged = false;
  #soon: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(socket: Socket, panes: Panes, handlers: ConnectionHandlers) {
    this.#socket = socket;
    this.#panes = panes;
    this.#handlers = handlers;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => this.pump());
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end());
  }

  get panes(): ReadonlyMap<number, PaneView> {
    return this.views;
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(message: DaemonMessage): void {
    this.sendFrame(encodeJsonFrame(FRAME.json, message));
  }

  /** A whole frame, which may be shared with other connections. */
  sendFrame(frame: Buffer): void {
    if (this.#closed) return;
    this.#socket.write(frame);
    if (this.#socket.writableLength > QUEUE_BYTES) this.drop();
  }

  /** The answer to `lines`. */
  sendLines(id: number, payload: Uint8Array): void {
    const body = Buffer.allocUnsafe(4 + payload.length);
    body.writeUInt32LE(id, 0);
    body.set(payload, 4);
    this.sendFrame(encodeFrame(FRAME.lines, body));
  }

  show(views: ReadonlyMap<number, PaneView>, focus: number | null): void {
    // A pane that comes back is drawn whole: the client may have forgotten it.
    for (const pane of this.#sent.keys()) if (!views.has(pane)) this.#sent.delete(pane);
    this.views = views;
    this.focus = focus;
    this.pump();
  }

  /**
   * Sends what the client lacks of the panes it shows: nothing while a frame of before isn't acknowledged, or while
   * the socket is full. What happens meanwhile is one change by then.
   */
  pump(): void {
    if (this.#unacknowledged || this.#closed || this.views.size === 0 || this.#socket.writableNeedDrain) return;
    let any = false;
    for (const pane of this.views.keys()) any = this.#sendRows(pane) || any;
    if (!any) return;
    this.#frame = (this.#frame + 1) >>> 0;
    const end = Buffer.allocUnsafe(4);
    end.writeUInt32LE(this.#frame, 0);
    this.#socket.write(encodeFrame(FRAME.frameEnd, end));
    this.#socket.uncork();
    this.#unacknowledged = true;
  }

  /** As pump, a moment later: the emulators' workers send on one beat, and what comes with it is one frame. */
  pumpSoon(): void {
    if (this.#unacknowledged || this.#soon) return;
    this.#soon = setTimeout(() => {
      this.#soon = null;
      this.pump();
    }, SOON_MS);
  }

  /** Says goodbye, and closes once that is written. */
  bye(reason: string): void {
    this.send({ type: 'bye', reason });
    this.#socket.end();
  }

  /** At once: nothing that comes from it can be trusted, or it reads nothing. */
  drop(): void {
    this.#socket.destroy();
    this.#end();
  }

  #sendRows(pane: number): boolean {
    const known = this.#panes.get(pane);
    if (!known) return false;
    const { mirror, generation } = known;
    const before = this.#sent.get(pane);
    const payload = mirror.compose(before?.generation === generation ? before.frame : 0);
    if (payload === null) return false;
    this.#sent.set(pane, { frame: mirror.frame, generation });
    // Uncorked after the frame's end: one write to the kernel, and no copy of a payload that others share.
    if (this.#socket.writableCorked === 0) this.#socket.cork();
    this.#socket.write(header(FRAME.paneRows, payload.length));
    this.#socket.write(payload);
    return true;
  }

  #receive(chunk: Buffer): void {
    try {
      this.#decoder.push(chunk, (frame) => this.#dispatch(frame));
    } catch {
      // No client of ours sends such a thing.
      this.drop();
    }
  }

  #dispatch({ type, payload }: Frame): void {
    if (this.#closed) return;
    if (type === FRAME.json) {
      this.#handlers.onMessage(this, JSON.parse(payload.toString('utf8')));
      return;
    }
    if (type === FRAME.hook) {
      const call = decodeHookCall(payload);
      if (call === null) throw new TypeError('a hook of another layout');
      this.#handlers.onHook(this, call);
      return;
    }
    if (!this.greeted || payload.length < 4) throw new TypeError('a frame before the greeting, or too short');
    if (type === FRAME.input) this.#handlers.onInput(this, payload.readUInt32LE(0), payload.subarray(4));
    else if (type === FRAME.ack) this.#acknowledge(payload.readUInt32LE(0));
    else throw new TypeError(`frame type ${type}`);
  }

  #acknowledge(frame: number): void {
    if (frame !== this.#frame) return;
    this.#unacknowledged = false;
    this.pump();
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#soon) clearTimeout(this.#soon);
    for (const cleanup of this.cleanups.splice(0)) cleanup();
    this.#handlers.onClose(this);
  }
}

function header(type: number, length: number): Buffer {
  const out = Buffer.allocUnsafe(HEADER_BYTES);
  out.writeUInt32LE(length, 0);
  out[4] = type;
  return out;
}
