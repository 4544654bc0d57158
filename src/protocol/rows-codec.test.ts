import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as C from '../core/cells.ts';
import { ClusterTable } from '../core/clusters.ts';
import { RowsError, decodeRow, decodeRowsHeader, eachRow, encodeRow, encodeRowsPayload } from './rows-codec.ts';
import { MAX_COLS, PANE_FLAG, ROWS_HEADER_BYTES } from './rows.ts';

/** One cell as a person sees it; null is the right half of the glyph before it. */
interface Look {
  readonly text: string;
  readonly width: number;
  readonly fg: number;
  readonly bg: number;
}

/** A row as xterm keeps it: words, and texts of combined cells beside them. */
interface RawRow {
  readonly words: Uint32Array;
  readonly texts: ReadonlyMap<number, string>;
}

const clusters = new ClusterTable();

function roundTrip(row: RawRow): (Look | null)[] {
  const cols = row.words.length / C.WORDS_PER_CELL;
  const bytes = encodeRow(row.words, 0, cols, (x) => row.texts.get(x) ?? '');
  const back = new Uint32Array(row.words.length).fill(0xdeadbeef);
  decodeRow(bytes, back, 0, cols, clusters);
  return looks(back);
}

function looks(words: Uint32Array): (Look | null)[] {
  const out: (Look | null)[] = [];
  for (let i = 0; i < words.length; i += C.WORDS_PER_CELL) {
    const content = words[i]!;
    const low = content & C.CODEPOINT_MASK;
    const text = content & C.COMBINED ? clusters.at(low) : String.fromCodePoint(low);
    const width = C.cellWidth(content);
    out.push(width === 0 ? null : { text, width, fg: words[i + 1]!, bg: words[i + 2]! });
  }
  return out;
}

/** What a raw row must look like, by the rules in plain words. */
function expected(row: RawRow): (Look | null)[] {
  const out: (Look | null)[] = [];
  const cols = row.words.length / C.WORDS_PER_CELL;
  for (let x = 0; x < cols; x++) {
    const content = row.words[x * 3]!;
    const style = {
      fg: C.normalizeColor(row.words[x * 3 + 1]!),
      bg: C.normalizeColor(row.words[x * 3 + 2]! & ~(C.BG_HAS_EXTENDED | C.BG_PROTECTED)),
    };
    const width = C.cellWidth(content);
    const low = content & C.CODEPOINT_MASK;
    const hasRight = x + 1 < cols && C.cellWidth(row.words[x * 3 + 3]!) === 0;
    if (width === 0 || width > 2 || (width === 2 && !hasRight)) {
      out.push({ text: ' ', width: 1, ...style });
      continue;
    }
    const raw = content & C.COMBINED ? (row.texts.get(x) ?? '') : low > 0x10ffff ? ' ' : String.fromCodePoint(low);
    out.push({ text: cleaned(raw), width, ...style });
    if (width === 2) {
      out.push(null);
      x++;
    }
  }
  return out;
}

function cleaned(raw: string): string {
  let marks = 0;
  const kept = [...raw].filter((char) => {
    if (/[\u0000-\u001f\u007f-\u009f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]/u.test(char))
      return false;
    if (/[\u{e0000}-\u{e007f}]/u.test(char)) return false;
    return !/\p{M}/u.test(char) || ++marks <= 8;
  });
  return kept.join('') || ' ';
}

