import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLANK_CONTENT, CODEPOINT_MASK, WORDS_PER_CELL } from '../core/cells.ts';
import { encodeRow, encodeRowsPayload } from '../protocol/rows-codec.ts';
import { PANE_FLAG, type RowsHeader } from '../protocol/rows.ts';
import { FRAME } from '../protocol/messages.ts';
import type { Damage, PaneScreen } from './api.ts';
import { FakeDaemon, snapshotAt, todoAdded } from './fake-daemon.testkit.ts';
import { RoomConnection } from './room.ts';

const COLS = 8;
const ROWS = 3;

function payload(rows: Record<number, string>, over: Partial<RowsHeader> = {}): Uint8Array {
  const header: RowsHeader = {
    pane: 1,
    frame: 1,
    base: 0,
    oldest: 0,
    cols: COLS,
    rows: ROWS,
    cursorX: 0,
    cursorY: 0,
    scroll: 0,
    flags: PANE_FLAG.cursorVisible,
    cursorStyle: 0,
    kittyFlags: 0,
    ...over,
  };
  const encoded = Object.entries(rows).map(([y, text]) => {
    const cells = new Uint32Array(header.cols * WORDS_PER_CELL);
    for (let x = 0; x < header.cols; x++) cells[x * WORDS_PER_CELL] = BLANK_CONTENT;
    [...text].forEach((char, x) => {
      cells[x * WORDS_PER_CELL] = (BLANK_CONTENT & ~CODEPOINT_MASK) | char.codePointAt(0)!;
    });
    return { y: Number(y), bytes: encodeRow(cells, 0, header.cols, () => '') };
  });
  return encodeRowsPayload(header, encoded);
}

function text({ cells, cols, rows }: PaneScreen): string[] {
  return Array.from({ length: rows }, (_, y) => {
    const row = cells.subarray(y * cols * WORDS_PER_CELL, (y + 1) * cols * WORDS_PER_CELL);
    const chars = Array.from({ length: cols }, (_, x) =>
      String.fromCodePoint(row[x * WORDS_PER_CELL]! & CODEPOINT_MASK),
    );
    return chars.join('').trimEnd();
  });
}

