/** The session's plan: its agents, checks and todos, told to the coordinator. */
import { findPlan, loadPlan } from '../adapters/planfile/load.ts';
import { loadProfiles } from '../adapters/profiles/load.ts';
import { planAgents } from '../adapters/profiles/plan-agents.ts';
import type { AgentSpec } from '../core/model/agent.ts';
import { healthCommandText, problemLine, type Plan, type PlanHealth } from '../core/plan/model.ts';
import type { Room } from './room.ts';

export interface SessionPlan {
  /** Absolute; null where there is none. */
  readonly path: string | null;
  readonly plan: Plan | null;
  readonly agents: readonly AgentSpec[];
  readonly health: ReadonlyMap<string, PlanHealth>;
  /** What is wrong with it, one line each. */
  readonly problems: readonly string[];
}

/** @param named the path given at the start; null: the usual names are looked for */
export async function readPlan(
  repo: string,
  named: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SessionPlan> {
  const path = named ?? (await findPlan(repo));
  const none = { path, plan: null, agents: [], health: new Map() };
  if (path === null) return { ...none, problems: [] };
  const loaded = await loadPlan(path);
  if (!loaded.ok) return { ...none, problems: loaded.problems.map(problemLine) };
  const { plan } = loaded;
  const { requests, problems } = planAgents(plan, await loadProfiles(env), repo);
  const health = new Map(plan.health.map((check) => [check.name, check]));
  return { path, plan, agents: requests, health, problems };
}

/** Adds what isn't there yet and starts its agents. */
export function applyPlan(room: Room, { plan, agents, health, problems }: SessionPlan): void {
  forgetMended(room, problems);
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