const colour = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 255 }).map((n) => (C.COLOR_P16 | (n & 15) | (n << 8)) >>> 0),
  fc.integer({ min: 0, max: 0xffffff }).map((n) => (C.COLOR_P256 | n) >>> 0),
  fc.integer({ min: 0, max: 0xffffff }).map((n) => (C.COLOR_RGB | n) >>> 0),
  fc.integer({ min: 0, max: 0xffffff }),
);
const flags = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  fc.integer({ min: 0, max: 63 }).map((n) => n * 0x4000000),
);
const styleWord = fc.tuple(colour, flags).map(([c, f]) => (c | f) >>> 0);
const glyph = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(' ', ' ', 'a', 'b', '-', '~') },
  { weight: 3, arbitrary: fc.constantFrom('é', '─', '│', '█', 'Ω', '\u00a0') },
  { weight: 2, arbitrary: fc.constantFrom('漢', '字', '한') },
  { weight: 1, arbitrary: fc.constantFrom('🚀', '👩‍👩‍👧‍👦', '👩🏻‍❤️‍💋‍👨🏿', '✅', '🇩🇪', '𝒳', 'e\u0301', 'a\u202eb', 'x\u{e0041}') },
  { weight: 1, arbitrary: fc.constantFrom('\u202e', '\u0007', '\u009b', '\u{e0061}', `z${'\u0301'.repeat(20)}`) },
);
/** Glyphs with a style each, some repeated, laid out into cells as an emulator does, sometimes with a stray half. */
const wellFormed = fc
  .array(
    fc.record({
      glyph,
      fg: styleWord,
      bg: styleWord,
      times: fc.constantFrom(1, 1, 2, 7, 8, 9, 40),
      stray: fc.integer({ min: 0, max: 30 }),
    }),
    {
      maxLength: 24,
    },
  )
  .map(layOut);

function layOut(parts: readonly { glyph: string; fg: number; bg: number; times: number; stray: number }[]): RawRow {
  const words: number[] = [];
  const texts = new Map<number, string>();
  for (const part of parts) {
    for (let n = 0; n < part.times; n++) {
      const wide = /\p{Emoji_Presentation}|\p{sc=Han}|\p{sc=Hangul}/u.test(part.glyph);
      const single = [...part.glyph].length === 1;
      if (!single) texts.set(words.length / 3, part.glyph);
      const low = single ? part.glyph.codePointAt(0)! : C.COMBINED;
      words.push(low | ((wide ? 2 : 1) << C.WIDTH_SHIFT), part.fg, part.bg);
      if (wide && part.stray !== 0) words.push(0, part.fg, part.bg);
    }
    if (part.stray === 1) words.push(0, part.fg, part.bg);
    if (part.stray === 2) words.push(1 << C.WIDTH_SHIFT, 0, 0);
  }
  return { words: new Uint32Array(words.slice(0, MAX_COLS * 3)), texts };
}

const garbage = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 90 }).map((words): RawRow => ({
  words: new Uint32Array(words.slice(0, words.length - (words.length % 3))),
  texts: new Map(),
}));

/** The class of what was thrown. */
function outcome(act: () => void): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as Error).constructor;
  }
}

