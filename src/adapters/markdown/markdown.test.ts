import { describe, expect, it } from 'vitest';
import { repairMojibake } from './mojibake.ts';
import { readMarkdown } from './read.ts';

/** What a reader makes of UTF-8 that takes it for something else. */
function mangled(text: string, encoding: string): string {
  return new TextDecoder(encoding).decode(new TextEncoder().encode(text));
}

describe('text whose encoding was mangled', () => {
  it.each(['windows-1252', 'windows-1254', 'macintosh'])('is put right after %s', (encoding) => {
    const text = 'naïve → café\n├── src └── done ✓ “so” 🚀';
    expect(repairMojibake(mangled(text, encoding))).toBe(text);
  });

  it('is put right after ISO 8859-1, and where it went wrong twice', () => {
    const text = 'a → b ✓ └── “so” 🚀';
    const bytes = (of: string) =>
      Array.from(new TextEncoder().encode(of), (byte) => String.fromCharCode(byte)).join('');
    expect(repairMojibake(bytes(text))).toBe(text);
    expect(repairMojibake(mangled(mangled(text, 'windows-1252'), 'windows-1252'))).toBe(text);
    expect(repairMojibake(mangled(mangled(text, 'windows-1254'), 'macintosh'))).toBe(text);
  });

  it('stays as it is where it is right, or may be', () => {
    for (const text of ['→ ├── é ü ß', 'Ã', 'plain', 'Â©', 'ç√∂', '日本語 🚀']) expect(repairMojibake(text)).toBe(text);
  });

  it('is put right as far as it goes where bytes were lost', () => {
    expect(repairMojibake('â†’ and â†’ but ğŸ')).toBe('→ and → but ğŸ');
  });
});

describe('Markdown as facts', () => {
  it('has keys, code, check boxes and places', () => {
    const blocks = readMarkdown(
      '# T\n\n**Key**: the `code`\n**Other:** b\nplain: c\n\n- [x] **Done** (a)\n  - in `it`\n- [ ] no\n',
      'f',
    );
    const at = (line: number) => ({ file: 'f', line });
    expect(blocks).toMatchObject([
      { kind: 'heading', depth: 1, text: 'T', from: at(1) },
      {
        kind: 'text',
        lines: [
          { key: 'Key', value: 'the code', codes: ['code'], from: at(3) },
          { key: 'Other', value: 'b', from: at(4) },
          { key: 'plain', value: 'c', from: at(5) },
        ],
      },
      {
        kind: 'list',
        items: [
          {
            checked: true,
            key: 'Done',
            value: '(a)',
            from: at(7),
            children: [{ kind: 'list', items: [{ text: 'in it', from: at(8) }] }],
          },
          { checked: false, text: 'no', from: at(9) },
        ],
      },
    ]);
  });

  it('has tables and code with the line of their first character', () => {
    const blocks = readMarkdown(
      '| A | B |\n|---|---|\n| `x` | **y** |\n\n```yaml\na: 1\n- > x\n```\n\n```yaml\nb:\n  - > 80% of it\n```\n',
      'f',
    );
    expect(blocks).toMatchObject([
      { kind: 'table', head: ['A', 'B'], rows: [{ cells: ['x', 'y'], from: { line: 3 } }] },
      { kind: 'code', lang: 'yaml', tree: null, from: { line: 6 } },
      { kind: 'code', tree: { kind: 'map', entries: [{ key: 'b', value: { items: [{ value: '> 80% of it' }] } }] } },
    ]);
  });

  it('keeps its places where the document is cut at headings, and headings in code are none', () => {
    const blocks = readMarkdown('a\n# One\n```sh\n# no heading\n```\n\n## Two\n\n- x\n', 'f');
    expect(blocks.map(({ kind, from }) => [kind, from.line])).toEqual([
      ['text', 1],
      ['heading', 2],
      ['code', 4],
      ['heading', 7],
      ['list', 9],
    ]);
  });

  it.each([
    ['quotes', '>'.repeat(20_000)],
    ['lists', '* '.repeat(3000)],
    ['stars', '*a_'.repeat(50_000)],
    ['brackets', '['.repeat(100_000)],
  ])('gives up on a wall of %s, and says so', (_name, text) => {
    const blocks = readMarkdown(`# One\n\n- x\n\n# Two\n${text}\n\n# Three\n`, 'f');
    expect(blocks.map(({ kind, from }) => [kind, from.line])).toEqual([
      ['heading', 1],
      ['list', 3],
      ['text', 5],
      ['heading', 8],
    ]);
    expect(blocks[2]).toMatchObject({
      lines: [{ text: expect.stringMatching(/^\((nested too deeply|too many marks)\) # Two$/) }],
    });
  });
});
