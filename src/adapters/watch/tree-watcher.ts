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
  readonly listeners: Set<TreeWatcherEvents>;
  readonly ready: PromiseWithResolvers<void>;
  trouble: string | null;
}

const ENDED = 'the process that watches files ended';
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

  /** Several may watch the same tree: it is watched once. */
  watch(dirs: GitDirs, events: TreeWatcherEvents): TreeWatcher {
    const [id, tree] = this.#treeOf(dirs);
    tree.listeners.add(events);
    const ready = begin(tree, events);
    return {
      ready,
      settle: () => this.#settle(id),
      stop: () => {
        tree.listeners.delete(events);
        if (tree.listeners.size > 0 || !this.#trees.delete(id)) return;
        tree.ready.resolve();
        this.#send({ type: 'forget', tree: id });
      },
    };
  }

  #treeOf(dirs: GitDirs): readonly [number, Tree] {
    for (const known of this.#trees)
      if (known[1].dirs.top === dirs.top && known[1].dirs.gitDir === dirs.gitDir) return known;
    const id = this.#count++;
    const tree: Tree = { dirs, listeners: new Set(), ready: Promise.withResolvers<void>(), trouble: null };
    this.#trees.set(id, tree);
    if (this.#child) this.#send({ type: 'watch', tree: id, dirs });
    else if (!this.#restart) this.#start();
    return [id, tree];
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
    for (const tree of this.#trees.values()) {
      tellTrouble(tree, `${ENDED}; it is started again in ${wait / 1000} s`);
      tree.ready.resolve();
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
        // After a new beginning: before the first, those who listen are told as it is resolved.
        if (this.#failures > 0) {
          if (tree.trouble?.startsWith(ENDED)) tellTrouble(tree, null);
          tellChange(tree, 'all', true);
        }
        return tree.ready.resolve();
      case 'changed':
        return tellChange(tree, message.paths === 'all' ? 'all' : new Set(message.paths), message.git);
      case 'trouble':
        return tellTrouble(tree, message.text);
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
    if (!heard) tellChange(tree, 'all', true);
  }

  #answerAll(): void {
    for (const answer of this.#questions.values()) answer(false);
  }
}

async function begin(tree: Tree, events: TreeWatcherEvents): Promise<void> {
  await tree.ready.promise;
  if (!tree.listeners.has(events)) return;
  // What changed before its last watch was set was heard by nobody.
  events.onChange('all', true);
  if (tree.trouble !== null) events.onTrouble(tree.trouble);
}

function tellChange(tree: Tree, paths: ReadonlySet<string> | 'all', git: boolean): void {
  for (const { onChange } of tree.listeners) onChange(paths, git);
}

function tellTrouble(tree: Tree, text: string | null): void {
  tree.trouble = text;
  for (const { onTrouble } of tree.listeners) onTrouble(text);
}

export interface TreeWatcher {
  /** Resolves when everything is watched, or when it is told that it can't be. */
  readonly ready: Promise<void>;
  /** Resolves once everything that changed before this call is told: for a look at a worktree whose agent stands still. */
  settle(): Promise<void>;
  stop(): void;
}