describe('row codec', () => {
  it('brings back every row as it looked', () => {
    fc.assert(
      fc.property(wellFormed, (row) => {
        expect(roundTrip(row)).toEqual(expected(row));
      }),
      { numRuns: 600 },
    );
  });

  it('makes something decent of any words at all', () => {
    fc.assert(
      fc.property(garbage, (row) => {
        expect(roundTrip(row)).toEqual(expected(row));
      }),
      { numRuns: 600 },
    );
  });

  it('is a fixed point: what was decoded encodes to the same cells', () => {
    fc.assert(
      fc.property(wellFormed, (row) => {
        const cols = row.words.length / 3;
        const first = encodeRow(row.words, 0, cols, (x) => row.texts.get(x) ?? '');
        const cells = new Uint32Array(row.words.length);
        decodeRow(first, cells, 0, cols, clusters);
        const again = encodeRow(cells, 0, cols, (x) => clusters.at(cells[x * 3]! & C.CODEPOINT_MASK));
        const back = new Uint32Array(row.words.length);
        decodeRow(again, back, 0, cols, clusters);
        expect([...back]).toEqual([...cells]);
        expect(again.length).toBeLessThanOrEqual(first.length);
      }),
    );
  });

  it('refuses bytes that are no row with a RowsError and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 0, max: 40 }), (bytes, cols) => {
        const target = new Uint32Array(cols * 3 + 6).fill(7);
        expect([undefined, RowsError]).toContain(outcome(() => decodeRow(bytes, target, 3, cols, clusters)));
        expect([...target.subarray(0, 3), ...target.subarray(cols * 3 + 3)]).toEqual([7, 7, 7, 7, 7, 7]);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses every truncation of a real row or decodes fewer cells', () => {
    const row = layOut([
      { glyph: '漢', fg: C.COLOR_P16 | 3, bg: 0, times: 3, stray: 9 },
      { glyph: '👩‍👩‍👧‍👦', fg: 0, bg: C.COLOR_RGB | 5, times: 2, stray: 9 },
      { glyph: '-', fg: 0, bg: 0, times: 30, stray: 9 },
    ]);
    const cols = row.words.length / 3;
    const bytes = encodeRow(row.words, 0, cols, (x) => row.texts.get(x) ?? '');
    let refused = 0;
    for (let cut = 0; cut < bytes.length; cut++) {
      const target = new Uint32Array(row.words.length);
      const error = outcome(() => decodeRow(bytes.subarray(0, cut), target, 0, cols, clusters));
      expect([undefined, RowsError]).toContain(error);
      if (error) refused++;
    }
    expect(refused).toBeGreaterThan(bytes.length - 6);
  });

  it('keeps the widest row of the costliest cells within its length field', () => {
    const words = new Uint32Array(MAX_COLS * 3);
    const zalgo = `👩🏻‍❤️‍💋‍👨🏿${'\u{1e8d0}'.repeat(40)}`;
    for (let x = 0; x < MAX_COLS; x++) {
      words.set([C.COMBINED | (1 << C.WIDTH_SHIFT), (C.COLOR_RGB | x) >>> 0, (C.COLOR_RGB | (x + 1)) >>> 0], x * 3);
    }
    const bytes = encodeRow(words, 0, MAX_COLS, () => zalgo);
    expect(bytes.length).toBeLessThanOrEqual(0xffff);
    decodeRow(bytes, new Uint32Array(words.length), 0, MAX_COLS, clusters);
  });

  it('spends little on common rows', () => {
    const text = 'const x = 1;                                     // and a comment';
    const words = new Uint32Array(200 * 3).fill(0);
    for (let x = 0; x < 200; x++) words[x * 3] = (text.charCodeAt(x) || 0) | (1 << C.WIDTH_SHIFT);
    expect(encodeRow(words, 0, 200, () => '').length).toBeLessThan(45);
    expect(encodeRow(new Uint32Array(words.length).fill(1 << C.WIDTH_SHIFT), 0, 0, () => '').length).toBe(0);
  });
});

describe('rows payload', () => {
  const header = {
    pane: 7,
    frame: 0xfffffffe,
    base: 123_456,
    oldest: 1000,
    cols: 200,
    rows: 60,
    cursorX: 199,
    cursorY: 59,
    scroll: 3,
    flags: PANE_FLAG.full | PANE_FLAG.sgrMouse,
    cursorStyle: 6,
    kittyFlags: 31,
  };

  it('carries header and rows', () => {
    const rows = [
      { y: 0, bytes: new Uint8Array([1, 2, 3]) },
      { y: 59, bytes: new Uint8Array(0) },
    ];
    const payload = encodeRowsPayload(header, rows);
    expect(decodeRowsHeader(payload)).toEqual({ ...header, rowCount: 2 });
    const seen: { y: number; bytes: Uint8Array }[] = [];
    eachRow(payload, (y, bytes) => seen.push({ y, bytes: new Uint8Array(bytes) }));
    expect(seen).toEqual(rows);
    expect(payload.buffer.byteLength).toBe(payload.length);
  });

  it('refuses a payload cut anywhere', () => {
    const payload = encodeRowsPayload(header, [{ y: 1, bytes: new Uint8Array(9) }]);
    for (let cut = 0; cut < payload.length; cut++) {
      expect(() => eachRow(payload.subarray(0, cut), () => {})).toThrow(RowsError);
    }
    expect(() => decodeRowsHeader(payload.subarray(0, ROWS_HEADER_BYTES - 1))).toThrow(RowsError);
  });
});
