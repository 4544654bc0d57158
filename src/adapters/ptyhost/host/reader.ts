/**
 * Reads a terminal's master descriptor until nobody holds the other side. It may be paused at any time, across the
 * program's exit too: the kernel keeps what was printed until it is read, and says EIO only after the last byte.
 */
import { ReadStream } from 'node:tty';

export interface ReaderEvents {
  /** @returns whether to read on. The buffer is used again after the call. */
  readonly onBytes: (bytes: Buffer) => boolean;
  /** Everything was read; the descriptor is closed. */
  readonly onEnd: () => void;
}

/** One for all: each read is handed on before the next begins. */
const shared = Buffer.allocUnsafeSlow(64 * 1024);

export class PtyReader {
  readonly #stream: ReadStream;

  constructor(fd: number, events: ReaderEvents) {
    this.#stream = new ReadStream(fd, {
      onread: {
        buffer: shared,
        callback: (count: number) => events.onBytes(shared.subarray(0, count)),
      },
    });
    // EIO is how a master learns that the last holder of its terminal is gone.
    this.#stream.on('error', () => {});
    this.#stream.on('close', events.onEnd);
    this.#stream.on('end', () => this.#stream.destroy());
    this.#stream.resume();
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  /** Gives up what is unread; whoever still holds the terminal sees it hung up. */
  close(): void {
    this.#stream.destroy();
  }
}
