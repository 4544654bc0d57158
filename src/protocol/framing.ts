/**
 * Framing of every local socket: u32 little-endian payload length, u8 frame type, payload.
 * The same on daemon ⇄ client and daemon ⇄ ptyhost sockets; the types differ and are listed beside their payloads.
 */

/** No honest frame is larger: a wild length closes the connection instead of growing a buffer. */
export const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024;
export const HEADER_BYTES = 5;

export interface Frame {
  readonly type: number;
  /** A view into the decoder's buffer, valid until the callback returns: copy it to keep it. */
  readonly payload: Buffer;
}

export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** One frame as one buffer, ready for a single write. */
export function encodeFrame(type: number, payload: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  out.writeUInt32LE(payload.length, 0);
  out[4] = type;
  out.set(payload, HEADER_BYTES);
  return out;
}

export function encodeJsonFrame(type: number, value: unknown): Buffer {
  return encodeFrame(type, Buffer.from(JSON.stringify(value), 'utf8'));
}

/** Cuts a byte stream into frames. Holds at most one incomplete frame. */
export class FrameDecoder {
  #parts: Buffer[] = [];
  #size = 0;

  /**
   * @throws FrameError when a length exceeds MAX_PAYLOAD_BYTES; the stream is of no use after that
   */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void {
    let buf = chunk;
    if (this.#size > 0) {
      this.#parts.push(chunk);
      this.#size += chunk.length;
      const first = this.#parts[0]!;
      // A large frame comes in many chunks: don't copy them together before it can be complete.
      if (first.length >= HEADER_BYTES && this.#size < HEADER_BYTES + this.#checked(first.readUInt32LE(0))) return;
      buf = Buffer.concat(this.#parts, this.#size);
      this.#parts = [];
      this.#size = 0;
    }
    let at = 0;
    while (buf.length - at >= HEADER_BYTES) {
      const length = this.#checked(buf.readUInt32LE(at));
      const end = at + HEADER_BYTES + length;
      if (end > buf.length) break;
      onFrame({ type: buf[at + 4]!, payload: buf.subarray(at + HEADER_BYTES, end) });
      at = end;
    }
    if (at < buf.length) {
      const rest = Buffer.from(buf.subarray(at));
      this.#parts = [rest];
      this.#size = rest.length;
    }
  }

  #checked(length: number): number {
    if (length > MAX_PAYLOAD_BYTES) throw new FrameError(`frame of ${length} bytes exceeds ${MAX_PAYLOAD_BYTES}`);
    return length;
  }
}
