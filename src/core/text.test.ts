import { describe, expect, it } from 'vitest';
import { showControls } from './text.ts';

describe('showControls', () => {
  it('leaves plain text, accents, wide characters and emoji alone', () => {
    const text = 'déjà vu 日本 🚀 👩‍💻 e\u0301';
    expect(showControls(text)).toBe(text);
  });

  it('draws C0 and DEL as their pictures', () => {
    expect(showControls('a\u001b[31mb\r\n\u0000\u007f')).toBe('a␛[31mb␍␊␀␡');
  });

  it.each(['\u009b', '\u202e', '\u2066', '\u200f', '\u{e0041}', '\ud800', '\u2028'])('replaces %j', (char) => {
    expect(showControls(`a${char}b`)).toBe('a\ufffdb');
  });
});
