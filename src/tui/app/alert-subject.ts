/** Where an alert leads: told by its cause, which stays the same however its words change. */
import type { Alert, State } from '../../core/model/state.ts';
import { isOpen } from '../../core/model/overlap.ts';
import { own } from '../../core/model/work.ts';
import { oneLine } from '../../core/text.ts';

/** What an alert is about, where there is a page for it. */
export type AlertSubject =
  | { readonly kind: 'gate' | 'task' | 'emergency' | 'agent'; readonly id: string }
  /** Two that are to be merged, or that are over and can be undone. */
  | { readonly kind: 'overlap' | 'round'; readonly id: string }
  /** A file that is held. */
  | { readonly kind: 'lock'; readonly id: string }
  | { readonly kind: 'check'; readonly id: string }
  | { readonly kind: 'landing'; readonly id: string }
  /** A sync point that was held. */
  | { readonly kind: 'digest'; readonly id: string };

export function alertSubject(state: State, alert: Alert | null): AlertSubject | null {
  if (!alert) return null;
  const [, kind = '', id = ''] = /^([a-z-]+):(.+)$/s.exec(alert.cause) ?? [];
  const found = byCause(state, kind, id);
  if (found) return found;
  return alert.agent !== null && own(state.agents, alert.agent) ? { kind: 'agent', id: alert.agent } : null;
}

function byCause(state: State, kind: string, id: string): AlertSubject | null {
  switch (kind) {
    case 'gate':
      return own(state.work?.gates ?? {}, id) ? { kind, id } : null;
    case 'task':
      return own(state.work?.tasks ?? {}, id) ? { kind, id } : null;
    case 'emergency': {
      const emergency = state.watch.emergencies.findLast(({ cause }) => cause === id);
      return emergency ? { kind, id: emergency.id } : null;
    }
    case 'overlap':
      return ofMerge(state, id);
    case 'lock': {
      const path = id.slice(id.indexOf(':') + 1);
      return own(state.locks, path) ? { kind, id: path } : null;
    }
    case 'health':
    case 'left':
    case 'baseline':
    case 'blame':
    case 'held':
    case 'unowned':
      return own(state.health, id) ? { kind: 'check', id } : null;
    case 'landing':
    case 'rollback': {
      const landing = state.landings.findLast(({ agent }) => agent === id);
      return landing ? { kind: 'landing', id: landing.id } : null;
    }
    case 'sync':
      return own(state.watch.syncs, id) ? { kind: 'digest', id } : null;
    default:
      return null;
  }
}

/** @param id of an overlap, or of the round that was at work on it */
function ofMerge({ overlaps, rounds }: State, id: string): AlertSubject | null {
  const overlap = own(overlaps, id) ?? Object.values(overlaps).find((one) => isOpen(one) && one.round === id);
  if (overlap && isOpen(overlap)) return { kind: 'overlap', id: overlap.id };
  return own(rounds, id) ? { kind: 'round', id } : null;
}

/** What its key does, in words. */
export function subjectWords({ kind, id }: AlertSubject): string {
  const name = oneLine(id, 60);
  switch (kind) {
    case 'overlap':
      return 'opens the merge screen';
    case 'round':
      return 'shows the merge';
    case 'lock':
      return 'shows who holds the file';
    case 'landing':
      return 'shows the landing';
    case 'digest':
      return 'reads the digest';
    default:
      return `goes to ${kind} ${name}`;
  }
}
