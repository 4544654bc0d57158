/** Words for what happens to overlaps, rounds and landings; not yet safe to show. */
import type { LandingEvent } from '../landing/landing.ts';
import type { RollbackEvent } from '../landing/rollback.ts';
import type { MergeEvent } from '../model/events.ts';

export function mergeWords(event: MergeEvent | LandingEvent | RollbackEvent): string {
  switch (event.type) {
    case 'merge.policy':
      return `overlaps: policy ${event.policy.policy}, scope ${event.policy.scope}`;
    case 'overlap.seen': {
      const [a, b] = event.agents;
      const where = event.sameRegion && event.verdict === 'clean' ? ' in the same lines' : '';
      return `${a} and ${b} both changed ${event.path}${where}: ${event.verdict}`;
    }
    case 'overlap.gone':
      return `overlap ${event.id} is over: ${event.reason}`;
    case 'lock.taken':
      return `${event.holder} holds ${event.path}`;
    case 'lock.freed':
      return `${event.path} is free${event.by === null ? '' : `, by ${event.by.name}`}`;
    case 'round.detected':
      return `${event.agents.join(' and ')} are paused to merge ${event.paths.join(', ')} (${event.round})`;
    case 'round.paused':
      return `round ${event.round}: ${event.agent} stands still`;
    case 'round.gone':
      return `round ${event.round}: ${event.agent} doesn't run`;
    case 'round.snapshot':
      return `round ${event.round}: snapshot of ${event.agent}: ${event.commit.slice(0, 12)}`;
    case 'round.backed-up':
      return `round ${event.round}: both are backed up under refs/llmctl/backup/${event.round}`;
    case 'round.merged':
      if (event.conflicts.length > 0) return `round ${event.round}: in conflict: ${event.conflicts.join(', ')}`;
      return `round ${event.round}: combines: ${event.merged.join(', ') || 'nothing is left to merge'}`;
    case 'round.settled':
      return `round ${event.round}: ${event.settled.map(({ path, take }) => `${path}: ${take}`).join(', ')}, by ${event.by.name}`;
    case 'round.confirmed':
      return `round ${event.round}: ${event.by.name} said yes`;
    case 'round.planned':
      return `round ${event.round}: what is to be written is kept`;
    case 'round.applied':
      return `round ${event.round}: both have the merged files`;
    case 'round.verified':
      return `round ${event.round}: the check passed`;
    case 'round.rolled-back':
      return `round ${event.round}: taken back`;
    case 'round.told':
      return `round ${event.round}: ${event.agent} was told`;
    case 'round.resumed':
      return `round ${event.round}: ${event.agent} goes on`;
    case 'round.deferred':
      return `round ${event.round} is put off: ${event.reason}`;
    case 'round.failed':
      return `round ${event.round} failed${event.moved ? ', is tried again' : ''}: ${event.reason}`;
    case 'round.recovered':
      return `round ${event.round} goes on after a new start of the daemon`;
    case 'round.undone':
      return `round ${event.round} undone by ${event.by.name}`;
    case 'landing.requested':
      return `${event.agent} is to land (${event.landing}), asked for by ${event.by.name}`;
    case 'landing.testing':
      return `landing: ${event.landings.join(', ')} merged and tested`;
    case 'landing.landed':
      return `landing ${event.landing} is in: ${event.merge.slice(0, 12)}`;
    case 'landing.failed':
      return `landing ${event.landing} failed: ${event.reason}`;
    case 'landing.withdrawn':
      return `landing ${event.landing} withdrawn: ${event.reason}`;
    case 'landing.undone':
      return `landing ${event.landing} taken out by ${event.by.name}: ${event.reason}`;
    case 'landing.replayed':
      return `landing ${event.landing} is ${event.merge.slice(0, 12)} now`;
    case 'landing.redone':
      return `landing ${event.landing} put back by ${event.by.name}`;
    case 'landing.remade':
      return `landing ${event.landing} waits with what its agent has now`;
    case 'rollback.begun':
      return `landing ${event.landing} is to be ${event.undo ? 'put back' : 'taken out'}: the branch goes from ${event.from.slice(0, 12)} to ${event.to.slice(0, 12)}`;
    case 'rollback.done':
      return `roll-back ${event.rollback}: the branch is made again`;
    case 'rollback.failed':
      return `roll-back ${event.rollback} failed: ${event.reason}`;
    case 'rollback.followed':
      return `${event.agent} stands on the branch as it is now`;
    default:
      return event satisfies never;
  }
}
