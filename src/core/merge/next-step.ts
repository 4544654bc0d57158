/** What is to be done next in a round. Each step may be done twice: a crash in the middle of one is answered by doing it again. */
import type { AgentId } from '../model/agent.ts';
import { isOver } from './round.ts';
import type { Round } from './round.ts';

export type RoundStep =
  /** Answered by round.paused or round.gone for each. */
  | { readonly do: 'pause'; readonly agents: readonly AgentId[] }
  /** round.snapshot for each. */
  | { readonly do: 'snapshot'; readonly agents: readonly AgentId[] }
  /** round.backed-up. */
  | { readonly do: 'back-up' }
  /** round.merged. */
  | { readonly do: 'merge' }
  /** Work out what is written where, and keep it: round.planned. */
  | { readonly do: 'plan' }
  /** round.applied, or round.failed. */
  | { readonly do: 'apply' }
  /** round.verified, or round.failed: what was written is then taken back. */
  | { readonly do: 'verify'; readonly check: string }
  /** round.rolled-back. */
  | { readonly do: 'roll-back' }
  /** round.told for each. */
  | { readonly do: 'tell'; readonly agents: readonly AgentId[] }
  /** round.resumed for each; an agent with `pausedBefore` is answered for without doing anything. */
  | { readonly do: 'resume'; readonly agents: readonly AgentId[] }
  /** round.settled or round.deferred. */
  | { readonly do: 'ask' }
  | { readonly do: 'nothing' };

export function nextStep(round: Round): RoundStep {
  if (isOver(round)) return { do: 'nothing' };
  const running = agentsOf(round, (side) => !side.paused);
  if (needsStillness(round) && running.length > 0) return { do: 'pause', agents: running };
  switch (round.phase) {
    case 'snapshot':
      return { do: 'snapshot', agents: agentsOf(round, (side) => side.snapshot === null) };
    case 'backup':
      return { do: 'back-up' };
    case 'merging':
      return { do: 'merge' };
    case 'needs-person':
      return { do: 'ask' };
    case 'applying':
      return { do: round.planned ? 'apply' : 'plan' };
    case 'verifying':
      return { do: 'verify', check: round.verify! };
    case 'rolling-back':
      return { do: 'roll-back' };
    case 'briefing':
      return { do: 'tell', agents: agentsOf(round, (side) => !side.told) };
    case 'resuming':
      return { do: 'resume', agents: agentsOf(round, (side) => !side.resumed) };
    case 'pausing':
    case 'resolved':
    case 'deferred':
    case 'failed':
      return { do: 'nothing' };
    default:
      return round.phase satisfies never;
  }
}

/** True while a write of one of the agents would spoil the round. */
function needsStillness(round: Round): boolean {
  return round.phase !== 'briefing' && round.phase !== 'resuming';
}

function agentsOf(round: Round, which: (side: Round['sides'][number]) => boolean): readonly AgentId[] {
  return round.sides.filter(which).map((side) => side.agent);
}

/** The word that a person reads for where a round is. */
export function overlapStateOf(round: Round): 'pausing' | 'merging' | 'needs-person' | 'resuming' | 'resolved' {
  switch (round.phase) {
    case 'pausing':
      return 'pausing';
    case 'snapshot':
    case 'backup':
    case 'merging':
    case 'applying':
    case 'verifying':
    case 'rolling-back':
      return 'merging';
    case 'needs-person':
    case 'deferred':
    case 'failed':
      return 'needs-person';
    case 'briefing':
    case 'resuming':
      return 'resuming';
    case 'resolved':
      return 'resolved';
    default:
      return round.phase satisfies never;
  }
}
