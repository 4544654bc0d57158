/** What two agents were seen to have in common, and who holds what under the `lock` policy. */
import { toldAs } from '../agents/told.ts';
import { COORDINATOR, type Actor, type AgentId } from '../model/agent.ts';
import type { DecideContext, Observation, SeenOverlap } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import { isOpen, type MergePolicy, type Overlap, type OverlapState } from '../model/overlap.ts';
import type { State } from '../model/state.ts';
import { holderOf } from '../overlap/holders.ts';
import { policyFor } from '../overlap/policy.ts';
import { roundOf } from '../select/overlaps.ts';
import { oneLine, showControls } from '../text.ts';
import { over, raise } from './alerts.ts';
import { agentOf, quoted, refuse, type Decision } from './refuse.ts';

type Seen<T extends Observation['type']> = Extract<Observation, { type: T }>;

export function definePolicy(state: State, policy: MergePolicy): Decision {
  return JSON.stringify(policy) === JSON.stringify(state.mergePolicy) ? [] : [{ type: 'merge.policy', policy }];
}

/** All that the two have in common now; what was open and is not among it is over. */
export function seen(state: State, { agents, paths }: Seen<'overlaps.seen'>, context: DecideContext): Decision {
  if (agents.some((agent) => agentOf(state, agent) === undefined)) return [];
  // A round reads for itself, and what was seen while it writes is half of the old and half of the new.
  if (roundOf(state, agents) !== null) return [];
  const open = openOf(state, agents);
  const there = new Map(paths.map((one) => [one.path, one]));
  const gone = open.filter((overlap) => !there.has(overlap.path));
  return [
    ...paths.flatMap((one) => seenOne(state, agents, one, open, context)),
    ...gone.flatMap((overlap) => goneOne(state, overlap)),
  ];
}

function goneOne(state: State, overlap: Overlap): Event[] {
  const reason = 'both have the same there, or only one has anything left';
  return [{ type: 'overlap.gone', id: overlap.id, reason }, ...over(state, causeOf(overlap.id))];
}

function seenOne(
  state: State,
  agents: readonly [AgentId, AgentId],
  one: SeenOverlap,
  open: readonly Overlap[],
  context: DecideContext,
): Event[] {
  const { path, verdict, sameRegion } = one;
  const known = open.find((overlap) => overlap.path === path);
  const policy = policyFor(state.mergePolicy, path);
  const undone = known === undefined && wasUndone(state, agents, path);
  const next = undone ? unlessApart(one) : stateAfter(known, one);
  const same =
    known !== undefined &&
    known.verdict === verdict &&
    known.sameRegion === sameRegion &&
    known.policy === policy &&
    known.state === next;
  if (same) return [];
  const id = known?.id ?? context.newId();
  const words =
    one.note ??
    (undone && next === 'needs-person' ? 'its merge was undone: `llmctl merge` merges it again' : undefined);
  const note = words === undefined ? {} : { note: oneLine(words, 200) };
  const event: Event = { type: 'overlap.seen', id, path, agents, verdict, sameRegion, policy, state: next, ...note };
  return [event, ...alertFor(state, event, known, context)];
}

/** What was put off stays a person's business until the two combine again. */
function stateAfter(known: Overlap | undefined, one: SeenOverlap): OverlapState {
  return known?.state === 'needs-person' ? unlessApart(one) : (known?.state ?? 'watching');
}

function unlessApart({ verdict, sameRegion }: SeenOverlap): OverlapState {
  return verdict === 'clean' && !sameRegion ? 'watching' : 'needs-person';
}

/** Somebody took the last merge of it back: it isn't merged again before somebody says so. */
function wasUndone(state: State, [a, b]: readonly [AgentId, AgentId], path: string): boolean {
  const last = Object.values(state.rounds).findLast(
    ({ sides, merged, conflicts }) =>
      sides[0].agent === a && sides[1].agent === b && (merged.includes(path) || conflicts.includes(path)),
  );
  return last?.undone ?? false;
}

function alertFor(
  state: State,
  event: Extract<Event, { type: 'overlap.seen' }>,
  known: Overlap | undefined,
  context: DecideContext,
): Event[] {
  const { id, agents, path, verdict, policy } = event;
  if (event.state === 'watching' && known?.state === 'needs-person') return over(state, causeOf(id));
  const told = verdict === 'unknown' ? policy !== 'lock' : policy === 'warn';
  if (!told || (known !== undefined && known.verdict === verdict)) return [];
  const words = {
    conflict: 'the changes do not combine',
    clean: 'the changes combine so far',
    unknown: event.note ?? '',
  };
  const text = `${agents[0]} and ${agents[1]} both changed ${showControls(path)}: ${words[verdict]}`;
  return [raise(state, { level: 'warn', text, agent: null, cause: causeOf(id) }, context)];
}

export function causeOf(overlap: string): string {
  return `overlap:${overlap}`;
}

function openOf(state: State, agents: readonly [AgentId, AgentId]): readonly Overlap[] {
  return Object.values(state.overlaps).filter(
    (overlap) => isOpen(overlap) && overlap.agents[0] === agents[0] && overlap.agents[1] === agents[1],
  );
}

/** Under `lock` the first to touch or claim a path holds it; whoever comes second is told. */
export function touched(state: State, { toucher, path }: Seen<'path.touched'>, context: DecideContext): Decision {
  const agent = agentOf(state, toucher);
  if (agent === undefined || policyFor(state.mergePolicy, path) !== 'lock') return [];
  const holder = holderOf(state.locks, path)?.holder;
  if (holder === toucher) return [];
  if (holder === undefined || agentOf(state, holder) === undefined)
    return [{ type: 'lock.taken', path, holder: toucher }];
  const cause = lockCause(path, toucher);
  if (state.alerts.some((alert) => alert.cause === cause)) return [];
  const shown = showControls(path);
  const text = `${toucher} changed ${shown}, which ${holder} holds: ${toucher} was told to leave it`;
  const told: Event = {
    type: 'agent.sent',
    agent: toucher,
    text: toldAs(
      agent,
      `llmctl: ${shown} is held by ${holder} (policy: lock). Undo your change to it and leave the file alone until it is free.`,
    ),
    enter: true,
    by: COORDINATOR,
  };
  const alert = raise(state, { level: 'warn', text, agent: toucher, cause }, context);
  return agent.run === null ? [alert] : [alert, told];
}

function lockCause(path: string, agent: AgentId): string {
  return `lock:${agent}:${path}`;
}

export function freeLock(state: State, path: string, by: Actor): Decision {
  if (!Object.hasOwn(state.locks, path)) return refuse('invalid', `nobody holds ${quoted(path)}`);
  return freed(state, path, by);
}

/** What it was told of is over with it; a folder's stands for all below it. */
export function freed(state: State, path: string, by: Actor | null): Event[] {
  const about = (cause: string): boolean => {
    const [kind, , ...rest] = cause.split(':');
    const of = rest.join(':');
    return kind === 'lock' && (of === path || (path.endsWith('/') && of.startsWith(path)));
  };
  const alerts = state.alerts.filter(({ cause }) => about(cause));
  return [{ type: 'lock.freed', path, by }, ...alerts.flatMap(({ cause }) => over(state, cause))];
}
