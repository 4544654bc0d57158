/**
 * After a start: what the journal says runs, against what the ptyhost has. Effects are never done again; what happened
 * while no daemon ran is told as if it were seen now.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { knownStatus } from '../core/agents/evidence.ts';
import { COORDINATOR, type Agent, type AgentSpec } from '../core/model/agent.ts';
import type { Command } from '../core/model/commands.ts';
import { ENDED_AWAY } from '../core/select/cut-off.ts';
import { AGENT_ID } from '../core/decide/add.ts';
import type { PaneInfo } from '../protocol/ptyhost.ts';
import type { EvidenceKeeper } from './evidence/keeper.ts';
import type { Panes } from './panes.ts';
import type { Room } from './room.ts';

export interface AdoptParts {
  readonly room: Room;
  readonly panes: Panes;
  readonly repo: string;
  /** Agents of the plan: what a pane that nobody remembers was perhaps started from. */
  readonly planned: readonly AgentSpec[];
  /** A crashed agent's next start, which was waited for when the last daemon ended. */
  readonly rearm: (agent: string, ms: number) => void;
  readonly evidence: Pick<EvidenceKeeper, 'seed'>;
}

export function adopt(parts: AdoptParts, infos: readonly PaneInfo[]): void {
  const { room, panes } = parts;
  for (const info of infos) if (!ownerOf(room, info)) adoptStranger(parts, info);
  const byPane = new Map(infos.map((info) => [info.pane, info]));
  for (const agent of Object.values(room.state.agents)) {
    const info = byPane.get(agent.pane);
    if (info) panes.open(agent.spec.id, info.pane, info.cols, info.rows, info.offset, true);
    for (const command of reconcile(agent, info, Date.now())) room.dispatch(command);
    const after = room.state.agents[agent.spec.id];
    if (after?.run) setImmediate(() => parts.evidence.seed(after.spec.id, knownStatus(after)));
    const { retryAt } = room.state.agents[agent.spec.id] ?? {};
    if (retryAt) parts.rearm(agent.spec.id, Math.max(0, retryAt - Date.now()));
  }
  for (const check of Object.values(room.state.health)) {
    if (check.state !== 'running') continue;
    const { name, commit } = check;
    const firstError = 'the daemon was started again meanwhile';
    room.dispatch({ type: 'health.result', name, state: 'unknown', ms: 0, commit, firstError, tail: [] });
  }
}

/** What there is to tell about an agent. @param info its pane; undefined where the ptyhost has none */
export function reconcile(agent: Agent, info: PaneInfo | undefined, now: number): Command[] {
  const { id } = agent.spec;
  if (agent.run === null) {
    if (agent.status.state !== 'starting') return [];
    if (!info || info.exit) {
      return [{ type: 'pty.spawn-failed', agent: id, reason: 'the daemon was started again before it ran' }];
    }
    return [{ type: 'pty.spawned', agent: id, pid: info.pid, token: info.token }];
  }
  const same = info !== undefined && info.token === agent.run.token;
  if (!same)
    return [{ type: 'pty.exited', agent: id, exit: { code: null, signal: null, at: now }, reason: ENDED_AWAY }];
  if (info.exit) return [{ type: 'pty.exited', agent: id, exit: { ...info.exit, at: now } }];
  const commands: Command[] = [];
  if (agent.pending !== null) {
    const reason = `the daemon was started again while it was ${agent.pending}`;
    // What a pause or a resume came to is told below.
    const told = agent.pending === 'pausing' ? info.paused : agent.pending === 'resuming' ? !info.paused : false;
    if (!told) commands.push({ type: 'tree.failed', agent: id, reason });
  }
  const paused = agent.status.state === 'paused';
  if (info.paused && !paused) commands.push({ type: 'tree.paused', agent: id, processes: 0, ms: 0, by: COORDINATOR });
  if (!info.paused && paused) commands.push({ type: 'tree.resumed', agent: id, by: COORDINATOR });
  return commands;
}

function ownerOf(room: Room, info: PaneInfo): Agent | undefined {
  return Object.values(room.state.agents).find((agent) => agent.pane === info.pane && agent.spec.id === info.agent);
}

/** The journal was lost, its program runs: it is an agent again, under the name that it has in its environment. */
function adoptStranger({ room, panes, repo, planned }: AdoptParts, info: PaneInfo): void {
  const { state } = room;
  const taken =
    Object.hasOwn(state.agents, info.agent) || Object.values(state.agents).some(({ pane }) => pane === info.pane);
  if (info.exit || taken || !AGENT_ID.test(info.agent)) {
    void panes.host.forget(info.pane).catch(() => undefined);
    return;
  }
  const spec = planned.find(({ id }) => id === info.agent) ?? guess(info, repo);
  const { agent, pane, pid, token } = info;
  // As events, not as a command: that would start a second one.
  room.record([
    { type: 'agent.added', spec, pane, by: COORDINATOR },
    { type: 'agent.starting', agent, reason: 'found running', by: COORDINATOR },
    { type: 'agent.started', agent, pid, token },
  ]);
}

function guess({ agent, pid }: PaneInfo, repo: string): AgentSpec {
  const read = (act: () => string, otherwise: string): string => {
    try {
      return act();
    } catch {
      return otherwise;
    }
  };
  const command = read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), agent)
    .split('\0')
    .filter(Boolean);
  const cwd = read(() => readlinkSync(`/proc/${pid}/cwd`), repo);
  return {
    id: agent,
    name: agent,
    profile: 'command',
    command,
    cwd,
    env: {},
    prompt: null,
    task: null,
    origin: 'person',
  };
}
