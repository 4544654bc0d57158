/** Who in the daemon is to hear of what happened, beside the effects that it asks for. */
import type { Event } from '../core/model/events.ts';
import type { Inside } from './inside/inside.ts';
import type { Merging } from './merging/merging.ts';
import type { SessionServer } from './server.ts';
import type { Signals } from './signals.ts';
import type { World } from './world.ts';

export interface Hearers {
  readonly signals: Signals;
  readonly world: World;
  readonly merging: Merging;
  readonly server: SessionServer;
  readonly inside: Inside;
}

/** Called from within the loop: what may lead to new commands waits for its end. */
export function heard(event: Event, { signals, world, merging, server, inside }: Hearers): void {
  setImmediate(() => inside.heard(event));
  switch (event.type) {
    case 'agent.exited':
      setImmediate(() => merging.moved(event.agent));
      signals.forget(event.agent);
      break;
    case 'agent.state':
      setImmediate(() => merging.moved(event.agent));
      if (event.evidence !== 'process') signals.toldBetter(event.agent);
      break;
    case 'agent.added':
    case 'agent.removed':
      setImmediate(() => {
        if (event.type === 'agent.removed') merging.removed(event.agent);
        world.agentsChanged();
        merging.shared.agentsChanged();
        server.viewsChanged();
      });
      break;
    case 'landing.landed':
    case 'rollback.done':
      setImmediate(() => void merging.branchHealth.moved());
      break;
    case 'lock.freed':
      setImmediate(() => merging.shared.freed(event.path));
      break;
    case 'git.observed':
      setImmediate(() => merging.shared.gitObserved());
      break;
    default:
      break;
  }
}
