/** The way to the terminal, so that tests can stand in for it. */
export interface TerminalOutput {
  readonly columns: number;
  readonly rows: number;
  /** The terminal hasn't taken all that was written: nothing more until onDrain. */
  readonly needsDrain: boolean;
  write(bytes: Uint8Array): void;
  onDrain(listener: () => void): void;
  onResize(listener: () => void): void;
}

/** A terminal's stream; its descriptor is made non-blocking, so that a stopped terminal can't hold the process. */
export class StreamOutput implements TerminalOutput {
  #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    const handle = (stream as unknown as { _handle?: { setBlocking?(blocking: boolean): void } })._handle;
    // Node makes terminals blocking: a write to one stopped by Ctrl+S would stop everything.
    handle?.setBlocking?.(false);
  }

  get columns(): number {
    return this.#stream.columns || 80;
  }

  get rows(): number {
    return this.#stream.rows || 24;
  }

  get needsDrain(): boolean {
    return this.#stream.writableLength > 0;
  }

  write(bytes: Uint8Array): void {
    this.#stream.write(bytes, this.#written);
  }

  /** The stream's own `drain` comes only after its high-water mark was passed: the end of each write says more. */
  onDrain(listener: () => void): void {
    this.#drained.push(listener);
  }

  onResize(listener: () => void): void {
    this.#stream.on('resize', listener);
  }

  #drained: (() => void)[] = [];
  #written = (): void => {
    if (this.#stream.writableLength === 0) for (const listener of this.#drained) listener();
  };
}
