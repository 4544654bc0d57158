/** Every pane of the session by its number, each with its process tree: start, pause, stop, forget. */
import type { PaneInfo, SpawnRequest, TreeReply } from '../../../protocol/ptyhost.ts';
import { refuseSpawn } from './limits.ts';
import type { TreeSpec } from './members.ts';
import { Pane } from './pane.ts';
import { PaneTree } from './pane-tree.ts';
import type { Reaper } from './reaper.ts';
import { TreeControl } from './tree-control.ts';

export interface PanesOptions {
  readonly reaper: Reaper;
  readonly closeOnExec: (fd: number) => void;
  readonly log: (line: string) => void;
  /** Processes that are never to be stopped, whoever started them. */
  readonly protect: () => readonly number[];
  /** The program ended, and its pane wasn't replaced meanwhile. */
  readonly onExit: (pane: number, code: number | null, signal: number | null) => void;
  /** Another one lives, or one fewer. */
  readonly onChange: () => void;
}

interface Held {
  readonly pane: Pane;
  readonly tree: PaneTree;
}

/** How often paused trees are looked at for what somebody continued. */
const GUARD_MS = 1000;
/** How long after its tree is gone a pane's exit may take to be told. */
const EXIT_WAIT_MS = 1000;
/** The tree worker is started before it is needed, but after the program has had its start. */
const WORKER_DELAY_MS = 500;
/** A program that is started again and again leaves something running a few times at most. */
const EARLIER_TOKENS = 16;

export class Panes {
  readonly #options: PanesOptions;
  readonly #held = new Map<number, Held>();
  readonly #control = new TreeControl();
  /** Tokens of programs that a pane had before. */
  readonly #earlier = new Map<number, readonly string[]>();
  #guard: NodeJS.Timeout | null = null;
  #exitWaiters: (() => void)[] = [];
  #ending = false;

  constructor(options: PanesOptions) {
    this.#options = options;
  }

