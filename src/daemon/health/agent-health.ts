/** Checks of agents' worktrees: each on the newest state of one, tied to the snapshot that it looked at. */
import { requestOf, type HealthOutcome } from '../../adapters/build/outcome.ts';
import { HealthRunner, type OutputSink } from '../../adapters/build/runner.ts';
import { agentCheckName, baseCheckName } from '../../core/health/agent-checks.ts';
import type { AgentId } from '../../core/model/agent.ts';
import { own } from '../../core/model/work.ts';
import { DEFAULT_QUIET_MS, healthCommandText, type PlanHealth } from '../../core/plan/model.ts';
import { log } from '../log.ts';
import { Lanes } from '../lanes.ts';
import type { Tree } from '../merging/tree.ts';
import type { Trees } from '../merging/trees.ts';
import type { Room } from '../room.ts';

export interface AgentHealthParts {
  readonly room: Room;
  readonly repo: string;
  readonly logs: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly health: ReadonlyMap<string, PlanHealth>;
  readonly output: OutputSink;
  readonly trees: () => Trees;
}

/** So often in a row a run is given up for a newer state; then one goes to its end, though its own files may be the news. */
const SUPERSEDED = 3;

export class AgentHealth {
  readonly #parts: AgentHealthParts;
  readonly #runners = new Map<AgentId, HealthRunner>();
  /** One check at a time in a worktree. */
  readonly #lanes = new Lanes();
  readonly #quiet = new Map<string, NodeJS.Timeout>();
  /** Tree of the newest snapshot of each worktree. */
  readonly #seen = new Map<AgentId, string>();
  readonly #superseded = new Map<string, number>();
  /** Called off because their agent is being paused. */
  readonly #held = new Map<AgentId, Set<string>>();
  #stopped = false;

  constructor(parts: AgentHealthParts) {
    this.#parts = parts;
  }

  /** An agent has a worktree, or the plan has other checks. */
  define(agent: AgentId): void {
    const { room, health } = this.#parts;
    if (!own(room.state.agents, agent)?.tree) return;
    for (const { name, run, timeoutMs, place, tell } of health.values()) {
      if (place !== 'agent') continue;
      const words = { command: healthCommandText(run), timeoutMs, ...(tell ? { tell } : {}) };
      room.dispatch({ type: 'health.define', name: agentCheckName(name, agent), ...words, place, tree: agent });
    }
  }

