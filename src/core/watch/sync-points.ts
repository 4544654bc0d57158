/** When all is looked over: by the clock, after an event, or by hand. */
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { minuteOf } from '../plan/clock.ts';
import type { PlanSyncPoint } from '../plan/sections/working.ts';
import { phaseGate } from '../schedule/gates.ts';
import { areDone } from '../schedule/needs.ts';
import { standingOf } from '../schedule/standing.ts';

export interface SyncPoint extends PlanSyncPoint {
  /** What it is called on the command line: its id, else its title in one word. */
  readonly point: string;
}

/** Of nobody's plan: somebody wants to see how things stand. */
export const BY_HAND: SyncPoint = {
  point: 'now',
  id: 'now',
  title: 'How things stand',
  at: null,
  on: null,
  digest: [],
  actions: [],
};

export function syncPoints({ work }: State): readonly SyncPoint[] {
  const seen = new Set<string>();
  return (work?.plan.syncPoints ?? []).map((one, at) => {
    const word = one.title
      .toLowerCase()
      .replace(/[^\p{L}\d]+/gu, '-')
      .replace(/^-+|-+$/g, '');
    const name = one.id ?? (word === '' ? `sync-${at + 1}` : word);
    const point = seen.has(name) ? `${name}-${at + 1}` : name;
    seen.add(point);
    return { ...one, point };
  });
}

/** Those of the plan, then the one by hand: what a list of them shows. Never empty. */
export function pointsShown(state: State): readonly SyncPoint[] {
  return [...syncPoints(state), BY_HAND];
}

/** Those that an event calls for. @param state as it is after it */
export function calledBy(state: State, event: Event): readonly SyncPoint[] {
  const kinds = kindsOf(state, event);
  return kinds.length === 0 ? [] : syncPoints(state).filter(({ on }) => on !== null && kinds.includes(on));
}

function kindsOf(state: State, event: Event): readonly (PlanSyncPoint['on'] & string)[] {
  switch (event.type) {
    case 'task.done':
      return endsPhase(state, event.task) ? ['task-done', 'phase'] : ['task-done'];
    case 'milestone.reached':
      return ['milestone'];
    case 'gate.passed':
    case 'gate.waived':
      return event.gate.startsWith(phaseGate('')) ? ['gate', 'phase'] : ['gate'];
    case 'gate.failed':
      return ['gate', 'failure'];
    case 'task.failed':
    case 'emergency.begun':
      return ['failure'];
    default:
      return [];
  }
}

/** The last of its phase; one that ends in a proof is over with that. */
function endsPhase(state: State, id: string): boolean {
  const standing = standingOf(state);
  const phase = standing?.index.tasks.get(id)?.phase ?? null;
  if (standing === null || phase === null || standing.index.gates.has(phaseGate(phase))) return false;
  return areDone(standing, standing.index.members.get(phase) ?? []);
}

/**
 * Those whose time of the day came lately, the earliest first: each once, however often it came.
 * @param minute of the day now, with its part that has gone by
 * @param minutes how far back; what came just then is not among them any more, what comes just now is
 */
export function cameByClock(
  state: State,
  minute: number,
  minutes: number,
): readonly { readonly point: SyncPoint; readonly ago: number }[] {
  return timed(state)
    .map(({ point, at }) => ({ point, ago: forward(minute - at) }))
    .filter(({ ago }) => ago < minutes)
    .toSorted((a, b) => b.ago - a.ago);
}

/** Minutes until the next comes by the clock; null where none does. @param minute of the day now, with its part that has gone by */
export function nextByClock(state: State, minute: number): number | null {
  const all = timed(state).map(({ at }) => forward(at - minute) || DAY);
  return all.length === 0 ? null : Math.min(...all);
}

const DAY = 24 * 60;

function timed(state: State): { readonly point: SyncPoint; readonly at: number }[] {
  return syncPoints(state).flatMap((point) => {
    const at = point.at === null ? null : minuteOf(point.at);
    return at === null ? [] : [{ point, at }];
  });
}

/** On the clock's face. */
function forward(minutes: number): number {
  return ((minutes % DAY) + DAY) % DAY;
}
