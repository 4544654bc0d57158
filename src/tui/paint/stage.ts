/** The painter: takes Ink's frames, the panes' output and the layout, and keeps the terminal showing them. */
import type { RoomClient } from '../../client/api.ts';
import type { PanePlacement, Stage, StageLayout } from './api.ts';
import { CellBuffer } from './cell-buffer.ts';
import type { Clock } from './clock.ts';
import { Compositor } from './compositor.ts';
import type { PaintFeatures, ScreenPoint } from './frame-encoder.ts';
import { FrameEncoder } from './frame-encoder.ts';
import { LiveFields } from './live-fields.ts';
import type { TerminalOutput } from './output.ts';
import { Pacer } from './pacer.ts';
import type { PaintScope } from './scheduler.ts';
import { PaintScheduler } from './scheduler.ts';
import { VirtualStdout } from './virtual-stdout.ts';

/** After a resize Ink draws the old layout first: the new one is worth waiting for, but not for long. */
const RESIZE_HOLD_MS = 50;

export interface StageOptions {
  readonly client: RoomClient;
  readonly output: TerminalOutput;
  readonly features: PaintFeatures;
  readonly clock: Clock;
}

export class TerminalStage implements Stage {
  readonly inkStdout: VirtualStdout;
  #client: RoomClient;
  #output: TerminalOutput;
  #clock: Clock;
  #buffer: CellBuffer;
  #encoder: FrameEncoder;
  #compositor: Compositor;
  #fields: LiveFields;
  #pacer: Pacer;
  #scheduler: PaintScheduler;
  #queued = '';
  #unacked: number | null = null;
  #damaged = { focus: false, other: false };
  #hasFrame = false;
  #cancelHold: (() => void) | null = null;
  #resizeListeners = new Set<(cols: number, rows: number) => void>();
  #unsubscribe: (() => void)[] = [];
  #closed = false;

