/** Takes a merge back: both worktrees as they were before it, what was written since kept. */
import type { RoomConnection } from '../../client/room.ts';
import type { Round } from '../../core/merge/round.ts';
import type { State } from '../../core/model/state.ts';
import { roundDocument, roundsInOrder } from '../../core/select/overlap-documents.ts';
import { showControls } from '../../core/text.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { whenState } from './round.ts';

/** @param name a merge, an overlap, the beginning of either's id, or a path */
export async function undo(context: Context, room: RoomConnection, name: string): Promise<void> {
  // An unknown name goes to the session, which says which merges there are.
  const id = roundNamed(room.state(), name)?.id ?? name;
  await room.command({ type: 'round.undo', round: id });
  const round = await whenState(room, ({ rounds }) => (rounds[id]?.undone === true ? rounds[id] : null));
  const agents = round.sides.map(({ agent }) => agent).join(' and ');
  context.answer({ ok: true, round: roundDocument(round) }, `merge ${id} undone: ${agents} have their own files again`);
}

function roundNamed(state: State, name: string): Round | null {
  const rounds = roundsInOrder(state);
  const exact = rounds.find(({ id }) => id === name);
  if (exact) return exact;
  const begins = (id: string): boolean => name.length >= 3 && id.startsWith(name);
  const byId = rounds.filter(({ id }) => begins(id));
  const overlaps = Object.values(state.overlaps).filter(({ id }) => id === name || begins(id));
  const ids = new Set([...byId.map(({ id }) => id), ...overlaps.flatMap(({ round }) => round ?? [])]);
  if (ids.size > 1) {
    throw new CliError(`"${showControls(name)}" may be several merges (${[...ids].join(', ')}): write more of the id`);
  }
  if (ids.size === 1) return rounds.find(({ id }) => ids.has(id)) ?? null;
  return rounds.find((round) => round.phase === 'resolved' && !round.undone && touches(round, name)) ?? null;
}

function touches({ merged, conflicts, paths }: Round, path: string): boolean {
  return [merged, conflicts, paths].some((list) => list.includes(path));
}
