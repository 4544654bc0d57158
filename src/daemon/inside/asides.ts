/** Messages that an agent's CLI reads beside its input box, because it would change them there, or take a minute over them. */
import { loadProfiles } from '../../adapters/profiles/load.ts';
import { keepMessage, runFolder } from '../../adapters/profiles/run-folder.ts';
import { asideWords, goesAside } from '../../core/profile/aside.ts';
import { isProgramOf } from '../../core/profile/launch.ts';
import type { Typed } from '../effects/brief.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';

export interface AsideParts {
  readonly room: Room;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stateDir: string;
}

/** @returns what types a message as it is where it can't be kept */
export function keepsAside({ room, env, stateDir }: AsideParts): Typed {
  return async (agent, text) => {
    const spec = room.state.agents[agent]?.spec;
    if (spec === undefined) return text;
    try {
      const profile = (await loadProfiles(env)).byId.get(spec.profile);
      if (profile === undefined || !isProgramOf(profile, spec.command) || !goesAside(profile, text)) return text;
      return asideWords(profile, await keepMessage(runFolder(stateDir, agent), text));
    } catch (error) {
      log(`a message to ${agent} is typed as it is: ${(error as Error).message}`);
      return text;
    }
  };
}
