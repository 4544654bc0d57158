/** One paint of the buffer as one piece of output. */
import type { ClusterTable } from '../../core/clusters.ts';
import { ByteSink } from './byte-sink.ts';
import type { CellBuffer } from './cell-buffer.ts';
import type { ColorDepth } from './colors.ts';
import { Palette } from './colors.ts';
import type { DifferFeatures } from './differ.ts';
import { Differ } from './differ.ts';
import { Pen } from './pen.ts';
import type { ScrollFeatures } from './scroll.ts';
import { scrollHints } from './scroll.ts';
import { TermCursor } from './term-cursor.ts';

/** Synchronized output (https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036). */
const BEGIN_SYNC = '\x1b[?2026h';
const END_SYNC = '\x1b[?2026l';
const SHOW_CURSOR = '\x1b[?25h';
const HIDE_CURSOR = '\x1b[?25l';
/** Shorter frames arrive in one piece anyway. */
const SYNC_FROM = 256;

export interface PaintFeatures {
  readonly colors: ColorDepth;
  /** DEC private mode 2026. */
  readonly sync: boolean;
  readonly differ: DifferFeatures;
  readonly scroll: ScrollFeatures;
}

export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

export class FrameEncoder {
  #buffer: CellBuffer;
  #features: PaintFeatures;
  #sink = new ByteSink();
  #pen: Pen;
  #cursor = new TermCursor();
  #differ: Differ;
  #shown: ScreenPoint | null = null;

  constructor(buffer: CellBuffer, clusters: ClusterTable, features: PaintFeatures) {
    this.#buffer = buffer;
    this.#features = features;
    this.#pen = new Pen(new Palette(features.colors));
    this.#differ = new Differ(buffer, clusters, this.#pen, this.#cursor, features.differ);
  }

  /** What the terminal was found to know in the meantime; its number of colours doesn't change. */
  setFeatures(features: PaintFeatures): void {
    this.#features = features;
    this.#differ.features = features.differ;
  }

  /**
   * @param cursor - where the terminal's cursor is to be; null hides it
   * @param before - sequences that don't move the cursor, change style or the screen (modes), sent first
   * @param after - what to send last, such sequences too; given the frame's length in bytes
   * @returns what to write, or null where nothing changed
   */
  encode(cursor: ScreenPoint | null, before: string, after: (length: number) => string): Buffer | null {
    const sink = this.#sink;
    sink.clear();
    this.#cells(sink);
    const large = sink.length > SYNC_FROM;
    const sync = large && this.#features.sync;
    // Without synchronized output the cursor would be seen running over the screen.
    const hide = large && !sync && this.#shown !== null;
    if (hide) this.#shown = null;
    this.#place(sink, cursor);
    if (sink.length === 0 && before === '') return null;
    const head = before + (sync ? BEGIN_SYNC : hide ? HIDE_CURSOR : '');
    const tail = sync ? END_SYNC : '';
    return sink.take(head, tail + after(head.length + sink.length + tail.length));
  }

  /** Everything is painted anew at the next encode. */
  forget(): void {
    this.#buffer.forget();
    this.#pen.forget();
    this.#cursor.forget();
  }

  #cells(sink: ByteSink): void {
    if (this.#buffer.unknown) {
      sink.ascii('\x1b[r\x1b[m\x1b[2J');
      this.#buffer.unknown = false;
      this.#buffer.clearFront();
      this.#pen.wasReset();
      this.#cursor.forget();
      sink.ascii(HIDE_CURSOR);
      this.#shown = null;
    }
    scrollHints(this.#buffer, sink, this.#pen, this.#cursor, this.#features.scroll);
    this.#differ.paint(sink);
  }

  #place(sink: ByteSink, cursor: ScreenPoint | null): void {
    sink.reserve(32);
    if (cursor) {
      this.#cursor.moveTo(sink, cursor.x, cursor.y);
      if (!this.#shown) sink.ascii(SHOW_CURSOR);
    } else if (this.#shown) {
      sink.ascii(HIDE_CURSOR);
    }
    this.#shown = cursor;
  }
}
