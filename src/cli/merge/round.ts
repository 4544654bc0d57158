/** Waits for a round to end, or to need a person. */
import type { RoomConnection } from '../../client/room.ts';
import { awaitsPerson, isOver, type Round } from '../../core/merge/round.ts';
import type { State } from '../../core/model/state.ts';
import { CliError } from '../errors.ts';

/**
 * @returns the round as it is then: over, or waiting for a person's word
 * @throws CliError where the session goes away meanwhile
 */
export async function roundEnds(room: RoomConnection, id: string): Promise<Round> {
  return whenState(room, ({ rounds }) => {
    const round = Object.hasOwn(rounds, id) ? rounds[id]! : null;
    if (round === null) throw new CliError(`merge ${id} is not known any more: see \`llmctl overlaps\``);
    return isOver(round) || (round.phase === 'needs-person' && awaitsPerson(round)) ? round : null;
  });
}

/** Resolves with what `find` finds, looked for now and after every change. */
export function whenState<T>(room: RoomConnection, find: (state: State) => T | null): Promise<T> {
  return new Promise((resolve, reject) => {
    let stop = (): void => undefined;
    const look = (): boolean => {
      try {
        const found = find(room.state());
        if (found !== null) resolve(found);
        else if (room.connection().state === 'live') return false;
        else
          reject(new CliError('the session went away meanwhile: `llmctl up` brings it back, and it goes on with it'));
      } catch (error) {
        reject(error as Error);
      }
      stop();
      return true;
    };
    if (!look()) stop = room.onChange(look);
  });
}