describe('RoomConnection', () => {
  let daemon: FakeDaemon;
  let room: RoomConnection;
  let revived = 0;
  const damages: Damage[] = [];

  beforeEach(async () => {
    damages.length = 0;
    revived = 0;
    daemon = await FakeDaemon.start();
    room = await RoomConnection.open({
      socket: daemon.path,
      greeting: { kind: 'tui', readOnly: false, user: 'somebody' },
      revive: async () => void revived++,
    });
    room.onDamage((damage) => damages.push(damage));
  });
  afterEach(async () => {
    room.close();
    await daemon.close();
  });

  const changed = (test: () => boolean) =>
    new Promise<void>((resolve) => {
      if (test()) return resolve();
      const stop = room.onChange(() => {
        if (!test()) return;
        stop();
        resolve();
      });
    });
  const frameEnd = (frame: number) =>
    new Promise<void>((resolve) => {
      const stop = room.onFrameEnd((seen) => {
        if (seen !== frame) return;
        stop();
        resolve();
      });
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(frame);
      daemon.frame(FRAME.frameEnd, bytes);
    });

  it('folds events into a new state', async () => {
    const before = room.state();
    daemon.send({ type: 'events', entries: [todoAdded(1, 'one'), todoAdded(2, 'two')] });
    await changed(() => room.state().seq === 2);
    expect(room.state()).not.toBe(before);
    expect(room.state().todos.map((todo) => todo.text)).toEqual(['one', 'two']);
    expect(room.recent().map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('skips events that it has and takes a snapshot where one is missing', async () => {
    daemon.send({ type: 'events', entries: [todoAdded(1, 'one')] });
    daemon.send({ type: 'events', entries: [todoAdded(1, 'one')] });
    daemon.answers.snapshot = () => ({ result: snapshotAt(5) });
    daemon.send({ type: 'events', entries: [todoAdded(5, 'five')] });
    await changed(() => room.state().seq === 5);
    expect(daemon.asked('snapshot')).toHaveLength(1);
  });

  it('decodes rows, shifts on scroll, and says what changed', async () => {
    daemon.frame(FRAME.paneRows, payload({ 0: 'one', 1: 'two', 2: 'three' }, { flags: PANE_FLAG.full }));
    daemon.frame(FRAME.paneRows, payload({ 2: 'four' }, { scroll: 1, base: 1, cursorX: 4, cursorY: 2 }));
    daemon.frame(FRAME.paneRows, payload({ 1: 'THREE' }));
    await frameEnd(1);
    expect(text(room.screen(1)!)).toEqual(['two', 'THREE', 'four']);
    expect(damages).toEqual([
      { pane: 1, first: 0, last: 2, scroll: 0, full: true },
      { pane: 1, first: 2, last: 2, scroll: 1, full: false },
      { pane: 1, first: 1, last: 1, scroll: 0, full: false },
    ]);
  });

  it('leaves rows blank that scrolled in unnamed, and keeps a moved cursor apart from damage', async () => {
    daemon.frame(FRAME.paneRows, payload({ 0: 'one', 1: 'two', 2: 'three' }));
    daemon.frame(FRAME.paneRows, payload({}, { scroll: 2 }));
    daemon.frame(FRAME.paneRows, payload({}, { cursorX: 3 }));
    await frameEnd(1);
    expect(text(room.screen(1)!)).toEqual(['three', '', '']);
    expect(room.screen(1)!.cursorX).toBe(3);
    expect(damages.slice(1).map(({ first, last }) => last - first + 1)).toEqual([2, expect.any(Number)]);
    expect(damages[2]!.last).toBeLessThan(damages[2]!.first);
  });

  it('starts afresh at another size', async () => {
    daemon.frame(FRAME.paneRows, payload({ 0: 'one', 2: 'three' }));
    daemon.frame(FRAME.paneRows, payload({ 0: 'uno' }, { cols: 5, rows: 2 }));
    await frameEnd(1);
    expect(text(room.screen(1)!)).toEqual(['uno', '']);
    expect(damages[1]!.full).toBe(true);
  });

  it('drops the line on rows that no encoder made, and comes back', async () => {
    const broken = payload({ 0: 'one' });
    daemon.frame(FRAME.paneRows, broken.subarray(0, broken.length - 2));
    await changed(() => room.connection().state === 'lost');
    await changed(() => room.connection().state === 'live');
    expect(daemon.asked('subscribe')).toHaveLength(2);
  });

  it('connects again, subscribes, and shows the same panes', async () => {
    room.view([{ pane: 1, cols: 80, rows: 24 }], 1, true);
    await daemon.until(() => daemon.asked('view').length === 1);
    await daemon.die();
    await changed(() => room.connection().state === 'lost');
    room.input(1, Buffer.from('typed while nobody listens'));
    daemon.answers.subscribe = () => ({ result: snapshotAt(9) });
    await daemon.listen();
    await changed(() => room.connection().state === 'live');
    await daemon.until(() => daemon.asked('view').length === 2);
    expect(room.state().seq).toBe(9);
    expect(daemon.asked('view')[1]).toMatchObject({ panes: [{ pane: 1, cols: 80, rows: 24 }], focus: 1, active: true });
    room.input(1, Buffer.from('x'));
    await daemon.until(() => daemon.binary.length > 0);
    expect(daemon.binary.map(({ payload }) => payload.subarray(4).toString())).toEqual(['x']);
  });

  it('starts the daemon again where nobody listens', async () => {
    await daemon.die();
    await changed(() => room.connection().state === 'lost');
    await expect.poll(() => revived).toBeGreaterThan(0);
  });

  it('rejects commands while the line is down', async () => {
    await daemon.die();
    await changed(() => room.connection().state === 'lost');
    await expect(room.command({ type: 'agent.pause', agent: 'a' })).rejects.toMatchObject({ code: 'lost' });
  });

  it('ends when the daemon says goodbye, and stays ended', async () => {
    daemon.send({ type: 'bye', reason: 'down by somebody' });
    await changed(() => room.connection().state === 'ended');
    await daemon.die();
    expect(room.connection()).toEqual({ state: 'ended', reason: 'down by somebody' });
    expect(revived).toBe(0);
  });

  it('acknowledges frames itself while nobody draws', async () => {
    daemon.frame(FRAME.frameEnd, Buffer.from([3, 0, 0, 0]));
    await daemon.until(() => daemon.binary.length === 1);
    expect(daemon.binary[0]).toEqual({ type: FRAME.ack, payload: Buffer.from([3, 0, 0, 0]) });
  });

  it('decodes scrollback, the rows it was given and no more', async () => {
    daemon.answers.lines = ({ id }) => {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(id);
      daemon.frame(FRAME.lines, Buffer.concat([head, payload({ 0: 'old', 1: 'older' }, { base: 40 })]));
      return null;
    };
    const block = await room.lines(1, 40, 100);
    expect({ ...block, cells: block.cells.length }).toEqual({ from: 40, count: 2, cols: COLS, cells: 2 * COLS * 3 });
  });

  it('numbers scrollback from the line asked for, or from the oldest that is kept', async () => {
    daemon.answers.lines = ({ id }) => {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(id);
      const rows = payload({ 3: 'old', 4: 'older' }, { base: 500, oldest: 13 });
      daemon.frame(FRAME.lines, Buffer.concat([head, rows]));
      return null;
    };
    expect(await room.lines(1, 100, 5)).toMatchObject({ from: 100, count: 5 });
    const block = await room.lines(1, 10, 5);
    expect(block).toMatchObject({ from: 13, count: 2 });
    expect(block.cells[0]! & 0x1fffff).toBe('o'.charCodeAt(0));
  });
});
