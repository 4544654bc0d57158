/** Output bytes of one frame, in a buffer that is used again for the next. */
export class ByteSink {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Makes room for `count` more bytes; what follows may use byte, ascii, number and codePoint within it unchecked. */
  reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }

  byte(value: number): void {
    this.#bytes[this.#length++] = value;
  }

  ascii(text: string): void {
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }

  /** A non-negative integer in decimal. */
  number(value: number): void {
    if (value >= 10) this.number((value / 10) | 0);
    this.#bytes[this.#length++] = 48 + (value % 10);
  }

  /** CSI n F, without the number where it is the default of 1. */
  csi(count: number, final: number): void {
    this.byte(27);
    this.byte(91);
    if (count !== 1) this.number(count);
    this.byte(final);
  }

  codePoint(code: number): void {
    if (code < 0x80) {
      this.byte(code);
      return;
    }
    if (code < 0x800) {
      this.byte(0xc0 | (code >> 6));
    } else {
      if (code < 0x10000) {
        this.byte(0xe0 | (code >> 12));
      } else {
        this.byte(0xf0 | (code >> 18));
        this.byte(0x80 | ((code >> 12) & 63));
      }
      this.byte(0x80 | ((code >> 6) & 63));
    }
    this.byte(0x80 | (code & 63));
  }

  /** Text of any length, as UTF-8. */
  text(value: string): void {
    this.reserve(value.length * 3);
    this.#length += this.#bytes.write(value, this.#length, 'utf8');
  }

  /** A copy between two ASCII strings: the stream may keep it while the next frame is being made. */
  take(head: string, tail: string): Buffer {
    const whole = Buffer.allocUnsafe(head.length + this.#length + tail.length);
    whole.write(head, 0, 'latin1');
    this.#bytes.copy(whole, head.length, 0, this.#length);
    whole.write(tail, head.length + this.#length, 'latin1');
    return whole;
  }
}

/** Decimal digits of a non-negative integer below 100,000. */
export function digits(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  if (value < 1000) return 3;
  return value < 10_000 ? 4 : 5;
}

/** Bytes of a code point in UTF-8. */
export function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
