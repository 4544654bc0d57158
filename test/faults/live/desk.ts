/** One live writer at work in its worktree, stopped and let go on as the daemon does it, its writes watched by the stale guard. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Worktree } from '../../../src/adapters/git/api-merge.ts';
import { pauseStill } from '../../../src/adapters/git/quiesce.ts';
import type { Scratch } from '../../../src/adapters/git/scratch.ts';
import { TOKEN_VARIABLE, type ProcessKey, type TreeSpec } from '../../../src/adapters/ptyhost/host/members.ts';
import { readProc } from '../../../src/adapters/ptyhost/host/proc.ts';
import { pauseTree, resumeTree, stopTree } from '../../../src/adapters/ptyhost/host/tree.ts';
import type { TreeWatchers } from '../../../src/adapters/watch/tree-watcher.ts';
import { Busy } from '../../../src/daemon/busy.ts';
import { Guards, type GuardsParts } from '../../../src/daemon/merging/guards.ts';
import { Tree } from '../../../src/daemon/merging/tree.ts';
import { PROJECT } from '../../kit/temp.ts';

const WRITER = join(PROJECT, 'test/fixtures/agents/writer.mjs');
const PAUSE_MS = 5_000;
const GRACE_MS = 200;

export class Desk {
  readonly worktree: Worktree;
  readonly #watchers: TreeWatchers;
  readonly #child: ChildProcess;
  readonly #spec: TreeSpec;
  readonly #busy = new Busy();
  #record: readonly ProcessKey[] = [];
  #holds = 0;
  #holding: Promise<void> = Promise.resolve();
  tree: Tree;
  guards: Guards;
  /** Causes of alerts about files in which the guard could not save both: what was lost is in the backups. */
  readonly clashes = new Set<string>();
  readonly troubles: string[] = [];
  healed = 0;
  torn = 0;

  /** @param folder for what the writer says it did */
  constructor(worktree: Worktree, scratch: Scratch, watchers: TreeWatchers, folder: string, seed: number) {
    this.worktree = worktree;
    this.#watchers = watchers;
    const token = `live-${worktree.agent}-${process.pid}-${performance.now()}`;
    const who = { GIT_AUTHOR_NAME: 't', GIT_AUTHOR_EMAIL: 't@t', GIT_COMMITTER_NAME: 't', GIT_COMMITTER_EMAIL: 't@t' };
    this.#child = spawn(process.execPath, [WRITER, worktree.agent, String(seed), folder], {
      cwd: worktree.dir,
      env: { ...process.env, ...who, [TOKEN_VARIABLE]: token },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr!.on('data', (chunk: Buffer) => this.troubles.push(chunk.toString()));
    const root = this.#child.pid!;
    const proc = readProc(root);
    if (!proc) throw new Error('the writer did not start');
    this.#spec = { root, rootStart: proc.start, tty: 0, tokens: [token], host: process.pid, protect: [] };
    this.tree = this.#watched(scratch);
    this.guards = this.#newGuards();
  }

  async ready(): Promise<void> {
    await Promise.all([once(this.#child.stdout!, 'data'), this.tree.watcher!.ready]);
  }

  /** As a daemon that begins anew sees it: nothing is remembered but what it is told. */
  anew(scratch: Scratch): void {
    this.tree.close();
    this.tree = this.#watched(scratch);
    this.guards = this.#newGuards();
  }

  async stop(): Promise<void> {
    this.#holds++;
    if (this.#holds === 1) this.#holding = this.#pause();
    await this.#holding;
  }

  go(): void {
    this.#holds--;
    if (this.#holds === 0) this.#resume();
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    await this.stop();
    try {
      return await work();
    } finally {
      this.go();
    }
  }

  async end(): Promise<void> {
    this.tree.close();
    const gone = this.alive ? once(this.#child, 'exit') : null;
    await stopTree(this.#spec, this.#record, GRACE_MS);
    await gone;
    await this.#busy.idle();
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async #pause(): Promise<void> {
    const still = await pauseStill(this.worktree, {
      pause: async () => {
        const paused = await pauseTree(this.#spec, this.#record, PAUSE_MS);
        if (!paused.ok) throw new Error(paused.reason);
        this.#record = paused.record;
      },
      resume: () => Promise.resolve(this.#resume()),
      pids: () => Promise.resolve(this.#record.map(({ pid }) => pid)),
    });
    if (still.tries > 0) this.torn++;
    if (still.busy || still.writers.length > 0) throw new Error(`not still: ${JSON.stringify(still)}`);
  }

  #resume(): void {
    resumeTree(this.#record);
    this.#record = [];
  }

  #watched(scratch: Scratch): Tree {
    const tree = new Tree(this.worktree.agent, this.worktree, scratch);
    const { dir, gitDir, commonDir } = this.worktree;
    tree.watcher = this.#watchers.watch(
      { top: dir, gitDir, commonDir },
      {
        onChange: (paths) => {
          tree.changed(paths);
          if (tree !== this.tree) return;
          this.guards.changed(tree, paths);
        },
        onTrouble: (text) => text && this.troubles.push(text),
      },
    );
    return tree;
  }

  #newGuards(): Guards {
    const dispatch: GuardsParts['room']['dispatch'] = (command) => {
      if (command.type === 'alert' && command.level === 'info') this.healed++;
      else if (command.type === 'alert') this.clashes.add(command.cause!.split(':')[2]!);
      return { ok: true, seq: 0, events: [] };
    };
    const during = <T>(_: Tree, work: () => Promise<T>): Promise<T> => this.during(work);
    return new Guards({ room: { dispatch }, stillness: { during }, busy: this.#busy, onDispute: () => {} });
  }
}
