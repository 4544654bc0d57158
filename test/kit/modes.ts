/** What a program has switched on in the outer terminal, so that a test can ask whether it left it as it found it. */
import type { IParser } from '@xterm/headless';

/** DEC private modes that are on in a fresh terminal: autowrap, cursor visible. */
const ON_AT_START = [7, 25];

export class ModeTracker {
  readonly #on = new Set<number>(ON_AT_START);
  readonly #kitty: number[] = [];
  #scrollRegion = false;
  /** Texts that were put on the clipboard through OSC 52. */
  readonly clipboard: string[] = [];
  /** Window titles that were set. */
  readonly titles: string[] = [];

  /** @param reply sends bytes back to the program, where the terminal is to know the kitty keyboard protocol */
  watch(parser: IParser, reply: ((bytes: string) => void) | undefined): void {
    const flat = (params: (number | number[])[]): number[] => params.flat();
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => this.#set(flat(params), true));
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, (params) => this.#set(flat(params), false));
    parser.registerCsiHandler({ final: 'r' }, (params) => {
      this.#scrollRegion = flat(params).some((value) => value > 1);
      return false;
    });
    parser.registerOscHandler(52, (data) => {
      const base64 = data.slice(data.indexOf(';') + 1);
      this.clipboard.push(Buffer.from(base64, 'base64').toString('utf8'));
      return true;
    });
    for (const osc of [0, 2]) {
      parser.registerOscHandler(osc, (data) => {
        this.titles.push(data);
        return false;
      });
    }
    this.#watchKitty(parser, reply);
  }

  /** https://sw.kovidgoyal.net/kitty/keyboard-protocol/: query, push, pop, set. */
  #watchKitty(parser: IParser, reply: ((bytes: string) => void) | undefined): void {
    parser.registerCsiHandler({ prefix: '?', final: 'u' }, () => {
      reply?.(`\x1b[?${this.kitty}u`);
      return true;
    });
    parser.registerCsiHandler({ prefix: '>', final: 'u' }, (params) => {
      this.#kitty.push(params.flat()[0] ?? 0);
      return true;
    });
    parser.registerCsiHandler({ prefix: '<', final: 'u' }, (params) => {
      const count = params.flat()[0] || 1;
      for (let n = 0; n < count; n++) this.#kitty.pop();
      return true;
    });
    parser.registerCsiHandler({ prefix: '=', final: 'u' }, (params) => {
      const [flags = 0, how = 1] = params.flat();
      const now = this.kitty;
      this.#kitty.pop();
      this.#kitty.push(how === 2 ? now | flags : how === 3 ? now & ~flags : flags);
      return true;
    });
  }

  #set(params: readonly number[], on: boolean): boolean {
    for (const mode of params) {
      if (on) this.#on.add(mode);
      else this.#on.delete(mode);
    }
    return false;
  }

  has(mode: number): boolean {
    return this.#on.has(mode);
  }

  /** Flags of the kitty keyboard protocol that are in force. */
  get kitty(): number {
    return this.#kitty.at(-1) ?? 0;
  }

  /** Everything that differs from a fresh terminal, in words; empty when it was left as found. */
  leftBehind(): string[] {
    const left = [...this.#on].filter((mode) => !ON_AT_START.includes(mode)).map((mode) => `mode ${mode} on`);
    for (const mode of ON_AT_START) if (!this.#on.has(mode)) left.push(`mode ${mode} off`);
    if (this.kitty !== 0) left.push(`kitty keyboard flags ${this.kitty}`);
    if (this.#scrollRegion) left.push('scroll region set');
    return left;
  }
}
