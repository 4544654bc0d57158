/** A terminal without a screen: bytes of a program in, cells, modes, answers and signals out. */
import type { Terminal } from '@xterm/headless';
import { PANE_FLAG } from '../../core/pane-flags.ts';
import { MAX_COLS, MAX_ROWS } from '../../protocol/rows.ts';
import type { TerminalColours } from './api.ts';
import { DEFAULT_COLOURS } from './colours.ts';
import { clampCounts, collapseResets } from './clamps.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { SignalQueue, collectEvidence } from './evidence.ts';
import { KittyKeyboard } from './kitty-keyboard.ts';
import { answerQueries } from './queries.ts';
import { Utf8Tail } from './utf8-tail.ts';
import { openXterm } from './xterm-internals.ts';
import type { MouseProtocol, XtermBuffer, XtermCore, XtermLine } from './xterm-internals.ts';

/** Rows kept above the screen. */
export const SCROLLBACK = 1000;

/** One row as the emulator keeps it; valid until the next byte is parsed. */
export type EmulatorLine = Pick<XtermLine, '_data' | '_combined' | 'isWrapped' | 'translateToString'>;

/** What a frame's header says beside the rows. */
export interface ScreenState {
  readonly base: number;
  readonly oldest: number;
  readonly cursorX: number;
  readonly cursorY: number;
  /** PANE_FLAG bits, without `full`. */
  readonly flags: number;
  /** DECSCUSR, 0 to 6. */
  readonly cursorStyle: number;
  readonly kittyFlags: number;
}

export interface Emulator {
  readonly cols: number;
  readonly rows: number;
  /** True while a program draws a frame (mode 2026): what is on the screen now isn't meant to be seen. */
  readonly synchronized: boolean;
  /** Between two sequences: only then can a checkpoint stand for all that came before. */
  readonly atRest: boolean;
  readonly alternate: boolean;
  readonly signals: SignalQueue;
  /** While true, questions go unanswered and signals are dropped: both were dealt with when the bytes came first. */
  replaying: boolean;
  parse(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  state(): ScreenState;
  /** Row of the screen, 0 at the top. */
  row(y: number): EmulatorLine;
  /** Row by absolute number, as in ScreenState.base; undefined where it isn't kept. */
  line(number: number): EmulatorLine | undefined;
  /** First and last row that may have changed since the last call; null for none. */
  takeDirty(): { readonly first: number; readonly last: number } | null;
  /** Answers to the program since the last call. */
  takeReplies(): string;
  checkpoint(): Uint8Array;
  dispose(): void;
}

/** What went wrong while a piece was parsed; the rest of the piece is lost. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
}

export class XtermEmulator implements Emulator {
  readonly signals = new SignalQueue();
  readonly #terminal: Terminal;
  readonly #core: XtermCore;
  readonly #kitty: KittyKeyboard;
  readonly #tail = new Utf8Tail();
  readonly #size: { cols: number; rows: number };
  #replies = '';
  #replaying = false;
  /** Lines gone from the normal buffer since the pane began. */
  #trimmed = 0;
  #watched: XtermBuffer | null = null;
  #dirtyFirst = Number.POSITIVE_INFINITY;
  #dirtyLast = -1;

