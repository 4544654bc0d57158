/** What people are told of outside the room: out of events, once for each cause. */
import type { EpochMs } from '../model/agent.ts';
import type { JournalEntry } from '../model/events.ts';
import type { Alert, AlertLevel } from '../model/state.ts';
import { oneLine } from '../text.ts';

export interface Notice {
  readonly cause: string;
  readonly level: AlertLevel;
  readonly text: string;
  readonly agent: string | null;
  readonly at: EpochMs;
  /** It is told whatever its level: somebody has asked for it. */
  readonly wanted: boolean;
}

interface Known {
  readonly level: AlertLevel;
  /** When it was over; null: it is there still. */
  readonly overAt: EpochMs | null;
}

export interface Told {
  /** By cause. */
  readonly known: ReadonlyMap<string, Known>;
  /** Causes of the alerts that are there, by their ids. */
  readonly causes: ReadonlyMap<string, string>;
}

/** What comes back this soon is the same still. */
const AGAIN_MS = 10 * 60_000;
export const LEVELS: readonly AlertLevel[] = ['info', 'warn', 'error'];

/** Alerts that are there already were told of before. */
export function toldAlready(alerts: readonly Alert[]): Told {
  return {
    known: new Map(alerts.map(({ cause, level }) => [cause, { level, overAt: null }])),
    causes: new Map(alerts.map(({ id, cause }) => [id, cause])),
  };
}

export interface Step {
  readonly told: Told;
  /** null: nothing that anybody is to be told. */
  readonly notice: Notice | null;
}

export function follow(told: Told, { at, event }: JournalEntry): Step {
  switch (event.type) {
    case 'alert.raised': {
      const { cause, level, text, agent, id } = event;
      const causes = new Map(told.causes).set(id, cause);
      const notice = { cause, level, text: oneLine(text, 300), agent, at, wanted: cause.startsWith('sync:') };
      return tell({ ...told, causes }, notice);
    }
    case 'alert.cleared': {
      const cause = told.causes.get(event.id);
      return cause === undefined ? { told, notice: null } : { told: over(told, cause, at, event.id), notice: null };
    }
    case 'agent.state': {
      const { agent, state, reason } = event;
      const cause = `asks:${agent}`;
      if (state !== 'waiting') return { told: told.known.has(cause) ? over(told, cause, at, '') : told, notice: null };
      const text = oneLine(`${agent} waits for you: ${reason}`, 300);
      return tell(told, { cause, level: 'warn', text, agent, at, wanted: false });
    }
    case 'agent.exited':
      return { told: over(told, `asks:${event.agent}`, at, ''), notice: null };
    default:
      return { told, notice: null };
  }
}

function tell(told: Told, notice: Notice): Step {
  const { cause, level, at, wanted } = notice;
  const before = told.known.get(cause);
  const known = new Map(forgotten(told.known, at)).set(cause, { level: worse(before?.level, level), overAt: null });
  // A question is another one each time; an alert that comes and goes is the same.
  const isOver = before?.overAt != null && (cause.startsWith('asks:') || at - before.overAt >= AGAIN_MS);
  const isNew = before === undefined || isOver || wanted || rank(level) > rank(before.level);
  return { told: { ...told, known }, notice: isNew ? notice : null };
}

function over(told: Told, cause: string, at: EpochMs, id: string): Told {
  const before = told.known.get(cause);
  const causes = new Map(told.causes);
  causes.delete(id);
  if (before === undefined) return { ...told, causes };
  return { causes, known: new Map(told.known).set(cause, { ...before, overAt: at }) };
}

function forgotten(known: Told['known'], at: EpochMs): Told['known'] {
  return new Map([...known].filter(([, { overAt }]) => overAt === null || at - overAt < AGAIN_MS));
}

function rank(level: AlertLevel): number {
  return LEVELS.indexOf(level);
}

function worse(a: AlertLevel | undefined, b: AlertLevel): AlertLevel {
  return a !== undefined && rank(a) > rank(b) ? a : b;
}
