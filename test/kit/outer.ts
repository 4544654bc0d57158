/**
 * The terminal that a person would sit at: a real PTY whose output is parsed at once by a headless xterm. Nothing here
 * sleeps: every wait looks again after each chunk of output, and fails with the screen in its message.
 */
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import headless, { type Terminal } from '@xterm/headless';
import { spawn, type IPty } from 'node-pty';
import { cellAt, type Cell } from './cells.ts';
import { keyBytes, mouseBytes, type MouseKind } from './keys.ts';
import { ModeTracker } from './modes.ts';
import { DEADLINE_MS } from './wait.ts';

export interface OuterOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly term?: string;
  /** The terminal knows the kitty keyboard protocol. */
  readonly kitty?: boolean;
  /** False for one that answers no question. */
  readonly answers?: boolean;
  /** Added to the message of a failed wait. */
  readonly context?: () => Promise<string>;
}

export interface Exit {
  readonly code: number;
  readonly signal: number;
}

interface Waiter {
  readonly what: string;
  readonly done: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly mayEnd: boolean;
}

/** The part of a screen that text is looked for in, in cells. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export class OuterTerminal {
  readonly modes = new ModeTracker();
  readonly exited: Promise<Exit>;
  /** Bytes the program has sent. */
  bytes = 0;
  /** All of them as text, one character a byte: for what must never have been sent. */
  raw = '';
  exit: Exit | undefined;
  #pty: IPty;
  #term: Terminal;
  #waiters = new Set<Waiter>();
  #hungUp = false;
  #context: (() => Promise<string>) | undefined;

  constructor(file: string, args: readonly string[], options: OuterOptions = {}) {
    const { cols = 120, rows = 40, term = 'xterm-256color', answers = true } = options;
    this.#context = options.context;
    this.#term = new headless.Terminal({ cols, rows, allowProposedApi: true, logLevel: 'off', scrollback: 200 });
    this.#term.loadAddon(new UnicodeGraphemesAddon());
    this.#pty = spawn(file, [...args], {
      name: term,
      cols,
      rows,
      cwd: options.cwd ?? '/',
      env: { ...options.env, TERM: term },
      encoding: null,
    });
    const reply = (bytes: string): void => {
      if (answers && bytes !== '') this.#write(bytes);
    };
    this.modes.watch(this.#term.parser, options.kitty === true ? reply : undefined);
    this.#term.onData(reply);
    this.#pty.onData((chunk) => this.#take(chunk as unknown as Buffer));
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.exit = { code: exitCode, signal: signal ?? 0 };
        resolve(this.exit);
        this.#look();
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get cols(): number {
    return this.#term.cols;
  }

  get rows(): number {
    return this.#term.rows;
  }

  // --- what a person does ---

  press(...names: string[]): this {
    for (const name of names) this.#write(keyBytes(name, this.#term.modes.applicationCursorKeysMode));
    return this;
  }

  /** Text as it is, or bytes that no key name stands for. */
  type(text: string | Buffer): this {
    this.#write(text);
    return this;
  }

  /** As a terminal does it: bracketed where the program asked for that. */
  paste(text: string): this {
    const body = text.replaceAll('\n', '\r');
    this.#write(this.#term.modes.bracketedPasteMode ? `\x1b[200~${body}\x1b[201~` : body);
    return this;
  }

  /** A terminal reports the mouse only where the program asked for it. */
  mouse(kind: MouseKind, x: number, y: number): this {
    if (this.#term.modes.mouseTrackingMode === 'none') throw new Error('the program asked for no mouse reports');
    this.#write(mouseBytes(kind, x, y));
    return this;
  }

  click(x: number, y: number): this {
    return this.mouse('press', x, y).mouse('release', x, y);
  }

  focus(has: boolean): this {
    if (this.#term.modes.sendFocusMode) this.#write(has ? '\x1b[I' : '\x1b[O');
    return this;
  }

  resize(cols: number, rows: number): this {
    this.#term.resize(cols, rows);
    this.#pty.resize(cols, rows);
    this.#look();
    return this;
  }

  /** The line is cut: the kernel hangs up, as when a terminal window or an ssh dies. */
  hangUp(): void {
    // The master's descriptor closed is what the kernel sends SIGHUP for; node-pty's own kill() would only send the signal.
    this.#hungUp = true;
    (this.#pty as unknown as { readonly _socket: { destroy(): void } })._socket.destroy();
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    if (this.exit === undefined) this.#pty.kill(signal);
  }

  /** Stops and goes on reading, as a suspended ssh does. */
  stopReading(): void {
    this.#pty.pause();
  }

  goOnReading(): void {
    this.#pty.resume();
  }

  // --- what a person sees ---

  row(y: number): string {
    const buffer = this.#term.buffer.active;
    return buffer.getLine(buffer.baseY + y)?.translateToString(true) ?? '';
  }

  screen(region?: Region): string {
    if (region === undefined) return Array.from({ length: this.rows }, (_, y) => this.row(y)).join('\n');
    const buffer = this.#term.buffer.active;
    const { x, y, width, height } = region;
    return Array.from(
      { length: height },
      (_, n) => buffer.getLine(buffer.baseY + y + n)?.translateToString(false, x, x + width) ?? '',
    ).join('\n');
  }

  /** Where a text stands first, from the top; undefined where it isn't on screen. Columns are cells. */
  find(text: string): { readonly x: number; readonly y: number } | undefined {
    for (let y = 0; y < this.rows; y++) {
      if (!this.row(y).includes(text)) continue;
      let line = '';
      const columns: number[] = [];
      for (let x = 0; x < this.cols; x++) {
        const chars = this.cell(x, y).text;
        for (let n = 0; n < chars.length; n++) columns.push(x);
        line += chars;
      }
      const at = line.indexOf(text);
      if (at >= 0) return { x: columns[at]!, y };
    }
    return undefined;
  }

  cell(x: number, y: number): Cell {
    return cellAt(this.#term, x, y);
  }

  get cursor(): { readonly x: number; readonly y: number; readonly visible: boolean } {
    const buffer = this.#term.buffer.active;
    return { x: buffer.cursorX, y: buffer.cursorY, visible: this.modes.has(25) };
  }

  get alternate(): boolean {
    return this.#term.buffer.active.type === 'alternate';
  }

  // --- waits ---

  sees(wanted: string | RegExp, options: { readonly in?: Region; readonly deadlineMs?: number } = {}): Promise<void> {
    return this.until(
      `${quoted(wanted)} on screen`,
      () => matches(this.screen(options.in), wanted),
      options.deadlineMs,
    );
  }

  gone(unwanted: string | RegExp, options: { readonly in?: Region; readonly deadlineMs?: number } = {}): Promise<void> {
    const done = (): boolean => !matches(this.screen(options.in), unwanted);
    return this.until(`${quoted(unwanted)} gone from screen`, done, options.deadlineMs);
  }

  /** Holds at some moment after a chunk of output was drawn, a resize, or the program's end. */
  until(what: string, done: () => boolean, deadlineMs = DEADLINE_MS): Promise<void> {
    return this.#await(what, done, deadlineMs, false);
  }

  async ended(deadlineMs = DEADLINE_MS): Promise<Exit> {
    await this.#await('the program to end', () => this.exit !== undefined, deadlineMs, true);
    return this.exit!;
  }

  async #await(what: string, done: () => boolean, deadlineMs: number, mayEnd: boolean): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let waiter: Waiter | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        waiter = { what, done, resolve, reject, mayEnd };
        timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), deadlineMs);
        this.#waiters.add(waiter);
        this.#look();
      });
    } catch (error) {
      const context = await this.#context?.().catch(() => undefined);
      const message = `${(error as Error).message}\n${this.picture()}${context === undefined ? '' : `\n${context}`}`;
      throw new Error(message, { cause: error });
    } finally {
      clearTimeout(timer);
      if (waiter !== undefined) this.#waiters.delete(waiter);
    }
  }

  /** The screen in a frame, for messages. */
  picture(): string {
    const edge = '─'.repeat(this.cols);
    const lines = Array.from({ length: this.rows }, (_, y) => `│${this.row(y)}`);
    return [`┌${edge} ${this.cols}×${this.rows}`, ...lines, `└${edge}`].join('\n');
  }

  dispose(): void {
    this.kill();
    this.#term.dispose();
  }

  #write(bytes: string | Buffer): void {
    // A closed descriptor's number may be another terminal's by now.
    if (this.exit === undefined && !this.#hungUp) this.#pty.write(bytes);
  }

  #take(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.raw += chunk.toString('latin1');
    if (this.raw.length > 4_000_000) this.raw = this.raw.slice(-2_000_000);
    // As if a key had come just before, which makes xterm parse the next write at once instead of in a timer.
    this.#term.input('', true);
    this.#term.write(chunk);
    this.#look();
  }

  #look(): void {
    // Inside a synchronized update (DEC 2026) a terminal shows the frame before.
    if (this.modes.has(2026) && this.exit === undefined) return;
    for (const waiter of this.#waiters) {
      if (waiter.done()) waiter.resolve();
      else if (this.exit !== undefined && !waiter.mayEnd) {
        waiter.reject(
          new Error(
            `the program ended with ${this.exit.code} (signal ${this.exit.signal}) while waiting for ${waiter.what}`,
          ),
        );
      }
    }
  }
}

function matches(screen: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen);
}

function quoted(wanted: string | RegExp): string {
  return typeof wanted === 'string' ? JSON.stringify(wanted) : String(wanted);
}
