/** The repository and its checks, as far as the session watches them. */
import { requestOf } from '../adapters/build/outcome.ts';
import { HealthRunner, type OutputSink } from '../adapters/build/runner.ts';
import { gitDirs, headCommit } from '../adapters/git/repo.ts';
import { RepoGitWatcher } from '../adapters/watch/repo-git-watcher.ts';
import { baseCheckName, checksNamed } from '../core/health/agent-checks.ts';
import type { Failure } from '../core/health/failures.ts';
import type { AgentId } from '../core/model/agent.ts';
import type { PlanHealth } from '../core/plan/model.ts';
import type { Slots } from './health/slots.ts';
import { HealthClock } from './health/health-clock.ts';
import { log } from './log.ts';
import type { Room } from './room.ts';

export interface WorldOptions {
  readonly room: Room;
  readonly repo: string;
  readonly git: boolean;
  readonly logs: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly health: ReadonlyMap<string, PlanHealth>;
  readonly output?: OutputSink;
  /** Runs a check that looks at the integration branch, and tells its result. Never rejects. */
  readonly slots: Slots;
  /** Runs a check in an agent's worktree, and tells its result. Never rejects. */
  readonly inTree: (name: string, agent: AgentId) => Promise<void>;
  readonly onBranch: (check: PlanHealth) => Promise<void>;
  /** Who landed last in the files of failures: file → landing. Never rejects. */
  readonly landedBy: (failures: readonly Failure[]) => Promise<Readonly<Record<string, string>>>;
}

interface Worktree {
  readonly cwd: string;
  /** null while it is found out, or where the agent works in the repository itself. */
  watcher: RepoGitWatcher | null;
}

