/**
 * Input for one program, written straight to the terminal's descriptor. A program that doesn't read fills the kernel's
 * buffer: the rest waits here and is tried again after a pause, so that a paste to a stopped agent neither blocks nor
 * spins.
 */
import { writeSync } from 'node:fs';
import { INPUT_LIMIT_BYTES } from '../../../protocol/ptyhost.ts';

/** Waits between attempts while the kernel's buffer is full, ms. A program that reads is back within one of the first. */
const BACK_OFF_MS = [1, 2, 3, 4, 5];
/** After some seconds of it, nobody is waiting for the next key. */
const PATIENT_AFTER = 500;
const PATIENT_MS = 25;

/** Nothing is written for so long. */
interface Gap {
  readonly ms: number;
}

export class InputQueue {
  #fd: number | null;
  #parts: (Buffer | Gap)[] = [];
  #bytes = 0;
  #held = false;
  #attempts = 0;
  /** When input came last, in milliseconds of the monotonic clock. */
  pushedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Bytes that the program's terminal hasn't taken yet. */
  get waiting(): number {
    return this.#bytes;
  }

  /** @returns false where the queue is full: nothing of `bytes` is taken. What comes after the end is dropped silently. */
  push(bytes: Buffer): boolean {
    if (this.#fd === null || bytes.length === 0) return true;
    this.pushedAt = performance.now();
    if (this.#bytes + bytes.length > INPUT_LIMIT_BYTES) return false;
    const direct = this.#parts.length === 0 && !this.#held;
    const rest = direct ? bytes.subarray(this.#write(bytes)) : bytes;
    if (rest.length > 0 && this.#fd !== null) {
      this.#parts.push(Buffer.from(rest));
      this.#bytes += rest.length;
      this.#later();
    }
    return true;
  }

  /** Two pieces, the second `ms` after the terminal took the first. @returns false where nothing of either is taken */
  pushApart(first: Buffer, ms: number, second: Buffer): boolean {
    if (this.#bytes + first.length + second.length > INPUT_LIMIT_BYTES) return false;
    this.push(first);
    if (this.#fd === null) return true;
    this.#parts.push({ ms }, Buffer.from(second));
    this.#bytes += second.length;
    if (!this.#held && !this.#timer) this.#flush();
    return true;
  }

  /** Keeps everything back until `release`. */
  hold(): void {
    this.#held = true;
    this.#clearTimer();
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#attempts = 0;
    this.#flush();
  }

  /** The descriptor is about to be closed. */
  close(): void {
    this.#fd = null;
    this.#parts = [];
    this.#bytes = 0;
    this.#clearTimer();
  }

  #flush(): void {
    while (this.#parts.length > 0) {
      const part = this.#parts[0]!;
      if (!Buffer.isBuffer(part)) {
        this.#timer = setTimeout(() => this.#afterGap(), part.ms);
        return;
      }
      const written = this.#write(part);
      if (this.#fd === null) return;
      this.#bytes -= written;
      if (written > 0) this.#attempts = 0;
      if (written < part.length) {
        this.#parts[0] = part.subarray(written);
        this.#later();
        return;
      }
      this.#parts.shift();
    }
  }

  #afterGap(): void {
    this.#timer = null;
    this.#parts.shift();
    this.#flush();
  }

  /** @returns bytes that the terminal took; fewer than offered when its buffer is full */
  #write(bytes: Buffer): number {
    let written = 0;
    try {
      while (this.#fd !== null && written < bytes.length) {
        const count = writeSync(this.#fd, bytes, written);
        if (count === 0) break;
        written += count;
      }
    } catch (error) {
      // Anything but a full buffer: nobody has the terminal open any more (EIO), and nobody will read.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return bytes.length;
    }
    return written;
  }

  #later(): void {
    if (this.#held || this.#timer) return;
    const attempt = this.#attempts++;
    const wait = attempt > PATIENT_AFTER ? PATIENT_MS : BACK_OFF_MS[Math.min(attempt, BACK_OFF_MS.length - 1)]!;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#flush();
    }, wait);
  }

  #clearTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
