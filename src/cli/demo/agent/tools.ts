/** What an agent does to the world: reads, searches, edits and runs, for real, inside the project's folder. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

export interface Ran {
  /** null where it was ended from outside. */
  readonly code: number | null;
  readonly lines: readonly string[];
}

export interface Edited {
  /** Number of the first line that changed, from 1. */
  readonly at: number;
  readonly before: readonly string[];
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly after: readonly string[];
}

const CONTEXT = 2;
const OUTPUT_LINES = 200;

export function countLines(root: string, path: string): number | null {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : null;
}

/** Files below src/ and test/ that hold `word`, with the number of lines that do. */
export function search(root: string, word: string): { path: string; count: number }[] {
  return ['src', 'test'].flatMap((folder) => {
    const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
    return names.flatMap((name) => {
      const lines = readFileSync(join(root, folder, name), 'utf8').split('\n');
      const count = lines.filter((line) => line.includes(word)).length;
      return count > 0 ? [{ path: `${folder}/${name}`, count }] : [];
    });
  });
}

/**
 * Replaces the first place where `find` stands.
 * @returns null where it doesn't stand there (any more)
 */
export function edit(root: string, path: string, find: string, put: string): Edited | null {
  const file = join(root, path);
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  const at = text.indexOf(find);
  if (at < 0) return null;
  // Others work in the same checkout: the new text is in place in one step, never half written.
  replaceFile(file, text.slice(0, at) + put + text.slice(at + find.length));
  return difference(text.split('\n'), (text.slice(0, at) + put + text.slice(at + find.length)).split('\n'));
}

export function write(root: string, path: string, text: string): number {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, text);
  return text.split('\n').length - 1;
}

function replaceFile(file: string, text: string): void {
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, text);
  renameSync(beside, file);
}

/** The one stretch of lines that differs, with a little around it. */
export function difference(old: readonly string[], now: readonly string[]): Edited {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return {
    at: Math.max(0, head - CONTEXT) + 1,
    before: old.slice(Math.max(0, head - CONTEXT), head),
    removed: old.slice(head, old.length - tail),
    added: now.slice(head, now.length - tail),
    after: old.slice(old.length - tail, old.length - tail + CONTEXT),
  };
}

/**
 * Runs a program and waits for it. `node` is the Node that runs this agent: the machine's may be too old, or absent.
 * Aborting ends it.
 */
export function run(root: string, argv: readonly string[], signal: AbortSignal): Promise<Ran> {
  const [file, ...args] = argv;
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, FORCE_COLOR: undefined, NO_COLOR: '1' };
  return new Promise((resolve) => {
    const child = spawn(file === 'node' ? process.execPath : file!, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const end = (): void => void child.kill('SIGKILL');
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    const settle = (code: number | null): void => {
      signal.removeEventListener('abort', end);
      const lines = stripVTControlCharacters(output).split('\n').slice(-OUTPUT_LINES);
      resolve({ code, lines: lines.map((line) => line.trimEnd()).filter((line) => line !== '') });
    };
    child.once('error', (error) => {
      output += error.message;
      settle(127);
    });
    child.once('close', settle);
  });
}

/** Commits these paths; another agent may hold git's index lock just now, so a few tries. */
export async function commit(
  root: string,
  message: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Ran> {
  const there = paths.filter((path) => existsSync(join(root, path)));
  for (let attempt = 1; ; attempt++) {
    const added = await run(root, ['git', 'add', '--', ...there], signal);
    const done = added.code === 0 ? await run(root, ['git', 'commit', '-m', message, '--', ...there], signal) : added;
    const locked = done.lines.some((line) => line.includes('.lock'));
    if (!locked || attempt === 20 || signal.aborted) return done;
    await new Promise((resolve) => setTimeout(resolve, 25 * attempt));
  }
}
