import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { isNarrow, isNarrowText } from './narrow.ts';

describe('narrow characters', () => {
  it('are one column by the full rules too, and the two tests agree', () => {
    const wrong: string[] = [];
    let narrow = 0;
    for (let code = 0; code <= 0xffff; code++) {
      const text = String.fromCharCode(code);
      if (isNarrow(code) !== isNarrowText(text)) wrong.push(`${code.toString(16)}: the two differ`);
      if (!isNarrow(code)) continue;
      narrow++;
      if (stringWidth(text) !== 1) wrong.push(`${code.toString(16)}: ${stringWidth(text)} columns`);
    }
    expect(wrong).toEqual([]);
    expect(narrow).toBeGreaterThan(1_000);
  });

  it('are none that join, hide or are wide', () => {
    const others = ['é'.normalize('NFD'), '日', '✨', '⌚', '❤️', 'a\u200db', '\u00ad', '\u2028', '\u001b', '👍'];
    expect(others.filter(isNarrowText)).toEqual([]);
  });
});
