/** Pause, resume, restart, stop, remove, send: what people ask of agents that are here already. */
import { isLive, type Actor, type Agent } from '../model/agent.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { roundWith } from '../select/overlaps.ts';
import { startedBy } from './add.ts';
import { overFor } from './alerts.ts';
import { refuse, type Decision } from './refuse.ts';

const NOTHING: Decision = [];

export function decidePause(agent: Agent, by: Actor): Decision {
  if (agent.status.state === 'paused' || agent.pending === 'pausing') return NOTHING;
  if (!isLive(agent)) return notRunning(agent, 'pause');
  if (agent.pending !== null) return underWay(agent);
  return [{ type: 'agent.pausing', agent: agent.spec.id, by }];
}

export function decideResume(state: State, agent: Agent, by: Actor): Decision {
  if (!isLive(agent)) return notRunning(agent, 'resume');
  if (agent.pending === 'resuming') return NOTHING;
  if (agent.pending !== null) return underWay(agent);
  if (agent.status.state !== 'paused') return NOTHING;
  if (by.kind !== 'coordinator' && roundWith(state, agent.spec.id) !== null) return inRound(agent);
  return [{ type: 'agent.resuming', agent: agent.spec.id, by }];
}

export function decideRestart(state: State, agent: Agent, by: Actor): Decision {
  const { id } = agent.spec;
  if (agent.pending === 'stopping' || agent.pending === 'restarting') return underWay(agent);
  if (isLive(agent)) return [{ type: 'agent.stopping', agent: id, by, next: 'restart' }];
  if (agent.status.state === 'starting') return NOTHING;
  return [...overFor(state, id), { type: 'agent.starting', agent: id, reason: startedBy(by), by }];
}

export function decideStop(agent: Agent, by: Actor): Decision {
  const { id } = agent.spec;
  if (agent.pending === 'stopping') return NOTHING;
  if (isLive(agent)) return [{ type: 'agent.stopping', agent: id, by, next: 'stopped' }];
  if (agent.status.state === 'starting') return underWay(agent);
  // Not running, but about to be started again.
  return agent.retryAt ? [{ type: 'agent.stopping', agent: id, by, next: 'stopped' }] : NOTHING;
}

export function decideRemove(state: State, agent: Agent, by: Actor): Decision {
  const { id } = agent.spec;
  if (isLive(agent) || agent.status.state === 'starting') {
    return refuse('busy', `agent ${id} is ${agent.status.state}: stop it first`);
  }
  if (roundWith(state, id) !== null) return inRound(agent);
  return [...overFor(state, id), { type: 'agent.removed', agent: id, by }];
}

export function decideSend(agent: Agent, text: string, enter: boolean, by: Actor): Decision {
  if (!isLive(agent)) return notRunning(agent, 'send to');
  if (text === '' && !enter) return NOTHING;
  if (text.length > SEND_LIMIT)
    return refuse('invalid', `the text is too long: ${text.length} characters, at most ${SEND_LIMIT}`);
  return [{ type: 'agent.sent', agent: agent.spec.id, text, enter, by } satisfies Event];
}

/** More than any prompt; a mistaken file stays out of the journal. */
const SEND_LIMIT = 1_000_000;

export function decideKeys(agent: Agent): Decision {
  return isLive(agent) ? NOTHING : notRunning(agent, 'press keys in');
}

function notRunning(agent: Agent, verb: string): Decision {
  const { id } = agent.spec;
  return refuse(
    'not-running',
    `can't ${verb} agent ${id}: it is ${agent.status.state}; \`llmctl restart ${id}\` starts it again`,
  );
}

/** Its worktree is being written to, or waits for a decision. */
function inRound(agent: Agent): Decision {
  const { id } = agent.spec;
  return refuse('busy', `agent ${id} is being merged: decide with \`llmctl merge\`, or put it off with --defer`);
}

function underWay(agent: Agent): Decision {
  const doing = agent.pending ?? agent.status.state;
  return refuse('busy', `agent ${agent.spec.id} is ${doing} just now: try again in a moment`);
}
