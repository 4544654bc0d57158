/**
 * The parts of @xterm/headless that its public API doesn't give: rows as words, synchronous parsing, parser handlers
 * that see raw parameters. They are read from the source of exactly this version; any other is refused at once.
 */
import * as headless from '@xterm/headless';
import * as graphemes from '@xterm/addon-unicode-graphemes';
import { COMBINED, WORDS_PER_CELL } from '../../core/cells.ts';
import xtermPackage from '@xterm/headless/package.json' with { type: 'json' };

const XTERM_VERSION = '6.0.0';

/** src/common/buffer/BufferLine.ts */
export interface XtermLine {
  /** WORDS_PER_CELL words a cell. */
  _data: Uint32Array;
  _combined: Record<number, string>;
  isWrapped: boolean;
  readonly length: number;
  addCodepointToCell(index: number, codePoint: number, width: number): void;
  getTrimmedLength(): number;
  translateToString(trimRight?: boolean, start?: number, end?: number, outColumns?: number[]): string;
}

/** src/common/CircularList.ts */
export interface XtermLines {
  length: number;
  maxLength: number;
  get(index: number): XtermLine | undefined;
  set(index: number, line: XtermLine): void;
  push(line: XtermLine): void;
  readonly onTrim: (listener: (count: number) => void) => { dispose(): void };
}

/** src/common/buffer/AttributeData.ts */
export interface XtermAttributes {
  fg: number;
  bg: number;
  clone(): XtermAttributes;
}

/** A table from ASCII to line drawing, or undefined for plain ASCII. src/common/data/Charsets.ts */
export type XtermCharset = Readonly<Record<string, string>> | undefined;

/** src/common/buffer/Buffer.ts */
export interface XtermBuffer {
  lines: XtermLines;
  x: number;
  y: number;
  ybase: number;
  ydisp: number;
  scrollTop: number;
  scrollBottom: number;
  savedX: number;
  savedY: number;
  savedCurAttrData: XtermAttributes;
  savedCharset: XtermCharset;
  tabs: Record<number, boolean | undefined>;
  getBlankLine(attributes: XtermAttributes, isWrapped?: boolean): XtermLine;
  fillViewportRows(): void;
}

/** src/common/parser/Params.ts: changing `params` changes what the handlers behind ours see. */
export interface XtermParams {
  readonly params: Int32Array;
  readonly length: number;
}

export interface SequenceId {
  readonly prefix?: string;
  readonly intermediates?: string;
  readonly final: string;
}

/** Takes the payload of an OSC in pieces; `end` returns true when it is settled. */
export interface OscSink {
  start(): void;
  put(data: Uint32Array, start: number, end: number): void;
  end(success: boolean): boolean;
}

export interface DcsSink {
  hook(params: XtermParams): void;
  put(data: Uint32Array, start: number, end: number): void;
  unhook(success: boolean): boolean;
}

/** src/common/parser/EscapeSequenceParser.ts */
export interface XtermParser {
  /** 0 between sequences. */
  readonly currentState: number;
  /** What a combining mark that comes next would join. */
  precedingJoinState: number;
  reset(): void;
  registerCsiHandler(id: SequenceId, handler: (params: XtermParams) => boolean): void;
  registerEscHandler(id: SequenceId, handler: () => boolean): void;
  registerOscHandler(id: number, handler: OscSink): void;
  clearOscHandler(id: number): void;
  setOscHandlerFallback(handler: () => void): void;
  registerDcsHandler(id: SequenceId, handler: DcsSink): void;
  clearDcsHandler(id: SequenceId): void;
  setDcsHandlerFallback(handler: () => void): void;
}

/** src/common/InputHandler.ts */
export interface XtermInputHandler {
  _parser: XtermParser;
  _curAttrData: XtermAttributes;
  /** The first bytes of a character whose rest hasn't come. */
  readonly _utf8Decoder: { readonly interim: Uint8Array };
  parse(data: Uint8Array): void | Promise<boolean>;
  requestStatusString(data: string, params: XtermParams): boolean;
  readonly onRequestRefreshRows: (listener: (range: { start: number; end: number } | undefined) => void) => void;
}

/** src/common/CoreTerminal.ts and its services. */
export interface XtermCore {
  readonly _inputHandler: XtermInputHandler;
  readonly buffers: { readonly normal: XtermBuffer; readonly alt: XtermBuffer; readonly active: XtermBuffer } & {
    activateAltBuffer(): void;
    readonly onBufferActivate: (listener: () => void) => void;
  };
  readonly coreService: {
    isCursorHidden: boolean;
    readonly modes: { insertMode: boolean };
    readonly decPrivateModes: {
      applicationCursorKeys: boolean;
      applicationKeypad: boolean;
      bracketedPasteMode: boolean;
      cursorBlink: boolean | undefined;
      cursorStyle: 'block' | 'underline' | 'bar' | undefined;
      origin: boolean;
      reverseWraparound: boolean;
      sendFocus: boolean;
      synchronizedOutput: boolean;
      wraparound: boolean;
    };
  };
  readonly coreMouseService: { activeProtocol: MouseProtocol; activeEncoding: MouseEncoding };
  readonly _charsetService: { charset: XtermCharset; glevel: number; _charsets: XtermCharset[] };
  readonly onBell: (listener: () => void) => void;
}

export type MouseProtocol = 'NONE' | 'X10' | 'VT200' | 'DRAG' | 'ANY';
export type MouseEncoding = 'DEFAULT' | 'SGR' | 'SGR_PIXELS';

/** Code units a cell's cluster may hold: a program that stacks marks without end must not eat the memory. */
const CLUSTER_UNITS = 64;

export interface OpenedXterm {
  readonly terminal: headless.Terminal;
  readonly core: XtermCore;
}

/**
 * A terminal with grapheme clusters on, that logs nothing.
 * @throws Error when the installed xterm is another version
 */
export function openXterm(cols: number, rows: number, scrollback: number): OpenedXterm {
  if (xtermPackage.version !== XTERM_VERSION) {
    throw new Error(`@xterm/headless is ${xtermPackage.version}, this build needs ${XTERM_VERSION}: run npm ci`);
  }
  // Node sees no names in these CommonJS bundles, a bundler does.
  const { Terminal } = named(headless);
  const { UnicodeGraphemesAddon } = named(graphemes);
  const terminal = new Terminal({
    cols,
    rows,
    scrollback,
    allowProposedApi: true,
    logLevel: 'off',
    windowOptions: { getWinSizeChars: true },
  });
  terminal.loadAddon(new UnicodeGraphemesAddon());
  const core = (terminal as unknown as { readonly _core: XtermCore })._core;
  boundClusters(core.buffers.normal.lines.get(0)!);
  return { terminal, core };
}

function named<T extends object>(module: T): T {
  return (module as { default?: T }).default ?? module;
}

let bounded = false;

/** Once for all terminals of the process: the method sits on the prototype of every line. */
function boundClusters(line: XtermLine): void {
  if (bounded) return;
  bounded = true;
  const prototype = Object.getPrototypeOf(line) as XtermLine;
  const add = prototype.addCodepointToCell;
  prototype.addCodepointToCell = function addBounded(this: XtermLine, index, codePoint, width) {
    const combined = (this._data[index * WORDS_PER_CELL]! & COMBINED) !== 0;
    if (!combined || this._combined[index]!.length < CLUSTER_UNITS) add.call(this, index, codePoint, width);
  };
}
