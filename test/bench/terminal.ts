/** A terminal that costs next to nothing: counts bytes and answers what a program waits for, without drawing. */
import { writeSync } from 'node:fs';
import { spawn, type IPty } from 'node-pty';

/** What every terminal answers at once: device status, device attributes, cursor position. */
const ANSWERS: readonly (readonly [string, string])[] = [
  ['\x1b[5n', '\x1b[0n'],
  ['\x1b[c', '\x1b[?1;2c'],
  ['\x1b[>c', '\x1b[>0;276;0c'],
  ['\x1b[6n', '\x1b[1;1R'],
];

export class LightTerminal {
  readonly pty: IPty;
  readonly exited: Promise<void>;
  bytes = 0;
  onChunk: ((text: string) => void) | undefined;
  #gone = false;

  constructor(file: string, args: readonly string[], env: Readonly<Record<string, string>>, size: Size) {
    this.pty = spawn(file, [...args], {
      name: 'xterm-256color',
      cols: size.cols,
      rows: size.rows,
      cwd: '/',
      env: { ...env, TERM: 'xterm-256color', COLORTERM: 'truecolor' },
      encoding: null,
    });
    this.exited = new Promise((resolve) => {
      this.pty.onExit(() => {
        this.#gone = true;
        resolve();
      });
    });
    this.pty.onData((chunk) => this.#take(chunk as unknown as Buffer));
  }

  get pid(): number {
    return this.pty.pid;
  }

  /** Straight to the descriptor: node-pty's own write goes through a thread, whose wake-up would be measured too. */
  type(text: string): void {
    if (this.#gone) return;
    writeSync((this.pty as unknown as { readonly fd: number }).fd, text);
  }

  /** No output for `ms`. */
  async quiet(ms: number): Promise<void> {
    for (let last = -1; last !== this.bytes;) {
      last = this.bytes;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }

  async close(): Promise<void> {
    this.pty.kill('SIGHUP');
    await this.exited;
  }

  #take(chunk: Buffer): void {
    this.bytes += chunk.length;
    const text = chunk.toString('latin1');
    if (text.includes('\x1b')) {
      for (const [question, answer] of ANSWERS) {
        for (let at = text.indexOf(question); at >= 0; at = text.indexOf(question, at + 1)) this.type(answer);
      }
    }
    this.onChunk?.(text);
  }
}

export interface Size {
  readonly cols: number;
  readonly rows: number;
}
