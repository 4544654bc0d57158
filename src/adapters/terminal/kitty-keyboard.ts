/**
 * Kitty's keyboard protocol as a terminal keeps it: a stack of flags for each screen.
 * https://sw.kovidgoyal.net/kitty/keyboard-protocol/#progressive-enhancement
 */
import type { XtermCore } from './xterm-internals.ts';

/** Disambiguate, event types, alternate keys, all keys as escapes, associated text. */
const ALL_FLAGS = 0b11111;
/** The protocol lets a terminal drop the oldest entry of an overfull stack. */
const MAX_DEPTH = 16;

/** Flags of each screen; the last entry of a stack is in force, none means 0. */
export interface KittyStacks {
  readonly normal: readonly number[];
  readonly alternate: readonly number[];
}

export class KittyKeyboard {
  readonly #isAlternate: () => boolean;
  #normal: number[] = [];
  #alternate: number[] = [];

  constructor(core: XtermCore, reply: (text: string) => void) {
    this.#isAlternate = () => core.buffers.active === core.buffers.alt;
    const parser = core._inputHandler._parser;
    parser.registerCsiHandler({ prefix: '>', final: 'u' }, (params) => this.#push(params.params[0]!));
    parser.registerCsiHandler({ prefix: '<', final: 'u' }, (params) => this.#pop(params.params[0]!));
    parser.registerCsiHandler({ prefix: '=', final: 'u' }, (params) =>
      this.#set(params.params[0]!, params.length > 1 ? params.params[1]! : 1),
    );
    parser.registerCsiHandler({ prefix: '?', final: 'u' }, () => {
      reply(`\x1b[?${this.flags}u`);
      return true;
    });
  }

  get flags(): number {
    return this.#stack().at(-1) ?? 0;
  }

  get stacks(): KittyStacks {
    return { normal: [...this.#normal], alternate: [...this.#alternate] };
  }

  restore(stacks: KittyStacks): void {
    this.#normal = stacks.normal.slice(-MAX_DEPTH);
    this.#alternate = stacks.alternate.slice(-MAX_DEPTH);
  }

  reset(): void {
    this.#normal = [];
    this.#alternate = [];
  }

  #stack(): number[] {
    return this.#isAlternate() ? this.#alternate : this.#normal;
  }

  #push(flags: number): boolean {
    const stack = this.#stack();
    // The flags below the first push are 0, and a pop must bring them back.
    if (stack.length === 0) stack.push(0);
    stack.push(Math.max(flags, 0) & ALL_FLAGS);
    if (stack.length > MAX_DEPTH) stack.shift();
    return true;
  }

  #pop(count: number): boolean {
    const stack = this.#stack();
    stack.length = Math.max(0, stack.length - Math.max(count, 1));
    return true;
  }

  /** Mode 1 sets all bits as given, 2 adds them, 3 takes them away. */
  #set(given: number, mode: number): boolean {
    const stack = this.#stack();
    const flags = Math.max(given, 0) & ALL_FLAGS;
    const now = stack.pop() ?? 0;
    stack.push(mode === 2 ? now | flags : mode === 3 ? now & ~flags : flags);
    return true;
  }
}
