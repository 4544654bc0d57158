/**
 * The whole state of an emulator as bytes that the ptyhost keeps, so that another emulator can go on from there: both
 * screens with scrollback, wrapped lines, cursor and saved cursor, scroll region, tab stops, charsets, modes.
 *
 * Layout: `LLC1` · u32 length of the JSON that follows · JSON (Meta) · rows of the normal buffer, then of the alternate
 * one where it is active: u8 wrapped · u16 cells up to the last one ever written to (re-wrapping on resize looks at
 * these only) · u16 length · cells as in protocol/rows.ts. Little-endian.
 */
import {
  BG_HAS_EXTENDED,
  BLANK_CONTENT,
  CODEPOINT_MASK,
  COMBINED,
  WIDTH_SHIFT,
  WORDS_PER_CELL,
} from '../../core/cells.ts';
import { ClusterTable } from '../../core/clusters.ts';
import { decodeRow } from '../../protocol/rows-codec.ts';
import { MAX_ROW_BYTES, encodeRowInto } from '../../protocol/rows-encode.ts';
import type { KittyStacks } from './kitty-keyboard.ts';
import type {
  MouseEncoding,
  MouseProtocol,
  XtermBuffer,
  XtermCharset,
  XtermCore,
  XtermLine,
} from './xterm-internals.ts';

const MAGIC = Buffer.from('LLC1');
const HEAD_BYTES = 8;
const ROW_HEAD_BYTES = 5;
/** A cell that nothing was written to. */
const NULL_CONTENT = 1 << WIDTH_SHIFT;

/** What the emulator keeps beside xterm's own state. */
export interface CheckpointExtras {
  readonly cols: number;
  readonly rows: number;
  readonly trimmed: number;
  readonly kitty: KittyStacks;
  readonly title: string;
  readonly cursorBlink: boolean;
  readonly convertEol: boolean;
}

interface BufferMeta {
  readonly count: number;
  readonly x: number;
  readonly y: number;
  readonly ybase: number;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedFg: number;
  readonly savedBg: number;
  readonly savedCharset: XtermCharset | null;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly tabs: readonly number[];
}

interface Meta extends CheckpointExtras {
  readonly normal: BufferMeta;
  /** null while the normal screen is shown: the other one is empty then. */
  readonly alternate: BufferMeta | null;
  readonly fg: number;
  readonly bg: number;
  readonly modes: XtermCore['coreService']['decPrivateModes'];
  readonly insertMode: boolean;
  readonly cursorHidden: boolean;
  readonly mouse: readonly [MouseProtocol, MouseEncoding];
  readonly charset: XtermCharset | null;
  readonly charsets: readonly (XtermCharset | null)[];
  readonly glevel: number;
  readonly joinState: number;
}

export function encodeCheckpoint(core: XtermCore, extras: CheckpointExtras): Uint8Array {
  const { buffers } = core;
  const alternate = buffers.active === buffers.alt ? buffers.alt : null;
  const json = Buffer.from(JSON.stringify(metaOf(core, extras, alternate)), 'utf8');
  const out = new RowBuffer(HEAD_BYTES + json.length);
  out.bytes.set(MAGIC);
  out.bytes.writeUInt32LE(json.length, MAGIC.length);
  out.bytes.set(json, HEAD_BYTES);
  for (const buffer of alternate ? [buffers.normal, alternate] : [buffers.normal]) {
    for (let n = 0; n < buffer.lines.length; n++) out.add(buffer.lines.get(n)!);
  }
  return out.done();
}

function metaOf(core: XtermCore, extras: CheckpointExtras, alternate: XtermBuffer | null): Meta {
  const { _charsetService: charsets, coreService, coreMouseService } = core;
  const attributes = core._inputHandler._curAttrData;
  const { normal } = core.buffers;
  return {
    ...extras,
    normal: bufferMeta(normal),
    alternate: alternate && bufferMeta(alternate),
    fg: attributes.fg,
    bg: attributes.bg & ~BG_HAS_EXTENDED,
    modes: coreService.decPrivateModes,
    insertMode: coreService.modes.insertMode,
    cursorHidden: coreService.isCursorHidden,
    mouse: [coreMouseService.activeProtocol, coreMouseService.activeEncoding],
    charset: charsets.charset ?? null,
    charsets: Array.from(charsets._charsets, (charset) => charset ?? null),
    glevel: charsets.glevel,
    joinState: core._inputHandler._parser.precedingJoinState,
  };
}

function bufferMeta(buffer: XtermBuffer): BufferMeta {
  return {
    count: buffer.lines.length,
    x: buffer.x,
    y: buffer.y,
    ybase: buffer.ybase,
    savedX: buffer.savedX,
    savedY: buffer.savedY,
    savedFg: buffer.savedCurAttrData.fg,
    savedBg: buffer.savedCurAttrData.bg & ~BG_HAS_EXTENDED,
    savedCharset: buffer.savedCharset ?? null,
    scrollTop: buffer.scrollTop,
    scrollBottom: buffer.scrollBottom,
    tabs: Object.keys(buffer.tabs)
      .map(Number)
      .filter((column) => buffer.tabs[column]),
  };
}

/** Grows by doubling; one row is never larger than MAX_ROW_BYTES. */
class RowBuffer {
  bytes: Buffer;
  #length: number;

