/** The document of `llmctl status --json`: names and shapes that scripts rely on. Times are ISO 8601 in UTC. */
import type { Agent } from '../core/model/agent.ts';
import type { HealthCheck, State } from '../core/model/state.ts';
import type { Snapshot } from '../protocol/messages.ts';

export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function statusDocument({ state, seq, clients }: Snapshot) {
  const { session } = state;
  return {
    session: {
      id: session.id,
      repo: session.repo,
      plan: session.plan,
      pid: session.pid,
      startedAt: iso(session.startedAt),
      seq,
      clients,
      base: state.git?.branch ?? null,
      integration: null,
    },
    agents: state.order
      .map((id) => state.agents[id])
      .filter((agent) => agent !== undefined)
      .map(agentDocument),
    tasks: [],
    milestones: [],
    gates: [],
    overlaps: [],
    health: Object.fromEntries(Object.values(state.health).map((check) => [check.name, healthDocument(check)])),
    todos: state.todos.map(({ id, text, done, task, agent }) => ({ id, text, done, task, agent })),
    git: gitDocument(state),
    alerts: state.alerts.map(({ id, level, text, agent, at, count }) => ({
      id,
      level,
      text,
      agent,
      at: iso(at),
      count,
    })),
  };
}

export function gitDocument({ git }: State) {
  if (git === null) return null;
  const { branch, upstream, ahead, behind, head, changed, at, stale } = git;
  return { branch, upstream, ahead, behind, head, changed, at: iso(at), stale };
}

export function healthDocument(check: HealthCheck) {
  const { state, stale, command, commit, ms, at, firstError } = check;
  return { state, stale, command, commit, ms, at: at === 0 ? null : iso(at), brokenBy: null, firstError };
}

function agentDocument(agent: Agent) {
  const { spec, status, run, git } = agent;
  return {
    id: spec.id,
    name: spec.name,
    profile: spec.profile,
    host: 'local',
    state: status.state,
    since: iso(status.since),
    reason: status.reason,
    evidence: status.evidence,
    by: status.by?.name ?? null,
    pid: run?.pid ?? null,
    worktree: spec.cwd,
    branch: git?.branch ?? null,
    task: spec.task,
    progress: agent.progress,
    activity: agent.activity,
    changed: git?.changed ?? [],
    ahead: git?.ahead ?? 0,
    behind: git?.behind ?? 0,
    tokens: null,
    costUsd: null,
    restarts: agent.restarts,
    exit: agent.exit === null ? null : { ...agent.exit, at: iso(agent.exit.at) },
  };
}
