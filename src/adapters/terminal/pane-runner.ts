/** One pane in a worker: its stream parsed piece by piece, its frames, answers and signals given out. */
import type { OpenPane, PaneSignal, PaneStats, TerminalColours, WatchMode, WorkerMessage } from './api.ts';
import { XtermEmulator } from './emulator.ts';
import type { Emulator } from './emulator.ts';
import { LineFollower } from './line-follower.ts';
import { PaneQueue } from './pane-queue.ts';
import { PaneVoice } from './pane-voice.ts';
import type { PaneSource, SourceHandlers } from './pane-source.ts';
import { Publisher } from './publisher.ts';
import type { Beat } from './publisher.ts';
import type { PulseWriter } from './pulse.ts';
import { RowTracker } from './row-tracker.ts';
import { ScreenReader, type ScreenRules } from './screen-reader.ts';

/** Nothing else runs while a slice is parsed. */
const SLICE_BYTES = 4096;
const SMALLEST_SLICE = 128;
/** Completed lines must be read before they can scroll out of the scrollback. */
const FOLLOWED_SLICE = 512;
/** A slice that takes longer makes the next one smaller: some bytes cost a thousand times more than others. */
const SLOW_MS = 8;
const FAST_MS = 2;
/** Parsed bytes are reported in such steps, and when a backlog is gone; a little output now and then needs no credit. */
const REPORT_BYTES = 32 * 1024;
const LINES_AT_ONCE = 200;
/** Cancels whatever sequence was under way (ECMA-48 CAN). */
const CANCEL = new Uint8Array([0x18]);

export interface RunnerContext {
  readonly source: PaneSource;
  readonly pulse: PulseWriter;
  readonly beat: Beat;
  readonly colours: TerminalColours;
  readonly now: () => number;
  readonly post: (message: WorkerMessage) => void;
  /** There is something in the queue. */
  readonly onWork: () => void;
  /** Something is due at a later time. */
  readonly onLater: () => void;
}

export class PaneRunner {
  readonly pane: number;
  readonly publisher: Publisher;
  readonly ready: Promise<Emulator>;
  readonly #open: OpenPane;
  readonly #context: RunnerContext;
  readonly #queue = new PaneQueue();
  readonly #voice: PaneVoice;
  readonly #restored: (emulator: Emulator) => void;
  readonly #failed: (error: Error) => void;
  #emulator: Emulator | null = null;
  #tracker: RowTracker | null = null;
  readonly #reader = new ScreenReader();
  #follower: LineFollower | null = null;
  #following = false;
  #completed: string[] = [];
  #slice = SLICE_BYTES;
  #received = 0;
  #parsed = 0;
  #reported = 0;
  #backlog = false;
  #keys = 0;
  #checkpointWanted = false;
  #ended = false;
  #closed = false;

  constructor(open: OpenPane, context: RunnerContext) {
    this.pane = open.pane;
    this.#keys = context.pulse.keys(open.slot);
    this.publisher = new Publisher(context.beat);
    this.#open = open;
    this.#context = context;
    this.#voice = new PaneVoice((signals) => context.post({ type: 'signals', pane: open.pane, signals }));
    this.#reader.rules = open.rules;
    const { promise, resolve, reject } = Promise.withResolvers<Emulator>();
    promise.catch(() => {});
    this.ready = promise;
    this.#restored = resolve;
    this.#failed = reject;
    context.source.attach(open.pane, this.#handlers()).catch((error: Error) => {
      if (this.#closed) return;
      this.#failed(error);
      context.post({ type: 'reset', pane: open.pane, reason: `the terminal can't be attached: ${error.message}` });
    });
  }

  get hasWork(): boolean {
    return this.#emulator !== null && !this.#queue.empty;
  }

