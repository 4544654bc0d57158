/** What Ink takes for its terminal: whole frames come out, nothing of it reaches the real one. */
import { EventEmitter } from 'node:events';

/** Ink, in debug mode, writes each frame whole; what else it writes (cursor, erasing) has no text in it. */
const NO_TEXT = /^(?:\u001b\[[?\d;]*[A-Za-z])*$/;

export class VirtualStdout extends EventEmitter {
  readonly isTTY = false;
  readonly writable = true;
  /** Must be there: Ink asks `tput` at every layout otherwise. */
  columns: number;
  rows: number;
  #onFrame: (frame: string) => void;

  constructor(columns: number, rows: number, onFrame: (frame: string) => void) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.#onFrame = onFrame;
  }

  write(chunk: string, encoding?: unknown, done?: () => void): boolean {
    if (!NO_TEXT.test(chunk)) this.#onFrame(chunk);
    const callback = typeof encoding === 'function' ? (encoding as () => void) : done;
    callback?.();
    return true;
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }

  /** As the type that Ink's render() asks for; it uses only what is here. */
  get stream(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }
}
