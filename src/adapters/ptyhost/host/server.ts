/** The ptyhost's connections: who they are, what they ask, what they are told. */
import type { Socket } from 'node:net';
import type { Frame } from '../../../protocol/framing.ts';
import { PTY_FRAME, PTYHOST_VERSION } from '../../../protocol/ptyhost.ts';
import type { HelloReply, PtyMessage, PtyRequest, PtyRequestMessage } from '../../../protocol/ptyhost.ts';
import { decodeMessage, decodePaneBytes, decodeScreen, decodeStream } from '../payloads.ts';
import { Connection } from './connection.ts';
import type { InputQueue } from './input-queue.ts';
import { Panes } from './panes.ts';
import type { Reaper } from './reaper.ts';

export interface ServerOptions {
  readonly reaper: Reaper;
  readonly closeOnExec: (fd: number) => void;
  readonly log: (line: string) => void;
  /** Everything was stopped at somebody's request. */
  readonly onShutdown: () => void;
  /** Whether somebody is connected or a program lives: when neither, the process is of no use. */
  readonly onNeeded: (needed: boolean) => void;
}

export class PtyServer {
  readonly #options: ServerOptions;
  readonly #connections = new Set<Connection>();
  readonly #panes: Panes;
  #shutdown: Promise<void> | null = null;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#panes = new Panes({
      reaper: options.reaper,
      closeOnExec: options.closeOnExec,
      log: options.log,
      protect: () => [...new Set([...this.#connections].map((connection) => connection.pid))],
      onExit: (pane, code, signal) => this.#tellControl({ type: 'exit', pane, code, signal }),
      onChange: () => this.#tellNeed(),
    });
  }

  accept(socket: Socket): void {
    const connection = new Connection(socket, {
      onRequest: (from, request) => this.#request(from, request),
      onFrame: (from, frame) => this.#frame(from, frame),
      onClose: (from) => this.#closed(from),
      log: this.#options.log,
    });
    this.#connections.add(connection);
    this.#tellNeed();
  }

  /** Ends every tree. Asked twice, it is done once. */
  shutdown(graceMs: number): Promise<void> {
    this.#shutdown ??= this.#panes.stopAll(graceMs);
    return this.#shutdown;
  }

  /** Ends the connections, after the last reply. */
  async end(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.end()));
  }

  #request(from: Connection, request: PtyRequestMessage): void {
    if (from.role === null && request.method !== 'hello') {
      from.refuse(request.id, 'say hello first');
      return;
    }
    try {
      const result = this.#answer(from, request);
      if (!(result instanceof Promise)) {
        // attach has replied itself, before its first frame.
        if (result !== REPLIED) from.reply(request.id, result);
        return;
      }
      result.then(
        (value) => from.reply(request.id, value),
        (error: unknown) => from.refuse(request.id, messageOf(error)),
      );
    } catch (error) {
      from.refuse(request.id, messageOf(error));
    }
  }

  #answer(from: Connection, request: PtyRequestMessage): unknown {
    switch (request.method) {
      case 'hello':
        return this.#hello(from, request);
      case 'spawn':
        return this.#panes.spawn(request);
      case 'resize':
        this.#panes.get(request.pane).resize(request.cols, request.rows);
        return {};
      case 'pause':
        return this.#panes.pause(request.pane);
      case 'resume':
        return this.#panes.resume(request.pane);
      case 'stop':
        return this.#panes.stop(request.pane, request.graceMs);
      case 'list':
        return { panes: this.#panes.list() };
      case 'forget':
        this.#panes.forget(request.pane);
        return {};
      case 'attach': {
        const pane = this.#panes.get(request.pane);
        from.reply(request.id, {});
        pane.attach(from);
        return REPLIED;
      }
      case 'detach':
        this.#panes.find(request.pane)?.detach(from);
        return {};
      case 'shutdown':
        return this.#shutdownFor(request.graceMs);
      default:
        throw new Error(`unknown request: ${String((request as { method?: unknown }).method)}`);
    }
  }

  #hello(from: Connection, request: Extract<PtyRequest, { method: 'hello' }>): HelloReply {
    if (request.version !== PTYHOST_VERSION) {
      throw new Error(
        `the ptyhost (pid ${process.pid}) speaks version ${PTYHOST_VERSION}, not ${request.version}: end the session with the llmctl that began it`,
      );
    }
    from.role = request.role;
    from.pid = Number.isInteger(request.pid) ? request.pid : 0;
    return { pid: process.pid, version: PTYHOST_VERSION, subreaper: this.#options.reaper.subreaper };
  }

  async #shutdownFor(graceMs: number): Promise<unknown> {
    await this.shutdown(graceMs);
    // The reply goes out first.
    setImmediate(this.#options.onShutdown);
    return {};
  }

  #frame(from: Connection, frame: Frame): void {
    if (from.role === null) throw new Error('frame before hello');
    switch (frame.type) {
      case PTY_FRAME.write: {
        const { pane, bytes } = decodePaneBytes(frame.payload);
        this.#write(pane, bytes.length, (input) => input.push(bytes));
        return;
      }
      case PTY_FRAME.message: {
        const { pane, ms, first, second } = decodeMessage(frame.payload);
        this.#write(pane, first.length + second.length, (input) => input.pushApart(first, ms, second));
        return;
      }
      case PTY_FRAME.consumed: {
        const { pane, offset } = decodeStream(frame.payload);
        this.#panes.find(pane)?.consumed(from, offset);
        return;
      }
      case PTY_FRAME.checkpoint: {
        const { pane, ...screen } = decodeScreen(frame.payload);
        this.#panes.find(pane)?.checkpoint(from, { ...screen, bytes: Buffer.from(screen.bytes) });
        return;
      }
      default:
        throw new Error(`unknown frame type ${frame.type}`);
    }
  }

  #write(id: number, bytes: number, push: (input: InputQueue) => boolean): void {
    const pane = this.#panes.find(id);
    if (!pane || push(pane.input)) return;
    this.#options.log(`pane ${id}: ${bytes} bytes of input refused, its program reads nothing`);
    this.#tellControl({ type: 'input-refused', pane: id, bytes });
  }

  #tellControl(message: PtyMessage): void {
    for (const connection of this.#connections) if (connection.role === 'control') connection.message(message);
  }

  #closed(connection: Connection): void {
    this.#connections.delete(connection);
    for (const pane of this.#panes.all()) pane.detach(connection);
    this.#tellNeed();
  }

  #tellNeed(): void {
    this.#options.onNeeded(this.#panes.anyAlive || this.#connections.size > 0);
  }
}

const REPLIED = Symbol('replied');

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
