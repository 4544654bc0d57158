/** Payloads of OSC and DCS sequences as text, never more of them than a limit: xterm's own sinks keep up to 10 MB. */
import type { DcsSink, OscSink, XtermParams } from './xterm-internals.ts';

/** Longer payloads are dropped whole. Enough for any title, notice or status. */
const LIMIT = 16 * 1024;

export class TextSink implements OscSink {
  readonly #done: (text: string) => void;
  #text = '';
  #overflow = false;

  constructor(done: (text: string) => void) {
    this.#done = done;
  }

  start(): void {
    this.#text = '';
    this.#overflow = false;
  }

  put(data: Uint32Array, start: number, end: number): void {
    if (this.#overflow) return;
    if (this.#text.length + (end - start) > LIMIT) {
      this.#overflow = true;
      this.#text = '';
      return;
    }
    for (let i = start; i < end; i++) this.#text += String.fromCodePoint(data[i]!);
  }

  end(success: boolean): boolean {
    const text = this.#text;
    this.#text = '';
    if (success && !this.#overflow) this.#done(text);
    return true;
  }
}

export class DcsTextSink implements DcsSink {
  readonly #sink: TextSink;
  #params: XtermParams = { params: new Int32Array(0), length: 0 };

  constructor(done: (text: string, params: XtermParams) => void) {
    this.#sink = new TextSink((text) => done(text, this.#params));
  }

  hook(params: XtermParams): void {
    this.#params = { params: new Int32Array(params.params), length: params.length };
    this.#sink.start();
  }

  put(data: Uint32Array, start: number, end: number): void {
    this.#sink.put(data, start, end);
  }

  unhook(success: boolean): boolean {
    return this.#sink.end(success);
  }
}
