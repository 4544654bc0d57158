/** The session's plan: its agents, checks and todos, told to the coordinator. */
import { findPlan, loadPlan } from '../adapters/planfile/load.ts';
import { loadProfiles } from '../adapters/profiles/load.ts';
import { planAgents } from '../adapters/profiles/plan-agents.ts';
import { headCommit } from '../adapters/git/repo.ts';
import type { KindRule } from '../core/health/kinds.ts';
import type { AgentSpec } from '../core/model/agent.ts';
import { DEFAULT_MERGE_POLICY } from '../core/model/overlap.ts';
import { healthCommandText, problemLine, type Plan, type PlanHealth, type PlanWorkspace } from '../core/plan/model.ts';
import type { Profile } from '../core/profile/profile.ts';
import { isLaunched } from '../core/schedule/launch.ts';
import { DEFAULT_WORKSPACE } from '../core/plan/validate-workspace.ts';
import type { Room } from './room.ts';

export interface SessionPlan {
  /** Absolute; null where there is none. */
  readonly path: string | null;
  readonly plan: Plan | null;
  readonly agents: readonly AgentSpec[];
  /** Filled anew where the plan is: checks of an edited plan are run as they are now. */
  readonly health: Map<string, PlanHealth>;
  readonly workspace: PlanWorkspace;
  /** Agents may have worktrees: there is a git repository with a commit. */
  readonly canHaveTrees: boolean;
  /** All that it is made of, absolute. */
  readonly files: readonly string[];
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
  const empty = { path, plan: null, agents: [], workspace: DEFAULT_WORKSPACE, canHaveTrees };
  const none = { ...empty, health: new Map<string, PlanHealth>(), files: path === null ? [] : [path] };
  if (path === null) return { ...none, problems: [] };
  const loaded = await loadPlan(path);
  const files = [...none.files, ...loaded.files];
  if (!loaded.ok) return { ...none, files, problems: loaded.problems.map(problemLine) };
  const { plan } = loaded;
  const profiles = await loadProfiles(env);
  const { requests, problems } = planAgents(plan, profiles, repo, canHaveTrees);
  const failures = failureRules(plan, requests, profiles.byId);
  const health = new Map(plan.health.map((check) => [check.name, { ...check, failures }]));
  const untracked = git && !canHaveTrees && plan.workspace.kind === 'worktree' ? [NO_COMMIT] : [];
  const { workspace } = plan;
  return {
    path,
    plan,
    agents: requests,
    health,
    workspace,
    canHaveTrees,
    files,
    problems: [...problems, ...untracked],
  };
}

const NO_COMMIT =
  'the repository has no commit yet: all agents work in the one checkout; commit something and start the session again';

/** What failures are: as the plan has it, then as the profiles of its agents do, in their order. */
export function failureRules(
  plan: Plan,
  agents: SessionPlan['agents'],
  profiles: ReadonlyMap<string, Profile>,
): readonly KindRule[] {
  const used = [...new Set(agents.map(({ profile }) => profile))];
  const sorted = used.flatMap((id) => profiles.get(id)?.failures ?? []);
  return [...(plan.failures ?? []), ...sorted.map((rule) => ({ ...rule, agent: null }))];
}

/**
 * Adds what isn't there yet, starts agents that have no task to wait for, and puts the plan into force.
 * @param beforeTasks what is to be known before the first of its tasks starts
 */
export function applyPlan(
  room: Room,
  { path, plan, agents, health, problems }: SessionPlan,
  beforeTasks: () => void = () => {},
): void {
  forgetMended(room, problems);
  // A plan that can't be read says nothing: the last good one stays in force.
  if (plan !== null || path === null) {
    room.dispatch({ type: 'plan.merge', policy: plan?.overlaps ?? DEFAULT_MERGE_POLICY });
    room.dispatch({ type: 'permission.rules', rules: plan?.permissions ?? [] });
  }
  for (const check of health.values()) {
    const { name, run, timeoutMs, place, tell: wanted } = check;
    // Each agent that has a worktree has one of its own.
    if (place === 'agent') continue;
    const command = healthCommandText(run);
    const parts = { ...(place ? { place } : {}), ...(wanted ? { tell: wanted } : {}) };
    room.dispatch({ type: 'health.define', name, command, timeoutMs, ...parts });
  }
  const todos = [...(plan?.todos ?? []), ...(plan?.agents ?? []).flatMap((agent) => agent.todos)];
  for (const { id, text, agent, done } of todos) {
    if (room.state.todos.some((todo) => todo.id === id)) continue;
    room.dispatch({ type: 'plan.todo', id, text, task: null, agent });
    if (done) room.dispatch({ type: 'todo.check', id, done });
  }
  if (plan !== null) room.dispatch({ type: 'plan.take', plan, path });
  // Not before all are there: of the tasks that are ready the most urgent goes first.
  const fresh = agents.filter(({ id }) => !Object.hasOwn(room.state.agents, id));
  if (fresh.length > 0) hold(room, 'agents of the plan are being added');
  for (const agent of fresh) {
    // Who has tasks is started for the first of them, who has a step of the launch with that.
    const start =
      plan === null || (!plan.tasks.some((task) => task.agent === agent.id) && !isLaunched(plan.launch, agent.id));
    const outcome = room.dispatch({ type: 'agent.add', agent, start });
    if (!outcome.ok) tell(room, `the plan's agent ${agent.id}: ${outcome.refusal.refused}`);
  }
  beforeTasks();
  hold(room, null);
  for (const problem of problems) tell(room, problem);
}

function hold(room: Room, reason: string | null): void {
  if (room.state.work !== null) room.dispatch({ type: 'schedule.limit', cause: 'adding', reason });
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
