/** Who in the daemon is to hear of what happened, beside the effects that it asks for. */
import type { Event } from '../core/model/events.ts';
import type { Inside } from './inside/inside.ts';
import type { AgentHealth } from './health/agent-health.ts';
import type { EvidenceKeeper } from './evidence/keeper.ts';
import type { Merging } from './merging/merging.ts';
import type { Planning } from './planning/planning.ts';
import type { SessionServer } from './server.ts';
import type { Watching } from './watching/watching.ts';
import type { World } from './world.ts';

export interface Hearers {
  readonly evidence: EvidenceKeeper;
  readonly world: World;
  readonly merging: Merging;
  readonly agentHealth: AgentHealth;
  readonly planning: Planning;
  readonly watching: Watching;
  readonly server: SessionServer;
  readonly inside: Inside;
}

/** Called from within the loop: what may lead to new commands waits for its end. */
export function heard(
  event: Event,
  { evidence, world, merging, agentHealth, planning, watching, server, inside }: Hearers,
): void {
  setImmediate(() => inside.heard(event));
  watching.heard(event);
  switch (event.type) {
    case 'agent.exited':
      setImmediate(() => merging.moved(event.agent));
      evidence.forget(event.agent);
      break;
    case 'agent.state':
      setImmediate(() => merging.moved(event.agent));
      evidence.heardOf(event);
      break;
    case 'agent.started':
      evidence.begin(event.agent);
      break;
    case 'agent.placed':
      setImmediate(() => agentHealth.define(event.agent));
      break;
    case 'agent.pausing':
      agentHealth.pausing(event.agent);
      break;
    case 'agent.resumed':
      setImmediate(() => agentHealth.resumed(event.agent));
      break;
    case 'agent.added':
    case 'agent.removed':
      setImmediate(() => {
        if (event.type === 'agent.removed') {
          merging.removed(event.agent);
          agentHealth.removed(event.agent);
        }
        world.agentsChanged();
        merging.shared.agentsChanged();
        server.viewsChanged();
      });
      break;
    case 'landing.landed':
    case 'rollback.done':
      setImmediate(() => {
        void merging.branchHealth.moved();
        planning.branchMoved();
      });
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
