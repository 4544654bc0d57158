/** One file's three-way merge in pieces that a person can decide about. */
import type { MergeSegment, SideContent } from '../../protocol/messages.ts';
import type { Entry } from './api-merge.ts';
import { readBlobs } from './objects.ts';
import { pathOf } from './path-bytes.ts';
import type { Git } from './plumb.ts';

export interface FileSides {
  readonly base: Entry | null;
  readonly a: Entry | null;
  readonly b: Entry | null;
}

export interface FileSegments {
  readonly base: SideContent;
  readonly a: SideContent;
  readonly b: SideContent;
  readonly segments: readonly MergeSegment[] | null;
  readonly why: string;
}

/** More than anybody decides line by line; and an answer has to fit a frame. */
const SHOWN_BYTES = 1_000_000;

/** @param git finds the objects */
export async function fileSegments(git: Git, sides: FileSides): Promise<FileSegments> {
  const texts = await Promise.all([sides.base, sides.a, sides.b].map((entry) => readSide(git, entry)));
  const [base, a, b] = texts as [Side, Side, Side];
  const found = { base: base.content, a: a.content, b: b.content };
  const none = (why: string): FileSegments => ({ ...found, segments: null, why });
  if (a.content === 'absent' || b.content === 'absent') return none('one side has deleted or renamed it');
  if (a.content !== 'text' || b.content !== 'text') return none('it is not text on both sides');
  if (base.content !== 'text' && base.content !== 'absent') return none('it was no text before');
  if (texts.some(({ bytes }) => bytes.length > SHOWN_BYTES)) return none('it is too large to be shown piece by piece');
  const [toA, toB] = await Promise.all([edits(git, base, a), edits(git, base, b)]);
  return {
    ...found,
    segments: combine(
      linesOf(base.bytes),
      { edits: toA, lines: linesOf(a.bytes) },
      { edits: toB, lines: linesOf(b.bytes) },
    ),
    why: '',
  };
}

interface Side {
  readonly content: SideContent;
  readonly bytes: Buffer;
  readonly oid: string | null;
}

async function readSide(git: Git, entry: Entry | null): Promise<Side> {
  const nothing = Buffer.alloc(0);
  if (entry === null) return { content: 'absent', bytes: nothing, oid: null };
  if (entry.mode === '120000') return { content: 'symlink', bytes: nothing, oid: null };
  if (entry.mode === '160000') return { content: 'submodule', bytes: nothing, oid: null };
  const [bytes = nothing] = await readBlobs(git, [entry.oid]);
  // As git tells them apart: a NUL among the first 8,000 bytes (xdiff-interface.c, buffer_is_binary).
  const binary = bytes.subarray(0, 8000).includes(0);
  return { content: binary ? 'binary' : 'text', bytes, oid: entry.oid };
}

/** Lines with their ends. */
function linesOf(bytes: Buffer): string[] {
  const lines = pathOf(bytes).split(/(?<=\n)/u);
  return lines.length === 1 && lines[0] === '' ? [] : lines;
}

/** Lines `from`…`to` of the base became lines `start`…`end` of the side; all count from 0, ends excluded. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

async function edits(git: Git, base: Side, side: Side): Promise<readonly Edit[]> {
  const before = base.oid ?? (await git.line(['hash-object', '-w', '--stdin'], { input: '' }));
  if (before === side.oid) return [];
  const args = ['diff', '--no-color', '--no-ext-diff', '--no-textconv', '--text', '--unified=0', before, side.oid!];
  const { out } = await git.run(args);
  const found: Edit[] = [];
  // "@@ -START,COUNT +START,COUNT @@"; a count of 0 stands behind its line (git-diff(1), "Generating patch text").
  for (const match of out.toString('latin1').matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)) {
    const [from, to] = range(match[1]!, match[2]);
    const [start, end] = range(match[3]!, match[4]);
    found.push({ from, to, start, end });
  }
  return found;
}

function range(first: string, count = '1'): [number, number] {
  const lines = Number(count);
  const start = lines === 0 ? Number(first) : Number(first) - 1;
  return [start, start + lines];
}

interface Changed {
  readonly edits: readonly Edit[];
  readonly lines: readonly string[];
}

/** Edits of both sides that touch each other are one piece; what lies between is the same everywhere. */
function combine(base: readonly string[], a: Changed, b: Changed): MergeSegment[] {
  const segments: MergeSegment[] = [];
  let at = 0;
  let [i, j] = [0, 0];
  while (i < a.edits.length || j < b.edits.length) {
    const from = Math.min(a.edits[i]?.from ?? Infinity, b.edits[j]?.from ?? Infinity);
    let to = from;
    const [firstA, firstB] = [i, j];
    for (let grown = true; grown;) {
      grown = false;
      for (; i < a.edits.length && touches(a.edits[i]!, from, to); i++, grown = true) to = Math.max(to, a.edits[i]!.to);
      for (; j < b.edits.length && touches(b.edits[j]!, from, to); j++, grown = true) to = Math.max(to, b.edits[j]!.to);
    }
    if (from > at) segments.push({ kind: 'same', lines: base.slice(at, from) });
    segments.push(piece(base.slice(from, to), text(a, firstA, i, from, to), text(b, firstB, j, from, to)));
    at = to;
  }
  if (at < base.length) segments.push({ kind: 'same', lines: base.slice(at) });
  return segments;
}

function touches(edit: Edit, from: number, to: number): boolean {
  return edit.from === from || edit.from <= to;
}

/** Lines `from`…`to` of the base as this side has them; null where it has them as they were. */
function text(side: Changed, first: number, next: number, from: number, to: number): readonly string[] | null {
  if (first === next) return null;
  const [head, last] = [side.edits[first]!, side.edits[next - 1]!];
  return side.lines.slice(head.start - (head.from - from), last.end + (to - last.to));
}

function piece(base: readonly string[], a: readonly string[] | null, b: readonly string[] | null): MergeSegment {
  if (a === null) return { kind: 'merged', from: 'B', base, lines: b! };
  if (b === null) return { kind: 'merged', from: 'A', base, lines: a };
  if (a.length === b.length && a.every((line, n) => line === b[n]))
    return { kind: 'merged', from: 'both', base, lines: a };
  return { kind: 'conflict', a, base, b };
}
