/** What the ptyhost does for its connections: panes by number, requests, frames. */
import type { Socket } from 'node:net';
import type { Frame } from '../../../protocol/framing.ts';
import { PTY_FRAME, PTYHOST_VERSION } from '../../../protocol/ptyhost.ts';
import type { HelloReply, PtyMessage, PtyRequest, PtyRequestMessage, SpawnRequest } from '../../../protocol/ptyhost.ts';
import { decodePaneBytes, decodeScreen, decodeStream } from '../payloads.ts';
import { Connection } from './connection.ts';
import { refuseSpawn } from './limits.ts';
import type { TreeSpec } from './members.ts';
import { Pane } from './pane.ts';
import { PaneTree } from './pane-tree.ts';
import type { Reaper } from './reaper.ts';
import { TreeControl } from './tree-control.ts';

export interface ServerOptions {
  readonly reaper: Reaper;
  readonly closeOnExec: (fd: number) => void;
  readonly log: (line: string) => void;
  /** Everything was stopped at somebody's request. */
  readonly onShutdown: () => void;
  /** Whether somebody is connected or a program lives: when neither, the process is of no use. */
  readonly onNeeded: (needed: boolean) => void;
}

interface Held {
  readonly pane: Pane;
  readonly tree: PaneTree;
}

/** How often paused trees are looked at for what somebody continued. */
const GUARD_MS = 1000;
/** How long after its tree is gone a pane's exit may take to be told. */
const EXIT_WAIT_MS = 1000;

export class PtyServer {
  readonly #options: ServerOptions;
  readonly #connections = new Set<Connection>();
  readonly #panes = new Map<number, Held>();
  readonly #control = new TreeControl();
  #guard: NodeJS.Timeout | null = null;
  #exitWaiters: (() => void)[] = [];
  #shutdown: Promise<void> | null = null;

  constructor(options: ServerOptions) {
    this.#options = options;
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

  /** Ends every tree, then every connection. Asked twice, it is done once. */
  shutdown(graceMs: number): Promise<void> {
    this.#shutdown ??= this.#stopEverything(graceMs);
    return this.#shutdown;
  }

  async #stopEverything(graceMs: number): Promise<void> {
    const held = [...this.#panes.values()];
    const replies = await Promise.all(held.map(({ tree }) => tree.stop(graceMs)));
    for (const { ok, reason } of replies) if (!ok) this.#options.log(`shutdown: ${reason}`);
    await Promise.all(held.map(({ pane }) => this.#awaitExit(pane)));
    // Orphans that hid their token: whatever else hangs below us.
    const spec = { ...this.#spec(null), all: this.#options.reaper.subreaper };
    await this.#control.ask({ op: 'stop', spec, record: [], graceMs: 0 });
    for (const { pane } of held) pane.close();
    this.#panes.clear();
    if (this.#guard) clearInterval(this.#guard);
  }

  /** After the last reply. */
  async end(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.end()));
    await this.#control.close();
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
        return this.#spawn(request);
      case 'resize':
        this.#held(request.pane).pane.resize(request.cols, request.rows);
        return {};
      case 'pause':
        return this.#pause(request.pane);
      case 'resume':
        return this.#held(request.pane).tree.resume();
      case 'stop':
        return this.#stop(request.pane, request.graceMs);
      case 'list':
        return { panes: [...this.#panes.values()].map(({ pane, tree }) => pane.info(tree.paused)) };
      case 'forget':
        return this.#forget(request.pane);
      case 'attach': {
        const { pane } = this.#held(request.pane);
        from.reply(request.id, {});
        pane.attach(from);
        return REPLIED;
      }
      case 'detach':
        this.#panes.get(request.pane)?.pane.detach(from);
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

  #spawn(request: SpawnRequest): { readonly pid: number } {
    if (this.#shutdown) throw new Error('the session is ending');
    const before = this.#panes.get(request.pane);
    if (before?.pane.alive) throw new Error(`pane ${request.pane} has a program already (pid ${before.pane.pid})`);
    const refusal = refuseSpawn(request.file, request.cwd);
    if (refusal !== null) throw new Error(refusal);
    if (before) this.#drop(request.pane, before);
    const pane = new Pane(request, {
      onExit: (ended, code, signal) => this.#exited(ended, code, signal),
      onCollected: (pid) => this.#options.reaper.collected(pid),
      onOpened: this.#options.closeOnExec,
    });
    this.#options.reaper.leave(pane.pid);
    const tree = new PaneTree(
      this.#control,
      () => this.#spec(pane),
      (paused) => (paused ? pane.input.hold() : pane.input.release()),
    );
    this.#panes.set(pane.id, { pane, tree });
    this.#options.log(`pane ${pane.id} (${request.agent}): pid ${pane.pid}`);
    this.#tellNeed();
    // Ready before it is needed; after the program has had its start.
    setTimeout(() => this.#control.start(), 500).unref();
    return { pid: pane.pid };
  }

  async #pause(id: number): Promise<unknown> {
    const { pane, tree } = this.#held(id);
    if (!pane.alive) return { ok: false, processes: 0, ms: 0, reason: 'its program has ended' };
    const reply = await tree.pause();
    if (!reply.ok) this.#options.log(`pane ${id}: not paused: ${reply.reason}`);
    this.#guard ??= setInterval(() => this.#guardAll(), GUARD_MS);
    return reply;
  }

  #guardAll(): void {
    const trees = [...this.#panes.values()].map(({ tree }) => tree).filter((tree) => tree.paused);
    if (trees.length === 0) {
      if (this.#guard) clearInterval(this.#guard);
      this.#guard = null;
      return;
    }
    const idle = trees.flatMap((tree) => (tree.guarded ? [{ tree, guarded: tree.guarded }] : []));
    const answer = this.#control.ask({ op: 'guard', guarded: idle.map(({ guarded }) => guarded) });
    for (const [index, { tree }] of idle.entries()) void tree.guard(answer.then(({ records }) => records?.[index]));
  }

  async #stop(id: number, graceMs: number): Promise<unknown> {
    const { pane, tree } = this.#held(id);
    const reply = await tree.stop(clampGrace(graceMs));
    if (!reply.ok) this.#options.log(`pane ${id}: not stopped: ${reply.reason}`);
    await this.#awaitExit(pane);
    return reply;
  }

  /** The exit is told before whoever stopped the pane hears that it is done. */
  #awaitExit(pane: Pane): Promise<void> {
    if (pane.settled) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, EXIT_WAIT_MS);
      const check = (): void => {
        if (!pane.settled) {
          this.#exitWaiters.push(check);
          return;
        }
        clearTimeout(timer);
        resolve();
      };
      this.#exitWaiters.push(check);
    });
  }

  #forget(id: number): unknown {
    const held = this.#held(id);
    if (held.pane.alive) throw new Error(`pane ${id} still has a program (pid ${held.pane.pid}); stop it first`);
    this.#drop(id, held);
    return {};
  }

  #drop(id: number, { pane, tree }: Held): void {
    // Nothing may stay frozen that nobody can continue any more.
    if (tree.paused) void tree.resume();
    pane.close();
    this.#panes.delete(id);
  }

