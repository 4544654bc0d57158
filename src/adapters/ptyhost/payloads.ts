/** Binary payloads of the ptyhost's socket, as laid out beside PTY_FRAME in the protocol. Little-endian throughout. */

/** A payload too short for its type: the other side is not one of ours. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError';
}

export const STREAM_HEADER_BYTES = 12;
export const SCREEN_HEADER_BYTES = 16;

/** u32 pane · bytes */
export interface PaneBytes {
  readonly pane: number;
  readonly bytes: Buffer;
}

/** u32 pane · f64 offset · bytes */
export interface StreamBytes extends PaneBytes {
  readonly offset: number;
}

/** u32 pane · f64 offset · u16 cols · u16 rows · bytes */
export interface ScreenBytes extends StreamBytes {
  readonly cols: number;
  readonly rows: number;
}

export function encodePaneBytes(pane: number, bytes: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(4 + bytes.length);
  out.writeUInt32LE(pane, 0);
  out.set(bytes, 4);
  return out;
}

/** u32 pane · u16 ms · u32 length · first · second */
export interface MessageBytes {
  readonly pane: number;
  readonly ms: number;
  readonly first: Buffer;
  readonly second: Buffer;
}

const MESSAGE_HEADER_BYTES = 10;

export function encodeMessage(pane: number, ms: number, first: Uint8Array, second: Uint8Array): Buffer {
  const head = Buffer.allocUnsafe(MESSAGE_HEADER_BYTES);
  head.writeUInt32LE(pane, 0);
  head.writeUInt16LE(ms, 4);
  head.writeUInt32LE(first.length, 6);
  return Buffer.concat([head, first, second]);
}

/** @throws PayloadError */
export function decodeMessage(payload: Buffer): MessageBytes {
  const end = payload.length < MESSAGE_HEADER_BYTES ? Infinity : MESSAGE_HEADER_BYTES + payload.readUInt32LE(6);
  if (end > payload.length) throw new PayloadError(`a message of ${payload.length} bytes`);
  const first = payload.subarray(MESSAGE_HEADER_BYTES, end);
  return { pane: payload.readUInt32LE(0), ms: payload.readUInt16LE(4), first, second: payload.subarray(end) };
}

/** @returns payload of `ended` and `consumed`, and the head of `data` */
export function encodeStreamHeader(pane: number, offset: number): Buffer {
  const out = Buffer.allocUnsafe(STREAM_HEADER_BYTES);
  out.writeUInt32LE(pane, 0);
  out.writeDoubleLE(offset, 4);
  return out;
}

/** @returns payload of `resized` (no bytes), `checkpoint` and `restore` */
export function encodeScreen(
  pane: number,
  offset: number,
  cols: number,
  rows: number,
  bytes: Uint8Array = EMPTY,
): Buffer {
  const out = Buffer.allocUnsafe(SCREEN_HEADER_BYTES + bytes.length);
  out.writeUInt32LE(pane, 0);
  out.writeDoubleLE(offset, 4);
  out.writeUInt16LE(cols, 12);
  out.writeUInt16LE(rows, 14);
  out.set(bytes, SCREEN_HEADER_BYTES);
  return out;
}

/** @throws PayloadError */
export function decodePaneBytes(payload: Buffer): PaneBytes {
  atLeast(payload, 4);
  return { pane: payload.readUInt32LE(0), bytes: payload.subarray(4) };
}

/** @throws PayloadError */
export function decodeStream(payload: Buffer): StreamBytes {
  atLeast(payload, STREAM_HEADER_BYTES);
  return {
    pane: payload.readUInt32LE(0),
    offset: payload.readDoubleLE(4),
    bytes: payload.subarray(STREAM_HEADER_BYTES),
  };
}

/** @throws PayloadError */
export function decodeScreen(payload: Buffer): ScreenBytes {
  atLeast(payload, SCREEN_HEADER_BYTES);
  return {
    pane: payload.readUInt32LE(0),
    offset: payload.readDoubleLE(4),
    cols: payload.readUInt16LE(12),
    rows: payload.readUInt16LE(14),
    bytes: payload.subarray(SCREEN_HEADER_BYTES),
  };
}

const EMPTY = new Uint8Array(0);

function atLeast(payload: Buffer, bytes: number): void {
  if (payload.length < bytes) throw new PayloadError(`payload of ${payload.length} bytes, expected ${bytes}`);
}
