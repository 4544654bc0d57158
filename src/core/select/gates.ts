/** Which gate a person should look at. */
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import type { ScheduledGate } from '../schedule/gates.ts';
import { isSettled, type Standing } from '../schedule/needs.ts';
import { standingOf } from '../schedule/standing.ts';
import { forecastOf, type Forecast } from './forecast.ts';

/** Those that wait for a person's go or no-go, the one that waits longest first. */
export function askedGates(state: State): readonly string[] {
  return Object.entries(state.work?.gates ?? {})
    .filter(([, { asked, state }]) => asked && state === 'pending')
    .toSorted(([, a], [, b]) => a.since - b.since)
    .map(([id]) => id);
}

/** Milliseconds since 1970: when a gate was decided, or will be reached. */
export function gateTime({ work }: Standing, forecast: Forecast, { id, after }: ScheduledGate): number {
  const known = own(work.gates, id);
  if (known && known.state !== 'pending') return known.since;
  const node = forecast.nodes.get(id);
  if (node !== undefined) return node;
  const ends = after.map((one) => forecast.tasks.get(one)?.end ?? forecast.nodes.get(one) ?? forecast.now);
  return Math.max(forecast.now, ...ends);
}

/** The one that is decided next: it asks, it runs, it has failed, or it is the next to be reached. null: none is open. */
export function nextGate(state: State, now: number): ScheduledGate | null {
  const standing = standingOf(state);
  if (standing === null) return null;
  const { work, index } = standing;
  const open = [...index.gates.values()].filter(({ id }) => !isSettled(standing, id));
  const asked = askedGates(state)[0];
  const pressing =
    open.find(({ id }) => id === asked) ??
    open.find(({ id }) => own(work.gates, id)?.state === 'running') ??
    open.find(({ id }) => own(work.gates, id)?.state === 'failed');
  const forecast = forecastOf(standing, now);
  if (pressing || open.length === 0 || forecast === null) return pressing ?? open[0] ?? null;
  const time = (gate: ScheduledGate): number => gateTime(standing, forecast, gate);
  return open.reduce((first, gate) => (time(gate) < time(first) ? gate : first));
}