  get stats(): PaneStats {
    return { pane: this.pane, bytes: this.#parsed, lagBytes: this.#queue.bytes };
  }

  watch(mode: WatchMode): void {
    this.publisher.mode = mode;
    this.#settle();
  }

  refresh(): void {
    this.#tracker?.requestFull();
    this.publisher.changed(this.#context.now(), false);
    this.#settle();
  }

  /** By which rules the screen is read from now on. */
  read(rules: ScreenRules): void {
    this.#reader.rules = rules;
    this.#settle();
  }

  follow(on: boolean): void {
    this.#following = on;
    this.#follower = on && this.#emulator ? new LineFollower(this.#emulator) : null;
  }

  checkpointWanted(): void {
    this.#checkpointWanted = true;
    this.#checkpoint();
  }

  close(): void {
    this.#closed = true;
    this.#context.source.detach(this.pane);
    this.#failed(new Error('the pane was closed'));
    this.#emulator?.dispose();
    this.#emulator = null;
  }

  /** What is parsed was on the screen before: nobody needs to watch it being drawn once more. */
  get #catchingUp(): boolean {
    return this.#parsed < this.#open.answeredTo && !this.#ended;
  }

  /** Deals with the first item of the queue: one slice of output, or a resize or the end. */
  step(): void {
    const item = this.#queue.peek();
    const emulator = this.#emulator;
    if (!item || !emulator) return;
    switch (item.type) {
      case 'data':
        this.#parseSome(emulator, item.bytes, item.offset);
        break;
      case 'resized':
        this.#queue.drop();
        this.#working(() => emulator.resize(item.cols, item.rows));
        this.publisher.changed(this.#context.now(), emulator.synchronized);
        this.#reader.changed(this.#context.now());
        break;
      case 'ended':
        this.#queue.drop();
        this.#finish();
    }
    if (this.#queue.empty) this.#settle();
    else if ((this.publisher.dueAt() ?? Number.POSITIVE_INFINITY) <= this.#context.now()) this.#publish();
  }

  /** Gives out what is due by now. @returns when something is due next, null for never */
  tick(): number | null {
    const now = this.#context.now();
    if ((this.publisher.dueAt() ?? Number.POSITIVE_INFINITY) <= now) this.#publish();
    this.#readScreen(now);
    this.#voice.tick(now);
    const rowsDue = this.#catchingUp ? null : this.publisher.dueAt();
    const readDue = this.#catchingUp || !this.#emulator ? Number.POSITIVE_INFINITY : this.#reader.dueAt(this.#emulator);
    const next = Math.min(rowsDue ?? Number.POSITIVE_INFINITY, this.#voice.dueAt(), readDue);
    return next === Number.POSITIVE_INFINITY ? null : next;
  }

  #readScreen(now: number): void {
    const emulator = this.#emulator;
    if (!emulator || this.#catchingUp || this.#reader.dueAt(emulator) > now) return;
    const { post } = this.#context;
    const signals: PaneSignal[] = [];
    this.#working(() => {
      const slow = (rule: string, ms: number): void => void signals.push({ kind: 'slow-rule', rule, ms });
      const saying = this.#reader.read(emulator, now, Date.now(), slow);
      if (saying !== undefined) signals.push({ kind: 'screen', saying });
    });
    if (signals.length > 0) post({ type: 'signals', pane: this.pane, signals });
  }

  #handlers(): SourceHandlers {
    return {
      onRestore: ({ offset, cols, rows, bytes }) => this.#restore(offset, cols, rows, bytes),
      onData: (bytes, offset) => this.#data(bytes, offset),
      onResized: (cols, rows) => {
        this.#voice.resized(this.#context.now());
        this.#enqueueNow({ type: 'resized', cols, rows });
      },
      onEnded: () => this.#enqueueNow({ type: 'ended' }),
    };
  }

  #restore(offset: number, cols: number, rows: number, bytes: Uint8Array): void {
    const { colours, now } = this.#context;
    this.#working(() => {
      this.#emulator = XtermEmulator.restore(cols || this.#open.cols, rows || this.#open.rows, bytes, colours);
    });
    const emulator = this.#emulator!;
    this.#tracker = new RowTracker(this.pane, emulator, this.#open.frame);
    this.#voice.queue = emulator.signals;
    this.#received = offset;
    this.#parsed = offset;
    this.#reported = offset;
    this.#context.pulse.parsed(this.#open.slot, offset);
    if (this.#following) this.#follower = new LineFollower(emulator);
    this.publisher.changed(now(), false);
    this.#reader.changed(now());
    this.#restored(emulator);
    this.#settle();
  }

