/** What a health command prints: the first and the last lines in memory, the beginning of it in a file. */
import type { WriteStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { showControls } from '../../core/text.ts';

/** CSI, OSC, DCS and the like, and two-byte escapes (ECMA-48): colour and progress bars mean nothing in a log. */
const ESCAPES = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]/g;

export const TAIL_LINES = 200;
/** Kept for the search after the first error. */
const FIRST_LINES = 4000;
const MAX_LINE = 2000;
/** Kept for the last lines. */
const LAST_BYTES = 512 * 1024;
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** One line as a person may see it: no escapes, the last state of a line that was written over, controls shown. */
export function plainLine(raw: string): string {
  const text = raw.replaceAll(ESCAPES, '').replace(/\r+$/, '');
  const over = text.lastIndexOf('\r');
  return showControls((over < 0 ? text : text.slice(over + 1)).replaceAll('\t', '    '));
}

export class OutputLog {
  readonly #decoder = new StringDecoder('utf8');
  readonly #file: WriteStream | null;
  readonly #first: string[] = [];
  /** The end of it as it came: a build may print much, and nobody reads what lies between. */
  #last: Buffer[] = [];
  #held = 0;
  #open = '';
  #bytes = 0;

  constructor(file: WriteStream | null) {
    this.#file = file;
  }

  add(chunk: Buffer): void {
    if (this.#bytes <= MAX_FILE_BYTES) this.#file?.write(chunk);
    this.#bytes += chunk.length;
    this.#keep(chunk);
    if (this.#first.length < FIRST_LINES) this.#text(this.#decoder.write(chunk));
  }

  #keep(chunk: Buffer): void {
    this.#last.push(chunk);
    this.#held += chunk.length;
    let gone = 0;
    while (this.#held - this.#last[gone]!.length >= LAST_BYTES) this.#held -= this.#last[gone++]!.length;
    if (gone > 0) this.#last.splice(0, gone);
  }

  #text(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#line(this.#open + text.slice(from, Math.min(end, from + MAX_LINE)));
      this.#open = '';
      from = end + 1;
    }
    // A line without an end is kept at its beginning only.
    this.#open = (this.#open + text.slice(from, from + MAX_LINE)).slice(0, MAX_LINE);
  }

  #line(raw: string): void {
    if (this.#first.length < FIRST_LINES) this.#first.push(raw);
  }

  /** Call once, when nothing more comes. */
  end(): {
    readonly lines: readonly string[];
    readonly tail: readonly string[];
    /** `lines` are all there were. */
    readonly whole: boolean;
  } {
    this.#text(this.#decoder.end());
    if (this.#open !== '') this.#line(this.#open);
    this.#open = '';
    if (this.#bytes > MAX_FILE_BYTES) this.#file?.write(`\n… ${this.#bytes - MAX_FILE_BYTES} more bytes left out …\n`);
    this.#file?.end();
    const whole = this.#first.length < FIRST_LINES;
    return { lines: this.#first.map(plainLine), tail: this.#tail(whole).map(plainLine), whole };
  }

  #tail(whole: boolean): readonly string[] {
    if (whole) return this.#first.slice(-TAIL_LINES);
    const lines = Buffer.concat(this.#last).toString().split('\n');
    if (lines.at(-1) === '') lines.pop();
    // Where something went before it, it begins in the middle of a line.
    const from = this.#bytes > this.#held ? 1 : 0;
    return lines.slice(Math.max(from, lines.length - TAIL_LINES)).map((line) => line.slice(0, MAX_LINE));
  }
}
