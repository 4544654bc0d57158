/** What a person types, out of the bytes of a terminal in raw mode with bracketed paste (xterm, mode 2004). */
import { StringDecoder } from 'node:string_decoder';

export type Key =
  | { readonly key: 'text'; readonly text: string; readonly pasted: boolean }
  | { readonly key: 'enter' | 'backspace' | 'interrupt' | 'escape' | 'clear' | 'end' | 'up' | 'down' };

const SEQUENCE = /^\u001B(?:\[[0-?]*[ -/]*[@-~]|O[A-Z]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[^\u001B])?/;
const PASTE_BEGIN = '\u001B[200~';
const PASTE_END = '\u001B[201~';

export class KeyReader {
  readonly #decoder = new StringDecoder('utf8');
  #paste: string | null = null;

  /** Whole keys of a chunk; a paste may span chunks. */
  read(chunk: Buffer): Key[] {
    const keys: Key[] = [];
    let rest = this.#decoder.write(chunk);
    while (rest !== '') rest = this.#paste === null ? this.#one(rest, keys) : this.#inPaste(rest, keys);
    return keys;
  }

  #inPaste(rest: string, keys: Key[]): string {
    const end = rest.indexOf(PASTE_END);
    this.#paste += end < 0 ? rest : rest.slice(0, end);
    if (end < 0) return '';
    keys.push({ key: 'text', text: clean(this.#paste ?? ''), pasted: true });
    this.#paste = null;
    return rest.slice(end + PASTE_END.length);
  }

  #one(rest: string, keys: Key[]): string {
    if (rest.startsWith(PASTE_BEGIN)) {
      this.#paste = '';
      return rest.slice(PASTE_BEGIN.length);
    }
    if (rest.startsWith('\u001B')) {
      const sequence = SEQUENCE.exec(rest)![0];
      if (sequence === '\u001B') keys.push({ key: 'escape' });
      if (sequence === '\u001B[A' || sequence === '\u001BOA') keys.push({ key: 'up' });
      if (sequence === '\u001B[B' || sequence === '\u001BOB') keys.push({ key: 'down' });
      return rest.slice(sequence.length);
    }
    const control = CONTROLS[rest[0]!];
    if (control !== undefined) {
      keys.push({ key: control });
      return rest.slice(1);
    }
    const plain = /^[^\u0000-\u001F\u007F]+/.exec(rest)?.[0];
    if (plain !== undefined) keys.push({ key: 'text', text: plain, pasted: false });
    return rest.slice(plain?.length ?? 1);
  }
}

const CONTROLS: Readonly<Record<string, Exclude<Key['key'], 'text'>>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\u007F': 'backspace',
  '\b': 'backspace',
  '\u0003': 'interrupt',
  '\u0004': 'end',
  '\u0015': 'clear',
};

function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0009\u000B-\u001F\u007F]/g, '');
}
