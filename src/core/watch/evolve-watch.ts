/** How emergencies and sync points go on in the state. */
import type { State } from '../model/state.ts';
import { EMERGENCY_LIMIT, isOpen, type Emergency, type StepWork, type Watch } from '../model/watch.ts';
import type { EmergencyEvent, WatchEvent } from '../model/watch-events.ts';

export function evolveWatch(state: State, event: Exclude<WatchEvent, { readonly agent: string }>, at: number): State {
  return { ...state, watch: apply(state.watch, event, at) };
}

function apply(watch: Watch, event: Exclude<WatchEvent, { readonly agent: string }>, at: number): Watch {
  if (event.type === 'sync.held') {
    const { point, summary, path, text = '' } = event;
    return { ...watch, syncs: { ...watch.syncs, [point]: { at, summary, path, text } } };
  }
  if (event.type === 'sync.asked') return watch;
  if (event.type === 'emergency.begun')
    return { ...watch, emergencies: kept([...watch.emergencies, begun(event, at)]) };
  const change = (one: Emergency): Emergency => (one.id === event.emergency ? goOn(one, event, at) : one);
  return { ...watch, emergencies: watch.emergencies.map(change) };
}

function begun(event: Extract<EmergencyEvent, { type: 'emergency.begun' }>, at: number): Emergency {
  const { emergency: id, cause, when, title, subject, evidence, steps, by } = event;
  const rest = { work: [], stoppedBy: null, goneAt: null, end: '' };
  return { id, cause, when, title, subject, evidence, begunAt: at, by, steps, ...rest };
}

function goOn(one: Emergency, event: Exclude<EmergencyEvent, { type: 'emergency.begun' }>, at: number): Emergency {
  switch (event.type) {
    case 'emergency.step': {
      const { step, state, said, until } = event;
      const work: StepWork = { state, said, at, until };
      return { ...one, work: [...one.work.slice(0, step), work, ...one.work.slice(step + 1)] };
    }
    case 'emergency.stopped':
      return { ...one, stoppedBy: event.by };
    case 'emergency.gone':
      return { ...one, goneAt: at, end: event.reason };
  }
}

/** The oldest that are over go first. */
function kept(all: readonly Emergency[]): readonly Emergency[] {
  const over = all.filter((one) => !isOpen(one));
  const tooMany = new Set(over.slice(0, Math.max(0, all.length - EMERGENCY_LIMIT)));
  return tooMany.size === 0 ? all : all.filter((one) => !tooMany.has(one));
}
