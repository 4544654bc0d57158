import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64, bytesOfText, textOfBytes } from './byte-text.ts';

/** Bytes that are often the start of a sequence, and its middle, and its end. */
const wild = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0x0a, 0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xa0, 0xf0, 0x90, 0xf4, 0xff),
  ),
  { maxLength: 200 },
);

describe('bytes as text', () => {
  it('come back as they were, whatever they are', () => {
    fc.assert(
      fc.property(wild, (bytes) => {
        const raw = Uint8Array.from(bytes);
        expect(bytesOfText(textOfBytes(raw))).toEqual(raw);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are read as UTF-8 where they are that', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const raw = Uint8Array.from(Buffer.from(text, 'utf8'));
        expect(textOfBytes(raw)).toBe(raw.length === 0 ? '' : Buffer.from(raw).toString('utf8'));
        expect(Buffer.from(bytesOfText(text)).equals(Buffer.from(text, 'utf8'))).toBe(true);
      }),
    );
  });

  it('escape each byte of a sequence that is too long, cut off, or a surrogate', () => {
    const escaped = (...bytes: number[]) => textOfBytes(Uint8Array.from(bytes));
    expect(escaped(0xff, 0x41)).toBe('\udcffA');
    expect(escaped(0xc0, 0x80)).toBe('\udcc0\udc80');
    expect(escaped(0xed, 0xa0, 0x80)).toBe('\udced\udca0\udc80');
    expect(escaped(0xe2, 0x82)).toBe('\udce2\udc82');
    expect(escaped(0xf5, 0x80, 0x80, 0x80)).toBe('\udcf5\udc80\udc80\udc80');
  });

  it('survive JSON', () => {
    const raw = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(bytesOfText(JSON.parse(JSON.stringify(textOfBytes(raw))) as string)).toEqual(raw);
  });
});

describe('base64', () => {
  it('is what everybody else reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      }),
    );
  });
});
