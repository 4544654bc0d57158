/** The document of `llmctl status --json`. Scripts rely on its names; what is beside the contract's own may grow. */
import { agentBranch, isLive, type Agent } from '../model/agent.ts';
import type { Alert, State } from '../model/state.ts';
import { heldBy } from '../overlap/holders.ts';
import { healthDocument } from './health.ts';
import { lockDocuments, overlapDocuments } from './overlap-documents.ts';
import { emergenciesInOrder, emergencyDocument, progressDocument } from './watch-documents.ts';
import { permissionDocuments } from './permission-documents.ts';
import { isoTime } from './time.ts';
import { usedBy, usedByAll } from './used.ts';
import {
  gateDocuments,
  handoverDocuments,
  holdDocuments,
  milestoneDocuments,
  taskDocuments,
  todoDocument,
} from './work-documents.ts';

/** @param clients connections that show the session just now */
export function statusDocument(state: State, clients: number) {
  const { session } = state;
  return {
    session: {
      id: session.id,
      repo: session.repo,
      plan: withinRepo(session.plan ?? '', session.repo),
      pid: session.pid,
      startedAt: isoTime(session.startedAt),
      seq: state.seq,
      clients,
      base: session.base || (state.git?.branch ?? ''),
      integration: session.integration ?? '',
      ...usedByAll(state),
    },
    agents: agentsInOrder(state).map((agent) => agentDocument(agent, state)),
    tasks: taskDocuments(state),
    milestones: milestoneDocuments(state),
    gates: gateDocuments(state),
    handovers: handoverDocuments(state),
    holds: holdDocuments(state),
    permissions: permissionDocuments(state),
    overlaps: overlapDocuments(state),
    locks: lockDocuments(state),
    health: Object.fromEntries(Object.values(state.health).map((check) => [check.name, healthDocument(check)])),
    todos: state.todos.map(todoDocument),
    git: gitDocument(state),
    alerts: state.alerts.map(alertDocument),
    emergencies: emergenciesInOrder(state).map(emergencyDocument),
  };
}

/** A plan that lies elsewhere keeps its whole path. */
function withinRepo(path: string, repo: string): string {
  return path.startsWith(`${repo}/`) ? path.slice(repo.length + 1) : path;
}

export function alertDocument({ id, level, text, agent, at, count, cause, ackedBy }: Alert) {
  return { id, level, text, agent, at: isoTime(at), count, cause, ackedBy: ackedBy?.name ?? null };
}

export function agentsInOrder(state: State): Agent[] {
  return state.order.flatMap((id) => state.agents[id] ?? []);
}

export function gitDocument({ git }: State) {
  if (git === null) return null;
  const { branch, upstream, ahead, behind, head, changed, at, stale } = git;
  return { branch, upstream, ahead, behind, head, changed, at: isoTime(at), stale };
}

function agentDocument(agent: Agent, state: State) {
  const { spec, status, run, git, exit } = agent;
  const tree = agent.tree ?? null;
  const usage = agent.usage ?? null;
  return {
    id: spec.id,
    name: spec.name,
    profile: spec.profile,
    host: 'local',
    state: status.state,
    since: isoTime(status.since),
    reason: status.reason,
    evidence: status.evidence,
    waitingFor: status.waitingFor ?? null,
    until: status.until ? isoTime(status.until) : null,
    by: status.by?.name ?? null,
    pid: isLive(agent) ? (run?.pid ?? null) : null,
    worktree: tree?.dir ?? spec.worktree ?? spec.cwd,
    // Without a worktree of its own it works on what the repository has checked out.
    branch: git?.branch ?? tree?.branch ?? (spec.worktree ? agentBranch(spec.id) : (state.git?.branch ?? '')),
    task: spec.task,
    progress: agent.progress,
    lastProgress: progressDocument(state, agent),
    activity: agent.activity,
    changed: git?.changed ?? [],
    claims: heldBy(state, spec.id),
    ahead: git?.ahead ?? 0,
    behind: git?.behind ?? 0,
    ...usedBy(usage),
    contextUsed: usage?.now.contextUsed ?? null,
    model: usage?.now.model ?? null,
    conversation: agent.conversation?.id ?? null,
    restarts: agent.restarts,
    exit: exit === null ? null : { code: exit.code, signal: exit.signal, at: isoTime(exit.at) },
  };
}