  /** After a start: what a daemon that was killed left running goes on for nobody. */
  recover(): void {
    this.defineAll();
    for (const { agent } of Object.values(this.#parts.room.state.health)) {
      const tree = agent === undefined ? undefined : this.#parts.trees().of(agent);
      if (tree)
        this.#runner(tree)
          .endLeftovers()
          .catch((error: Error) => log(`health: ${error.message}`));
    }
  }

  defineAll(): void {
    for (const agent of this.#parts.room.state.order) this.define(agent);
  }

  /** A look at a worktree: other files than the look before had? @param tree its id in git */
  seen(agent: AgentId, tree: string): void {
    const before = this.#seen.get(agent);
    this.#seen.set(agent, tree);
    if (before === tree || this.#stopped) return;
    const { room, health } = this.#parts;
    room.dispatch({ type: 'health.moved', tree: agent });
    // The first look only says how it stands.
    if (before === undefined) return;
    for (const { name, on, quietMs = DEFAULT_QUIET_MS, place } of health.values()) {
      if (place === 'agent' && on?.includes('change')) this.#arm(agentCheckName(name, agent), quietMs);
    }
  }

  /** Runs the check of that name in its agent's worktree, and tells its result. Never rejects. */
  async run(name: string, agent: AgentId): Promise<void> {
    const { room, health, trees } = this.#parts;
    const check = health.get(baseCheckName(name));
    const tree = trees().of(agent);
    const unknown = (firstError: string) =>
      room.dispatch({ type: 'health.result', name, state: 'unknown', ms: 0, commit: '', firstError, tail: [] });
    if (!check || !tree) {
      unknown(check ? `${agent} has no worktree` : 'the plan has no such check any more');
      return;
    }
    await this.#lanes.run(agent, async () => {
      const before = await tree.keeps.take();
      if (this.#stopped) return;
      const snapshot = before.ok ? before.snapshot : null;
      if (snapshot) this.#seen.set(agent, snapshot.tree);
      const started = this.#runner(tree).start({ ...requestOf(check), name });
      if (!started.ok) {
        unknown(started.reason);
        return;
      }
      const outcome = await started.outcome;
      if (outcome.state !== 'unknown') this.#superseded.delete(name);
      await this.#tell(tree, outcome, snapshot);
    });
  }

  /** It is being paused: nothing of llmctl's own may write there while it stands still. */
  pausing(agent: AgentId): void {
    for (const { name, state, agent: of } of Object.values(this.#parts.room.state.health)) {
      if (of !== agent || state !== 'running') continue;
      const held = this.#held.get(agent) ?? new Set<string>();
      this.#held.set(agent, held.add(name));
      void this.#runners.get(agent)?.cancel(name);
    }
  }

  resumed(agent: AgentId): void {
    for (const name of this.#held.get(agent) ?? []) this.#arm(name, 0);
    this.#held.delete(agent);
  }

  removed(agent: AgentId): void {
    void this.#runners.get(agent)?.stop();
    this.#runners.delete(agent);
    this.#seen.delete(agent);
    this.#held.delete(agent);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#quiet.values()) clearTimeout(timer);
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
  }

  async #tell(
    tree: Tree,
    outcome: HealthOutcome,
    snapshot: { readonly head: string; readonly tree: string } | null,
  ): Promise<void> {
    const { room } = this.#parts;
    const { name } = outcome;
    const at = snapshot ? { commit: snapshot.head, snapshot: snapshot.tree } : {};
    const firstError = outcome.firstError.replaceAll(`${tree.worktree.dir}/`, '');
    room.dispatch({ type: 'health.result', ...outcome, firstError, ...at });
    const after = await tree.keeps.take();
    if (after.ok && snapshot && after.snapshot.tree !== snapshot.tree) {
      // What the check itself wrote is no reason to run it again.
      this.#seen.set(tree.agent, after.snapshot.tree);
      room.dispatch({ type: 'health.moved', tree: tree.agent });
    }
    room.dispatch({ type: 'health.tell', name });
  }

  /** After a quiet time the check runs on what there is then; a run of an older state ends. */
  #arm(name: string, ms: number): void {
    clearTimeout(this.#quiet.get(name));
    this.#quiet.set(name, setTimeout(() => void this.#again(name), ms).unref());
  }

  async #again(name: string): Promise<void> {
    const { room } = this.#parts;
    const check = own(room.state.health, name);
    if (!check?.agent || this.#stopped || own(room.state.agents, check.agent)?.status.state === 'paused') return;
    if (check.state === 'running') {
      const times = this.#superseded.get(name) ?? 0;
      if (times >= SUPERSEDED) return;
      this.#superseded.set(name, times + 1);
      await this.#runners.get(check.agent)?.cancel(name);
      await room.until(() => own(room.state.health, name)?.state !== 'running');
    }
    if (!this.#stopped) room.dispatch({ type: 'health.run', name });
  }

  #runner(tree: Tree): HealthRunner {
    const known = this.#runners.get(tree.agent);
    if (known) return known;
    const { repo, logs, env, output } = this.#parts;
    const runner = new HealthRunner({
      repo: tree.worktree.dir,
      logs: `${logs}/agents`,
      env,
      head: () => '',
      purpose: 'health',
      fallback: repo,
      output,
    });
    this.#runners.set(tree.agent, runner);
    return runner;
  }
}
