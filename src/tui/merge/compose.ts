import type { MergeSegment, OverlapReply } from '../../client/api.ts';
import { base64, bytesOfText } from '../../core/byte-text.ts';
import type { Settled } from '../../core/merge/round.ts';
import type { HunkChoice, MergeState } from './choices.ts';
import { type Hunk, hunksOf, place, sideText } from './hunks.ts';

/** A stretch of the result: where it is from, and its text. */
export interface Piece {
  readonly from: 'both' | 'A' | 'B' | HunkChoice['take'] | 'undecided';
  readonly text: string;
  readonly hunk: Hunk | null;
}

/** The result in order; a hunk without a choice has the text ''. */
export function pieces(segments: readonly MergeSegment[], choices: MergeState['choices']): readonly Piece[] {
  const all = place(segments).map(({ segment, hunk }): Piece => {
    if (segment.kind === 'same') return { from: 'both', text: segment.lines.join(''), hunk };
    if (segment.kind === 'merged') return { from: segment.from, text: segment.lines.join(''), hunk };
    const choice = choices[hunk!.key];
    return { from: choice?.take ?? 'undecided', text: choice ? chosenText(hunk!, choice) : '', hunk };
  });
  return all.map((piece, i) => ended(piece, all.slice(i + 1)));
}

/** What a person wrote may lack its last line end; where something follows, it would run into it. */
function ended(piece: Piece, rest: readonly Piece[]): Piece {
  const open = piece.from === 'edit' && piece.text !== '' && !piece.text.endsWith('\n');
  return open && rest.some(({ text }) => text !== '') ? { ...piece, text: `${piece.text}\n` } : piece;
}

/** What a choice puts in the place of a hunk. */
export function chosenText(hunk: Hunk, choice: HunkChoice): string {
  const [a, b] = [hunk.a.join(''), hunk.b.join('')];
  switch (choice.take) {
    case 'A':
      return a;
    case 'B':
      return b;
    case 'A then B':
      return glued(a, b);
    case 'B then A':
      return glued(b, a);
    case 'edit':
      return choice.text;
  }
}

/** A last line of a file may have no end; what comes after it starts a line of its own. */
function glued(first: string, second: string): string {
  if (first === '' || second === '' || first.endsWith('\n')) return first + second;
  return `${first}${second.includes('\r\n') ? '\r\n' : '\n'}${second}`;
}

/** Hunks that nothing is decided about yet. */
export function undecided(reply: OverlapReply, merge: MergeState): readonly Hunk[] {
  if (reply.segments === null || merge.whole) return [];
  return hunksOf(reply.segments).filter(({ key }) => !merge.choices[key]);
}

/** The whole file as decided; null while a hunk is open, or where the file is no text and a side is taken as it is. */
export function composed(reply: OverlapReply, merge: MergeState): string | null {
  if (merge.whole?.take === 'edit') return merge.whole.text;
  if (reply.segments === null) return null;
  if (merge.whole) return sideText(reply.segments, merge.whole.take === 'A' ? 'a' : 'b');
  if (undecided(reply, merge).length > 0) return null;
  return pieces(reply.segments, merge.choices)
    .map(({ text }) => text)
    .join('');
}

/** The file for an editor: decided hunks as decided, the others between markers as git writes them (diff3). */
export function withMarkers(
  segments: readonly MergeSegment[],
  choices: MergeState['choices'],
  names: readonly [string, string],
): string {
  return pieces(segments, choices)
    .map(({ from, text, hunk }) => (from === 'undecided' && hunk ? marked(hunk, names) : text))
    .join('');
}

function marked(hunk: Hunk, [a, b]: readonly [string, string]): string {
  const whole = (lines: readonly string[]) => lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join('');
  return `<<<<<<< ${a}\n${whole(hunk.a)}||||||| base\n${whole(hunk.base)}=======\n${whole(hunk.b)}>>>>>>> ${b}\n`;
}

/** A line of git's that stands around a conflict: somebody has left it undecided. */
export function hasMarkers(text: string): boolean {
  return /^(<<<<<<<|\|\|\|\|\|\|\||>>>>>>>) /m.test(text);
}

/**
 * The decision as it is sent. A side is taken by its name only where the result is that side's file, byte for byte: what
 * git combined by itself would be lost otherwise. Everything else is sent as it stands in the preview.
 * @returns null while something is undecided
 */
export function settledOf(reply: OverlapReply, merge: MergeState): Settled | null {
  const { path } = reply.overlap;
  const { segments } = reply;
  if (merge.whole && merge.whole.take !== 'edit') return { path, take: merge.whole.take };
  const text = composed(reply, merge);
  if (text === null) return null;
  if (segments !== null && text === sideText(segments, 'a')) return { path, take: 'A' };
  if (segments !== null && text === sideText(segments, 'b')) return { path, take: 'B' };
  return { path, take: 'edit', content: base64(bytesOfText(text)) };
}
