/** A daemon's socket for tests: says what it is told to say, notes what it is asked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../core/model/events.ts';
import { emptyState, type SessionInfo } from '../core/model/state.ts';
import { encodeFrame, encodeJsonFrame, FrameDecoder } from '../protocol/framing.ts';
import { FRAME, type ClientMessage, type DaemonMessage, type Snapshot } from '../protocol/messages.ts';

type Answer = { readonly result: unknown } | { readonly message: DaemonMessage } | null;

const SESSION: SessionInfo = {
  id: 'fake-0123456789',
  repo: '/tmp/fake',
  git: true,
  startedAt: 1_000,
  plan: null,
  planName: '',
  pid: 1,
};

export function snapshotAt(seq: number): Snapshot {
  return { state: { ...emptyState(SESSION), seq }, seq, recent: [], clients: 1 };
}

export function todoAdded(seq: number, text: string) {
  const todo = { id: String(seq), text, done: false, task: null, agent: null, by: null };
  const event: Event = { type: 'todo.added', todo };
  return { seq, at: 1_000 + seq, event };
}

export class FakeDaemon {
  readonly path: string;
  readonly requests: ClientMessage[] = [];
  /** Frames of other types than JSON, in order. */
  readonly binary: { readonly type: number; readonly payload: Buffer }[] = [];
  sockets: Socket[] = [];
  /** Answers by method; what isn't here is answered with {}. */
  answers: Partial<Record<ClientMessage['method'], (message: ClientMessage) => Answer>> = {
    subscribe: () => ({ result: snapshotAt(0) }),
    snapshot: () => ({ result: snapshotAt(0) }),
  };
  readonly #folder = mkdtempSync(join(tmpdir(), 'llmctl-fake-'));
  #server: Server | null = null;
  #waiters: { test: () => boolean; resolve: () => void }[] = [];

  constructor() {
    this.path = join(this.#folder, 'fake.sock');
  }

  static async start(): Promise<FakeDaemon> {
    const fake = new FakeDaemon();
    await fake.listen();
    return fake;
  }

  async listen(): Promise<void> {
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
  }

  /** Ends the connections and the listening, as kill -9 would. */
  async die(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.sockets) socket.destroy();
    this.sockets = [];
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    rmSync(this.path, { force: true });
  }

  async close(): Promise<void> {
    await this.die();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  send(message: DaemonMessage): void {
    for (const socket of this.sockets) socket.write(encodeJsonFrame(FRAME.json, message));
  }

  frame(type: number, payload: Uint8Array): void {
    for (const socket of this.sockets) socket.write(encodeFrame(type, payload));
  }

  /** Resolves once `test` holds after some message of the client. */
  until(test: () => boolean): Promise<void> {
    if (test()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ test, resolve }));
  }

  asked(method: ClientMessage['method']): ClientMessage[] {
    return this.requests.filter((request) => request.method === method);
  }

  #accept(socket: Socket): void {
    this.sockets.push(socket);
    const decoder = new FrameDecoder();
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      decoder.push(chunk, ({ type, payload }) => {
        if (type !== FRAME.json) this.binary.push({ type, payload: Buffer.from(payload) });
        else this.#answer(socket, JSON.parse(payload.toString('utf8')) as ClientMessage);
      });
      this.#waiters = this.#waiters.filter(({ test, resolve }) => {
        if (!test()) return true;
        resolve();
        return false;
      });
    });
  }

  #answer(socket: Socket, message: ClientMessage): void {
    this.requests.push(message);
    const make = this.answers[message.method];
    const answer = make ? make(message) : { result: {} };
    if (answer === null) return;
    const reply: DaemonMessage =
      'message' in answer ? answer.message : { type: 'reply', id: message.id, ok: true, result: answer.result };
    socket.write(encodeJsonFrame(FRAME.json, reply));
  }
}
