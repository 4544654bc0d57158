import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputRing } from './ring.ts';
import type { Cursor } from './ring.ts';

/** What a follower makes of it: every byte with its offset, every size. */
interface Seen {
  text: string;
  from: number;
  size: string;
  gaps: number;
}

function follow(ring: OutputRing): { readonly cursor: Cursor; readonly seen: Seen } {
  const { offset, cols, rows, bytes } = ring.checkpoint;
  const seen = { text: Buffer.from(bytes).toString(), from: offset, size: `${cols}x${rows}`, gaps: 0 };
  const follower = { cursor: ring.cursor(), seen };
  read(ring, follower);
  return follower;
}

function read(ring: OutputRing, { cursor, seen }: { readonly cursor: Cursor; readonly seen: Seen }): void {
  for (let item = ring.next(cursor, 7); item; item = ring.next(cursor, 7)) {
    if (item.kind === 'resized') {
      seen.size = `${item.cols}x${item.rows}`;
      seen.text += `<${seen.size}>`;
      continue;
    }
    if (item.offset !== seen.from) seen.gaps++;
    seen.text += item.bytes.toString();
    seen.from = item.offset + item.bytes.length;
  }
}

type Step =
  | { readonly do: 'print'; readonly text: string }
  | { readonly do: 'resize'; readonly cols: number }
  | { readonly do: 'checkpoint' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('print' as const),
      text: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' }),
    }),
    fc.record({ do: fc.constant('resize' as const), cols: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant('checkpoint' as const) }),
  ),
  { maxLength: 40 },
);

function play(ring: OutputRing, step: Step, leader: { readonly cursor: Cursor; readonly seen: Seen }): void {
  switch (step.do) {
    case 'print':
      ring.append(Buffer.from(step.text));
      break;
    case 'resize':
      ring.resize(step.cols, 1);
      break;
    case 'checkpoint': {
      const [cols, rows] = leader.seen.size.split('x').map(Number);
      ring.keep({ offset: leader.seen.from, cols: cols!, rows: rows!, bytes: Buffer.from(leader.seen.text) });
      break;
    }
  }
  read(ring, leader);
}

describe('OutputRing', () => {
  it('gives a newcomer exactly what one who was there from the start has seen', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const ring = new OutputRing(1 << 20, 80, 24);
        const leader = follow(ring);
        for (const step of script) {
          play(ring, step, leader);
          const newcomer = follow(ring);
          // Of several sizes at one place a newcomer may see only the last.
          const plain = (text: string): string => text.replaceAll(/(<\d+x\d+>)+(?=<)/g, '');
          expect(plain(newcomer.seen.text)).toBe(plain(leader.seen.text));
          expect(newcomer.seen).toMatchObject({ from: ring.end, size: leader.seen.size, gaps: 0 });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('drops the oldest past its limit and goes on at a line, at the size that held there', () => {
    const ring = new OutputRing(256 * 1024, 80, 24);
    ring.append(Buffer.from('first\n'));
    ring.resize(100, 30);
    const line = `${'x'.repeat(99)}\n`;
    for (let i = 0; i < 10_000; i++) ring.append(Buffer.from(line));
    expect(ring.size).toBeLessThanOrEqual(256 * 1024);
    expect(ring.size).toBeGreaterThan(128 * 1024);
    const { seen } = follow(ring);
    expect(seen.gaps).toBe(1);
    expect(seen.size).toBe('100x30');
    expect(seen.text.startsWith(`<100x30>${line}`)).toBe(true);
    expect(seen.from).toBe(ring.end);
  });

  it('refuses a checkpoint from the past or the future', () => {
    const ring = new OutputRing(1 << 20, 80, 24);
    ring.append(Buffer.from('0123456789'));
    const screen = { cols: 80, rows: 24, bytes: Buffer.from('s') };
    expect(ring.keep({ ...screen, offset: 5 })).toBe(true);
    expect(ring.keep({ ...screen, offset: 4 })).toBe(false);
    expect(ring.keep({ ...screen, offset: 11 })).toBe(false);
    expect(ring.keep({ ...screen, offset: Number.NaN })).toBe(false);
    expect(follow(ring).seen.text).toBe('s56789');
  });
});
