import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MergeSegment, OverlapReply } from '../../client/api.ts';
import { bytesOfText, textOfBytes } from '../../core/byte-text.ts';
import { fakeOverlap } from '../testing/fake-merge.ts';
import { type HunkChoice, type MergeState, NOTHING_CHOSEN } from './choices.ts';
import { composed, hasMarkers, settledOf, undecided, withMarkers } from './compose.ts';
import { hunksOf, sideText } from './hunks.ts';

/** Lines of any bytes but the line end, as the daemon sends them. */
const line = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x0d, 0x41, 0xc3, 0xa9, 0xff)), { maxLength: 6 })
  .map((bytes) => `${textOfBytes(Uint8Array.from(bytes.filter((byte) => byte !== 10)))}\n`);
const lines = fc.array(line, { maxLength: 3 });
const segment: fc.Arbitrary<MergeSegment> = fc.oneof(
  fc.record({ kind: fc.constant('same' as const), lines }),
  fc.record({ kind: fc.constant('conflict' as const), a: lines, base: lines, b: lines }),
  fc.record({
    kind: fc.constant('merged' as const),
    from: fc.constantFrom('A' as const, 'B' as const, 'both' as const),
    base: lines,
    lines,
  }),
);
/** A file, whose last line may have no end. */
const file = fc.tuple(fc.array(segment, { maxLength: 6 }), fc.boolean()).map(([segments, open]) => {
  const last = segments.at(-1);
  if (!open || last?.kind !== 'conflict') return segments;
  const cut = (all: readonly string[]) =>
    all.map((text, i) => (i === all.length - 1 ? text.slice(0, -1) : text)).filter((text) => text !== '');
  return [...segments.slice(0, -1), { ...last, a: cut(last.a), b: cut(last.b) }];
});

function replyOf(segments: readonly MergeSegment[] | null): OverlapReply {
  return { overlap: fakeOverlap(), round: null, base: 'text', a: 'text', b: 'text', segments, why: '' };
}

function choosing(segments: readonly MergeSegment[], choice: (number: number) => HunkChoice): MergeState {
  const choices = Object.fromEntries(hunksOf(segments).map(({ key }, i) => [key, choice(i)]));
  return { ...NOTHING_CHOSEN, choices };
}

/** What the daemon would write. */
function written(reply: OverlapReply, merge: MergeState): Buffer {
  const settled = settledOf(reply, merge);
  if (settled?.take === 'edit') return Buffer.from(settled.content, 'base64');
  return Buffer.from(bytesOfText(sideText(reply.segments ?? [], settled?.take === 'A' ? 'a' : 'b')));
}

describe('the file that choices make', () => {
  it("is A's, or B's, byte for byte where that side is taken as a whole", () => {
    fc.assert(
      fc.property(file, fc.constantFrom('A' as const, 'B' as const), (segments, take) => {
        const side = Buffer.from(bytesOfText(sideText(segments, take === 'A' ? 'a' : 'b')));
        expect(written(replyOf(segments), { ...NOTHING_CHOSEN, whole: { take } }).equals(side)).toBe(true);
      }),
    );
  });

  it('is one side in every conflict, and what git combined everywhere else', () => {
    fc.assert(
      fc.property(file, fc.constantFrom('A' as const, 'B' as const), (segments, take) => {
        const merge = choosing(segments, () => ({ take }));
        const expected = segments.flatMap((one) =>
          one.kind === 'conflict' ? one[take === 'A' ? 'a' : 'b'] : one.lines,
        );
        const bytes = Buffer.from(bytesOfText(expected.join('')));
        expect(written(replyOf(segments), merge).equals(bytes)).toBe(true);
      }),
    );
  });

  it('has every line of both where both are taken, in the order that was asked for', () => {
    fc.assert(
      fc.property(file, fc.constantFrom('A then B' as const, 'B then A' as const), (segments, take) => {
        const text = composed(
          replyOf(segments),
          choosing(segments, () => ({ take })),
        )!;
        // Line ends are the file's own; where a line had none it gets one.
        const bare = (all: readonly string[]) => all.map((one) => one.replace(/\r*\n?$/, ''));
        const expected = segments.flatMap((one) => {
          if (one.kind !== 'conflict') return bare(one.lines);
          return take === 'A then B' ? [...bare(one.a), ...bare(one.b)] : [...bare(one.b), ...bare(one.a)];
        });
        expect(bare(text.replace(/\n$/, '').split('\n'))).toEqual(expected.length === 0 ? [''] : expected);
      }),
    );
  });

  it('is what the preview shows, whatever was chosen', () => {
    const takes = ['A', 'B', 'A then B', 'B then A'] as const;
    fc.assert(
      fc.property(file, fc.array(fc.nat(4), { minLength: 6, maxLength: 6 }), (segments, picks) => {
        const choice = (i: number): HunkChoice => {
          const take = takes[picks[i] ?? 0];
          return take ? { take } : { take: 'edit', text: `own ${i}\udcff` };
        };
        const merge = choosing(segments, choice);
        const reply = replyOf(segments);
        expect(textOfBytes(written(reply, merge))).toBe(textOfBytes(bytesOfText(composed(reply, merge)!)));
      }),
    );
  });

  it('lets no text of a person run into the line after it', () => {
    const segments: MergeSegment[] = [
      { kind: 'conflict', a: ['a\n'], base: [], b: ['b\n'] },
      { kind: 'same', lines: ['after\n'] },
    ];
    const own = choosing(segments, () => ({ take: 'edit', text: 'own' }));
    expect(composed(replyOf(segments), own)).toBe('own\nafter\n');
    const nothing = choosing(segments, () => ({ take: 'edit', text: '' }));
    expect(composed(replyOf(segments), nothing)).toBe('after\n');
  });

  it('is none while a conflict is open, and choices outlive texts that come anew', () => {
    const one: MergeSegment = { kind: 'conflict', a: ['a\n'], base: [], b: ['b\n'] };
    const other: MergeSegment = { kind: 'conflict', a: ['c\n'], base: [], b: ['d\n'] };
    const merge = choosing([one], () => ({ take: 'B' }));
    expect(settledOf(replyOf([one, other]), merge)).toBeNull();
    expect(undecided(replyOf([other, one]), merge)).toMatchObject([{ a: ['c\n'] }]);
    // Two that are alike are two decisions.
    expect(undecided(replyOf([one, one]), merge)).toHaveLength(1);
  });
});

describe('the file for an editor', () => {
  it('has markers around what is undecided alone', () => {
    const segments: MergeSegment[] = [
      { kind: 'conflict', a: ['a\n'], base: ['o\n'], b: ['b'] },
      { kind: 'conflict', a: ['c\n'], base: [], b: ['d\n'] },
    ];
    const [, second] = hunksOf(segments);
    const text = withMarkers(segments, { [second!.key]: { take: 'B' } }, ['ana', 'ben']);
    expect(text).toBe('<<<<<<< ana\na\n||||||| base\no\n=======\nb\n>>>>>>> ben\nd\n');
    expect(hasMarkers(text)).toBe(true);
    expect(hasMarkers('a <<<<<<< b\n=======\n')).toBe(false);
  });
});
