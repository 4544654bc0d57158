import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AreaEdit, areaOf, areaText, editArea, insertArea } from './text-area.ts';

const after = (text: string, ...edits: readonly AreaEdit[]) => edits.reduce(editArea, areaOf(text));

describe('a text of several lines', () => {
  it('is what it was, with its line ends and its stray bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '\r', '\udcff', 'é', ''), { maxLength: 30 }), (parts) => {
        expect(areaText(areaOf(parts.join('')))).toBe(parts.join(''));
      }),
    );
  });

  it('takes text in at the cursor, lines and all', () => {
    const area = insertArea(after('ab\ncd', 'right'), '1\r\n2\n3');
    expect(areaText(area)).toBe('a1\n2\n3b\ncd');
    expect(area).toMatchObject({ row: 2, cursor: 1 });
  });

  it('goes on with the line ends of the line', () => {
    expect(areaText(after('ab\r\ncd', 'right', 'newline'))).toBe('a\r\nb\r\ncd');
    expect(areaText(after('ab\r\ncd', 'end', 'newline'))).toBe('ab\r\n\r\ncd');
    expect(areaText(after('ab\r\ncd', 'end', 'delete'))).toBe('abcd');
    expect(areaText(after('ab\r\ncd', 'down', 'backspace'))).toBe('abcd');
  });

  it('moves over line ends, and never out of the text', () => {
    expect(after('ab\ncd', 'down', 'left')).toMatchObject({ row: 0, cursor: 2 });
    expect(after('ab\ncd', 'end', 'right')).toMatchObject({ row: 1, cursor: 0 });
    expect(after('abc\nd', 'end', 'down')).toMatchObject({ row: 1, cursor: 1 });
    expect(after('abc\nd', 'up', 'page-up', 'left')).toMatchObject({ row: 0, cursor: 0 });
    expect(after('abc\nd', 'bottom', 'down', 'right', 'delete')).toMatchObject({ row: 1, cursor: 1 });
    expect(areaText(after('', 'backspace', 'delete', 'word-back', 'clear-before'))).toBe('');
  });

  it('edits within a line as a field does', () => {
    expect(areaText(after('one two\nx', 'end', 'word-back'))).toBe('one \nx');
    expect(areaText(after('one two\nx', 'word-right', 'clear-after'))).toBe('one\nx');
  });
});