  async #shutdownFor(graceMs: number): Promise<unknown> {
    await this.shutdown(clampGrace(graceMs));
    // The reply goes out first.
    setImmediate(this.#options.onShutdown);
    return {};
  }

  #frame(from: Connection, frame: Frame): void {
    if (from.role === null) throw new Error('frame before hello');
    switch (frame.type) {
      case PTY_FRAME.write: {
        const { pane, bytes } = decodePaneBytes(frame.payload);
        this.#write(pane, bytes);
        return;
      }
      case PTY_FRAME.consumed: {
        const { pane, offset } = decodeStream(frame.payload);
        this.#panes.get(pane)?.pane.consumed(from, offset);
        return;
      }
      case PTY_FRAME.checkpoint: {
        const { pane, ...screen } = decodeScreen(frame.payload);
        this.#panes.get(pane)?.pane.checkpoint(from, { ...screen, bytes: Buffer.from(screen.bytes) });
        return;
      }
      default:
        throw new Error(`unknown frame type ${frame.type}`);
    }
  }

  #write(id: number, bytes: Buffer): void {
    const pane = this.#panes.get(id)?.pane;
    if (!pane || pane.input.push(bytes)) return;
    this.#options.log(`pane ${id}: ${bytes.length} bytes of input refused, its program reads nothing`);
    this.#tellControl({ type: 'input-refused', pane: id, bytes: bytes.length });
  }

  #exited(pane: Pane, code: number | null, signal: number | null): void {
    this.#options.log(`pane ${pane.id}: ${signal === null ? `exit ${code}` : `signal ${signal}`}`);
    if (this.#panes.get(pane.id)?.pane === pane) this.#tellControl({ type: 'exit', pane: pane.id, code, signal });
    const waiters = this.#exitWaiters;
    this.#exitWaiters = [];
    for (const check of waiters) check();
    this.#tellNeed();
  }

  #tellControl(message: PtyMessage): void {
    for (const connection of this.#connections) if (connection.role === 'control') connection.message(message);
  }

  #closed(connection: Connection): void {
    this.#connections.delete(connection);
    for (const { pane } of this.#panes.values()) pane.detach(connection);
    this.#tellNeed();
  }

  #tellNeed(): void {
    const lives = [...this.#panes.values()].some(({ pane }) => pane.alive);
    this.#options.onNeeded(lives || this.#connections.size > 0);
  }

  #held(id: number): Held {
    const held = this.#panes.get(id);
    if (!held) throw new Error(`no pane ${id}`);
    return held;
  }

  #spec(pane: Pane | null): TreeSpec {
    const peers = [...this.#connections].map((connection) => connection.pid);
    const identity = pane ?? { pid: 0, start: 0, tty: 0, token: '' };
    const { pid: root, start: rootStart, tty, token } = identity;
    return { root, rootStart, tty, token, host: process.pid, protect: [...new Set(peers)] };
  }
}

const REPLIED = Symbol('replied');

function clampGrace(ms: number): number {
  return Number.isFinite(ms) ? Math.min(600_000, Math.max(0, ms)) : 0;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
