/** One live writer at work in its worktree, stopped and let go on as the daemon does it, its writes watched by the stale guard. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Worktree } from '../../../src/adapters/git/api-merge.ts';
import type { Scratch } from '../../../src/adapters/git/scratch.ts';
import { TOKEN_VARIABLE, type ProcessKey, type TreeSpec } from '../../../src/adapters/ptyhost/host/members.ts';
import { readProc } from '../../../src/adapters/ptyhost/host/proc.ts';
import { pauseTree, resumeTree, stopTree } from '../../../src/adapters/ptyhost/host/tree.ts';
import type { TreeWatchers } from '../../../src/adapters/watch/tree-watcher.ts';
import { COORDINATOR, type AgentId } from '../../../src/core/model/agent.ts';
import { Busy } from '../../../src/daemon/busy.ts';
import { Lanes } from '../../../src/daemon/lanes.ts';
import type { TreeReply } from '../../../src/protocol/ptyhost.ts';
import { Guards, type GuardsParts } from '../../../src/daemon/merging/guards.ts';
import { Stillness, type Stoppable, type StillnessParts } from '../../../src/daemon/merging/stillness.ts';
import { Tree } from '../../../src/daemon/merging/tree.ts';
import { PROJECT } from '../../kit/temp.ts';

const WRITER = join(PROJECT, 'test/fixtures/agents/writer.mjs');
const PAUSE_MS = 5_000;
const GRACE_MS = 200;
const RUN = { pid: 0, startedAt: 0, token: '' };

export class Desk {
  readonly worktree: Worktree;
  readonly #watchers: TreeWatchers;
  readonly #child: ChildProcess;
  readonly #spec: TreeSpec;
  readonly #busy = new Busy();
  #record: readonly ProcessKey[] = [];
  #stillness: Stillness;
  #status: Stoppable['status'] = { state: 'working', since: 0, reason: '', evidence: 'process', by: null };
  tree: Tree;
  guards: Guards;
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
    this.#stillness = this.#newStillness();
    this.tree = this.#watched(scratch);
    this.guards = this.#newGuards();
  }

  async ready(): Promise<void> {
    await Promise.all([once(this.#child.stdout!, 'data'), this.tree.watcher!.ready]);
  }

  /** As a daemon that begins anew sees it: nothing is remembered but what it is told. */
  anew(scratch: Scratch): void {
    this.tree.close();
    this.#stillness = this.#newStillness();
    this.tree = this.#watched(scratch);
    this.guards = this.#newGuards();
  }

  async stop(): Promise<void> {
    const stopped = await this.#stillness.stop(this.tree);
    if (stopped.how !== 'paused') throw new Error(`not still: ${JSON.stringify(stopped)}`);
  }

  go(): Promise<void> {
    return this.#stillness.go(this.worktree.agent);
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

  /** The session as far as who stands still is concerned, in place of its journal and of the process that owns the panes. */
  #newStillness(): Stillness {
    const { agent } = this.worktree;
    const lanes = new Lanes();
    const be = (state: 'working' | 'paused'): void => {
      this.#status = { ...this.#status, state, by: state === 'paused' ? COORDINATOR : null };
    };
    const desk = (): Stoppable => ({ run: RUN, pane: 1, status: this.#status });
    const reply = (ok: boolean, reason = ''): TreeReply => ({ ok, processes: 1, ms: 0, reason });
    const pause = async (): Promise<TreeReply> => {
      const paused = await pauseTree(this.#spec, this.#record, PAUSE_MS);
      this.#record = paused.record;
      return reply(paused.ok, paused.reason);
    };
    const resume = (): Promise<TreeReply> => {
      resumeTree(this.#record);
      this.#record = [];
      return Promise.resolve(reply(true));
    };
    const dispatch: StillnessParts['room']['dispatch'] = ({ type }) => {
      const pausing = type === 'agent.pause';
      void lanes.run(agent, async () => {
        if ((await (pausing ? pause() : resume())).ok) be(pausing ? 'paused' : 'working');
      });
      return { ok: true, seq: 0, events: [] };
    };
    const room = {
      dispatch,
      get state() {
        return { agents: { [agent]: desk() }, health: {} };
      },
    };
    // Of its own accord it lets go on only who was caught in a write.
    const caught = (): Promise<TreeReply> => {
      this.torn++;
      return resume();
    };
    const settled = async (id: AgentId): Promise<void> => {
      await Promise.resolve();
      await lanes.settled(id);
    };
    return new Stillness({ room, panes: { host: { pause, resume: caught } }, effects: { settled } });
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
      return { ok: true, seq: 0, events: [] };
    };
    return new Guards({ room: { dispatch }, stillness: this.#stillness, busy: this.#busy, onDispute: () => {} });
  }
}
