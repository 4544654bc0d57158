import type { Actor, Agent, AgentStateName } from '../../core/model/agent.ts';
import { showControls } from '../../core/text.ts';
import type { Token } from '../theme/tokens.ts';

/** One glyph a state; the word always stands beside it. */
export const STATE_GLYPHS: Readonly<Record<AgentStateName, string>> = {
  starting: '◌',
  working: '●',
  waiting: '◆',
  idle: '○',
  limited: '◔',
  stuck: '▲',
  paused: '‖',
  done: '✓',
  failed: '✗',
  stopped: '■',
};

/** What the screens say of an agent; every text is safe to show. */
export interface AgentView {
  readonly id: string;
  readonly pane: number;
  /** As the key that jumps to it: 1 for the first. */
  readonly number: number;
  readonly name: string;
  readonly profile: string;
  readonly state: AgentStateName;
  readonly glyph: string;
  /** The state, or what is on its way: `pausing…`. PAUSED in capitals. */
  readonly word: string;
  readonly token: Token;
  readonly since: number;
  readonly reason: string;
  /** Who paused or stopped it; '' where nobody did. */
  readonly by: string;
  readonly task: string;
  readonly activity: string;
  readonly progress: number | null;
  readonly branch: string;
  /** null where the agent has no worktree of its own to look at. */
  readonly changed: number | null;
  readonly ahead: number;
  readonly behind: number;
  readonly live: boolean;
}

/** @param task - id of the plan's task that it has in hand; null: none */
export function agentView(agent: Agent, number: number, task: string | null): AgentView {
  const { spec, status, git } = agent;
  return {
    id: spec.id,
    pane: agent.pane,
    number,
    name: showControls(spec.name),
    profile: showControls(spec.profile),
    state: status.state,
    glyph: STATE_GLYPHS[status.state],
    word: stateWord(agent),
    token: `state.${status.state}`,
    since: status.since,
    reason: showControls(status.reason),
    by: actorName(status.by),
    task: showControls(task ?? spec.task ?? ''),
    activity: showControls(agent.activity),
    progress: agent.progress,
    branch: showControls(git?.branch ?? ''),
    changed: git ? git.changed.length : null,
    ahead: git?.ahead ?? 0,
    behind: git?.behind ?? 0,
    live: agent.run !== null,
  };
}

function stateWord(agent: Agent): string {
  if (agent.pending) return `${agent.pending}…`;
  return agent.status.state === 'paused' ? 'PAUSED' : agent.status.state;
}

export function actorName(actor: Actor | null): string {
  return actor ? showControls(actor.name) : '';
}

/** `▰▰▰▱▱`: `percent` of 0 to 100 in `cells` columns. */
export function progressBar(percent: number, cells: number): string {
  const full = Math.round((Math.max(0, Math.min(100, percent)) / 100) * cells);
  return '▰'.repeat(full) + '▱'.repeat(cells - full);
}
