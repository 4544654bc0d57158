/** How a message gets into an agent's CLI, by its profile: typed, named to it because its input box would change it, or not at all. */
import { loadProfiles } from '../../adapters/profiles/load.ts';
import { keepMessage, runFolder } from '../../adapters/profiles/run-folder.ts';
import { asideWords, goesAside } from '../../core/profile/aside.ts';
import { isProgramOf } from '../../core/profile/launch.ts';
import type { Typed, Typing } from '../effects/brief.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';

export interface AsideParts {
  readonly room: Room;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stateDir: string;
}

/** @returns what types a message as it is where it can't be kept */
export function typesBy({ room, env, stateDir }: AsideParts): Typing {
  return async (agent, text): Promise<Typed | null> => {
    const spec = room.state.agents[agent]?.spec;
    const asItIs: Typed = { text, pauseMs: null };
    if (spec === undefined) return asItIs;
    try {
      const profile = (await loadProfiles(env)).byId.get(spec.profile);
      if (profile === undefined || !isProgramOf(profile, spec.command)) return asItIs;
      const { how, pauseMs } = profile.briefing;
      if (how === 'none') return null;
      if (!goesAside(profile, text)) return { text, pauseMs };
      return { text: asideWords(profile, await keepMessage(runFolder(stateDir, agent), text)), pauseMs };
    } catch (error) {
      log(`a message to ${agent} is typed as it is: ${(error as Error).message}`);
      return asItIs;
    }
  };
}
