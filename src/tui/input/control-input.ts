/** Control mode's half of the router: text and sequences to named keys, pastes to strings. */
import { graphemes } from '../../core/graphemes.ts';
import type { InputHandlers } from './events.ts';
import { decodeKey, textKey } from './keys.ts';
import type { Token } from './sequence.ts';

const NOT_ASCII = /[^ -~]/u;

export class ControlInput {
  #handlers: Pick<InputHandlers, 'onKey' | 'onPaste'>;
  /** Keeps the first bytes of a character whose others come with the next read. */
  #decoder = new TextDecoder();
  #paste: Buffer[] | null = null;

  constructor(handlers: Pick<InputHandlers, 'onKey' | 'onPaste'>) {
    this.#handlers = handlers;
  }

  text(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    const characters = NOT_ASCII.test(text) ? Array.from(graphemes(text), ({ segment }) => segment) : text;
    for (const character of characters) this.#handlers.onKey(textKey(character));
  }

  /** A token that is neither text nor an answer nor a mouse report. */
  key(bytes: Uint8Array, token: Token): void {
    const key = decodeKey(bytes, token);
    if (key && !key.isRelease) this.#handlers.onKey({ name: key.name, text: key.text });
  }

  pasteStart(): void {
    this.#paste = [];
  }

  pasted(bytes: Buffer): void {
    this.#paste?.push(Buffer.from(bytes));
  }

  pasteEnd(): void {
    const text = Buffer.concat(this.#paste ?? []).toString('utf8');
    this.#paste = null;
    this.#handlers.onPaste(text.replace(/\r\n?/g, '\n'));
  }
}
