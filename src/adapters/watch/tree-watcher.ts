/** The session's watch over worktrees, as the daemon sees it: one process does it for all. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { GitDirs } from '../git/repo.ts';
import type { FromHost, ToHost } from './host/messages.ts';

export interface TreeWatcherEvents {
  /**
   * @param paths relative to the top, as git has them; a folder stands for all in it. 'all': changes may have been missed.
   * @param git HEAD, the index, a ref or the configuration changed.
   */
  readonly onChange: (paths: ReadonlySet<string> | 'all', git: boolean) => void;
  /** One line with the remedy where the tree is polled instead; null when it is watched again. */
  readonly onTrouble: (text: string | null) => void;
}

interface Tree {
  readonly dirs: GitDirs;
  readonly events: TreeWatcherEvents;
  readonly ready: PromiseWithResolvers<void>;
}

/** A process that fails as it starts is not started again at once. */
const RESTART_MS = [100, 1000, 5000, 30_000];
/** A process that lives this long has come up well. */
const WELL_MS = 60_000;
/** A settling that takes longer is given up: then everything counts as changed. */
const SETTLE_MS = 1000;

export class TreeWatchers {
  readonly #entry: string;
  readonly #trees = new Map<number, Tree>();
  readonly #questions = new Map<number, (heard: boolean) => void>();
  #child: ChildProcess | null = null;
  #count = 0;
  #failures = 0;
  #restart: NodeJS.Timeout | null = null;
  #stopped = false;

  /** @param entry of the process: `distFile('tree-watcher.js')`. */
  constructor(entry: string) {
    this.#entry = entry;
  }

  /** Of the process that watches; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  watch(dirs: GitDirs, events: TreeWatcherEvents): TreeWatcher {
    const id = this.#count++;
    const tree = { dirs, events, ready: Promise.withResolvers<void>() };
    this.#trees.set(id, tree);
    if (this.#child) this.#send({ type: 'watch', tree: id, dirs });
    else if (!this.#restart) this.#start();
    return {
      ready: tree.ready.promise,
      settle: () => this.#settle(id),
      stop: () => {
        this.#trees.delete(id);
        tree.ready.resolve();
        this.#send({ type: 'forget', tree: id });
      },
    };
  }

  /** Ends the process; nothing is told any more. */
  stop(): void {
    this.#stopped = true;
    if (this.#restart) clearTimeout(this.#restart);
    for (const { ready } of this.#trees.values()) ready.resolve();
    this.#trees.clear();
    this.#answerAll();
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #start(): void {
    this.#restart = null;
    if (this.#stopped || this.#trees.size === 0) return;
    // Its words would land wherever the daemon's do.
    const child = fork(this.#entry, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
    const startedAt = performance.now();
    this.#child = child;
    child.on('message', (message: FromHost) => this.#heard(message));
    child.on('error', () => {});
    child.once('exit', () => this.#lost(child, performance.now() - startedAt));
    for (const [id, { dirs }] of this.#trees) this.#send({ type: 'watch', tree: id, dirs });
  }

  #lost(child: ChildProcess, livedMs: number): void {
    if (this.#child !== child || this.#stopped) return;
    this.#child = null;
    this.#answerAll();
    this.#failures = livedMs > WELL_MS ? 0 : this.#failures + 1;
    const wait = RESTART_MS[Math.min(this.#failures, RESTART_MS.length) - 1] ?? RESTART_MS[0]!;
    for (const { events, ready } of this.#trees.values()) {
      ready.resolve();
      events.onTrouble(`the process that watches files ended; it is started again in ${wait / 1000} s`);
    }
    this.#restart = setTimeout(() => this.#start(), wait);
    this.#restart.unref();
  }

  #send(message: ToHost): void {
    this.#child?.send(message, () => {});
  }

  #heard(message: FromHost): void {
    const tree = this.#trees.get(message.tree);
    if (!tree) return;
    switch (message.type) {
      case 'ready':
        tree.ready.resolve();
        // What changed before its last watch was set was heard by nobody.
        tree.events.onChange('all', true);
        if (this.#failures > 0) tree.events.onTrouble(null);
        return;
      case 'changed':
        return tree.events.onChange(message.paths === 'all' ? 'all' : new Set(message.paths), message.git);
      case 'trouble':
        return tree.events.onTrouble(message.text);
      case 'settled':
        this.#questions.get(message.question)?.(true);
        return;
      default:
        return message satisfies never;
    }
  }

  async #settle(id: number): Promise<void> {
    const tree = this.#trees.get(id);
    if (!tree) return;
    const question = this.#count++;
    const heard = await new Promise<boolean>((done) => {
      const timer = setTimeout(() => done(false), SETTLE_MS);
      this.#questions.set(question, (answer) => {
        clearTimeout(timer);
        done(answer);
      });
      if (this.#child) this.#send({ type: 'settle', tree: id, question });
      else this.#questions.get(question)!(false);
    });
    this.#questions.delete(question);
    if (!heard && this.#trees.has(id)) tree.events.onChange('all', true);
  }

  #answerAll(): void {
    for (const answer of this.#questions.values()) answer(false);
  }
}

export interface TreeWatcher {
  /** Resolves when everything is watched, or when it is told that it can't be. */
  readonly ready: Promise<void>;
  /** Resolves once everything that changed before this call is told: for a look at a worktree whose agent stands still. */
  settle(): Promise<void>;
  stop(): void;
}