  constructor(cols: number, rows: number, colours: TerminalColours = DEFAULT_COLOURS) {
    this.#size = { cols: bounded(cols, MAX_COLS), rows: bounded(rows, MAX_ROWS) };
    const { terminal, core } = openXterm(this.#size.cols, this.#size.rows, SCROLLBACK);
    this.#terminal = terminal;
    this.#core = core;
    const reply = (text: string): void => {
      if (!this.#replaying) this.#replies += text;
    };
    terminal.onData(reply);
    core._inputHandler.onRequestRefreshRows((range) => {
      this.#dirtyFirst = Math.min(this.#dirtyFirst, range?.start ?? 0);
      this.#dirtyLast = Math.max(this.#dirtyLast, range?.end ?? MAX_ROWS);
    });
    clampCounts(core, this.#size);
    this.#kitty = new KittyKeyboard(core, reply);
    collectEvidence(core, this.signals);
    answerQueries(core, colours, this.signals, reply);
    core._inputHandler._parser.registerEscHandler({ final: 'c' }, () => this.#reset());
    core.buffers.onBufferActivate(() => this.#watchTrim());
    this.#watchTrim();
  }

  /**
   * An emulator as it was when `bytes` were made.
   * @param bytes of checkpoint(); an empty emulator where there are none or they aren't understood
   */
  static restore(cols: number, rows: number, bytes: Uint8Array, colours?: TerminalColours): XtermEmulator {
    const emulator = new XtermEmulator(cols, rows, colours);
    if (bytes.length === 0) return emulator;
    const extras = decodeCheckpoint(emulator.#core, bytes, emulator.#xtermSize());
    if (!extras) return new XtermEmulator(cols, rows, colours);
    emulator.#trimmed = extras.trimmed;
    emulator.#kitty.restore(extras.kitty);
    emulator.signals.muted = true;
    emulator.signals.push({ kind: 'title', text: extras.title });
    emulator.signals.muted = false;
    if (extras.cursorBlink) emulator.#terminal.options.cursorBlink = true;
    if (extras.convertEol) emulator.#terminal.options.convertEol = true;
    return emulator;
  }

  get cols(): number {
    return this.#size.cols;
  }

  get rows(): number {
    return this.#size.rows;
  }

  get synchronized(): boolean {
    return this.#core.coreService.decPrivateModes.synchronizedOutput;
  }

  get atRest(): boolean {
    return this.#tail.empty && this.#core._inputHandler._parser.currentState === 0;
  }

  get alternate(): boolean {
    return this.#core.buffers.active === this.#core.buffers.alt;
  }

  get replaying(): boolean {
    return this.#replaying;
  }

  set replaying(replaying: boolean) {
    this.#replaying = replaying;
    this.signals.muted = replaying;
  }

  /**
   * Parses synchronously. Give it pieces of a few kilobytes: nothing else runs meanwhile.
   * @throws ParseError when xterm failed; the emulator goes on with the next piece
   */
  parse(bytes: Uint8Array): void {
    const whole = collapseResets(this.#tail.join(bytes));
    if (whole.length === 0) return;
    try {
      // What Terminal.write() does behind its queue and timer.
      void this.#core._inputHandler.parse(whole);
    } catch (error) {
      this.#core._inputHandler._parser.reset();
      this.#dirtyFirst = 0;
      this.#dirtyLast = MAX_ROWS;
      throw new ParseError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  resize(cols: number, rows: number): void {
    this.#size.cols = bounded(cols, MAX_COLS);
    this.#size.rows = bounded(rows, MAX_ROWS);
    this.#terminal.resize(Math.max(this.#size.cols, XTERM_MIN_COLS), this.#size.rows);
    this.#dirtyFirst = 0;
    this.#dirtyLast = MAX_ROWS;
  }

  state(): ScreenState {
    const { buffers } = this.#core;
    return {
      base: this.#trimmed + buffers.normal.ybase,
      oldest: this.#trimmed,
      cursorX: Math.min(buffers.active.x, this.#size.cols - 1),
      cursorY: Math.min(buffers.active.y, this.#size.rows - 1),
      flags: this.#flags(),
      cursorStyle: this.#cursorStyle(),
      kittyFlags: this.#kitty.flags,
    };
  }

  row(y: number): EmulatorLine {
    const buffer = this.#core.buffers.active;
    return buffer.lines.get(buffer.ybase + y)!;
  }

  line(number: number): EmulatorLine | undefined {
    const { normal } = this.#core.buffers;
    const index = number - this.#trimmed;
    if (index < 0) return undefined;
    if (index >= normal.ybase && this.alternate) {
      return index < normal.ybase + this.#size.rows ? this.row(index - normal.ybase) : undefined;
    }
    return index < normal.lines.length ? normal.lines.get(index) : undefined;
  }

  takeDirty(): { readonly first: number; readonly last: number } | null {
    const first = this.#dirtyFirst;
    const last = Math.min(this.#dirtyLast, this.#size.rows - 1);
    this.#dirtyFirst = Number.POSITIVE_INFINITY;
    this.#dirtyLast = -1;
    return first <= last ? { first, last } : null;
  }

  takeReplies(): string {
    const replies = this.#replies;
    this.#replies = '';
    return replies;
  }

  checkpoint(): Uint8Array {
    return encodeCheckpoint(this.#core, {
      ...this.#xtermSize(),
      trimmed: this.#trimmed,
      kitty: this.#kitty.stacks,
      title: this.signals.title,
      cursorBlink: this.#terminal.options.cursorBlink ?? false,
      convertEol: this.#terminal.options.convertEol ?? false,
    });
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #xtermSize(): { cols: number; rows: number } {
    return { cols: Math.max(this.#size.cols, XTERM_MIN_COLS), rows: this.#size.rows };
  }

  /** RIS: xterm makes new buffers; absolute line numbers go on growing. @returns false, for xterm's own handler */
  #reset(): boolean {
    this.#trimmed += this.#core.buffers.normal.lines.length;
    this.#kitty.reset();
    // xterm leaves these as they are.
    this.#core.coreService.isCursorHidden = false;
    this.#terminal.options.cursorBlink = false;
    this.#terminal.options.convertEol = false;
    this.#dirtyFirst = 0;
    this.#dirtyLast = MAX_ROWS;
    return false;
  }

  #watchTrim(): void {
    const buffer = this.#core.buffers.normal;
    if (this.#watched === buffer) return;
    this.#watched = buffer;
    buffer.lines.onTrim((count) => {
      this.#trimmed += count;
    });
  }

  #flags(): number {
    const { decPrivateModes: modes, isCursorHidden } = this.#core.coreService;
    const { activeProtocol, activeEncoding } = this.#core.coreMouseService;
    return (
      (isCursorHidden ? 0 : PANE_FLAG.cursorVisible) |
      (this.alternate ? PANE_FLAG.alternateScreen : 0) |
      (modes.bracketedPasteMode ? PANE_FLAG.bracketedPaste : 0) |
      (modes.applicationCursorKeys ? PANE_FLAG.applicationCursor : 0) |
      (modes.applicationKeypad ? PANE_FLAG.applicationKeypad : 0) |
      (modes.sendFocus ? PANE_FLAG.focusEvents : 0) |
      (MOUSE_LEVEL[activeProtocol] << PANE_FLAG.mouseShift) |
      (activeEncoding === 'DEFAULT' ? 0 : PANE_FLAG.sgrMouse) |
      ((modes.cursorBlink ?? this.#terminal.options.cursorBlink) ? PANE_FLAG.cursorBlink : 0)
    );
  }

  #cursorStyle(): number {
    const { cursorStyle, cursorBlink } = this.#core.coreService.decPrivateModes;
    if (cursorStyle === undefined) return 0;
    return CURSOR_STYLE[cursorStyle] + (cursorBlink ? 0 : 1);
  }
}

const MOUSE_LEVEL: Readonly<Record<MouseProtocol, number>> = { NONE: 0, X10: 1, VT200: 1, DRAG: 2, ANY: 3 };
/** The blinking form; the steady one is the next number. */
const CURSOR_STYLE = { block: 1, underline: 3, bar: 5 } as const;
/** xterm knows no narrower terminal. */
const XTERM_MIN_COLS = 2;

function bounded(value: number, most: number): number {
  return Math.min(Math.max(Math.trunc(value) || 1, 1), most);
}
