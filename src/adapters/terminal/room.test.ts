import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PANE_FLAG } from '../../core/pane-flags.ts';
import { decodeRowsHeader } from '../../protocol/rows-codec.ts';
import type { OpenPane, WorkerMessage } from './api.ts';
import { DEFAULT_COLOURS } from './colours.ts';
import type { PaneSource, SourceHandlers } from './pane-source.ts';
import { PulseReader, PulseWriter, createPulse } from './pulse.ts';
import { EmulatorRoom } from './room.ts';
import { bytesOf } from './streams.testkit.ts';

/** A stream that tests push by hand, and a record of what was said to it. */
class FakeSource implements PaneSource {
  readonly handlers = new Map<number, SourceHandlers>();
  readonly offsets = new Map<number, number>();
  readonly consumedTo = new Map<number, number>();
  readonly written: string[] = [];
  checkpoints: { offset: number; bytes: Uint8Array }[] = [];
  #wanted: (pane: number) => void = () => {};

  attach(pane: number, handlers: SourceHandlers): Promise<void> {
    this.handlers.set(pane, handlers);
    handlers.onRestore({ offset: 0, cols: 40, rows: 6, bytes: new Uint8Array(0) });
    return Promise.resolve();
  }

  detach(pane: number): void {
    this.handlers.delete(pane);
  }

  consumed(pane: number, offset: number): void {
    this.consumedTo.set(pane, offset);
  }

  checkpoint(_pane: number, offset: number, _cols: number, _rows: number, bytes: Uint8Array): void {
    this.checkpoints.push({ offset, bytes });
  }

  write(_pane: number, bytes: Uint8Array): void {
    this.written.push(Buffer.from(bytes).toString());
  }

  onCheckpointWanted(callback: (pane: number) => void): void {
    this.#wanted = callback;
  }

  onClose(): void {}

  want(pane: number): void {
    this.#wanted(pane);
  }

  print(pane: number, text: string): void {
    const offset = this.offsets.get(pane) ?? 0;
    // The connection's buffer is used again once the handler has returned.
    const bytes = bytesOf(text);
    this.handlers.get(pane)!.onData(bytes, offset);
    this.offsets.set(pane, offset + bytes.length);
    bytes.fill(0x21);
  }
}

const OPEN: OpenPane = {
  pane: 1,
  cols: 40,
  rows: 6,
  slot: 0,
  answeredTo: 0,
  frame: 0,
  poison: [],
  rules: { rules: [], version: null },
};

