/** A landing: an agent's work on its way into the integration branch, as facts that are folded one by one. */
import type { FirstError } from '../health/first-error.ts';
import type { Actor, AgentId, EpochMs } from '../model/agent.ts';

export type LandingState = 'queued' | 'testing' | 'landed' | 'failed' | 'withdrawn' | 'undone';

export type LandingFault =
  /** The check fails with it on top of a branch that passes without. */
  | 'own'
  /** It passes alone and fails with one that waited before it. */
  | 'interaction'
  /** git can't combine it with what has landed. */
  | 'conflict'
  /** The integration branch fails by itself: nobody's landing is to blame. */
  | 'tip'
  /** It could not be tested at all: a full disk, a missing program. */
  | 'error';

export interface Landing {
  readonly id: string;
  readonly agent: AgentId;
  readonly task: string | null;
  /** What is to land; '' until it is made from the agent's worktree. */
  readonly commit: string;
  readonly state: LandingState;
  /** In words, on one line; '' while there is nothing to say. */
  readonly reason: string;
  readonly fault: LandingFault | null;
  /** Landing that it fails with, where the fault is 'interaction' and it is known. */
  readonly partner: string | null;
  readonly firstError: FirstError | null;
  /** Its merge commit on the integration branch, once it has landed. */
  readonly merge: string | null;
  readonly by: Actor;
  readonly requestedAt: EpochMs;
  readonly endedAt: EpochMs | null;
}

export type LandingEvent =
  | {
      readonly type: 'landing.requested';
      readonly landing: string;
      readonly agent: AgentId;
      readonly task: string | null;
      readonly commit: string;
      readonly by: Actor;
    }
  /** These are in the tree that is tested now, the others wait. */
  | { readonly type: 'landing.testing'; readonly landings: readonly string[] }
  | { readonly type: 'landing.landed'; readonly landing: string; readonly merge: string }
  | {
      readonly type: 'landing.failed';
      readonly landing: string;
      readonly fault: LandingFault;
      readonly partner: string | null;
      readonly reason: string;
      readonly firstError: FirstError | null;
    }
  | { readonly type: 'landing.withdrawn'; readonly landing: string; readonly reason: string }
  /** Taken out of the integration branch again. */
  | { readonly type: 'landing.undone'; readonly landing: string; readonly reason: string; readonly by: Actor }
  /** The branch was rebuilt: a landing that stayed has another merge commit now. */
  | { readonly type: 'landing.replayed'; readonly landing: string; readonly merge: string }
  /** Put back where it was. */
  | { readonly type: 'landing.redone'; readonly landing: string; readonly by: Actor }
  /** It waits still, and its agent was brought forward meanwhile: this is to land now. */
  | { readonly type: 'landing.remade'; readonly landing: string; readonly commit: string };

/** Why a landing is withdrawn that brings nothing new. */
export const ALL_LANDED = 'all of it has landed already';

/** True while it waits or is tested. */
export function isOpen(landing: Landing): boolean {
  return landing.state === 'queued' || landing.state === 'testing';
}

/** In the order of their requests. A fact that comes twice changes nothing the second time. */
export function evolveLandings(landings: readonly Landing[], event: LandingEvent, at: EpochMs): readonly Landing[] {
  switch (event.type) {
    case 'landing.requested':
      if (landings.some(({ id }) => id === event.landing)) return landings;
      return [...landings.map((one) => replaced(one, event.agent, at)), requested(event, at)];
    case 'landing.testing':
      return landings.map((one) =>
        isOpen(one) ? { ...one, state: event.landings.includes(one.id) ? 'testing' : 'queued' } : one,
      );
    case 'landing.landed':
      return ended(landings, event.landing, at, { state: 'landed', merge: event.merge, reason: '' });
    case 'landing.failed': {
      const { fault, partner, reason, firstError } = event;
      return ended(landings, event.landing, at, { state: 'failed', fault, partner, reason, firstError });
    }
    case 'landing.withdrawn':
      return ended(landings, event.landing, at, { state: 'withdrawn', reason: event.reason });
    case 'landing.undone':
      return landings.map((one) =>
        one.id === event.landing && one.state === 'landed' ? { ...one, state: 'undone', reason: event.reason } : one,
      );
    case 'landing.replayed':
      return landings.map((one) =>
        one.id === event.landing && one.state === 'landed' ? { ...one, merge: event.merge } : one,
      );
    case 'landing.redone':
      return landings.map((one) =>
        one.id === event.landing && one.state === 'undone' ? { ...one, state: 'landed', reason: '' } : one,
      );
    case 'landing.remade':
      return landings.map((one) =>
        one.id === event.landing && isOpen(one) ? { ...one, commit: event.commit, state: 'queued' } : one,
      );
    default:
      return event satisfies never;
  }
}

function requested(event: Extract<LandingEvent, { type: 'landing.requested' }>, at: EpochMs): Landing {
  const { landing: id, agent, task, commit, by } = event;
  const nothingYet = { reason: '', fault: null, partner: null, firstError: null, merge: null, endedAt: null } as const;
  return { id, agent, task, commit, by, state: 'queued', requestedAt: at, ...nothingYet };
}

/** Who asks again means what the worktree holds now. */
function replaced(one: Landing, agent: AgentId, at: EpochMs): Landing {
  if (one.agent !== agent || !isOpen(one)) return one;
  return { ...one, state: 'withdrawn', reason: 'asked for again', endedAt: at };
}

function ended(landings: readonly Landing[], id: string, at: EpochMs, facts: Partial<Landing>): readonly Landing[] {
  return landings.map((one) => (one.id === id && isOpen(one) ? { ...one, ...facts, endedAt: at } : one));
}
