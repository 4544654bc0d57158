import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newHighlighter } from './highlight.ts';

const code = newHighlighter();
const kinds = (text: string, path: string) =>
  code.lines(text, path)?.map((runs) => runs.map((run) => `${run.kind} ${run.text}`));

describe('code in colours', () => {
  it('knows a language by the name of its file', () => {
    expect(kinds("const a = 'x'; // no\n", 'src/a.ts')?.[0]).toEqual(
      expect.arrayContaining(['keyword const', "string 'x'", 'comment // no']),
    );
    expect(kinds('all: x\n', 'Makefile')).not.toBeNull();
    expect(code.lines('x', 'notes.unknown')).toBeNull();
  });

  it('carries a comment over its lines', () => {
    expect(kinds('/* one\n two */ x', 'a.js')).toEqual([['comment /* one'], ['comment  two */', 'text  x']]);
  });

  it('changes no character of any text', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '&',
      '&amp;',
      '"',
      "'",
      '\n',
      'if',
      ' ',
      '`${',
      '}',
      '\u001b',
      '\udcff',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom('a.ts', 'a.html', 'a.md'), (parts, path) => {
        const text = parts.join('');
        const lines = code.lines(text, path)!.map((runs) => runs.map((run) => run.text).join(''));
        expect(lines.join('\n')).toBe(text);
      }),
    );
  });
});
