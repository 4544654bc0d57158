/** When two agents are paused and merged, by whom, and what follows from what came of it. */
import { toldAs } from '../agents/told.ts';
import { evolveRound } from '../merge/evolve-round.ts';
import { awaitsPerson, isOver, unsettled, type Round, type RoundEvent, type Settled } from '../merge/round.ts';
import { COORDINATOR, isLive, type Actor } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import { isOpen, type Overlap } from '../model/overlap.ts';
import type { State } from '../model/state.ts';
import { ruleFor, wantsRound } from '../overlap/policy.ts';
import { findOverlap, roundOf, roundWith } from '../select/overlaps.ts';
import { oneLine, showControls } from '../text.ts';
import { over, raise } from './alerts.ts';
import { causeOf } from './overlaps.ts';
import { agentOf, hint, quoted, refuse, type Decision } from './refuse.ts';

type Fact = Exclude<RoundEvent, { readonly type: 'round.detected' }>;

/** Both are quiet: begins what the policy asks for, unless one of them is in a round already. */
export function due(state: State, id: string, context: DecideContext): Decision {
  const overlap = Object.hasOwn(state.overlaps, id) ? state.overlaps[id] : undefined;
  if (overlap === undefined || !wantsRound(overlap)) return [];
  const busy = overlap.agents.some((agent) => agentOf(state, agent) === undefined || roundWith(state, agent) !== null);
  return busy ? [] : [begin(state, overlap, COORDINATOR, overlap.policy === 'pause', context)];
}

export function merge(state: State, name: string, by: Actor, context: DecideContext): Decision {
  return withOverlap(state, name, (overlap) => {
    const round = roundOf(state, overlap.agents);
    if (round) return confirm(round, by);
    return free(state, overlap, () => [begin(state, overlap, by, false, context)]);
  });
}

function confirm(round: Round, by: Actor): Decision {
  if (round.confirm && !round.confirmed) return [{ type: 'round.confirmed', round: round.id, by }];
  const open = unsettled(round);
  if (open.length === 0) return [];
  const paths = open.map((path) => quoted(path)).join(', ');
  return refuse('busy', `${paths} can't be combined: decide with --take A, B, both or edit`);
}

export function settle(
  state: State,
  name: string,
  settled: readonly Settled[],
  by: Actor,
  context: DecideContext,
): Decision {
  return withOverlap(state, name, (overlap) => {
    const round = roundOf(state, overlap.agents);
    if (round === null) {
      return free(state, overlap, () => {
        const begun = begin(state, overlap, by, false, context);
        return [begun, { type: 'round.settled', round: begun.round, settled, by }];
      });
    }
    if (round.planned || round.outcome !== null) {
      return refuse('busy', `round ${round.id} is past that: it is ${round.phase}`);
    }
    const events: Event[] = [{ type: 'round.settled', round: round.id, settled, by }];
    if (round.confirm && !round.confirmed) events.push({ type: 'round.confirmed', round: round.id, by });
    return events;
  });
}

export function defer(state: State, name: string, by: Actor): Decision {
  return withOverlap(state, name, (overlap) => {
    const round = roundOf(state, overlap.agents);
    if (round === null) return refuse('invalid', `nothing is under way for ${quoted(overlap.path)}`);
    if (round.planned || round.outcome !== null) {
      return refuse('busy', `round ${round.id} can't be put off any more: it is ${round.phase}`);
    }
    return [{ type: 'round.deferred', round: round.id, reason: `by ${by.name}`, by }];
  });
}

/** Checks only; the daemon then takes it back and says so. */
export function undo(state: State, id: string): Decision {
  const round = Object.hasOwn(state.rounds, id) ? state.rounds[id] : undefined;
  const undoable = Object.values(state.rounds).filter((one) => one.phase === 'resolved' && !one.undone);
  if (round === undefined) {
    const ids = undoable.map((one) => one.id);
    return refuse('unknown-round', `no merge has the id ${quoted(id)}; ${hint([], 'merges that can be undone', ids)}`);
  }
  if (round.undone) return refuse('already', `merge ${id} is undone already`);
  if (round.phase !== 'resolved') return refuse('invalid', `merge ${id} is ${round.phase}: there is nothing to undo`);
  const busy = round.sides.find(({ agent }) => roundWith(state, agent) !== null);
  return busy ? refuse('busy', `${busy.agent} is being merged just now: try again in a moment`) : [];
}

/** What came of a step. Facts about rounds that are over, or that nobody knows, are no news. */
export function fact(state: State, seen: Fact, context: DecideContext): Decision {
  const round = Object.hasOwn(state.rounds, seen.round) ? state.rounds[seen.round] : undefined;
  if (round === undefined || (isOver(round) && seen.type !== 'round.undone')) return [];
  const clean = seen.type === 'round.failed' ? { ...seen, reason: oneLine(seen.reason, 300) } : seen;
  const facts = [clean, ...settledByRule(state, clean)];
  const after = facts.reduce((known, one) => evolveRound(known, one, context.now), round);
  return [...facts, ...follow(state, round, after, context)];
}

