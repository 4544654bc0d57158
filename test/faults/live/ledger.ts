/** What two live writers wrote and took out on purpose, by their own logs (test/fixtures/agents/writer.mjs): the truth. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, readdirSync, lstatSync } from 'node:fs';
import { join } from 'node:path';

interface Line {
  readonly at: 'may' | 'did' | 'not';
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export type SideName = 'a' | 'b';
export const SIDES: readonly SideName[] = ['a', 'b'];

export class Ledger {
  readonly #folder: string;
  readonly #read: Record<SideName, { offset: number; rest: string }> = {
    a: { offset: 0, rest: '' },
    b: { offset: 0, rest: '' },
  };
  readonly #alive = new Map<string, SideName>();
  readonly #removed = new Set<string>();
  /** A writer that is held may be in the middle of taking them out. */
  readonly #going: Record<SideName, readonly string[]> = { a: [], b: [] };
  readonly #trash = new Set<string>();
  written = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Lines that must stand, and who wrote them. The writers must stand still. */
  standing(): ReadonlyMap<string, SideName> {
    for (const side of SIDES) {
      for (const line of this.#news(side)) this.#take(side, line);
      this.#takeTrash(side);
    }
    for (const token of this.#removed) this.#alive.delete(token);
    const going = new Set([...this.#going.a, ...this.#going.b]);
    return new Map([...this.#alive].filter(([token]) => !going.has(token)));
  }

  /** Dropped by somebody's choice, and found where such things are kept. */
  forgive(token: string): void {
    this.#alive.delete(token);
  }

  #take(side: SideName, { at, added, removed }: Line): void {
    this.#going[side] = at === 'may' ? removed : [];
    if (at !== 'did') return;
    for (const token of removed) this.#removed.add(token);
    for (const token of added) this.#alive.set(token, side);
    this.written += added.length;
  }

  #takeTrash(side: SideName): void {
    const folder = join(this.#folder, `${side}.trash`);
    for (const name of list(folder)) {
      if (this.#trash.has(`${side}${name}`)) continue;
      this.#trash.add(`${side}${name}`);
      for (const token of tokensIn(readFileSync(join(folder, name), 'utf8'))) this.#removed.add(token);
    }
  }

  #news(side: SideName): Line[] {
    const read = this.#read[side];
    const fd = openSync(join(this.#folder, `${side}.log`), 'r');
    const bytes = Buffer.alloc(fstatSync(fd).size - read.offset);
    readSync(fd, bytes, 0, bytes.length, read.offset);
    closeSync(fd);
    read.offset += bytes.length;
    const lines = `${read.rest}${bytes.toString()}`.split('\n');
    read.rest = lines.pop()!;
    return lines.map((line) => JSON.parse(line) as Line);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export function tokensIn(text: string): string[] {
  return text.match(/T\w+?_/g) ?? [];
}

/** Path → content of all files of a worktree. */
export function contentsOf(dir: string): Record<string, string> {
  const paths = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path !== '.git' && lstatSync(join(dir, path)).isFile())
    .sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(dir, path), 'utf8')]));
}
