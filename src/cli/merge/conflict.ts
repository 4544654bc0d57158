/** A round that needs a person: what can't be combined, as text and as a document, and how to decide. */
import type { DaemonConnection } from '../../client/connection.ts';
import { LlmctlError } from '../../client/error.ts';
import { unsettled, type Round } from '../../core/merge/round.ts';
import type { State } from '../../core/model/state.ts';
import { withMarkers } from '../../core/overlap/markers.ts';
import { overlapDocument, roundDocument } from '../../core/select/overlap-documents.ts';
import type { Overlap } from '../../core/model/overlap.ts';
import { showControls } from '../../core/text.ts';
import type { MergeSegment, OverlapReply } from '../../protocol/messages.ts';
import { EXIT } from '../errors.ts';
import { print, printError, printJson } from '../io.ts';
import { overlap as ask } from '../requests.ts';

/** Lines shown around what is in conflict. */
const AROUND = 3;

export interface Conflict {
  readonly path: string;
  /** null where the session can't say what both have. */
  readonly reply: OverlapReply | null;
  /** Why there is nothing to show; '' else. */
  readonly why: string;
}

/** The paths that nobody has decided yet, with both sides' texts. */
export async function conflictsOf(connection: DaemonConnection, state: State, round: Round): Promise<Conflict[]> {
  return Promise.all(
    unsettled(round).map(async (path) => {
      const known = Object.values(state.overlaps).find((one) => one.round === round.id && one.path === path);
      try {
        const reply = await ask(connection, known?.id ?? path);
        return { path, reply, why: reply.why };
      } catch (error) {
        if (!(error instanceof LlmctlError) || error.code === 'lost') throw error;
        return { path, reply: null, why: error.message };
      }
    }),
  );
}

/** Says it all and leaves with the status of what could not be done. */
export function showConflicts(overlap: Overlap, round: Round, conflicts: readonly Conflict[], json: boolean): void {
  const [a, b] = overlap.agents;
  const paths = conflicts.map(({ path }) => showControls(path)).join(', ');
  const error =
    conflicts.length === 0
      ? `merge ${round.id} of ${a} and ${b} waits for your yes: \`llmctl merge ${overlap.id}\` again says it`
      : `${paths} of ${a} and ${b} can't be combined, both are paused: \`llmctl merge ${overlap.id} --take A|B|both|edit\` decides, --defer puts it off`;
  process.exitCode = EXIT.failed;
  if (json) {
    printJson({
      ok: false,
      code: conflicts.length === 0 ? 'unconfirmed' : 'conflict',
      error,
      nearest: [],
      overlap: overlapDocument(overlap),
      round: roundDocument(round),
      conflicts: conflicts.map(({ path, reply, why }) => ({
        path,
        base: reply?.base ?? null,
        a: reply?.a ?? null,
        b: reply?.b ?? null,
        segments: reply?.segments ?? null,
        why,
      })),
    });
  } else if (conflicts.length > 0)
    print([...conflicts.map((one) => describe(one, a, b)), howTo(overlap, conflicts)].join('\n\n'));
  printError(error);
}

function describe({ path, reply, why }: Conflict, a: string, b: string): string {
  const shown = showControls(path);
  if (reply === null || reply.segments === null) {
    const sides = reply === null ? '' : ` (base: ${reply.base}, A ${a}: ${reply.a}, B ${b}: ${reply.b})`;
    return `${shown}${sides}: ${showControls(why) || 'there is no text to show'}`;
  }
  const hunks = hunksOf(reply.segments).map(({ line, pieces }) => {
    const { text } = withMarkers(pieces, { a, b });
    return `@@ line ${line} @@\n${inert(text)}`;
  });
  return [shown, ...hunks].join('\n');
}

function howTo({ id, agents: [a, b] }: Overlap, conflicts: readonly Conflict[]): string {
  const one = conflicts.length > 1 ? ' --path PATH' : '';
  return [
    `llmctl merge ${id} --take A${one}     ${a}'s version of the file`,
    `llmctl merge ${id} --take B${one}     ${b}'s version of the file`,
    `llmctl merge ${id} --take both${one}  where they differ, ${a}'s lines and then ${b}'s`,
    `llmctl merge ${id} --take edit${one}  by hand, in $EDITOR or with --file FILE`,
    `llmctl merge ${id} --defer         both go on as they were`,
  ].join('\n');
}

interface Hunk {
  /** Of the merged file, counted from 1, where a conflict counts with A's lines. */
  readonly line: number;
  readonly pieces: readonly MergeSegment[];
}

/** Each conflict with a few lines around it. */
function hunksOf(segments: readonly MergeSegment[]): Hunk[] {
  let line = 1;
  return segments.flatMap((segment, i) => {
    const at = line;
    line += linesOf(segment).length;
    if (segment.kind !== 'conflict') return [];
    const before = linesOf(segments[i - 1]).slice(-AROUND);
    const after = linesOf(segments[i + 1]).slice(0, AROUND);
    const around = (lines: readonly string[]) => ({ kind: 'same', lines }) as const;
    return [{ line: at, pieces: [around(before), segment, around(after)] }];
  });
}

function linesOf(segment: MergeSegment | undefined): readonly string[] {
  if (segment === undefined) return [];
  return segment.kind === 'conflict' ? segment.a : segment.lines;
}

/** Lines that do nothing to a terminal; tabs stay what they are. */
export function inert(text: string): string {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, '').split('\t').map(showControls).join('\t'))
    .join('\n');
}
