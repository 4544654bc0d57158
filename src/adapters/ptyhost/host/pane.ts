/** One terminal with its program: what it prints goes into the ring and to whoever is attached. */
import { CREDIT_BYTES, RING_BYTES } from '../../../protocol/ptyhost.ts';
import type { PaneInfo, SpawnRequest } from '../../../protocol/ptyhost.ts';
import { FlushBeat } from './flush-beat.ts';
import { InputQueue } from './input-queue.ts';
import { forkPty, resizePty } from './native.ts';
import { readProc, ttyNumber } from './proc.ts';
import { PtyReader } from './reader.ts';
import { OutputRing } from './ring.ts';
import type { Checkpoint, Cursor } from './ring.ts';

/** Somebody who follows panes: a data connection. */
export interface Follower {
  readonly restore: (pane: number, checkpoint: Checkpoint) => void;
  readonly data: (pane: number, offset: number, bytes: Buffer) => void;
  readonly resized: (pane: number, offset: number, cols: number, rows: number) => void;
  readonly ended: (pane: number, offset: number) => void;
  readonly checkpointWanted: (pane: number) => void;
}

export interface PaneEvents {
  readonly onExit: (pane: Pane, code: number | null, signal: number | null) => void;
  /** The child was collected; its pid is free. */
  readonly onCollected: (pid: number) => void;
  /** A descriptor that no other pane's program may inherit. */
  readonly onOpened: (fd: number) => void;
}

interface Attached {
  readonly cursor: Cursor;
  consumed: number;
  toldEnd: boolean;
}

interface Exit {
  readonly code: number | null;
  readonly signal: number | null;
}

/** Largest piece of output in one frame. */
const FRAME_BYTES = 64 * 1024;
/** Output that follows the last within this streams. */
const STREAM_MS = 60;
/** After a key or an answer, what a program prints is awaited. */
const INTERACTIVE_MS = 150;
/** Less may be all that a program answers to a key. */
const ECHO_BYTES = 256;
/** So much doesn't wait for the beat. */
const EARLY_BYTES = 8 * 1024;
/** Output still on its way is let pass before the exit is told; somebody may hold the terminal for longer. */
const EXIT_PATIENCE_MS = 250;

/** One for all panes. */
const beat = new FlushBeat();

export class Pane {
  readonly id: number;
  readonly agent: string;
  readonly token: string;
  readonly pid: number;
  readonly start: number;
  readonly input: InputQueue;
  readonly #tty: number;
  readonly #events: PaneEvents;
  readonly #ring: OutputRing;
  readonly #reader: PtyReader;
  readonly #attached = new Map<Follower, Attached>();
  #fd: number | null;
  #cols: number;
  #rows: number;
  #exit: Exit | null = null;
  #exitTimer: NodeJS.Timeout | null = null;
  #exitTold = false;
  #reading = true;
  #flushing = false;
  #waiting = false;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #flushedTo = 0;
  #askedAt: number | null = null;

