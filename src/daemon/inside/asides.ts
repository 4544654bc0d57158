/** How a message gets into an agent's CLI, by its profile: typed, named to it because its input box would change it, or not at all. */
import { keepMessage, runFolder } from '../../adapters/profiles/run-folder.ts';
import { asideWords, goesAside } from '../../core/profile/aside.ts';
import type { AgentSpec } from '../../core/model/agent.ts';
import type { Profile } from '../../core/profile/profile.ts';
import type { Typed, Typing } from '../effects/brief.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';

export interface AsideParts {
  readonly room: Room;
  /** The profile whose own program it runs. */
  readonly profileOf: (spec: AgentSpec) => Profile | null;
  readonly stateDir: string;
}

/** @returns what types a message as it is where it can't be kept */
export function typesBy({ room, profileOf, stateDir }: AsideParts): Typing {
  return async (agent, text): Promise<Typed | null> => {
    const spec = room.state.agents[agent]?.spec;
    const asItIs: Typed = { text, pauseMs: null };
    const profile = spec === undefined ? null : profileOf(spec);
    if (profile === null) return asItIs;
    const { how, pauseMs } = profile.briefing;
    if (how === 'none') return null;
    if (!goesAside(profile, text)) return { text, pauseMs };
    try {
      return { text: asideWords(profile, await keepMessage(runFolder(stateDir, agent), text)), pauseMs };
    } catch (error) {
      log(`a message to ${agent} is typed as it is: ${(error as Error).message}`);
      return asItIs;
    }
  };
}
