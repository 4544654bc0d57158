/** Folds what happened into a round. A fact that comes twice, as after a crash, changes nothing the second time. */
import type { AgentId, EpochMs } from '../model/agent.ts';
import { RETRY_LIMIT, awaitsPerson, isOver } from './round.ts';
import type { Round, RoundEvent, RoundSide } from './round.ts';

type Later = Exclude<RoundEvent, { type: 'round.detected' }>;

export function evolveRound(round: Round, event: Later, at: EpochMs): Round {
  if (event.type === 'round.undone') return { ...round, undone: true };
  if (isOver(round)) return round;
  return advance(fold(round, event), at);
}

function fold(round: Round, event: Exclude<Later, { type: 'round.undone' }>): Round {
  switch (event.type) {
    case 'round.paused':
      // Only at first: a pause that the round itself made before a crash isn't somebody else's.
      return withSide(round, event.agent, (side) => ({
        paused: true,
        pausedBefore: side.pausedBefore || (event.before && round.phase === 'pausing' && !side.paused),
      }));
    case 'round.gone':
      return withSide(round, event.agent, () => ({ gone: true, paused: true, told: true, resumed: true }));
    case 'round.snapshot':
      if (round.phase !== 'snapshot') return round;
      return withSide(round, event.agent, () => ({ snapshot: event.commit }));
    case 'round.backed-up':
      return round.phase === 'backup' ? { ...round, phase: 'merging' } : round;
    case 'round.merged':
      if (round.phase !== 'merging') return round;
      return { ...round, phase: 'needs-person', merged: event.merged, conflicts: event.conflicts };
    case 'round.settled':
      return settle(round, event);
    case 'round.confirmed':
      return round.planned || round.outcome ? round : { ...round, confirmed: true };
    case 'round.planned':
      return round.phase === 'applying' ? { ...round, planned: true } : round;
    case 'round.applied':
      if (round.phase !== 'applying' || !round.planned) return round;
      if (round.verify !== null) return { ...round, applied: true, phase: 'verifying' };
      return { ...round, applied: true, outcome: 'merged', phase: 'briefing' };
    case 'round.verified':
      return round.phase === 'verifying' ? { ...round, outcome: 'merged', phase: 'briefing' } : round;
    case 'round.rolled-back':
      return round.phase === 'rolling-back' ? afterRollBack(round) : round;
    case 'round.told':
      return withSide(round, event.agent, () => ({ told: true }));
    case 'round.resumed':
      return withSide(round, event.agent, () => ({ resumed: true }));
    case 'round.deferred':
      if (round.planned || round.outcome) return round;
      return { ...round, outcome: 'deferred', reason: event.reason, phase: 'resuming' };
    case 'round.failed':
      return fail(round, event.reason, event.moved);
    case 'round.recovered':
      return recover(round);
    default:
      return event satisfies never;
  }
}

/** A choice made again replaces the one before. */
function settle(round: Round, event: Extract<RoundEvent, { type: 'round.settled' }>): Round {
  if (round.planned || round.outcome) return round;
  const anew = new Set(event.settled.map((choice) => choice.path));
  return { ...round, settled: [...round.settled.filter((choice) => !anew.has(choice.path)), ...event.settled] };
}

function fail(round: Round, reason: string, moved: boolean): Round {
  // Not even taking it back worked: what is kept in the backups is all there is to go by.
  if (round.phase === 'rolling-back') return { ...round, outcome: 'failed', reason, phase: 'resuming' };
  if (round.outcome) return round;
  const retry = moved && round.retries < RETRY_LIMIT;
  const next: Round = retry ? { ...round, retries: round.retries + 1 } : { ...round, outcome: 'failed', reason };
  if (round.planned) return { ...next, phase: 'rolling-back' };
  return retry ? again(next) : { ...next, phase: 'resuming' };
}

function afterRollBack(round: Round): Round {
  const untouched = { ...round, planned: false, applied: false };
  return round.outcome === 'failed' ? { ...untouched, phase: 'resuming' } : again(untouched);
}

/** From the snapshot on, with the choices a person made. */
function again(round: Round): Round {
  const sides = both(round, () => ({ snapshot: null }));
  return { ...round, sides, merged: [], conflicts: [], phase: 'snapshot' };
}

/**
 * What the daemon held in its hands is gone: who stands still is asked again, and what was read of the worktrees is read
 * again. Only plans that are kept go on as they are: part of them may be on disk.
 */
function recover(round: Round): Round {
  const still = { ...round, sides: both(round, (side) => ({ paused: side.gone })) };
  if (round.phase === 'pausing' || round.planned || round.outcome) return still;
  return again(still);
}

/** Goes from phase to phase as far as the facts allow. */
function advance(round: Round, at: EpochMs): Round {
  const [a, b] = round.sides;
  switch (round.phase) {
    case 'pausing':
      return a.paused && b.paused ? { ...round, phase: 'snapshot' } : round;
    case 'snapshot':
      return a.snapshot && b.snapshot ? { ...round, phase: 'backup' } : round;
    case 'needs-person':
      return awaitsPerson(round) ? round : { ...round, phase: 'applying' };
    case 'briefing':
      return a.told && b.told ? advance({ ...round, phase: 'resuming' }, at) : round;
    case 'resuming':
      return a.resumed && b.resumed ? { ...round, phase: ending(round), endedAt: at } : round;
    case 'backup':
    case 'merging':
    case 'applying':
    case 'verifying':
    case 'rolling-back':
    case 'resolved':
    case 'deferred':
    case 'failed':
      return round;
    default:
      return round.phase satisfies never;
  }
}

function ending(round: Round): 'resolved' | 'deferred' | 'failed' {
  if (round.outcome === 'merged') return 'resolved';
  return round.outcome === 'deferred' ? 'deferred' : 'failed';
}

type Facts = Partial<Omit<RoundSide, 'agent'>>;

function both(round: Round, facts: (side: RoundSide) => Facts): readonly [RoundSide, RoundSide] {
  const [a, b] = round.sides;
  return [
    { ...a, ...facts(a) },
    { ...b, ...facts(b) },
  ];
}

function withSide(round: Round, agent: AgentId, facts: (side: RoundSide) => Facts): Round {
  return { ...round, sides: both(round, (side) => (side.agent === agent ? facts(side) : {})) };
}
