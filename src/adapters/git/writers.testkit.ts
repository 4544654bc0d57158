/** Two writers that edit, create, delete, rename, commit and write back what they read long ago, every line of theirs known. */
import { existsSync, lstatSync, readFileSync, readdirSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { PairOfAgents } from './pair.testkit.ts';

interface EditOp {
  readonly kind: 'insert' | 'drop' | 'replace';
  readonly side: 0 | 1;
  readonly file: number;
  readonly at: number;
}

export type Op =
  | EditOp
  | { readonly kind: 'create' | 'delete' | 'rename' | 'begin' | 'finish'; readonly side: 0 | 1; readonly file: number }
  | { readonly kind: 'commit'; readonly side: 0 | 1 };

const TOKEN = /T\d+_/g;
const NAMES = ['f0', 'f1', 'dir/f 2', 'f3'];

export class Writers {
  readonly #pair: PairOfAgents;
  readonly #alive = new Map<string, 0 | 1>();
  /** Dropped by a person's choice, or by nobody's: they must stand in a backup. */
  readonly forgiven = new Set<string>();
  readonly #reading: [Map<string, string>, Map<string, string>] = [new Map(), new Map()];
  #count = 0;

  constructor(pair: PairOfAgents) {
    this.#pair = pair;
  }

  static files(): Record<string, string> {
    const text = (name: string) =>
      Array.from({ length: 25 }, (_, i) => `${name} line ${i} ${'x'.repeat(i)}`).join('\n');
    return Object.fromEntries(NAMES.map((name) => [name, `${text(name)}\n`]));
  }

  /** @returns the path that a stale read may have been written back to. */
  do(op: Op): string | null {
    if (op.kind === 'commit') {
      const dir = this.#dir(op.side);
      this.#pair.git(dir, 'add', '-A');
      this.#pair.git(dir, 'commit', '-q', '--allow-empty', '-m', 'work');
      return null;
    }
    const present = this.paths(op.side);
    const path = present[op.file % Math.max(1, present.length)];
    if (op.kind === 'create') return this.#write(op.side, `new${op.file % 3}`, `${this.#token(op.side)}\n`, true);
    if (path === undefined) return null;
    const reading = this.#reading[op.side];
    if (op.kind === 'begin') reading.set(path, this.#read(op.side, path));
    else if (op.kind === 'finish') return this.#finish(op.side);
    // Nobody edits a file while they think about what they read of it.
    else if (!reading.has(path)) this.#change(op, path);
    return null;
  }

  #change(op: Exclude<Op, { kind: 'commit' }>, path: string): void {
    if ('at' in op) this.#edit(op, path);
    else if (op.kind === 'delete') this.#delete(op.side, path);
    else this.#rename(op.side, path, `moved${op.file % 3}`);
  }

  #edit(op: EditOp, path: string): void {
    const lines = this.#read(op.side, path).split('\n');
    const at = op.at % Math.max(1, lines.length - 1);
    const gone = op.kind === 'insert' ? [] : lines.slice(at, at + 1);
    const fresh = op.kind === 'drop' ? [] : [`${this.#token(op.side)} ${path}`];
    this.#removed(gone.join('\n'));
    lines.splice(at, gone.length, ...fresh);
    this.#pair.edit(op.side, path, lines.join('\n'));
  }

  /** Writes a line into what was read some time ago. */
  #finish(side: 0 | 1): string | null {
    const [first] = this.#reading[side];
    if (!first) return null;
    const [path, text] = first;
    this.#reading[side].delete(path);
    // A path that is gone meanwhile is made anew by some editors; that one would be another file.
    if (!existsSync(join(this.#dir(side), path))) return null;
    const lines = text.split('\n');
    lines.splice(Math.floor(lines.length / 2), 0, this.#token(side));
    this.#pair.edit(side, path, lines.join('\n'));
    return path;
  }

  #write(side: 0 | 1, path: string, text: string, onlyNew: boolean): null {
    const there = existsSync(join(this.#dir(side), path));
    if (there && onlyNew) this.#removed(text);
    else {
      this.#pair.edit(side, path, text);
      this.#reading[side].delete(path);
    }
    return null;
  }

  #delete(side: 0 | 1, path: string): void {
    this.#removed(this.#read(side, path));
    unlinkSync(join(this.#dir(side), path));
  }

  #rename(side: 0 | 1, path: string, to: string): void {
    if (existsSync(join(this.#dir(side), to))) return;
    renameSync(join(this.#dir(side), path), join(this.#dir(side), to));
    // It knows that another file is there now.
    this.#reading[side].delete(to);
  }

  #token(side: 0 | 1): string {
    const token = `T${this.#count++}_`;
    this.#alive.set(token, side);
    return token;
  }

  #removed(text: string): void {
    for (const token of text.match(TOKEN) ?? []) this.#alive.delete(token);
  }

  /** Lines written until now. */
  get written(): number {
    return this.#count;
  }

  /** Lines whose writer's own worktree has lost them. */
  lost(): string[] {
    const has = ([0, 1] as const).map((side) => new Set(this.all(side).match(TOKEN)));
    return [...this.#alive].flatMap(([token, side]) =>
      has[side]!.has(token) || this.forgiven.has(token) ? [] : [token],
    );
  }

  /** Lines that a side wrote and nobody has removed. */
  mine(side: 0 | 1): string[] {
    return [...this.#alive].flatMap(([token, writer]) => (writer === side ? [token] : []));
  }

  tokensOf(text: string): string[] {
    return text.match(TOKEN) ?? [];
  }

  /** All files of a side, concatenated. */
  all(side: 0 | 1): string {
    return this.paths(side)
      .map((path) => this.#read(side, path))
      .join('\n');
  }

  /** Path to content. */
  contents(side: 0 | 1): Record<string, string> {
    return Object.fromEntries(this.paths(side).map((path) => [path, this.#read(side, path)]));
  }

  paths(side: 0 | 1): string[] {
    const dir = this.#dir(side);
    return readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((path) => path !== '.git' && lstatSync(join(dir, path)).isFile())
      .sort();
  }

  #read(side: 0 | 1, path: string): string {
    return readFileSync(join(this.#dir(side), path), 'utf8');
  }

  #dir(side: 0 | 1): string {
    return this.#pair.worktrees[side].dir;
  }
}