  /** Starts the program. @throws where no terminal can be had */
  constructor(request: SpawnRequest, events: PaneEvents) {
    this.id = request.pane;
    this.agent = request.agent;
    this.token = request.token;
    this.#events = events;
    this.#cols = clampSize(request.cols);
    this.#rows = clampSize(request.rows);
    this.#ring = new OutputRing(RING_BYTES, this.#cols, this.#rows);
    const { file, args, env, cwd } = request;
    const size = { cols: this.#cols, rows: this.#rows };
    const onExit = (code: number | null, signal: number | null): void => this.#exited({ code, signal });
    const forked = forkPty({ file, args, env, cwd, ...size, onExit });
    this.pid = forked.pid;
    this.start = readProc(forked.pid)?.start ?? 0;
    this.#fd = forked.fd;
    events.onOpened(forked.fd);
    this.#tty = ttyNumber(forked.tty);
    this.input = new InputQueue(forked.fd);
    this.#reader = new PtyReader(forked.fd, {
      onBytes: (bytes) => this.#received(bytes),
      onEnd: () => this.#ended(),
    });
  }

  get alive(): boolean {
    return this.#exit === null;
  }

  /** The exit was told to the control connections. */
  get settled(): boolean {
    return this.#exitTold;
  }

  /** Device number of the terminal while it is ours. */
  get tty(): number {
    return this.#fd === null ? 0 : this.#tty;
  }

  info(paused: boolean): PaneInfo {
    const { id: pane, agent, pid, token } = this;
    return {
      pane,
      agent,
      pid,
      token,
      paused,
      cols: this.#cols,
      rows: this.#rows,
      exit: this.#exit,
      offset: this.#ring.end,
    };
  }

  /** Also after the end, and with sizes out of range: the terminal's own clamp of 1..1000 holds. */
  resize(cols: number, rows: number): void {
    const size = { cols: clampSize(cols), rows: clampSize(rows) };
    if (this.#fd === null || (size.cols === this.#cols && size.rows === this.#rows)) return;
    try {
      resizePty(this.#fd, size.cols, size.rows);
    } catch {
      return;
    }
    this.#cols = size.cols;
    this.#rows = size.rows;
    this.#ring.resize(size.cols, size.rows);
    this.#flushSoon();
  }

  /** Gives the follower the last checkpoint and all that came after it; what was under way for it is given up. */
  attach(follower: Follower): void {
    const checkpoint = this.#ring.checkpoint;
    const cursor = this.#ring.cursor();
    follower.restore(this.id, checkpoint);
    this.#attached.delete(follower);
    this.#attached.set(follower, { cursor, consumed: cursor.offset, toldEnd: false });
    this.#flush();
  }

  detach(follower: Follower): void {
    if (!this.#attached.delete(follower)) return;
    this.#askedAt = null;
    this.#steer();
    this.#askForCheckpoint();
  }

  consumed(follower: Follower, offset: number): void {
    const attached = this.#attached.get(follower);
    if (!attached || !(offset > attached.consumed)) return;
    attached.consumed = Math.min(offset, attached.cursor.offset);
    this.#steer();
  }

  /** Only from those who follow this very stream: an earlier one of the same pane had other offsets. */
  checkpoint(follower: Follower, checkpoint: Checkpoint): void {
    if (!this.#attached.has(follower) || !this.#ring.keep(checkpoint)) return;
    this.#askedAt = null;
  }

  /** Ends reading and following; whoever still has the terminal open sees it hung up. */
  close(): void {
    this.#flush();
    for (const [follower, attached] of this.#attached) if (!attached.toldEnd) follower.ended(this.id, this.#ring.end);
    this.#attached.clear();
    this.input.close();
    this.#reader.close();
  }

  #received(bytes: Buffer): boolean {
    this.#ring.append(bytes);
    // The echo of a key is all there is.
    if (bytes.length <= ECHO_BYTES && this.#isInteractive) this.#flush();
    else this.#flushSoon();
    this.#reading = this.#hasCredit();
    return this.#reading;
  }

  /**
   * After the reads of this turn: they come in pieces of 4 KB. What streams steadily, and is nobody's echo or answer,
   * waits for the next beat with what the other panes print.
   */
  #flushSoon(): void {
    if (this.#flushing || (this.#waiting && this.#ring.end - this.#flushedTo < EARLY_BYTES)) return;
    const now = performance.now();
    if (!this.#waiting && now - this.#flushedAt < STREAM_MS && !this.#isInteractive) {
      this.#waiting = true;
      beat.add(this.#flushOnBeat);
      return;
    }
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  get #isInteractive(): boolean {
    return performance.now() - this.input.pushedAt < INTERACTIVE_MS;
  }

  readonly #flushOnBeat = (): void => {
    if (this.#waiting) this.#flush();
  };

  #flush(): void {
    this.#waiting = false;
    this.#flushedAt = performance.now();
    this.#flushedTo = this.#ring.end;
    for (const [follower, attached] of this.#attached) this.#send(follower, attached);
    this.#steer();
    this.#askForCheckpoint();
  }

  #send(follower: Follower, attached: Attached): void {
    for (let item = this.#ring.next(attached.cursor, FRAME_BYTES); item;) {
      if (item.kind === 'data') follower.data(this.id, item.offset, item.bytes);
      else follower.resized(this.id, item.offset, item.cols, item.rows);
      item = this.#ring.next(attached.cursor, FRAME_BYTES);
    }
    if (this.#fd !== null || attached.toldEnd) return;
    attached.toldEnd = true;
    follower.ended(this.id, this.#ring.end);
  }

  #hasCredit(): boolean {
    for (const attached of this.#attached.values()) {
      if (this.#ring.end - attached.consumed >= CREDIT_BYTES) return false;
    }
    return true;
  }

  #steer(): void {
    const reading = this.#hasCredit();
    if (reading === this.#reading || this.#fd === null) return;
    this.#reading = reading;
    if (reading) this.#reader.resume();
    else this.#reader.pause();
  }

  #askForCheckpoint(): void {
    if (this.#ring.size < RING_BYTES / 2) return;
    if (this.#askedAt !== null && this.#ring.end - this.#askedAt < RING_BYTES / 4) return;
    const first = this.#attached.keys().next();
    if (first.done) return;
    this.#askedAt = this.#ring.end;
    first.value.checkpointWanted(this.id);
  }

  #ended(): void {
    this.#fd = null;
    this.input.close();
    this.#flush();
    if (this.#exit) this.#tellExit();
  }

  #exited(exit: Exit): void {
    this.#exit = exit;
    this.#events.onCollected(this.pid);
    if (this.#fd === null) this.#tellExit();
    else this.#exitTimer = setTimeout(() => this.#tellExit(), EXIT_PATIENCE_MS);
  }

  #tellExit(): void {
    if (this.#exitTimer) clearTimeout(this.#exitTimer);
    if (this.#exitTold || !this.#exit) return;
    this.#exitTold = true;
    this.#events.onExit(this, this.#exit.code, this.#exit.signal);
  }
}

/** The kernel takes 0 and 65535; programs don't. */
function clampSize(size: number): number {
  return Number.isFinite(size) ? Math.min(1000, Math.max(1, Math.floor(size))) : 1;
}
