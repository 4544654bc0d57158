import type { MergeSegment } from '../../client/api.ts';

/** A place where git could not combine the two. */
export interface Hunk {
  /** Of its texts, and of which one it is among equals: the same hunk has the same key when the texts are fetched anew. */
  readonly key: string;
  readonly a: readonly string[];
  readonly base: readonly string[];
  readonly b: readonly string[];
  /** Line of A's and of B's file that it starts at, from 1. */
  readonly lineA: number;
  readonly lineB: number;
}

export type Side = 'a' | 'base' | 'b';

/** A segment with where it starts, and its hunk where it is one. */
export interface Placed {
  readonly segment: MergeSegment;
  readonly hunk: Hunk | null;
  /** Line of each text that it starts at, from 0. */
  readonly at: Readonly<Record<Side, number>>;
}

export function place(segments: readonly MergeSegment[]): readonly Placed[] {
  const seen = new Map<string, number>();
  const at = { a: 0, base: 0, b: 0 };
  return segments.map((segment) => {
    const start = { ...at };
    for (const side of SIDES) at[side] += linesOf(segment, side).length;
    return { segment, at: start, hunk: segment.kind === 'conflict' ? hunkOf(segment, start, seen) : null };
  });
}

const SIDES: readonly Side[] = ['a', 'base', 'b'];

function hunkOf(
  { a, base, b }: Extract<MergeSegment, { kind: 'conflict' }>,
  at: Readonly<Record<Side, number>>,
  seen: Map<string, number>,
): Hunk {
  const texts = JSON.stringify([a, base, b]);
  const before = seen.get(texts) ?? 0;
  seen.set(texts, before + 1);
  return { key: `${before} ${texts}`, a, base, b, lineA: at.a + 1, lineB: at.b + 1 };
}

export function hunksOf(segments: readonly MergeSegment[]): readonly Hunk[] {
  return place(segments).flatMap(({ hunk }) => (hunk ? [hunk] : []));
}

/** The lines that a side has there. */
export function linesOf(segment: MergeSegment, side: Side): readonly string[] {
  switch (segment.kind) {
    case 'same':
      return segment.lines;
    case 'conflict':
      return segment[side];
    case 'merged': {
      const changed = segment.from === 'both' || segment.from === (side === 'a' ? 'A' : 'B');
      return side !== 'base' && changed ? segment.lines : segment.base;
    }
  }
}

/** A side's whole file. */
export function sideText(segments: readonly MergeSegment[], side: Side): string {
  return segments.flatMap((segment) => linesOf(segment, side)).join('');
}
