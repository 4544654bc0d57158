/** Overlaps and rounds of one session, put together: worktrees, who watches them, who merges them. */
import type { Tree } from './tree.ts';
import { Trees } from './trees.ts';
import { MergeViews } from './views.ts';
import { requestOf } from '../../adapters/build/outcome.ts';
import { HealthRunner, type OutputSink } from '../../adapters/build/runner.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { PlanAgent, PlanHealth, PlanIntegration, PlanWorkspace } from '../../core/plan/model.ts';
import type { Busy } from '../busy.ts';
import type { Effects } from '../effects/effects.ts';
import { log } from '../log.ts';
import type { Panes } from '../panes.ts';
import type { Room } from '../room.ts';
import { Guards } from './guards.ts';
import { OverlapWatch } from './overlap-watch.ts';
import { Git } from '../../adapters/git/plumb.ts';
import { pruneBackups } from '../../adapters/git/prune.ts';
import { packScratch } from '../../adapters/git/scratch-pack.ts';
import { gitDirs } from '../../adapters/git/repo.ts';
import { TreeWatchers } from '../../adapters/watch/tree-watcher.ts';
import { distFile } from '../../adapters/paths/dist.ts';
import { Blaming } from './blaming.ts';
import { BranchHealth } from './branch-health.ts';
import { Figures } from './figures.ts';
import { Forwarding } from './forwarding.ts';
import { LandingChecks } from './landing-checks.ts';
import { Landings } from './landings.ts';
import { Rollbacks } from './rollbacks.ts';
import { OwnWork } from './own-work.ts';
import { Rounds } from './rounds.ts';
import { SharedWatch } from './shared-watch.ts';
import { Stillness } from './stillness.ts';

export interface MergingParts {
  readonly room: Room;
  readonly panes: Panes;
  readonly effects: Effects;
  readonly busy: Busy;
  readonly repo: string;
  readonly stateDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly base: string | null;
  readonly workspace: PlanWorkspace;
  readonly integration: PlanIntegration;
  readonly logs: string;
  readonly health: ReadonlyMap<string, PlanHealth>;
  /** Who looks on while checks of the branch run. */
  readonly output: OutputSink;
  readonly agents: readonly PlanAgent[];
  readonly newId: () => string;
  /** A worktree was looked at. @param tree of the snapshot */
  readonly onLook: (agent: AgentId, tree: string) => void;
}

/** Also of the watcher of the repository itself, see world.ts. */
const WATCH_CAUSE = 'git:watch';
/** A daemon may live for weeks. */
const PRUNE_MS = 24 * 60 * 60_000;
/** Longer than packing may take. */
const PACK_MS = 15 * 60_000;

export class Merging {
  readonly #parts: MergingParts;
  readonly trees: Trees;
  readonly stillness: Stillness;
  readonly rounds: Rounds;
  readonly watch: OverlapWatch;
  readonly landings: Landings;
  readonly rollbacks: Rollbacks;
  readonly blame: Blaming;
  readonly branchHealth: BranchHealth;
  readonly shared: SharedWatch;
  readonly views: MergeViews;
  /** When others get what has landed. */
  readonly forwarding: PlanIntegration['forward'];
  readonly #checks: LandingChecks;
  readonly #forwarding: Forwarding;
  readonly #watchers = new TreeWatchers(distFile('tree-watcher.js'));
  readonly #blindTrees = new Set<AgentId>();
  readonly #considered = new Map<string, NodeJS.Timeout>();
  #chores: readonly NodeJS.Timeout[] = [];