/** What the plan has decided beforehand for such files; what else is in conflict is asked about. */
function settledByRule(state: State, seen: Fact): Fact[] {
  if (seen.type !== 'round.merged') return [];
  const settled = seen.conflicts.flatMap((path): Settled[] => {
    const driver = ruleFor(state.mergePolicy, path)?.driver ?? null;
    return driver === null ? [] : [{ path, take: driver === 'union' ? 'both' : driver }];
  });
  return settled.length === 0 ? [] : [{ type: 'round.settled', round: seen.round, settled, by: COORDINATOR }];
}

function follow(state: State, before: Round, after: Round, context: DecideContext): Event[] {
  const [a, b] = after.sides;
  const pair = `${a.agent} and ${b.agent}`;
  const cause = causeOf(after.id);
  if (after.phase === 'needs-person' && (before.phase !== 'needs-person' || before.conflicts !== after.conflicts)) {
    const what =
      awaitsPerson(after) && unsettled(after).length === 0 ? 'a merge that waits for your yes' : 'a conflict';
    const paths = (unsettled(after).length > 0 ? unsettled(after) : after.merged).map((path) => showControls(path));
    const text = `${pair} are paused for ${what}: ${paths.join(', ')}`;
    return [raise(state, { level: 'error', text, agent: null, cause }, context), ...handedOver(state, after)];
  }
  if (!isOver(after) || isOver(before)) return [];
  if (after.phase === 'resolved') return over(state, cause);
  const paths = after.paths.map((path) => showControls(path)).join(', ');
  const how = after.phase === 'deferred' ? 'was put off' : 'failed';
  const text = `merging ${paths} of ${pair} ${how}: ${after.reason}; both went on as they were`;
  return [raise(state, { level: after.phase === 'deferred' ? 'warn' : 'error', text, agent: null, cause }, context)];
}

/** The plan may name an agent that settles conflicts; a person can all the same. */
function handedOver(state: State, round: Round): Event[] {
  const { mergeAgent } = state.mergePolicy;
  const agent = mergeAgent === null ? undefined : agentOf(state, mergeAgent);
  const paths = unsettled(round);
  const involved = round.sides.some((side) => side.agent === mergeAgent);
  if (agent === undefined || !isLive(agent) || involved || paths.length === 0) return [];
  const [a, b] = round.sides.map((side) => side.agent);
  const overlaps = Object.values(state.overlaps).filter((one) => isOpen(one) && one.round === round.id);
  const steps = paths.map((path) => {
    const id = overlaps.find((one) => one.path === path)?.id ?? path;
    return `- ${showControls(path)}: llmctl merge ${id} shows it; llmctl merge ${id} --take A (${a}), B (${b}) or both settles it, or --take edit --file FILE with the whole file as it shall be`;
  });
  const words = [`llmctl: ${a} and ${b} are paused for a conflict that you are to settle:`, ...steps].join('\n');
  return [{ type: 'agent.sent', agent: agent.spec.id, text: toldAs(agent, words), enter: true, by: COORDINATOR }];
}

function begin(state: State, overlap: Overlap, by: Actor, confirm: boolean, context: DecideContext) {
  const [a, b] = overlap.agents;
  const paths = Object.values(state.overlaps)
    .filter((one) => isOpen(one) && one.agents[0] === a && one.agents[1] === b)
    .map(({ path }) => path);
  const { scope, verify } = state.mergePolicy;
  return {
    type: 'round.detected',
    round: context.newId(),
    agents: overlap.agents,
    paths: paths.toSorted(),
    by,
    scope,
    confirm,
    verify: verify !== null && Object.hasOwn(state.health, verify) ? verify : null,
  } as const;
}

function free(state: State, overlap: Overlap, act: () => Decision): Decision {
  if (overlap.verdict === 'unknown') {
    return refuse(
      'invalid',
      `${quoted(overlap.path)} lies in a tree that both share: there are no two versions to merge`,
    );
  }
  const busy = overlap.agents.find((agent) => roundWith(state, agent) !== null);
  if (busy !== undefined) return refuse('busy', `${busy} is being merged with another agent: try again in a moment`);
  return act();
}

function withOverlap(state: State, name: string, act: (overlap: Overlap) => Decision): Decision {
  const overlap = findOverlap(state, name);
  if (overlap === 'many') {
    return refuse('invalid', `several overlaps are of ${quoted(name)}: name one by its id (\`llmctl overlaps\`)`);
  }
  if (overlap === 'none') {
    const ids = Object.values(state.overlaps)
      .filter(isOpen)
      .map(({ id }) => id);
    return refuse('unknown-overlap', `no open overlap is ${quoted(name)}; ${hint([], 'overlaps', ids)}`);
  }
  if (!isOpen(overlap)) return refuse('already', `overlap ${overlap.id} is resolved: ${overlap.reason}`);
  return act(overlap);
}