  #data(bytes: Uint8Array, offset: number): void {
    if (this.#closed || !this.#emulator) return;
    const now = this.#context.now();
    if (offset > this.#received) this.#lost(offset - this.#received);
    this.#received = offset + bytes.length;
    this.#boost(now);
    this.publisher.received(now, bytes.length);
    if (offset >= this.#open.answeredTo) this.#voice.heard(now);
    // The common case, a little output while nothing waits: parse the view where it is.
    const direct = this.#queue.empty && bytes.length <= SLICE_BYTES;
    this.#queue.push({ type: 'data', bytes: direct ? bytes : copyOf(bytes), offset });
    if (!direct) {
      this.#backlog = true;
      this.#context.onWork();
      return;
    }
    this.step();
    if (this.#queue.empty) return;
    // A smaller slice than the piece: what is left must outlive this call.
    const rest = this.#queue.peek();
    if (rest?.type === 'data') rest.bytes = copyOf(rest.bytes);
    this.#context.onWork();
  }

  /** The first output after a key is its echo. */
  #boost(now: number): void {
    const keys = this.#context.pulse.keys(this.#open.slot);
    if (keys === this.#keys) return;
    this.#keys = keys;
    this.publisher.boost(now);
  }

  #enqueueNow(item: { type: 'resized'; cols: number; rows: number } | { type: 'ended' }): void {
    if (this.#closed || !this.#emulator) return;
    const first = this.#queue.empty;
    this.#queue.push(item);
    if (first) this.step();
  }

  #parseSome(emulator: Emulator, bytes: Uint8Array, offset: number): void {
    const { now, pulse } = this.#context;
    const poison = this.#open.poison.find((range) => offset >= range.from && offset < range.to);
    if (poison) {
      const skip = Math.min(bytes.length, poison.to - offset);
      this.#cancel(emulator);
      this.#advance(offset + skip, skip);
      return;
    }
    const length = this.#sliceLength(bytes.length, offset);
    const slice = bytes.subarray(0, length);
    emulator.replaying = offset < this.#open.answeredTo;
    const started = now();
    pulse.begin(this.#open.slot, offset, offset + length);
    try {
      emulator.parse(slice);
    } catch {
      // xterm stumbled over these bytes; the screen as it is now is the best there is.
    } finally {
      pulse.parsed(this.#open.slot, offset + length);
      pulse.end();
    }
    const ended = now();
    if (ended - started > SLOW_MS) this.#slice = Math.max(SMALLEST_SLICE, this.#slice >> 1);
    else if (ended - started < FAST_MS) this.#slice = Math.min(SLICE_BYTES, this.#slice << 1);
    const replies = emulator.takeReplies();
    if (replies !== '') this.#context.source.write(this.pane, Buffer.from(replies, 'utf8'));
    this.#follower?.collect(this.#completed);
    if (this.#completed.length >= LINES_AT_ONCE) this.#postLines();
    this.publisher.changed(ended, emulator.synchronized);
    this.#reader.changed(ended);
    this.#advance(offset + length, length);
  }

  /** A slice ends where answered output and poison begin or end. */
  #sliceLength(most: number, offset: number): number {
    let length = Math.min(most, this.#follower ? Math.min(this.#slice, FOLLOWED_SLICE) : this.#slice);
    if (offset < this.#open.answeredTo) length = Math.min(length, this.#open.answeredTo - offset);
    for (const { from } of this.#open.poison) if (from > offset) length = Math.min(length, from - offset);
    return length;
  }

  #advance(offset: number, length: number): void {
    this.#queue.advance(length);
    this.#parsed = offset;
    const caughtUp = this.#backlog && this.#queue.empty;
    if (caughtUp) this.#backlog = false;
    if (caughtUp || this.#parsed - this.#reported >= REPORT_BYTES) {
      this.#reported = this.#parsed;
      this.#context.source.consumed(this.pane, this.#parsed);
    }
    if (this.#checkpointWanted) this.#checkpoint();
  }

  #checkpoint(): void {
    const emulator = this.#emulator;
    // In the middle of a sequence nothing can stand for the bytes before; the next slice will do.
    if (!emulator?.atRest) return;
    this.#checkpointWanted = false;
    this.#working(() => {
      this.#context.source.checkpoint(this.pane, this.#parsed, emulator.cols, emulator.rows, emulator.checkpoint());
    });
  }

  #lost(bytes: number): void {
    if (this.#emulator) this.#cancel(this.#emulator);
    this.#parsed += bytes;
    const reason = `${bytes} bytes of output were lost while nobody read them`;
    this.#context.post({ type: 'reset', pane: this.pane, reason });
  }

  #cancel(emulator: Emulator): void {
    try {
      emulator.parse(CANCEL);
    } catch {
      // The parser starts afresh either way.
    }
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#follower?.finish(this.#completed);
    this.publisher.boost(this.#context.now());
    this.publisher.changed(this.#context.now(), false);
    this.#publish();
    this.#voice.flush(this.#context.now());
    this.#postLines();
    this.#context.post({ type: 'ended', pane: this.pane });
  }

  /** The queue is empty: give out what is due, and see that the rest comes in time. */
  #settle(): void {
    this.#postLines();
    if (this.tick() !== null) this.#context.onLater();
  }

  #publish(): void {
    const tracker = this.#tracker;
    if (!tracker || this.#catchingUp) return;
    const payload = tracker.next();
    if (!payload) {
      this.publisher.unchanged();
      return;
    }
    this.publisher.published(this.#context.now());
    this.#context.post({ type: 'rows', pane: this.pane, payload });
  }

  #postLines(): void {
    if (this.#completed.length === 0) return;
    this.#context.post({ type: 'lines', pane: this.pane, lines: this.#completed });
    this.#completed = [];
  }

  #working(act: () => void): void {
    this.#context.pulse.begin(this.#open.slot, this.#parsed, this.#parsed);
    try {
      act();
    } finally {
      this.#context.pulse.end();
    }
  }
}

/** A real copy: slice() of a Buffer is only another view. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