  get anyAlive(): boolean {
    return [...this.#held.values()].some(({ pane }) => pane.alive);
  }

  list(): readonly PaneInfo[] {
    return [...this.#held.values()].map(({ pane, tree }) => pane.info(tree.paused));
  }

  /** @returns null where there is none, or none any more */
  find(id: number): Pane | null {
    return this.#held.get(id)?.pane ?? null;
  }

  /** @throws where there is none, in words for the caller */
  get(id: number): Pane {
    return this.#get(id).pane;
  }

  all(): readonly Pane[] {
    return [...this.#held.values()].map(({ pane }) => pane);
  }

  /** @throws why the program can't be started, in one line */
  spawn(request: SpawnRequest): { readonly pid: number } {
    if (this.#ending) throw new Error('the session is ending');
    const before = this.#held.get(request.pane);
    if (before?.pane.alive) throw new Error(`pane ${request.pane} has a program already (pid ${before.pane.pid})`);
    const refusal = refuseSpawn(request.file, request.cwd);
    if (refusal !== null) throw new Error(refusal);
    if (before) this.#replace(request.pane, before);
    const pane = new Pane(request, {
      onExit: (ended, code, signal) => this.#exited(ended, code, signal),
      onCollected: (pid) => this.#options.reaper.collected(pid),
      onOpened: this.#options.closeOnExec,
    });
    this.#options.reaper.leave(pane.pid);
    const onPaused = (paused: boolean): void => (paused ? pane.input.hold() : pane.input.release());
    const tree = new PaneTree(this.#control, () => this.#spec(pane), onPaused);
    this.#held.set(pane.id, { pane, tree });
    this.#options.log(`pane ${pane.id} (${request.agent}): pid ${pane.pid}`);
    this.#options.onChange();
    setTimeout(() => this.#control.start(), WORKER_DELAY_MS).unref();
    return { pid: pane.pid };
  }

  async pause(id: number): Promise<TreeReply> {
    const { pane, tree } = this.#get(id);
    if (!pane.alive) return { ok: false, processes: 0, ms: 0, reason: 'its program has ended' };
    const reply = await tree.pause();
    if (!reply.ok) this.#options.log(`pane ${id}: not paused: ${reply.reason}`);
    this.#guard ??= setInterval(() => this.#guardAll(), GUARD_MS);
    return reply;
  }

  resume(id: number): Promise<TreeReply> {
    return this.#get(id).tree.resume();
  }

  /** The exit is told before the promise resolves. Works on what an ended program left behind, too. */
  async stop(id: number, graceMs: number): Promise<TreeReply> {
    const { pane, tree } = this.#get(id);
    const reply = await tree.stop(clampGrace(graceMs));
    if (!reply.ok) this.#options.log(`pane ${id}: not stopped: ${reply.reason}`);
    await this.#awaitExit(pane);
    return reply;
  }

  /** @throws where its program lives */
  forget(id: number): void {
    const held = this.#get(id);
    if (held.pane.alive) throw new Error(`pane ${id} still has a program (pid ${held.pane.pid}); stop it first`);
    this.#drop(id, held);
    this.#earlier.delete(id);
  }

  /** Ends every tree, and whatever else came to hang below us. No program starts afterwards. */
  async stopAll(graceMs: number): Promise<void> {
    this.#ending = true;
    await Promise.all([...this.#held.keys()].map((id) => this.stop(id, graceMs)));
    // Orphans that hid their token.
    const spec = { ...this.#spec(null), all: this.#options.reaper.subreaper };
    await this.#control.ask({ op: 'stop', spec, record: [], graceMs: 0 });
    for (const pane of this.all()) pane.close();
    this.#held.clear();
    if (this.#guard) clearInterval(this.#guard);
    await this.#control.close();
  }

  #guardAll(): void {
    const trees = [...this.#held.values()].map(({ tree }) => tree).filter((tree) => tree.paused);
    if (trees.length === 0) {
      if (this.#guard) clearInterval(this.#guard);
      this.#guard = null;
      return;
    }
    const idle = trees.flatMap((tree) => (tree.guarded ? [{ tree, guarded: tree.guarded }] : []));
    const answer = this.#control.ask({ op: 'guard', guarded: idle.map(({ guarded }) => guarded) });
    for (const [index, { tree }] of idle.entries()) void tree.guard(answer.then(({ records }) => records?.[index]));
  }

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

  #exited(pane: Pane, code: number | null, signal: number | null): void {
    this.#options.log(`pane ${pane.id}: ${signal === null ? `exit ${code}` : `signal ${signal}`}`);
    if (this.#held.get(pane.id)?.pane === pane) this.#options.onExit(pane.id, code, signal);
    const waiters = this.#exitWaiters;
    this.#exitWaiters = [];
    for (const check of waiters) check();
    this.#options.onChange();
  }

  /** What the program before has left running is still the agent's. */
  #replace(id: number, before: Held): void {
    this.#earlier.set(id, [...(this.#earlier.get(id) ?? []), before.pane.token].slice(-EARLIER_TOKENS));
    this.#drop(id, before);
  }

  #drop(id: number, { pane, tree }: Held): void {
    // Nothing may stay frozen that nobody can continue any more.
    if (tree.paused) void tree.resume();
    pane.close();
    this.#held.delete(id);
  }

  #get(id: number): Held {
    const held = this.#held.get(id);
    if (!held) throw new Error(`no pane ${id}`);
    return held;
  }

  #spec(pane: Pane | null): TreeSpec {
    const { pid: root, start: rootStart, tty } = pane ?? { pid: 0, start: 0, tty: 0 };
    // The empty string is what a process without a token has.
    const tokens = pane ? [pane.token, ...(this.#earlier.get(pane.id) ?? [])].filter((token) => token !== '') : [];
    return { root, rootStart, tty, tokens, host: process.pid, protect: this.#options.protect() };
  }
}

function clampGrace(ms: number): number {
  return Number.isFinite(ms) ? Math.min(600_000, Math.max(0, ms)) : 0;
}
