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

/** The next that comes by the clock. @param minute of the day now, with its part that has gone by */
export function nextByClock(
  state: State,
  minute: number,
): { readonly points: readonly SyncPoint[]; readonly minutes: number } | null {
  const day = 24 * 60;
  const timed = syncPoints(state).flatMap((one) => {
    const at = one.at === null ? null : minuteOf(one.at);
    return at === null ? [] : [{ one, minutes: (((at - minute) % day) + day) % day || day }];
  });
  if (timed.length === 0) return null;
  const minutes = Math.min(...timed.map((entry) => entry.minutes));
  return { points: timed.filter((entry) => entry.minutes === minutes).map(({ one }) => one), minutes };
}
