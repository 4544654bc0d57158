/** merge: merges what two agents have in common now, settles a conflict, puts it off, or takes a merge back. */
import type { DaemonConnection } from '../../client/connection.ts';
import { LlmctlError } from '../../client/error.ts';
import type { RoomConnection } from '../../client/room.ts';
import { isOver, unsettled, type Round, type Settled } from '../../core/merge/round.ts';
import { isOpen, type Overlap } from '../../core/model/overlap.ts';
import { overlapDocument, roundDocument } from '../../core/select/overlap-documents.ts';
import { findOverlap, roundOf } from '../../core/select/overlaps.ts';
import { showControls } from '../../core/text.ts';
import type { Context } from '../context.ts';
import type { CommandLine } from '../define.ts';
import { CliError, usageError } from '../errors.ts';
import { conflictsOf, showConflicts } from '../merge/conflict.ts';
import { fromEditor, fromFile, refuseMarkers, type Edited } from '../merge/edit.ts';
import { roundEnds } from '../merge/round.ts';
import { undo } from '../merge/undo.ts';

interface Wish {
  readonly take: Settled['take'] | null;
  /** The path to decide; null: the overlap's own. */
  readonly path: string | null;
  readonly file: string | null;
  readonly defer: boolean;
}

interface Parts {
  readonly context: Context;
  readonly room: RoomConnection;
  readonly connection: DaemonConnection;
}

export async function merge({ context, args, options }: CommandLine): Promise<void> {
  const name = args[0] as string;
  const wish = wishOf(options);
  if (options.undo === true) return withBoth(context, ({ room }) => undo(context, room, name));
  if (wish.take === 'edit' && wish.file === null && !context.interactive) {
    throw usageError(
      '--take edit opens an editor, and this is no terminal: add --file FILE, or --file - for standard input',
    );
  }
  return withBoth(context, (parts) => settle(parts, name, wish));
}

function wishOf(options: CommandLine['options']): Wish {
  const text = (name: string): string | null => (typeof options[name] === 'string' ? options[name] : null);
  const take = text('take') as Wish['take'];
  const file = text('file');
  const chosen = [take !== null, options.defer === true, options.undo === true].filter(Boolean);
  if (chosen.length > 1) throw usageError('--take, --defer and --undo exclude each other');
  if (file !== null && take !== 'edit') throw usageError('--file goes with --take edit');
  if (text('path') !== null && take === null) throw usageError('--path goes with --take');
  return { take, file, path: text('path'), defer: options.defer === true };
}

async function withBoth(context: Context, act: (parts: Parts) => Promise<void>): Promise<void> {
  await context.withSession(async (connection) => {
    const room = await context.room(false);
    try {
      await act({ context, room, connection });
    } finally {
      room.close();
    }
  });
}

async function settle(parts: Parts, name: string, wish: Wish): Promise<void> {
  const { context, room } = parts;
  const found = named(room, name);
  if (found !== null && !isOpen(found)) {
    context.answer({ ok: true, overlap: overlapDocument(found) }, `${found.id} is resolved already: ${found.reason}`);
    return;
  }
  // Where none is found, or several are, the session says so in its own words.
  const id = found?.id ?? name;
  if (wish.defer) await room.command({ type: 'overlap.defer', overlap: id });
  else if (wish.take === null) await begin(room, id, found);
  else if (!(await decide(parts, id, wish))) return;
  await tell(parts, id, wish);
}

function named(room: RoomConnection, name: string): Overlap | null {
  const found = findOverlap(room.state(), name);
  return typeof found === 'string' ? null : found;
}

/** A conflict that is on the table already needs no second round: it is shown. */
async function begin(room: RoomConnection, id: string, found: Overlap | null): Promise<void> {
  const round = found && roundOf(room.state(), found.agents);
  if (round?.phase === 'needs-person' && unsettled(round).length > 0) return;
  await room.command({ type: 'overlap.merge', overlap: id });
}

