/** Who landed last in the files that failures name. */
import { lastTouched } from '../../adapters/git/last-touched.ts';
import type { Failure } from '../../core/health/failures.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';
import type { Landings } from './landings.ts';

/** More files than that are no trace. */
const FILES = 12;

/** @returns file → landing. Never rejects: what can't be told is left out. */
export async function landedBy(
  room: Room,
  landings: Landings,
  failures: readonly Failure[],
): Promise<Readonly<Record<string, string>>> {
  const files = [...new Set(failures.flatMap((one) => one.files))].slice(0, FILES);
  const landed = new Map(
    room.state.landings.flatMap(({ id, state, merge }) => (state === 'landed' && merge ? [[merge, id]] : [])),
  );
  if (files.length === 0 || landed.size === 0) return {};
  try {
    const [git, tip] = [await landings.repository(), await landings.tip()];
    if (tip === null) return {};
    const found: Record<string, string> = {};
    for (const file of files) {
      const id = landed.get((await lastTouched(git, tip, file)) ?? '');
      if (id !== undefined) found[file] = id;
    }
    return found;
  } catch (error) {
    log(`who landed last: ${(error as Error).message}`);
    return {};
  }
}
