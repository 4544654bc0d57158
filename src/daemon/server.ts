/** The session's socket: who is connected, what all of them are told. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { oneLine } from '../core/text.ts';
import { encodeFrame, encodeJsonFrame } from '../protocol/framing.ts';
import type { HookCall } from '../protocol/hook-frame.ts';
import { FRAME, type ClientMessage, type DaemonMessage } from '../protocol/messages.ts';
import type { Busy } from './busy.ts';
import { Connection } from './connection.ts';
import type { HookLine } from './inside/hook-desk.ts';
import { log } from './log.ts';
import type { Panes } from './panes.ts';
import { checkMessage } from './requests/check.ts';
import { RequestError } from './requests/failure.ts';
import type { LinesAnswer } from './requests/requests.ts';
import { applyViews } from './views.ts';

export interface ServerParts {
  readonly panes: Panes;
  readonly busy: Busy;
  /** Answers a request; waits by itself until the session is up. */
  readonly answer: (connection: Connection, request: ClientMessage) => Promise<unknown>;
  /** What a hook is to print. */
  readonly hook: (call: HookCall, line: HookLine) => Promise<string>;
}

/** More clients than anybody has terminals. */
const CONNECTIONS_MAX = 256;
const PENDING_MAX = 4096;

export class SessionServer {
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #parts: ServerParts | null = null;
  readonly #early: Socket[] = [];
  #screens = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.maxConnections = CONNECTIONS_MAX;
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', (error) => log(`socket: ${error.message}`));
  }

  /**
   * Listens; whoever connects before `serve` waits.
   * @param path of the socket; the session's lock must be held, for what lies there is removed
   */
  static async listen(path: string): Promise<SessionServer> {
    rmSync(path, { force: true });
    const server = createServer();
    const before = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, resolve);
      });
    } finally {
      process.umask(before);
    }
    chmodSync(path, 0o600);
    server.removeAllListeners('error');
    return new SessionServer(server);
  }

  /** From now on clients are answered. */
  serve(parts: ServerParts): void {
    this.#parts = parts;
    parts.panes.onRows = (pane) => this.#rows(pane);
    parts.panes.onOpened = () => this.viewsChanged();
    for (const socket of this.#early.splice(0)) this.#accept(socket);
  }

  get connections(): readonly Connection[] {
    return [...this.#connections];
  }

  /** Screens that show the session. */
  get screens(): number {
    return this.#screens;
  }

  /** To all that subscribed. Encoded once. */
  broadcast(message: DaemonMessage): void {
    const frame = encodeJsonFrame(FRAME.json, message);
    for (const connection of this.#connections) if (connection.subscribed) connection.sendFrame(frame);
  }

  output(pane: number, agent: string, lines: readonly string[]): void {
    const message = { type: 'output', agent, lines } as const;
    for (const connection of this.#connections) if (connection.following.has(pane)) connection.send(message);
  }

  /** Clients came, went, or show something else. */
  viewsChanged(): void {
    if (!this.#parts) return;
    applyViews(this.#parts.panes, this.#connections);
    for (const connection of this.#connections) connection.pump();
  }

  countScreens(): void {
    const count = this.connections.filter(({ kind, subscribed }) => kind === 'tui' && subscribed).length;
    if (count === this.#screens) return;
    this.#screens = count;
    this.broadcast({ type: 'clients', count });
  }

  /** Says why, closes every connection and the socket; resolves when all of it is out. */
  async close(reason: string): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.bye(reason);
    for (const socket of this.#early) socket.destroy();
    // A client that reads nothing can't hold the end up.
    const timer = setTimeout(() => {
      for (const connection of this.#connections) connection.drop();
    }, 500);
    await closed;
    clearTimeout(timer);
  }

  #accept(socket: Socket): void {
    const parts = this.#parts;
    if (!parts) {
      socket.pause();
      socket.on('error', () => undefined);
      this.#early.push(socket);
      return;
    }
    const connection = new Connection(socket, parts.panes, {
      onMessage: (from, message) => this.#message(parts, from, message),
      onInput: (from, pane, bytes) => this.#input(parts, from, pane, bytes),
      onHook: (from, call) => void this.#hook(parts, from, call),
      onClose: (from) => this.#closed(from),
    });
    this.#connections.add(connection);
    socket.resume();
  }

  #closed(connection: Connection): void {
    this.#connections.delete(connection);
    this.countScreens();
    if (connection.views.size > 0) this.viewsChanged();
  }

  #rows(pane: number): void {
    for (const connection of this.#connections) {
      if (!connection.views.has(pane)) continue;
      if (connection.focus === pane) connection.pump();
      else connection.pumpSoon();
    }
  }

  #input({ panes }: ServerParts, connection: Connection, pane: number, bytes: Buffer): void {
    if (connection.readOnly || !panes.get(pane)) return;
    panes.write(pane, bytes);
    const wasLast = [...this.#connections].every((other) => other.activeAt <= connection.activeAt);
    connection.activeAt = performance.now();
    // The sizes are this client's from now on.
    if (!wasLast) this.viewsChanged();
  }

  #message(parts: ServerParts, connection: Connection, value: unknown): void {
    const message = checkMessage(value);
    if (message === null) {
      connection.drop();
      return;
    }
    if ('wrong' in message) {
      connection.send({ type: 'reply', id: message.id, ok: false, code: 'invalid', error: message.wrong });
      return;
    }
    if (!connection.greeted && message.method !== 'hello') {
      connection.drop();
      return;
    }
    if (connection.pending >= PENDING_MAX) {
      connection.drop();
      return;
    }
    void this.#answer(parts, connection, message);
  }

  async #hook({ hook, busy }: ServerParts, connection: Connection, call: HookCall): Promise<void> {
    const done = busy.begin();
    const line = {
      waits: () => connection.sendFrame(encodeFrame(FRAME.hookWait, new Uint8Array())),
      gone: (act: () => void) => void connection.cleanups.push(act),
    };
    const said = await hook(call, line).catch((error: Error) => {
      log(`hook failed: ${error.stack ?? error.message}`);
      return '';
    });
    connection.sendFrame(encodeFrame(FRAME.hookAnswer, Buffer.from(said, 'utf8')));
    done();
  }

  async #answer(parts: ServerParts, connection: Connection, message: ClientMessage): Promise<void> {
    const { id, method } = message;
    connection.pending++;
    // Who waits for idleness is not what is waited for.
    const done = method === 'idle' ? () => {} : parts.busy.begin();
    try {
      const result = await parts.answer(connection, message);
      if (method === 'lines') connection.sendLines(id, (result as LinesAnswer).lines);
      else connection.send({ type: 'reply', id, ok: true, result });
    } catch (error) {
      this.#refuse(connection, id, error);
    } finally {
      connection.pending--;
      done();
    }
  }

  #refuse(connection: Connection, id: number, error: unknown): void {
    if (error instanceof RequestError) {
      const { code, message, nearest } = error;
      connection.send({ type: 'reply', id, ok: false, code, error: oneLine(message, 2000), nearest });
      return;
    }
    const text = error instanceof Error ? error.message : String(error);
    log(`request failed: ${error instanceof Error ? (error.stack ?? text) : text}`);
    connection.send({ type: 'reply', id, ok: false, code: 'failed', error: oneLine(text) });
  }
}