  constructor({ client, output, features, clock }: StageOptions) {
    this.#client = client;
    this.#output = output;
    this.#clock = clock;
    this.#buffer = new CellBuffer(output.columns, output.rows);
    this.#encoder = new FrameEncoder(this.#buffer, client.clusters, features);
    this.#fields = new LiveFields(clock, client.clusters, () => this.#fieldsDue());
    this.#compositor = new Compositor(this.#buffer, client.clusters, this.#fields);
    this.#pacer = new Pacer(output, clock, () => this.#opened());
    this.#scheduler = new PaintScheduler(clock, {
      isOpen: () => this.#hasFrame && !this.#cancelHold && this.#pacer.open,
      paint: (scope) => this.#paint(scope),
    });
    this.inkStdout = new VirtualStdout(output.columns, output.rows, (frame) => this.#inkFrame(frame));
    this.#listen();
  }

  get cols(): number {
    return this.#buffer.cols;
  }

  get rows(): number {
    return this.#buffer.rows;
  }

  setLayout(layout: StageLayout): void {
    this.#compositor.setLayout(layout);
    this.#releaseHold();
    this.#scheduler.screenChanged();
  }

  touch(pane: number): void {
    this.#compositor.touch(pane);
    this.#scheduler.screenChanged();
  }

  onResize(listener: (cols: number, rows: number) => void): () => void {
    this.#resizeListeners.add(listener);
    return () => this.#resizeListeners.delete(listener);
  }

  /** Where `pane` is on screen, if it is. */
  placement(pane: number): PanePlacement | undefined {
    return this.#compositor.layout.panes.find((placement) => placement.pane === pane);
  }

  /** Paints everything anew. */
  redraw(): void {
    this.#encoder.forget();
    this.#scheduler.screenChanged();
  }

  setFeatures(features: PaintFeatures): void {
    this.#encoder.setFeatures(features);
  }

  /** Sends a sequence that neither paints nor moves the cursor (modes, clipboard) with the next frame, or soon. */
  send(sequence: string): void {
    if (sequence === '') return;
    this.#queued += sequence;
    this.#scheduler.screenChanged();
  }

  /** A key went to the focused pane: its echo is due any moment, so the daemon must not wait for us. */
  keyPressed(): void {
    this.#scheduler.keyPressed();
    this.#pacer.keyPressed();
    this.#ack();
  }

  /** A DSR was sent with the queries at start. */
  expectAnswer(): void {
    this.#pacer.expectAnswer();
  }

  /** The terminal sent `CSI 0 n`. */
  answered(): void {
    this.#pacer.answered();
  }

  /** An answer of the terminal's is under way: it would land in the shell if we left now. */
  get awaitsAnswer(): boolean {
    return this.#pacer.waiting;
  }

  /** Stops painting for good. */
  close(): void {
    this.#closed = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#scheduler.close();
    this.#pacer.close();
    this.#fields.close();
    this.#cancelHold?.();
  }

  #listen(): void {
    const client = this.#client;
    this.#unsubscribe.push(
      client.onDamage((damage) => {
        const { focus, other } = this.#compositor.damage(damage);
        this.#damaged.focus ||= focus;
        this.#damaged.other ||= other;
      }),
      client.onFrameEnd((frame) => this.#frameEnd(frame)),
    );
    this.#output.onResize(() => this.#resized());
  }

  #frameEnd(frame: number): void {
    const { focus, other } = this.#damaged;
    this.#damaged = { focus: false, other: false };
    this.#unacked = frame;
    if (focus || other) this.#scheduler.panesChanged(focus, other);
    // Otherwise the next paint acknowledges it: output that nobody types for may wait for its beat.
    if (!this.#scheduler.pending || this.#scheduler.echoing) this.#ack();
  }

  /** Lets the daemon send its next frame, unless the terminal is behind. */
  #ack(): void {
    if (this.#unacked === null || !this.#pacer.open) return;
    const frame = this.#unacked;
    this.#unacked = null;
    this.#client.ack(frame);
  }

  #inkFrame(frame: string): void {
    this.#compositor.mergeFrame(frame);
    this.#hasFrame = true;
    this.#scheduler.screenChanged();
  }

  #fieldsDue(): void {
    if (!this.#pacer.open) return;
    if (this.#fields.update()) {
      this.#compositor.fieldsChanged();
      this.#scheduler.screenChanged();
    }
    this.#fields.arm();
  }

  #opened(): void {
    this.#scheduler.opened();
    if (!this.#scheduler.pending || this.#scheduler.echoing) this.#ack();
    this.#fields.arm();
  }

  #paint(scope: PaintScope): void {
    this.#compositor.compose(scope);
    let asks = false;
    const bytes = this.#encoder.encode(this.#cursor(), this.#queued, (length) => {
      const suffix = this.#pacer.suffix(length);
      asks = suffix !== '';
      return suffix;
    });
    this.#queued = '';
    if (bytes) this.#pacer.write(bytes, asks);
    this.#ack();
    this.#fields.arm();
  }

  #cursor(): ScreenPoint | null {
    const { focus, cursor } = this.#compositor.layout;
    const placement = focus === null ? undefined : this.placement(focus);
    const inPane = placement?.source.cursor?.();
    if (!placement || !inPane) return focus === null ? this.#clamp(cursor) : null;
    const { rect, source } = placement;
    const origin = source.origin(rect);
    const x = inPane.x - origin.x;
    const y = inPane.y - origin.y;
    if (x < 0 || y < 0 || x >= rect.width || y >= rect.height) return null;
    return this.#uncovered({ x: rect.x + x, y: rect.y + y });
  }

  #uncovered(point: ScreenPoint): ScreenPoint | null {
    const { covers } = this.#compositor.layout;
    const isCovered = covers.some(
      ({ x, y, width, height }) => point.x >= x && point.x < x + width && point.y >= y && point.y < y + height,
    );
    return isCovered ? null : this.#clamp(point);
  }

  #clamp(point: ScreenPoint | null): ScreenPoint | null {
    if (!point || point.x < 0 || point.y < 0) return null;
    return { x: Math.min(point.x, this.cols - 1), y: Math.min(point.y, this.rows - 1) };
  }

  #resized(): void {
    const { columns, rows } = this.#output;
    if (this.#closed || (columns === this.cols && rows === this.rows)) return;
    this.#buffer.resize(columns, rows);
    this.#encoder.forget();
    this.#compositor.resize();
    this.#cancelHold?.();
    this.#cancelHold = this.#clock.after(RESIZE_HOLD_MS, () => this.#releaseHold());
    for (const listener of this.#resizeListeners) listener(columns, rows);
    this.inkStdout.resize(columns, rows);
  }

  #releaseHold(): void {
    if (!this.#cancelHold) return;
    this.#cancelHold();
    this.#cancelHold = null;
    this.#scheduler.screenChanged();
  }
}
