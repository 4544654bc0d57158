/** The worktrees of the session's agents: made before their programs start, opened again by a new daemon, never removed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worktree } from '../../adapters/git/api-merge.ts';
import { cloneFolders } from '../../adapters/git/reflink.ts';
import { openScratch, type Scratch } from '../../adapters/git/scratch.ts';
import { closeJudges } from '../../adapters/git/judges-store.ts';
import { closeTrees } from '../../adapters/git/trees.ts';
import { updateSubmodules } from '../../adapters/git/submodules.ts';
import { ensureWorktree } from '../../adapters/git/worktrees.ts';
import { portsFolder, takePorts } from '../../adapters/paths/ports.ts';
import type { AgentId, AgentSpec } from '../../core/model/agent.ts';
import type { PlanWorkspace } from '../../core/plan/model.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';
import { withSetup } from './setup.ts';
import { Tree } from './tree.ts';

export interface TreesParts {
  readonly room: Room;
  /** Top of the repository. */
  readonly repo: string;
  readonly stateDir: string;
  /** What new branches begin from; null: what is checked out. */
  readonly startAt: () => Promise<string | null>;
  readonly workspace: PlanWorkspace;
  readonly onOpened: (tree: Tree) => void;
  readonly onClosed: (agent: AgentId) => void;
}

export interface Placement {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export class Trees {
  readonly #parts: TreesParts;
  readonly #trees = new Map<AgentId, Tree>();
  #scratch: Promise<Scratch> | null = null;

  constructor(parts: TreesParts) {
    this.#parts = parts;
  }

  of(agent: AgentId): Tree | undefined {
    return this.#trees.get(agent);
  }

  all(): readonly Tree[] {
    return [...this.#trees.values()];
  }

  /**
   * Before a program starts. @returns what to start in it
   * @throws Error with one line where there is no worktree to be had
   */
  async place(spec: AgentSpec): Promise<Placement> {
    if (!spec.worktree) return { argv: spec.command, env: {} };
    const { room, repo, startAt, workspace } = this.#parts;
    const made = await ensureWorktree(repo, { agent: spec.id, base: await startAt(), copy: workspace.copy });
    if (!made.ok) throw new Error(made.reason);
    const { worktree } = made;
    if (made.made === 'new') await this.#furnish(spec.id, worktree);
    const known = room.state.agents[spec.id]?.tree?.portBase ?? null;
    const portBase = await this.#ports(worktree, known);
    const tree = { dir: worktree.dir, branch: worktree.branch, portBase, made: made.made };
    room.dispatch({ type: 'agent.placed', agent: spec.id, tree });
    await this.#open(spec.id, worktree);
    return {
      argv: await withSetup(workspace.setup, worktree.gitDir, spec.command),
      env: portBase === null ? {} : { LLMCTL_PORT_BASE: String(portBase) },
    };
  }

  /** Worktrees of agents that were here before this daemon. */
  async reopen(): Promise<void> {
    const { room, repo, startAt } = this.#parts;
    for (const { spec, tree } of Object.values(room.state.agents)) {
      if (!spec.worktree || !tree || this.#trees.has(spec.id)) continue;
      const found = await ensureWorktree(repo, { agent: spec.id, base: await startAt() });
      if (found.ok) await this.#open(spec.id, found.worktree);
      else this.#tell(spec.id, `the worktree of ${spec.id} can't be used: ${found.reason}`);
    }
  }

  /** Ends what reads objects for all of them. */
  async stop(): Promise<void> {
    const scratch = await this.#scratch?.catch(() => null);
    if (scratch) {
      closeTrees(scratch);
      closeJudges(scratch);
    }
  }

  close(agent: AgentId): void {
    this.#trees.get(agent)?.close();
    if (this.#trees.delete(agent)) this.#parts.onClosed(agent);
  }

  /** The session's folder for what lives a day. @throws Error */
  scratch(commonDir: string): Promise<Scratch> {
    this.#scratch ??= openScratch(commonDir).then((opened) => {
      if (opened.ok) return opened.scratch;
      this.#scratch = null;
      throw new Error(opened.reason);
    });
    return this.#scratch;
  }

  async #open(agent: AgentId, worktree: Worktree): Promise<void> {
    const known = this.#trees.get(agent);
    if (known?.worktree.dir === worktree.dir && known.worktree.gitDir === worktree.gitDir) return;
    const scratch = await this.scratch(worktree.commonDir);
    known?.close();
    const tree = new Tree(agent, worktree, scratch);
    this.#trees.set(agent, tree);
    this.#parts.onOpened(tree);
  }

  /** What git does not bring into a new worktree. */
  async #furnish(agent: AgentId, worktree: Worktree): Promise<void> {
    const { repo, workspace } = this.#parts;
    await cloneFolders(repo, worktree.dir, workspace.reflink);
    if ((await readFile(join(worktree.dir, '.gitmodules')).catch(() => null)) === null) return;
    const done = await updateSubmodules(worktree.dir);
    if (!done.ok)
      this.#tell(
        agent,
        `the submodules of ${agent}'s worktree could not be checked out: ${done.reason}; run \`git submodule update --init\` there`,
      );
  }

  async #ports(worktree: Worktree, before: number | null): Promise<number | null> {
    const { stateDir, workspace } = this.#parts;
    try {
      return await takePorts(portsFolder(stateDir), worktree.dir, workspace.ports, before);
    } catch (error) {
      log(`ports: ${(error as Error).message}`);
      return null;
    }
  }

  #tell(agent: AgentId, text: string): void {
    this.#parts.room.dispatch({ type: 'alert', level: 'warn', text, agent, cause: `worktree:${agent}` });
  }
}