describe('EmulatorRoom', () => {
  let source: FakeSource;
  let room: EmulatorRoom;
  let posted: { at: number; message: WorkerMessage }[];
  let pulse: PulseReader;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
    source = new FakeSource();
    posted = [];
    const memory = createPulse();
    pulse = new PulseReader(memory);
    const post = (message: WorkerMessage): void => void posted.push({ at: performance.now(), message });
    room = new EmulatorRoom({
      source,
      pulse: new PulseWriter(memory, () => post({ type: 'busy' })),
      colours: DEFAULT_COLOURS,
      post,
    });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  function open(pane = 1, watch: 'none' | 'background' | 'focus' = 'focus', more: Partial<OpenPane> = {}): void {
    room.handle({ type: 'open', ...OPEN, pane, slot: pane - 1, ...more });
    room.handle({ type: 'watch', pane, mode: watch });
    vi.advanceTimersByTime(1000);
    posted = [];
  }

  /** Times of the frames of a pane, from `since` on. */
  function frames(pane: number, since: number): number[] {
    const rows = posted.filter(({ message }) => message.type === 'rows' && message.pane === pane);
    return rows.map(({ at }) => at - since);
  }

  it('sends the first change at once, then at most one frame per 16 or 33 ms', () => {
    open(1, 'focus');
    open(2, 'background');
    const start = performance.now();
    for (let n = 0; n < 100; n++) {
      source.print(1, `${n}`);
      source.print(2, `${n}`);
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(100);
    expect(frames(1, start).slice(0, 4)).toEqual([0, 16, 32, 48]);
    // After the first, on the beat that all panes in the background share.
    const [first, ...beats] = frames(2, start);
    expect(first).toBe(0);
    expect(beats.length).toBeGreaterThanOrEqual(4);
    expect(beats[0]).toBeLessThanOrEqual(33);
    expect(beats).toEqual(beats.map((_, n) => beats[0]! + 33 * n));
  });

  it('sends panes in the background together', () => {
    for (const pane of [1, 2, 3]) open(pane, 'background');
    const start = performance.now();
    for (let n = 0; n < 100; n++) {
      source.print(1 + (n % 3), `${n}`);
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(100);
    const [, ...one] = frames(1, start);
    // The first frame of each goes at once; the last print is pane 1's, which may be a beat of its own.
    for (const pane of [2, 3]) {
      const [, ...others] = frames(pane, start);
      expect(others.length).toBeGreaterThanOrEqual(2);
      expect(one).toEqual(expect.arrayContaining(others));
    }
  });

  it('sends nothing of a pane that nobody watches, and all of it once somebody does', () => {
    open(1, 'none');
    source.print(1, 'unseen');
    vi.advanceTimersByTime(500);
    expect(frames(1, 0)).toEqual([]);
    room.handle({ type: 'watch', pane: 1, mode: 'background' });
    expect(frames(1, 0)).toHaveLength(1);
  });

  it('does not delay the echo of a key', () => {
    open();
    source.print(1, 'a');
    vi.advanceTimersByTime(2);
    pulse.key(0);
    const start = performance.now();
    source.print(1, 'b');
    vi.advanceTimersByTime(3);
    source.print(1, 'c');
    expect(frames(1, start).filter((at) => at >= 0)).toEqual([0, 3]);
  });

  it('waits for the rest of a burst that filled the PTY buffer, not for ever', () => {
    open();
    const start = performance.now();
    source.print(1, 'x'.repeat(4095));
    vi.advanceTimersByTime(1);
    source.print(1, 'tail');
    vi.advanceTimersByTime(50);
    expect(frames(1, start)).toEqual([1]);
    posted = [];
    const flood = performance.now();
    for (let n = 0; n < 20; n++) {
      source.print(1, 'y'.repeat(4095));
      vi.advanceTimersByTime(2);
    }
    expect(frames(1, flood)[0]).toBeLessThanOrEqual(16);
  });

  it('holds back what a program draws as one, 150 ms at most', () => {
    open();
    const start = performance.now();
    source.print(1, '\x1b[?2026hhalf');
    vi.advanceTimersByTime(60);
    expect(frames(1, start)).toEqual([]);
    source.print(1, ' whole\x1b[?2026l');
    expect(frames(1, start)).toEqual([60]);
    vi.advanceTimersByTime(50);
    posted = [];
    const again = performance.now();
    source.print(1, '\x1b[?2026hnever ended');
    vi.advanceTimersByTime(1000);
    expect(frames(1, again)).toEqual([150]);
  });

  it('has no timer while nothing is due', () => {
    open();
    source.print(1, 'busy');
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(10_000);
    expect(vi.getTimerCount()).toBe(0);
    const activity = posted.flatMap(({ message }) => (message.type === 'signals' ? message.signals : []));
    expect(activity).toEqual([
      { kind: 'activity', active: true },
      { kind: 'activity', active: false },
    ]);
    source.print(1, 'again');
    expect(posted.at(-2)?.message).toMatchObject({ signals: [{ kind: 'activity', active: true }] });
  });

  it('takes what is printed right after a resize for a repaint, and what follows for work', () => {
    open();
    const told = () => posted.flatMap(({ message }) => (message.type === 'signals' ? message.signals : []));
    source.handlers.get(1)!.onResized(50, 10, 0);
    source.print(1, 'the dialog again');
    vi.advanceTimersByTime(10_000);
    expect(told()).toEqual([{ kind: 'activity', active: false }]);
    posted = [];
    source.handlers.get(1)!.onResized(60, 10, 0);
    for (let n = 0; n < 20; n++) {
      source.print(1, 'busy');
      vi.advanceTimersByTime(100);
    }
    expect(told()).toEqual([{ kind: 'activity', active: true }]);
  });

  it('gives panes their turns, the focused one every second', () => {
    open(1, 'background');
    open(2, 'background');
    open(3, 'focus');
    const flood = 'z'.repeat(60_000);
    for (const pane of [1, 2, 3]) source.print(pane, flood);
    const left = (): number[] => [1, 2, 3].map((pane) => 60_000 - (source.consumedTo.get(pane) ?? 0));
    for (let n = 0; n < 40 && left()[2]! > 0; n++) vi.advanceTimersToNextTimer();
    expect(left()[2]).toBe(0);
    vi.advanceTimersByTime(100);
    expect(left()).toEqual([0, 0, 0]);
    expect(pulse.parsed(0)).toBe(60_000);
  });

  it('bundles titles and bells of a flood into a few messages', () => {
    open();
    for (let n = 0; n < 200; n++) {
      source.print(1, `\x1b]0;title ${n}\x07\x07`);
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(100);
    const signals = posted.filter(({ message }) => message.type === 'signals');
    expect(signals.length).toBeLessThan(10);
    expect(signals.at(-1)!.message).toMatchObject({
      signals: [{ kind: 'title', text: 'title 199' }, { kind: 'bell' }],
    });
  });

  it('makes a checkpoint as soon as no sequence is cut', () => {
    open();
    source.print(1, 'text\x1b[3');
    source.want(1);
    expect(source.checkpoints).toEqual([]);
    source.print(1, '1mred');
    expect(source.checkpoints.map(({ offset }) => offset)).toEqual([12]);
  });

  it('shows nothing of replayed output before it is through, and answers none of it', () => {
    open(1, 'focus', { answeredTo: 8 });
    source.print(1, '\x1b[c1234');
    vi.advanceTimersByTime(500);
    expect(posted).toEqual([]);
    source.print(1, '5\x1b[5n');
    vi.advanceTimersByTime(50);
    expect(frames(1, 0)).toHaveLength(1);
    expect(source.written).toEqual(['\x1b[0n']);
  });

  it('leaves poisoned bytes out, also in the middle of a piece', () => {
    open(1, 'focus', { poison: [{ from: 3, to: 6 }] });
    source.print(1, 'abcXXXdef');
    room.handle({
      type: 'call',
      id: 7,
      call: { method: 'text', pane: 1, options: { lines: null, screen: false, ansi: false } },
    });
    return vi.waitFor(() => {
      const reply = posted.find(({ message }) => message.type === 'reply')?.message;
      expect(reply).toMatchObject({ id: 7, ok: true, result: { lines: ['abcdef'] } });
    });
  });

  it('keeps a character that was cut, though the buffer it came in is used again', async () => {
    open();
    const [head, tail] = [bytesOf('漢').subarray(0, 2), bytesOf('漢').subarray(2)];
    source.handlers.get(1)!.onData(head, 0);
    head.fill(0x21);
    source.handlers.get(1)!.onData(tail, 2);
    room.handle({
      type: 'call',
      id: 8,
      call: { method: 'text', pane: 1, options: { lines: null, screen: false, ansi: false } },
    });
    await vi.waitFor(() => {
      const reply = posted.find(({ message }) => message.type === 'reply')?.message;
      expect(reply).toMatchObject({ id: 8, ok: true, result: { lines: ['漢'] } });
    });
  });

  it('says what a full ring lost', () => {
    open();
    source.print(1, 'before\x1b]0;unfinished');
    source.offsets.set(1, 1_000_000);
    source.print(1, 'after');
    expect(posted.map(({ message }) => message)).toContainEqual({
      type: 'reset',
      pane: 1,
      reason: '999980 bytes of output were lost while nobody read them',
    });
    const rows = posted.findLast(({ message }) => message.type === 'rows')!.message as { payload: Uint8Array };
    expect(decodeRowsHeader(rows.payload).flags & PANE_FLAG.full).toBe(0);
    expect(source.consumedTo.get(1)).toBe(1_000_005);
  });

  it('asks the pool to look only while it works', () => {
    open();
    const busy = (): number => posted.filter(({ message }) => message.type === 'busy').length;
    source.print(1, 'a');
    source.print(1, 'b');
    expect(busy()).toBe(0);
    expect(pulse.beat % 2).toBe(0);
    expect(pulse.disarm()).toBe(true);
    source.print(1, 'c');
    source.print(1, 'd');
    expect(busy()).toBe(1);
  });
});