/** @returns false where there turned out to be nothing to decide, which has been said */
async function decide(parts: Parts, id: string, { take, path, file }: Wish): Promise<boolean> {
  const { context, room } = parts;
  if (take !== 'edit') {
    const settled = [{ path: path ?? pathOf(room, id), take: take! }];
    await room.command({ type: 'overlap.settle', overlap: id, settled });
    return true;
  }
  const edited = file === null ? await edit(parts, id, path) : await fromFile(file, context.cwd);
  if (edited === null) return false;
  if (file !== null && !context.yes) refuseMarkers(edited.bytes, null, 'mend it first');
  const content = edited.bytes.toString('base64');
  const settled = [{ path: path ?? pathOf(room, id), take: 'edit', content } as const];
  await room.command({ type: 'overlap.settle', overlap: id, settled });
  await edited.forget();
  return true;
}

/** Both stand still while a person edits, or what they write meanwhile would be edited away. */
async function edit(parts: Parts, id: string, path: string | null): Promise<Edited | null> {
  const { context, room, connection } = parts;
  await begin(room, id, named(room, id));
  const { overlap, round } = await outcome(room, id);
  const wanted = path ?? overlap.path;
  if (isOver(round) || !unsettled(round).includes(wanted)) {
    await tell(parts, id, { take: null, path, file: null, defer: false });
    return null;
  }
  const conflict = (await conflictsOf(connection, room.state(), round)).find((one) => one.path === wanted);
  if (!conflict?.reply?.segments) {
    const why = conflict?.why || 'it is not text on both sides';
    throw new CliError(
      `${showControls(wanted)} can't be edited here (${why}): --take A, --take B, or --take edit --file FILE`,
    );
  }
  const [a, b] = overlap.agents;
  return fromEditor({ path: wanted, segments: conflict.reply.segments, a, b }, context.yes);
}

/** The overlap and its round once that is over, or needs a person. */
async function outcome(room: RoomConnection, id: string): Promise<{ overlap: Overlap; round: Round }> {
  const round = named(room, id)?.round;
  if (!round) throw new CliError(`overlap ${id} went away meanwhile: see \`llmctl overlaps\``);
  const ended = await roundEnds(room, round);
  const overlap = named(room, id);
  if (overlap === null) throw new CliError(`overlap ${id} is not known any more: see \`llmctl overlaps\``);
  return { overlap, round: ended };
}

async function tell(parts: Parts, id: string, wish: Wish): Promise<void> {
  const { context, room, connection } = parts;
  const { overlap, round } = await outcome(room, id);
  if (!isOver(round)) {
    showConflicts(overlap, round, await conflictsOf(connection, room.state(), round), context.json);
    return;
  }
  const pair = overlap.agents.join(' and ');
  const path = showControls(wish.path ?? overlap.path);
  if (round.phase === 'failed' || (round.phase === 'deferred' && !wish.defer)) {
    const how = round.phase === 'failed' ? 'failed' : 'was put off';
    throw new LlmctlError('failed', `merging ${path} of ${pair} ${how}: ${round.reason}; both went on as they were`);
  }
  const document = { ok: true, overlap: overlapDocument(overlap), round: roundDocument(round) };
  context.answer(
    document,
    round.phase === 'deferred' ? `${path} is put off: ${pair} go on as they were` : merged(round, path, pair, wish),
  );
}

function merged(round: Round, path: string, pair: string, { take, path: named }: Wish): string {
  const needless = take !== null && round.conflicts.length === 0 ? ' (all combined: there was nothing to decide)' : '';
  const others = new Set([...round.merged, ...round.conflicts].filter((one) => showControls(one) !== path)).size;
  const more = others === 0 || named !== null ? '' : ` and ${others} more`;
  return `${path}${more} merged: ${pair} both have it${needless}; \`llmctl merge --undo ${round.id}\` takes it back`;
}

function pathOf(room: RoomConnection, id: string): string {
  const overlap = named(room, id);
  // The session refuses a name that it doesn't know, whatever the path.
  return overlap?.path ?? id;
}
