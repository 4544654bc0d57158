/** overlaps: files that two agents changed, what would come of merging them, and what is done about it. */
import type { Round } from '../../core/merge/round.ts';
import { isOpen } from '../../core/model/overlap.ts';
import type { State } from '../../core/model/state.ts';
import { lockDocuments, overlapDocuments, roundDocument, roundsInOrder } from '../../core/select/overlap-documents.ts';
import { overlapsInOrder } from '../../core/select/overlaps.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { command, snapshot } from '../requests.ts';
import { age, columns } from '../table.ts';

/** Resolved ones shown as text; --json has them all. */
const RESOLVED_SHOWN = 5;
const MERGES_SHOWN = 5;

export async function overlaps({ context, options }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    if (typeof options.free === 'string') {
      await command(connection, { type: 'lock.free', path: options.free });
      context.answer({ ok: true, free: options.free }, '');
      return;
    }
    const { state } = await snapshot(connection);
    const document = {
      overlaps: overlapDocuments(state),
      merges: roundsInOrder(state).map(roundDocument),
      locks: lockDocuments(state),
    };
    context.answer(document, describe(state, Date.now()));
  });
}

function describe(state: State, now: number): string {
  const parts = [table(state, now), merges(state, now), locks(state)].filter((part) => part !== '');
  return parts.length === 0 ? 'no overlaps: no two agents have changed the same file' : parts.join('\n\n');
}

function table(state: State, now: number): string {
  const all = overlapsInOrder(state);
  const shown = [...all.filter(isOpen), ...all.filter((overlap) => !isOpen(overlap)).slice(0, RESOLVED_SHOWN)];
  if (shown.length === 0) return '';
  const rows = shown.map((overlap) => [
    overlap.id,
    overlap.state,
    overlap.verdict + (overlap.sameRegion && overlap.verdict === 'clean' ? ', same lines' : ''),
    overlap.agents.join(' and '),
    overlap.policy,
    age(overlap.since, now),
    showControls(overlap.path) + (overlap.reason === '' ? '' : `: ${showControls(overlap.reason)}`),
  ]);
  return columns([['OVERLAP', 'STATE', 'VERDICT', 'AGENTS', 'POLICY', 'SINCE', 'PATH'], ...rows]);
}

function merges(state: State, now: number): string {
  const rows = roundsInOrder(state)
    .slice(0, MERGES_SHOWN)
    .map((round) => [
      round.id,
      round.undone ? 'undone' : round.phase,
      round.sides.map(({ agent }) => agent).join(' and '),
      age(round.startedAt, now),
      showControls(pathsOf(round).join(', ')),
    ]);
  return rows.length === 0 ? '' : columns([['MERGE', 'STATE', 'AGENTS', 'SINCE', 'PATHS'], ...rows]);
}

function pathsOf({ merged, conflicts, paths }: Round): readonly string[] {
  const done = [...merged, ...conflicts];
  return done.length > 0 ? done : paths;
}

function locks(state: State): string {
  const rows = lockDocuments(state).map(({ path, holder, binding }) => [
    holder,
    binding ? 'locked' : 'claimed',
    showControls(path),
  ]);
  return rows.length === 0 ? '' : columns([['HOLDER', 'HOW', 'PATH'], ...rows]);
}
