import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markerLine, withMarkers, type MarkedPiece } from './markers.ts';

const labels = { a: 'ana', b: 'ben' };
const conflict: MarkedPiece = { kind: 'conflict', a: ['one\n'], base: ['old\n'], b: ['two'] };

describe('markers', () => {
  it('stand around both sides and the base', () => {
    const { text } = withMarkers([{ kind: 'same', lines: ['top\n'] }, conflict], labels);
    expect(text).toBe('top\n<<<<<<< A ana\none\n||||||| base\nold\n=======\ntwo\n>>>>>>> B ben\n');
  });

  it('are longer than any in the text', () => {
    const { text, width } = withMarkers([{ kind: 'same', lines: ['======== a heading\n'] }, conflict], labels);
    expect(width).toBe(9);
    expect(text).toContain('<<<<<<<<< A ana\n');
    expect(markerLine(text, width)).toBe(2);
  });

  it.each([
    ['one\ntwo\n', null],
    ['Title\n=======\n', null],
    ['one\n<<<<<<< A ana\n', 2],
    ['>>>>>>> B\r\n', 1],
    ['||||||||| base\n', 1],
    ['a <<<<<<< b\n', null],
    ['<<<<<<<no label\n', null],
  ])('%j: found in line %j', (text, line) => {
    expect(markerLine(text)).toBe(line);
  });

  it('that were written are always found again, and the merged text between them is untouched', () => {
    const lines = fc.array(fc.string({ maxLength: 12 }).map((line) => `${line.replaceAll(/[\r\n]/g, '')}\n`));
    const piece = fc.oneof(
      fc.record({ kind: fc.constant('same' as const), lines }),
      fc.record({ kind: fc.constant('conflict' as const), a: lines, base: lines, b: lines }),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const { text, width } = withMarkers(pieces, labels);
        const before = pieces.findIndex(({ kind }) => kind === 'conflict');
        const clean = pieces.slice(0, before < 0 ? undefined : before);
        const top = clean.flatMap((one) => (one.kind === 'conflict' ? [] : one.lines));
        expect(text.startsWith(top.join(''))).toBe(true);
        expect(markerLine(text, width)).toBe(before < 0 ? null : top.length + 1);
      }),
    );
  });
});