  constructor(parts: MergingParts) {
    this.#parts = parts;
    const { room, panes, effects, busy, repo, stateDir, base, workspace } = parts;
    this.trees = new Trees({
      room,
      repo,
      stateDir,
      startAt: () => this.landings.startAt(),
      workspace,
      onOpened: (tree) => this.#opened(tree),
      onClosed: (agent) => this.watch.closed(agent),
    });
    const stillness = new Stillness({ room, panes, effects });
    this.stillness = stillness;
    const guards = new Guards({ room, stillness, busy, onDispute: (agent) => this.watch.look(agent) });
    const against = (tree: Tree): Promise<string | null> => this.landings.measure(tree);
    this.watch = new OverlapWatch({
      room,
      trees: this.trees,
      guards,
      figures: new Figures(room, against),
      ownWork: new OwnWork(against),
      busy,
      onLook: parts.onLook,
    });
    this.rounds = new Rounds({
      room,
      trees: this.trees,
      stillness,
      guards,
      busy,
      verify: (check, dir) => this.#verify(check, dir),
      handedOver: (agent) => effects.handedOver(agent),
      onWritten: (agent) => this.watch.look(agent),
    });
    const { integration, health, env, logs } = parts;
    this.forwarding = integration.forward;
    this.#checks = new LandingChecks({ room, repo, logs, env, health, workspace, integration });
    const forwarding = new Forwarding({
      room,
      trees: this.trees,
      guards,
      busy,
      forward: integration.forward,
      newId: parts.newId,
      onWritten: (agent) => this.watch.look(agent),
    });
    this.#forwarding = forwarding;
    this.landings = new Landings({
      room,
      trees: this.trees,
      stillness,
      busy,
      checks: this.#checks,
      forwarding,
      repo,
      base,
      integration,
    });
    const { landings } = this;
    this.rollbacks = new Rollbacks({
      room,
      landings,
      checks: this.#checks,
      forwarding,
      busy,
      branch: integration.branch,
    });
    this.blame = new Blaming({ repo, logs, env, workspace, room, landings, health, busy });
    const { rollbacks, blame } = this;
    const tree = { repo, logs, env, workspace, output: parts.output };
    this.branchHealth = new BranchHealth({ ...tree, room, landings, blame, rollbacks, integration, health });
    this.shared = new SharedWatch({ room, busy, repo, watchers: this.#watchers, plan: parts.agents });
    this.views = new MergeViews({ room, trees: this.trees, rounds: this.rounds, landings: this.landings });
  }

  /** After a start: worktrees that are there, rounds that were under way, overlaps that wait for their turn. */
  async recover(): Promise<void> {
    await this.trees.reopen();
    // Before their agents go on: half of a forward is no tree to work in.
    await this.#forwarding.recover();
    await this.rounds.letGoOfStrays();
    await this.rounds.recover();
    void this.#prune();
    this.#chores = [
      setInterval(() => void this.#prune(), PRUNE_MS).unref(),
      setInterval(() => void this.#pack(), PACK_MS).unref(),
    ];
    await this.rollbacks.recover();
    for (const id of Object.keys(this.#parts.room.state.overlaps)) this.consider(id, 0);
    this.landings.step();
    this.branchHealth.recover();
  }

  /** Asks again in a moment whether the overlap calls for a round; what was asked before is off. */
  consider(overlap: string, ms: number): void {
    clearTimeout(this.#considered.get(overlap));
    const timer = setTimeout(() => {
      this.#considered.delete(overlap);
      this.#parts.room.dispatch({ type: 'overlap.due', overlap });
    }, ms);
    this.#considered.set(overlap, timer.unref());
  }

  /** Its own hook said so: sooner than any watcher, and surer. @param path relative to its tree */
  wrote(agent: AgentId, path: string): void {
    const tree = this.trees.of(agent);
    if (tree) this.watch.changed(tree, new Set([path]));
    else this.shared.told(agent, path, 'hook');
  }

  /** In a shared tree its word says who writes there. @param paths relative to its tree; a folder's says nothing of its files */
  claimed(agent: AgentId, paths: readonly string[]): void {
    if (this.trees.of(agent)) return;
    for (const path of paths) if (!path.endsWith('/')) this.shared.told(agent, path, 'claim');
  }

  /** An agent's state is another. */
  moved(agent: AgentId): void {
    this.#forwarding.suits(agent);
  }

  removed(agent: AgentId): void {
    this.trees.close(agent);
  }

  async stop(): Promise<void> {
    for (const timer of this.#considered.values()) clearTimeout(timer);
    for (const timer of this.#chores) clearInterval(timer);
    this.watch.stop();
    this.shared.stop();
    this.#watchers.stop();
    this.rounds.stop();
    await Promise.all([this.#checks.stop(), this.blame.stop(), this.branchHealth.stop(), this.trees.stop()]);
  }

  #opened(tree: Tree): void {
    const { dir, gitDir, commonDir } = tree.worktree;
    tree.watcher = this.#watchers.watch(
      { top: dir, gitDir, commonDir },
      {
        onChange: (paths) => this.watch.changed(tree, paths),
        onTrouble: (text) => this.#blind(tree.agent, text),
      },
    );
    this.watch.opened(tree);
  }

  /** Backups that nobody can want any more; what the state still knows of can be undone. */
  async #prune(): Promise<void> {
    const { room, repo } = this.#parts;
    const dirs = await gitDirs(repo).catch(() => null);
    if (dirs === null) return;
    const { rounds, landings } = room.state;
    const keep = new Set([...Object.keys(rounds), ...landings.map(({ id }) => id)]);
    const git = new Git({ dir: dirs.top, gitDir: dirs.gitDir, commonDir: dirs.commonDir });
    const done = await pruneBackups(git, { keep, now: Date.now() });
    if (!done.ok) log(`old backups: ${done.reason}`);
  }

  /** What snapshots leave behind, once it is much. */
  async #pack(): Promise<void> {
    const [tree] = this.trees.all();
    if (!tree) return;
    const done = await packScratch(tree.worktree, tree.scratch);
    if (!done.ok) log(`objects of snapshots: ${done.reason}`);
  }

  /** One cause for all of them and the repository itself: it is the system's limit, and it is said once. */
  #blind(agent: AgentId, text: string | null): void {
    const { room } = this.#parts;
    if (text !== null) this.#blindTrees.add(agent);
    else if (!this.#blindTrees.delete(agent) || this.#blindTrees.size > 0) return;
    if (text === null) room.dispatch({ type: 'alert.over', cause: WATCH_CAUSE });
    else room.dispatch({ type: 'alert', level: 'warn', text, agent: null, cause: WATCH_CAUSE });
  }

  async #verify(name: string, dir: string): Promise<string | null> {
    const check = this.#parts.health.get(name);
    if (!check) return null;
    const runner = new HealthRunner({ repo: dir, logs: null, env: this.#parts.env, head: () => '' });
    const started = runner.start(requestOf(check));
    if (!started.ok) return started.reason;
    const outcome = await started.outcome;
    return outcome.state === 'green' ? null : outcome.firstError;
  }
}
