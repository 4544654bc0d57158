import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_FIELD, FIELD_LIMIT, type FieldEdit, edit, fieldOf, fieldWindow, insert } from './text-field.ts';

const EDITS: readonly FieldEdit[] = [
  'left',
  'right',
  'home',
  'end',
  'backspace',
  'delete',
  'word-left',
  'word-right',
  'word-back',
  'clear-before',
  'clear-after',
];

describe('a text field', () => {
  it('inserts at the cursor', () => {
    expect(insert(edit(fieldOf('ac'), 'left'), 'b')).toEqual({ text: 'abc', cursor: 2 });
  });

  it('takes a paste of several lines as one', () => {
    expect(insert(EMPTY_FIELD, 'a\r\nb\nc\td').text).toBe('a b c d');
  });

  it('goes over characters as people see them', () => {
    const family = '👩‍💻';
    expect(edit(fieldOf(`a${family}`), 'backspace')).toEqual({ text: 'a', cursor: 1 });
    expect(edit(fieldOf('e\u0301'), 'left').cursor).toBe(0);
  });

  it('knows words', () => {
    expect(edit(fieldOf('git commit '), 'word-back').text).toBe('git ');
    expect(edit(fieldOf('git commit'), 'word-left').cursor).toBe(4);
    expect(edit({ text: 'git commit', cursor: 0 }, 'word-right').cursor).toBe(3);
    expect(edit(fieldOf(''), 'word-back')).toEqual(EMPTY_FIELD);
  });

  it('clears before and after the cursor', () => {
    expect(edit({ text: 'abcd', cursor: 2 }, 'clear-before')).toEqual({ text: 'cd', cursor: 0 });
    expect(edit({ text: 'abcd', cursor: 2 }, 'clear-after')).toEqual({ text: 'ab', cursor: 2 });
  });

  it('holds a line, not a file', () => {
    expect(insert(fieldOf('x'.repeat(FIELD_LIMIT - 1)), 'yz').text).toHaveLength(FIELD_LIMIT);
  });

  it('keeps its cursor within its text, whatever is done', () => {
    const steps = array(oneof(constantFrom(...EDITS), string({ unit: 'grapheme' })));
    const holds = property(steps, (all) => {
      let field = EMPTY_FIELD;
      for (const step of all) {
        field = (EDITS as readonly string[]).includes(step) ? edit(field, step as FieldEdit) : insert(field, step);
        expect(field.cursor).toBeGreaterThanOrEqual(0);
        expect(field.cursor).toBeLessThanOrEqual(field.text.length);
      }
    });
    expect(() => assert(holds)).not.toThrow();
  });

  it('shows the part with the cursor', () => {
    expect(fieldWindow(fieldOf('abcdefgh'), 4)).toEqual({ text: 'fgh', column: 3 });
    expect(fieldWindow({ text: 'abcdefgh', cursor: 1 }, 4)).toEqual({ text: 'abcdefgh', column: 1 });
    expect(fieldWindow(fieldOf('日本語'), 4)).toEqual({ text: '語', column: 2 });
  });
});