  constructor(head: number) {
    this.bytes = Buffer.allocUnsafe(head + 4 * MAX_ROW_BYTES);
    this.#length = head;
  }

  add(line: XtermLine): void {
    const start = this.#length + ROW_HEAD_BYTES;
    if (start + MAX_ROW_BYTES > this.bytes.length) this.bytes = Buffer.concat([this.bytes], this.bytes.length * 2);
    const end = encodeRowInto(this.bytes, start, line._data, 0, line.length, (x) => line._combined[x] ?? '');
    this.bytes[this.#length] = line.isWrapped ? 1 : 0;
    this.bytes.writeUInt16LE(line.getTrimmedLength(), this.#length + 1);
    this.bytes.writeUInt16LE(end - start, this.#length + 3);
    this.#length = end;
  }

  done(): Uint8Array {
    return this.bytes.subarray(0, this.#length);
  }
}

/**
 * Puts a checkpoint into a fresh terminal of the same size.
 * @returns null where the bytes are no checkpoint of this version or of another size; the terminal is spoilt then
 */
export function decodeCheckpoint(
  core: XtermCore,
  bytes: Uint8Array,
  size: { readonly cols: number; readonly rows: number },
): CheckpointExtras | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (data.length < HEAD_BYTES || !data.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const rowsAt = HEAD_BYTES + data.readUInt32LE(MAGIC.length);
  try {
    const meta = JSON.parse(data.toString('utf8', HEAD_BYTES, rowsAt)) as Meta;
    if (meta.cols !== size.cols || meta.rows !== size.rows) return null;
    const reader = new RowReader(data, rowsAt);
    restoreBuffer(core.buffers.normal, meta.normal, reader);
    if (meta.alternate) {
      core.buffers.activateAltBuffer();
      restoreBuffer(core.buffers.alt, meta.alternate, reader);
    }
    restoreModes(core, meta);
    return meta;
  } catch {
    return null;
  }
}

function restoreBuffer(buffer: XtermBuffer, meta: BufferMeta, reader: RowReader): void {
  const blank = buffer.savedCurAttrData.clone();
  buffer.lines.length = 0;
  for (let n = 0; n < meta.count; n++) buffer.lines.push(reader.next(buffer.getBlankLine(blank)));
  buffer.x = meta.x;
  buffer.y = meta.y;
  buffer.ybase = meta.ybase;
  buffer.ydisp = meta.ybase;
  buffer.savedX = meta.savedX;
  buffer.savedY = meta.savedY;
  buffer.savedCurAttrData.fg = meta.savedFg;
  buffer.savedCurAttrData.bg = meta.savedBg;
  buffer.savedCharset = meta.savedCharset ?? undefined;
  buffer.scrollTop = meta.scrollTop;
  buffer.scrollBottom = meta.scrollBottom;
  buffer.tabs = Object.fromEntries(meta.tabs.map((column) => [column, true]));
}

function restoreModes(core: XtermCore, meta: Meta): void {
  const { _charsetService: charsets, coreService, coreMouseService } = core;
  Object.assign(coreService.decPrivateModes, meta.modes);
  coreService.modes.insertMode = meta.insertMode;
  coreService.isCursorHidden = meta.cursorHidden;
  coreMouseService.activeProtocol = meta.mouse[0];
  coreMouseService.activeEncoding = meta.mouse[1];
  charsets._charsets = meta.charsets.map((charset) => charset ?? undefined);
  charsets.charset = meta.charset ?? undefined;
  charsets.glevel = meta.glevel;
  const attributes = core._inputHandler._curAttrData;
  attributes.fg = meta.fg;
  attributes.bg = meta.bg;
  core._inputHandler._parser.precedingJoinState = meta.joinState;
}

class RowReader {
  readonly #data: Buffer;
  readonly #clusters = new ClusterTable();
  #at: number;

  constructor(data: Buffer, at: number) {
    this.#data = data;
    this.#at = at;
  }

  /** Fills a fresh line with the next row. */
  next(line: XtermLine): XtermLine {
    const wrapped = this.#data.readUInt8(this.#at);
    const written = this.#data.readUInt16LE(this.#at + 1);
    const length = this.#data.readUInt16LE(this.#at + 3);
    const start = this.#at + ROW_HEAD_BYTES;
    this.#at = start + length;
    if (this.#at > this.#data.length) throw new RangeError('checkpoint ends in the middle of a row');
    decodeRow(this.#data.subarray(start, this.#at), line._data, 0, line.length, this.#clusters);
    line.isWrapped = wrapped === 1;
    this.#adopt(line, written);
    return line;
  }

  /** From the codec's view of cells to xterm's: clusters beside the words, nothing where nothing was written. */
  #adopt(line: XtermLine, written: number): void {
    const words = line._data;
    for (let x = 0; x < line.length; x++) {
      const i = x * WORDS_PER_CELL;
      const content = words[i]!;
      if (x >= written && content === BLANK_CONTENT) {
        words[i] = NULL_CONTENT;
      } else if (content & COMBINED) {
        line._combined[x] = this.#clusters.at(content & CODEPOINT_MASK);
        words[i] = content & ~CODEPOINT_MASK;
      }
    }
  }
}