export class World {
  readonly #options: WorldOptions;
  readonly #health: HealthRunner;
  readonly #healthWaiting = new Map<string, (() => void)[]>();
  readonly #worktrees = new Map<AgentId, Worktree>();
  #repo: RepoGitWatcher | null = null;
  readonly #clock: HealthClock;
  #top: string | null = null;
  #stopped = false;
  /** How often the tree moved so far. */
  #moves = 0;
  /** Checks that run here just now. */
  #checking = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    const { repo, logs, env, git, output } = options;
    this.#clock = new HealthClock(options.health, (name) => void this.#again(name));
    this.#health = new HealthRunner({ repo, logs, env, head: () => (git ? headCommit(repo) : ''), output });
  }

  /** Resolves after the first look at git; never rejects. */
  async start(): Promise<void> {
    this.#clock.start();
    if (this.#options.git) await this.#watchRepo();
    // After the first look, which people wait for. A build of a daemon that was killed would go on for nobody.
    if (!this.#stopped) this.#health.endLeftovers().catch((error: Error) => log(`health: ${error.message}`));
  }

  async #watchRepo(): Promise<void> {
    const { room, repo, env } = this.#options;
    // What troubled the daemon before may be over; what isn't is told again.
    for (const { cause } of room.state.alerts) if (cause.startsWith('git:')) this.#trouble(cause, null);
    try {
      this.#top = (await gitDirs(repo))?.top ?? null;
      this.#repo = new RepoGitWatcher({
        repo,
        env,
        onStatus: ({ branch, upstream, ahead, behind, head, changed, stale }) =>
          room.dispatch({ type: 'git.status', branch, upstream, ahead, behind, head, changed, stale }),
        onTrouble: (cause, text) => this.#trouble(`git:${cause}`, text),
        onTreeChanged: () => {
          this.#moves++;
          // What a check writes itself would have it run for ever.
          if (this.#checking === 0) this.#clock.changed();
          room.dispatch({ type: 'tree.moved' });
        },
      });
      await this.#repo.start();
      this.agentsChanged();
    } catch (error) {
      log(`git: ${(error as Error).stack ?? String(error)}`);
    }
  }

  /** Agents came or went: those that work in another worktree have a status of their own. */
  agentsChanged(): void {
    if (this.#top === null || this.#stopped) return;
    const { agents } = this.#options.room.state;
    for (const [id, tree] of this.#worktrees) {
      if (agents[id]?.spec.cwd === tree.cwd) continue;
      this.#worktrees.delete(id);
      void tree.watcher?.stop();
    }
    for (const [id, { spec }] of Object.entries(agents)) {
      // Worktrees of llmctl's own are watched for more than their status.
      if (this.#worktrees.has(id) || spec.worktree) continue;
      const tree: Worktree = { cwd: spec.cwd, watcher: null };
      this.#worktrees.set(id, tree);
      // Nearly all agents work in the repository itself: that is known without asking git.
      if (spec.cwd !== this.#options.repo) void this.#watchWorktree(id, tree);
    }
  }

  /** The newest state is the one that counts: a run of an older one ends. */
  async #again(name: string): Promise<void> {
    const isBranch = this.#options.health.get(name)?.place === 'integration';
    if (!isBranch && (await this.#health.cancel(name))) await this.healthDone(name);
    if (!this.#stopped) this.#options.room.dispatch({ type: 'health.run', name });
  }

  /** Runs a check and tells its result. */
  async runHealth(name: string): Promise<void> {
    const { room, health } = this.#options;
    const of = room.state.health[name]?.agent;
    const check = health.get(name);
    if (of !== undefined) await this.#options.slots.run(() => this.#options.inTree(name, of));
    else if (!check) this.#unknown(name, 'the plan has no such check any more');
    else if (check.place === 'integration') await this.#options.slots.run(() => this.#options.onBranch(check));
    else await this.#options.slots.run(() => this.#here(check));
    for (const [waited, waiting] of this.#healthWaiting) {
      if (waited === name || waited === baseCheckName(name)) for (const resolve of waiting.splice(0)) resolve();
    }
  }

  /** In the repository as it lies there. */
  async #here(check: PlanHealth): Promise<void> {
    const { room, landedBy } = this.#options;
    const { name } = check;
    // What was written before it began is in it; what was written while it ran may not be.
    await this.#repo?.settle();
    const moves = this.#moves;
    this.#checking++;
    const started = this.#health.start(requestOf(check));
    if (started.ok) {
      const outcome = await started.outcome;
      await this.#repo?.settle();
      room.dispatch({ type: 'health.result', ...outcome, landedBy: await landedBy(outcome.failures) });
      room.dispatch({ type: 'health.tell', name });
      if (this.#moves !== moves) room.dispatch({ type: 'tree.moved' });
    } else this.#unknown(name, started.reason);
    this.#checking--;
  }

  #unknown(name: string, firstError: string): void {
    const nothing = { state: 'unknown', ms: 0, commit: '', tail: [] } as const;
    this.#options.room.dispatch({ type: 'health.result', name, ...nothing, firstError });
  }

  /** Resolves when the check runs no longer. */
  async healthDone(name: string): Promise<void> {
    while (checksNamed(this.#options.room.state.health, name).some(({ state }) => state === 'running')) {
      await new Promise<void>((resolve) => {
        const waiting = this.#healthWaiting.get(name) ?? [];
        waiting.push(resolve);
        this.#healthWaiting.set(name, waiting);
      });
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#clock.stop();
    const watchers = [this.#repo, ...[...this.#worktrees.values()].map(({ watcher }) => watcher)];
    await Promise.allSettled([this.#health.stop(), ...watchers.map((watcher) => watcher?.stop())]);
  }

  async #watchWorktree(agent: AgentId, tree: Worktree): Promise<void> {
    const { room, env } = this.#options;
    const top = (await gitDirs(tree.cwd).catch(() => null))?.top ?? null;
    if (top === null || top === this.#top || this.#stopped || this.#worktrees.get(agent) !== tree) return;
    tree.watcher = new RepoGitWatcher({
      repo: top,
      env,
      onStatus: ({ branch, changed, ahead, behind }) => {
        const paths = changed.map(({ path }) => path);
        room.dispatch({ type: 'agent.git', agent, git: { branch, changed: paths, ahead, behind } });
      },
      onTrouble: (cause, text) => this.#trouble(`git:${cause}:${agent}`, text),
      onTreeChanged: () => {},
    });
    await tree.watcher.start();
  }

  #trouble(cause: string, text: string | null): void {
    const { room } = this.#options;
    if (text === null) room.dispatch({ type: 'alert.over', cause });
    else room.dispatch({ type: 'alert', level: 'warn', text, agent: null, cause });
  }
}
