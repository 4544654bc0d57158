import { describe, expect, it } from 'vitest';
import { PANE_FLAG } from '../core/pane-flags.ts';
import { keysToBytes } from './keys.ts';
import { pasteBytes } from './paste.ts';

const plain = { flags: 0, kittyFlags: 0 };

function bytes(key: string, modes = plain): string {
  const result = keysToBytes([key], modes);
  return result.ok ? result.bytes : result.error;
}

describe('keysToBytes', () => {
  it.each([
    ['Enter', '\r'],
    ['Esc', '\u001b'],
    ['escape', '\u001b'],
    ['Tab', '\t'],
    ['S-Tab', '\u001b[Z'],
    ['BTab', '\u001b[Z'],
    ['Space', ' '],
    ['BSpace', '\u007f'],
    ['C-c', '\u0003'],
    ['C-C', '\u0003'],
    ['^C', '\u0003'],
    ['C-Space', '\u0000'],
    ['C-[', '\u001b'],
    ['M-x', '\u001bx'],
    ['C-M-x', '\u001b\u0018'],
    ['Up', '\u001b[A'],
    ['C-Left', '\u001b[1;5D'],
    ['M-S-End', '\u001b[1;4F'],
    ['PgUp', '\u001b[5~'],
    ['PageDown', '\u001b[6~'],
    ['S-Insert', '\u001b[2;2~'],
    ['F1', '\u001bOP'],
    ['F12', '\u001b[24~'],
    ['C-F4', '\u001b[1;5S'],
    ['a', 'a'],
    ['S-a', 'A'],
    ['-', '-'],
    ['^', '^'],
    ['é', 'é'],
    ['🚀', '🚀'],
  ])('%s is %j', (key, wanted) => {
    expect(bytes(key)).toBe(wanted);
  });

  it('uses the application form of cursor keys where the program asked for it', () => {
    const modes = { flags: PANE_FLAG.applicationCursor, kittyFlags: 0 };
    expect(bytes('Up', modes)).toBe('\u001bOA');
    expect(bytes('C-Up', modes)).toBe('\u001b[1;5A');
  });

  it("speaks kitty's protocol where the program does", () => {
    const modes = { flags: 0, kittyFlags: 1 };
    expect(bytes('Esc', modes)).toBe('\u001b[27u');
    expect(bytes('C-c', modes)).toBe('\u001b[99;5u');
    expect(bytes('M-x', modes)).toBe('\u001b[120;3u');
    expect(bytes('Enter', modes)).toBe('\r');
    expect(bytes('S-Enter', modes)).toBe('\u001b[13;2u');
    expect(bytes('a', modes)).toBe('a');
    expect(bytes('Enter', { flags: 0, kittyFlags: 8 })).toBe('\u001b[13u');
  });

  it.each(['', 'Entr', 'F13', 'C-', 'C-€', 'ab', 'constructor', '\u001b[31m'])('refuses %j in one line', (key) => {
    expect(keysToBytes(['a', key], plain)).toMatchObject({ ok: key === '\u001b' });
    expect(bytes(key)).toMatch(/^no key is named [^\u0000-\u001f]*; keys: Enter Esc/);
  });

  it('names the key that was perhaps meant', () => {
    expect(bytes('Entr')).toContain('did you mean enter?');
  });
});

describe('pasteBytes', () => {
  const bracketed = PANE_FLAG.bracketedPaste;

  it('brackets where the program asked for it, with carriage returns as terminals send them', () => {
    expect(pasteBytes('two\nlines\r\n', bracketed)).toBe('\u001b[200~two\rlines\r\u001b[201~');
    expect(pasteBytes('one', 0)).toBe('one');
  });

  it('lets nothing out of the brackets', () => {
    for (const text of ['a\u001b[201~b', '\u001b[20\u001b[201~1~', '\u009b201~', '\u001b\u001b[201~[201~x']) {
      const inner = pasteBytes(text, bracketed).slice(6, -6);
      expect(inner).not.toMatch(/[\u001b\u009b]/);
    }
  });
});
