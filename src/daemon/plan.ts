/** The session's plan: its agents, checks and todos, told to the coordinator. */
import { findPlan, loadPlan } from '../adapters/planfile/load.ts';
import { loadProfiles } from '../adapters/profiles/load.ts';
import { planAgents } from '../adapters/profiles/plan-agents.ts';
import { headCommit } from '../adapters/git/repo.ts';
import type { AgentSpec } from '../core/model/agent.ts';
import { DEFAULT_MERGE_POLICY } from '../core/model/overlap.ts';
import { healthCommandText, problemLine, type Plan, type PlanHealth, type PlanWorkspace } from '../core/plan/model.ts';
import { DEFAULT_WORKSPACE } from '../core/plan/validate-workspace.ts';
import type { Room } from './room.ts';

export interface SessionPlan {
  /** Absolute; null where there is none. */
  readonly path: string | null;
  readonly plan: Plan | null;
  readonly agents: readonly AgentSpec[];
  readonly health: ReadonlyMap<string, PlanHealth>;
  readonly workspace: PlanWorkspace;
  /** Agents may have worktrees: there is a git repository with a commit. */
  readonly canHaveTrees: boolean;
  /** What is wrong with it, one line each. */
  readonly problems: readonly string[];
}

/** @param named the path given at the start; null: the usual names are looked for */
export async function readPlan(
  repo: string,
  named: string | null,
  env: Readonly<Record<string, string | undefined>>,
  git: boolean,
): Promise<SessionPlan> {
  const path = named ?? (await findPlan(repo));
  const canHaveTrees = git && (await headCommit(repo)) !== '';
  const none = { path, plan: null, agents: [], health: new Map(), workspace: DEFAULT_WORKSPACE, canHaveTrees };
  if (path === null) return { ...none, problems: [] };
  const loaded = await loadPlan(path);
  if (!loaded.ok) return { ...none, problems: loaded.problems.map(problemLine) };
  const { plan } = loaded;
  const { requests, problems } = planAgents(plan, await loadProfiles(env), repo, canHaveTrees);
  const health = new Map(plan.health.map((check) => [check.name, check]));
  const untracked = git && !canHaveTrees && plan.workspace.kind === 'worktree' ? [NO_COMMIT] : [];
  const { workspace } = plan;
  return { path, plan, agents: requests, health, workspace, canHaveTrees, problems: [...problems, ...untracked] };
}

const NO_COMMIT =
  'the repository has no commit yet: all agents work in the one checkout; commit something and start the session again';

/** Adds what isn't there yet and starts its agents. */
export function applyPlan(room: Room, { plan, agents, health, problems }: SessionPlan): void {
  forgetMended(room, problems);
  room.dispatch({ type: 'plan.merge', policy: plan?.overlaps ?? DEFAULT_MERGE_POLICY });
  for (const check of health.values()) {
    const { name, run, timeoutMs } = check;
    room.dispatch({ type: 'health.define', name, command: healthCommandText(run), timeoutMs });
  }
  const todos = [...(plan?.todos ?? []), ...(plan?.agents ?? []).flatMap((agent) => agent.todos)];
  for (const { id, text, agent, done } of todos) {
    if (room.state.todos.some((todo) => todo.id === id)) continue;
    room.dispatch({ type: 'plan.todo', id, text, task: null, agent });
    if (done) room.dispatch({ type: 'todo.check', id, done });
  }
  for (const agent of agents) {
    if (Object.hasOwn(room.state.agents, agent.id)) continue;
    const outcome = room.dispatch({ type: 'agent.add', agent, start: true });
    if (!outcome.ok) tell(room, `the plan's agent ${agent.id}: ${outcome.refusal.refused}`);
  }
  for (const problem of problems) tell(room, problem);
}

/** The plan was read anew: what was wrong with it before and no longer is has been mended. */
function forgetMended(room: Room, problems: readonly string[]): void {
  const causes = new Set(problems.map(causeOf));
  for (const { cause } of room.state.alerts) {
    if (cause.startsWith(CAUSE) && !causes.has(cause)) room.dispatch({ type: 'alert.over', cause });
  }
}

const CAUSE = 'plan:';

function causeOf(text: string): string {
  return CAUSE + text;
}

function tell(room: Room, text: string): void {
  room.dispatch({ type: 'alert', level: 'error', text, agent: null, cause: causeOf(text) });
}
