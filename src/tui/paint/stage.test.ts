import { describe, expect, it } from 'vitest';
import { COLOR_P16 } from '../../core/cells.ts';
import type { PanePlacement, PaneSource, StageLayout } from './api.ts';
import { FakeClock } from './clock.testkit.ts';
import { FakeRoom } from './fake-room.testkit.ts';
import type { PaintFeatures } from './frame-encoder.ts';
import type { TerminalOutput } from './output.ts';
import { OuterTerminal } from './outer-terminal.testkit.ts';
import { LiveSource } from './sources.ts';
import { TerminalStage } from './stage.ts';

const FEATURES: PaintFeatures = {
  colors: 'truecolor',
  sync: true,
  differ: { bce: true, repeat: true },
  scroll: { rows: true, columns: false },
};
const EMPTY: StageLayout = { panes: [], covers: [], fields: [], focus: null, cursor: null };

/** The terminal at the other end of the line; `isStopped` stands for Ctrl+S. */
class FakeOutput implements TerminalOutput {
  columns: number;
  rows: number;
  isStopped = false;
  writes: string[] = [];
  readonly outer: OuterTerminal;
  #waiting: Uint8Array[] = [];
  #drain: (() => void)[] = [];
  #resize: (() => void)[] = [];

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.outer = new OuterTerminal(columns, rows);
  }

  get needsDrain(): boolean {
    return this.#waiting.length > 0;
  }

  write(bytes: Uint8Array): void {
    this.writes.push(Buffer.from(bytes).toString('latin1'));
    if (this.isStopped) this.#waiting.push(bytes);
    else this.outer.write(bytes);
  }

  onDrain(listener: () => void): void {
    this.#drain.push(listener);
  }

  onResize(listener: () => void): void {
    this.#resize.push(listener);
  }

  start(): void {
    this.isStopped = false;
    for (const bytes of this.#waiting.splice(0)) this.outer.write(bytes);
    for (const listener of this.#drain) listener();
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.outer.terminal.resize(columns, rows);
    for (const listener of this.#resize) listener();
  }
}

class Rig {
  readonly room = new FakeRoom();
  readonly clock = new FakeClock();
  readonly output: FakeOutput;
  readonly stage: TerminalStage;

  constructor(cols = 60, rows = 20) {
    this.output = new FakeOutput(cols, rows);
    this.stage = new TerminalStage({
      client: this.room.client,
      output: this.output,
      features: FEATURES,
      clock: this.clock,
    });
  }

  place(pane: number, x: number, y: number, width: number, height: number, dim = false): PanePlacement {
    if (!this.room.client.screen(pane)) this.room.open(pane, width, height);
    return { pane, rect: { x, y, width, height }, dim, source: new LiveSource(this.room.client, pane) };
  }

  async show(layout: Partial<StageLayout>, frame = 'ink'): Promise<void> {
    this.stage.inkStdout.write(frame);
    this.stage.setLayout({ ...EMPTY, ...layout });
    await Promise.resolve();
  }

  row(y: number): string {
    return this.output.outer.text(y);
  }

  /** Frames written since the last call. */
  writes(): number {
    return this.output.writes.splice(0).length;
  }
}

describe('TerminalStage', () => {
  it('paints Ink around the panes, the panes in their holes, popups over them', async () => {
    const rig = new Rig(20, 5);
    const panes = [rig.place(1, 2, 1, 8, 3)];
    rig.room.print(1, 'abcdefgh\r\n日本語日\r\nxyz');
    const frame = '####################\n--hidden--##########\n\x1b[31m##\x1b[0m        日\n##  POP   ##\n#';
    await rig.show({ panes, covers: [{ x: 4, y: 3, width: 4, height: 1 }], focus: 1 }, frame);
    expect([0, 1, 2, 3, 4].map((y) => rig.row(y))).toEqual([
      '####################',
      '--abcdefgh##########',
      '##日本語日日',
      '##xyPOP   ##',
      '#',
    ]);
    rig.stage.setLayout({ ...EMPTY, panes, focus: 1 });
    await Promise.resolve();
    expect(rig.row(3)).toBe('##xyz     ##');
    expect(rig.output.outer.cursor).toEqual({ x: 5, y: 3 });
  });

  it('never shows half of a wide glyph at the edge of a popup', async () => {
    const rig = new Rig(12, 2);
    const panes = [rig.place(1, 0, 0, 12, 1)];
    rig.room.print(1, '日日日日日日');
    await rig.show({ panes, covers: [{ x: 3, y: 0, width: 4, height: 1 }] }, '   ABCD');
    expect(rig.row(0)).toBe('日 ABCD 日日');
  });

  it('paints output at once, then on its beat, and never when nothing changed', async () => {
    const rig = new Rig();
    await rig.show({ panes: [rig.place(1, 0, 1, 20, 5), rig.place(2, 30, 1, 20, 5)], focus: 1 });
    rig.clock.advance(100);
    rig.writes();
    rig.room.print(2, 'a');
    rig.room.endFrame();
    expect(rig.writes()).toBe(1);
    rig.room.print(2, 'b');
    rig.room.endFrame();
    expect(rig.writes()).toBe(0);
    rig.clock.advance(29);
    expect(rig.writes()).toBe(0);
    rig.clock.advance(1);
    expect(rig.writes()).toBe(1);
    rig.clock.advance(1000);
    expect([rig.writes(), rig.clock.timers]).toEqual([0, 0]);
    rig.room.endFrame();
    expect(rig.writes()).toBe(0);
  });

  it('paints the echo of a key in the same tick, and that pane alone', async () => {
    const rig = new Rig();
    await rig.show({ panes: [rig.place(1, 0, 1, 20, 5), rig.place(2, 30, 1, 20, 5)], focus: 1 });
    rig.clock.advance(100);
    rig.room.print(2, 'x');
    rig.room.endFrame();
    rig.writes();
    rig.clock.advance(1);
    rig.stage.keyPressed();
    rig.room.print(2, 'y');
    rig.room.print(1, 'k');
    rig.room.endFrame();
    expect(rig.output.writes).toHaveLength(1);
    expect(rig.output.writes[0]!.length).toBeLessThan(12);
    expect([rig.row(1).slice(0, 20).trim(), rig.row(1).slice(30)]).toEqual(['k', 'x']);
    rig.clock.advance(40);
    expect(rig.row(1).slice(30)).toBe('xy');
  });

  it('acknowledges a frame when it is painted, or as soon as somebody types', async () => {
    const rig = new Rig();
    await rig.show({ panes: [rig.place(1, 0, 1, 20, 5), rig.place(2, 30, 1, 20, 5)], focus: 1 });
    rig.clock.advance(100);
    rig.room.print(2, 'a');
    rig.room.endFrame();
    expect(rig.room.acked).toEqual([1]);
    rig.room.print(2, 'b');
    rig.room.endFrame();
    expect(rig.room.acked).toEqual([1]);
    rig.stage.keyPressed();
    expect(rig.room.acked).toEqual([1, 2]);
  });

  it('writes at most one frame to a terminal that stopped reading, and is current with the next', async () => {
    const rig = new Rig();
    await rig.show({ panes: [rig.place(1, 0, 1, 40, 10)], focus: 1 });
    rig.clock.advance(100);
    rig.output.isStopped = true;
    rig.writes();
    for (let i = 0; i < 500; i++) {
      rig.room.print(1, `line ${i}\r\n`);
      rig.room.endFrame();
      rig.clock.advance(40);
    }
    expect([rig.writes(), rig.room.acked.length]).toEqual([1, 0]);
    rig.output.start();
    expect([rig.writes(), rig.row(9)]).toEqual([1, 'line 499']);
    expect(rig.room.acked).toEqual([500]);
  });

  it('keeps no more than a window of bytes that the terminal did not confirm', async () => {
    const rig = new Rig(100, 40);
    rig.stage.expectAnswer();
    rig.stage.answered();
    await rig.show({ panes: [rig.place(1, 0, 1, 90, 30)], focus: 1 });
    const full = (mark: string): void => {
      rig.clock.advance(40);
      rig.room.print(
        1,
        `\x1b[H${Array.from({ length: 30 }, (_, y) => `${mark}${y} ${'lorem ipsum '.repeat(6)}`).join('\r\n')}`,
      );
      rig.room.print(1, `\x1b[H${mark.repeat(80)}`);
      rig.room.endFrame();
    };
    let total = 0;
    for (let i = 0; i < 24; i++) {
      full(String.fromCharCode(97 + (i % 26)));
      total = rig.output.writes.reduce((sum, bytes) => sum + bytes.length, 0);
    }
    expect(total).toBeLessThan(9000);
    expect(rig.output.writes.join('').match(/\x1b\[5n/g)).toHaveLength(1);
    expect(rig.row(1)[0]).not.toBe('x');
    rig.stage.answered();
    expect(rig.row(1)[0]).toBe('x');
    expect(rig.room.acked.at(-1)).toBe(24);
  });

  it('asks again when an answer got lost, and goes on without when a living terminal gives none', async () => {
    const rig = new Rig(100, 40);
    rig.stage.expectAnswer();
    rig.stage.answered();
    await rig.show({ panes: [rig.place(1, 0, 1, 90, 30)], focus: 1 });
    for (const mark of ['a', 'b', 'c', 'd']) {
      rig.clock.advance(40);
      rig.room.print(1, `\x1b[H${mark.repeat(2700)}`);
      for (let i = 0; i < 30; i++)
        rig.room.print(1, `\x1b[${i};${i + 1}H${mark}${'\x1b[31mx\x1b[32my\x1b[0m'.repeat(25)}`);
      rig.room.endFrame();
    }
    expect(rig.row(30)[0]).not.toBe('d');
    const before = rig.output.writes.length;
    rig.clock.advance(1100);
    expect(rig.output.writes.slice(before)).toEqual(['\x1b[5n']);
    rig.stage.keyPressed();
    rig.clock.advance(7000);
    expect(rig.row(30)[0]).toBe('d');
  });

  it('lets live fields change on their own beat without Ink, hides them under popups, sleeps when there are none', async () => {
    const rig = new Rig(20, 3);
    let renders = 0;
    const field = {
      x: 2,
      y: 0,
      width: 4,
      everyMs: 100,
      render: (now: number) => ({ text: `${Math.floor((renders++, now) / 1000)}s`, fg: COLOR_P16 | 2, bg: 0 }),
    };
    await rig.show({ fields: [field] }, '####################');
    expect(rig.row(0)).toBe('##1s  ##############');
    rig.writes();
    for (let i = 0; i < 20; i++) {
      rig.clock.advance(100);
      await Promise.resolve();
    }
    expect(rig.row(0)).toBe('##3s  ##############');
    expect(renders).toBeGreaterThan(19);
    expect(rig.writes()).toBeLessThan(4);
    await rig.show({ fields: [field], covers: [{ x: 0, y: 0, width: 3, height: 1 }] }, '####################');
    expect([rig.row(0), rig.clock.timers]).toEqual(['####################', 0]);
  });

  it('waits with the resized screen until its layout is there', async () => {
    const rig = new Rig(40, 10);
    rig.stage.onResize((cols, rows) => rig.stage.inkStdout.write(`${cols}x${rows}`));
    await rig.show({ panes: [rig.place(1, 0, 1, 20, 5)] }, 'old');
    rig.room.print(1, 'pane');
    rig.room.endFrame();
    rig.writes();
    rig.output.resize(30, 6);
    await Promise.resolve();
    expect(rig.writes()).toBe(0);
    rig.stage.setLayout({ ...EMPTY, panes: [rig.place(1, 5, 2, 20, 4)] });
    await Promise.resolve();
    expect([rig.writes(), rig.row(0), rig.row(2)]).toEqual([1, '30x6', '     pane']);
    rig.output.resize(1, 1);
    rig.clock.advance(60);
    await Promise.resolve();
    expect(rig.row(0)).toBe('1');
  });

  it('shows marks, and a detached source whole when output comes', async () => {
    const rig = new Rig(30, 8);
    const live = rig.place(1, 0, 1, 20, 4);
    for (let i = 0; i < 50; i++) rig.room.print(1, `line ${i}\r\n`);
    let shown = 0;
    const source: PaneSource = {
      cols: 20,
      rows: 4,
      detached: true,
      row: (y) => new LiveSource(rig.room.client, 1).row((y + shown) % 4),
      origin: () => ({ x: 0, y: 0 }),
      marks: (y) => [
        { from: 0, to: 2, kind: y === 0 ? 'selection' : 'match' },
        { from: 5, to: 6, kind: 'current' },
      ],
    };
    await rig.show({ panes: [{ ...live, source }], focus: 1 });
    expect([rig.row(1), rig.row(2)]).toEqual(['line 47', 'line 48']);
    shown = 1;
    rig.clock.advance(50);
    rig.room.print(1, '\x1b[4;1H');
    rig.room.endFrame();
    expect(rig.row(1)).toBe('line 48');
    const looks = rig.output.outer.looks();
    const cell = (y: number, x: number): string => looks[y]!.split('\t')[x]!;
    expect([cell(1, 0), cell(2, 0), cell(2, 5)]).toEqual([
      'l:1:4000000:0',
      'l:1:11000000:1000003',
      '4:1:1d000003:1000000',
    ]);
  });

  it('draws a paused pane faint', async () => {
    const rig = new Rig(10, 2);
    rig.room.open(1, 10, 1);
    rig.room.print(1, '\x1b[1;31mab');
    await rig.show({ panes: [rig.place(1, 0, 0, 10, 1, true)] });
    expect(rig.output.outer.looks()[0]!.startsWith('a:1:1000001:8000000')).toBe(true);
  });
});
