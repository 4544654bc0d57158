import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PANE_FLAG } from '../../core/pane-flags.ts';
import { decodeRowsHeader } from '../../protocol/rows-codec.ts';
import { XtermEmulator } from './emulator.ts';
import { PaneMirror } from './mirror.ts';
import { RowTracker } from './row-tracker.ts';
import { ClientScreen, bytesOf, emulatorRows, noise, piece } from './streams.testkit.ts';

type Step = { readonly write: Buffer } | { readonly resize: readonly [number, number] };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.array(piece, { minLength: 1, maxLength: 8 }).map((p) => ({ write: bytesOf(p.join('')) })),
  },
  { weight: 1, arbitrary: noise.map((write) => ({ write })) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 14 })).map((resize) => ({ resize })),
  },
);

function run(emulator: XtermEmulator, one: Step): void {
  if ('write' in one) emulator.parse(one.write);
  else emulator.resize(...one.resize);
}

describe('RowTracker', () => {
  it('keeps a client equal to the emulator at every step', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const emulator = new XtermEmulator(30, 10);
        const tracker = new RowTracker(1, emulator, 0);
        const client = new ClientScreen();
        for (const one of steps) {
          run(emulator, one);
          const payload = tracker.next();
          if (payload) client.apply(payload);
          if (!client.header) continue;
          expect(client.rows()).toEqual(emulatorRows(emulator));
          expect(client.header).toMatchObject({ ...emulator.state(), flags: expect.any(Number) });
          expect(client.header.flags & ~PANE_FLAG.full).toBe(emulator.state().flags);
        }
        emulator.dispose();
      }),
      { numRuns: 300 },
    );
  });

  it('brings clients that skip frames up to date through the mirror', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.boolean(), fc.boolean()), { maxLength: 30 }), (steps) => {
        const emulator = new XtermEmulator(30, 10);
        const tracker = new RowTracker(1, emulator, 0);
        const mirror = new PaneMirror(1);
        const clients = [
          { screen: new ClientScreen(), frame: 0 },
          { screen: new ClientScreen(), frame: 0 },
        ];
        for (const [one, ...reads] of steps) {
          run(emulator, one);
          const payload = tracker.next();
          expect(payload === null || mirror.apply(payload)).toBe(true);
          for (const [n, client] of clients.entries()) {
            if (!reads[n]) continue;
            const update = mirror.compose(client.frame);
            if (update) {
              client.screen.apply(update);
              client.frame = mirror.frame;
            }
            if (!client.screen.header) continue;
            expect(client.screen.rows()).toEqual(emulatorRows(emulator));
            expect(mirror.compose(client.frame)).toBeNull();
          }
        }
        emulator.dispose();
      }),
      { numRuns: 200 },
    );
  });

  it('forwards the same buffer to a client that is one frame behind', () => {
    const emulator = new XtermEmulator(30, 10);
    const tracker = new RowTracker(1, emulator, 0);
    const mirror = new PaneMirror(1);
    mirror.apply(tracker.next()!);
    emulator.parse(bytesOf('hello'));
    const payload = tracker.next()!;
    mirror.apply(payload);
    expect(mirror.compose(1)).toBe(payload);
    expect(mirror.compose(2)).toBeNull();
  });

  it('refuses a frame that does not follow the last one', () => {
    const emulator = new XtermEmulator(30, 10);
    const tracker = new RowTracker(1, emulator, 0);
    const mirror = new PaneMirror(1);
    mirror.apply(tracker.next()!);
    emulator.parse(bytesOf('a'));
    tracker.next();
    emulator.parse(bytesOf('b'));
    expect(mirror.apply(tracker.next()!)).toBe(false);
    tracker.requestFull();
    expect(mirror.apply(tracker.next()!)).toBe(true);
  });

  it('sends a scrolled log as a shift and the new rows', () => {
    const emulator = new XtermEmulator(80, 24);
    const tracker = new RowTracker(1, emulator, 0);
    emulator.parse(bytesOf(Array.from({ length: 24 }, (_, n) => `line ${n}`).join('\r\n')));
    tracker.next();
    emulator.parse(bytesOf('\r\nline 24\r\nline 25'));
    expect(decodeRowsHeader(tracker.next()!)).toMatchObject({ scroll: 2, rowCount: 2, base: 2, cursorY: 23 });
  });

  it('sees a scroll above a status line, in the alternate screen too', () => {
    for (const open of ['', '\x1b[?1049h']) {
      const emulator = new XtermEmulator(80, 24);
      const tracker = new RowTracker(1, emulator, 0);
      emulator.parse(bytesOf(`${open}\x1b[24;1Hstatus\x1b[1;23r\x1b[1;1H`));
      emulator.parse(bytesOf(Array.from({ length: 23 }, (_, n) => `line ${n}`).join('\r\n')));
      tracker.next();
      emulator.parse(bytesOf('\r\nmore'));
      const header = decodeRowsHeader(tracker.next()!);
      expect(header).toMatchObject({ scroll: 1 });
      expect(header.rowCount).toBeLessThanOrEqual(2);
    }
  });

  it('is silent when nothing changed, and tells a mere move of the cursor', () => {
    const emulator = new XtermEmulator(80, 24);
    const tracker = new RowTracker(1, emulator, 0);
    tracker.next();
    emulator.parse(bytesOf('\x1b[0m'));
    expect(tracker.next()).toBeNull();
    emulator.parse(bytesOf('\x1b[5;7H'));
    expect(decodeRowsHeader(tracker.next()!)).toMatchObject({ cursorX: 6, cursorY: 4, rowCount: 0 });
  });

  it('sees a cluster that changes behind equal words', () => {
    const emulator = new XtermEmulator(20, 2);
    const tracker = new RowTracker(1, emulator, 0);
    const client = new ClientScreen();
    emulator.parse(bytesOf('e\u0301'));
    client.apply(tracker.next()!);
    emulator.parse(bytesOf('\re\u0300'));
    client.apply(tracker.next()!);
    expect(client.rows()[0]).toContain('e\u0300');
  });
});
