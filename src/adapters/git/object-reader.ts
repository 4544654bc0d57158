/**
 * One long-lived `git cat-file --batch` for a store of objects. Starting git takes 3 to 10 ms, asking this one 0.1 ms: a
 * snapshot asks for the trees on the way to each changed file. It ends when its input does, so with its owner at the latest.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Oid } from './api-merge.ts';
import { GitError } from './plumb.ts';
import type { Git } from './plumb.ts';

export interface ReadObject {
  readonly oid: Oid;
  readonly kind: string;
  readonly bytes: Buffer;
}

interface Question {
  readonly answer: (object: ReadObject | null) => void;
  readonly fail: (error: Error) => void;
}

/** An answer that takes longer comes from a git that hangs. */
const ANSWER_MS = 20_000;

export class ObjectReader {
  readonly #git: Git;
  #child: Promise<ChildProcessWithoutNullStreams> | null = null;
  #running: ChildProcessWithoutNullStreams | null = null;
  #asked: Question[] = [];
  #chunks: Buffer[] = [];
  #have = 0;
  /** Bytes that must be there before another look is worth it. */
  #need = 1;
  #watchdog: NodeJS.Timeout | null = null;

  constructor(git: Git) {
    this.#git = git;
  }

  /**
   * null where there is no such object. @param name an object's, or a ref's; no line break in it. For trees, commits and what
   * llmctl itself keeps: everything is held in memory.
   */
  async read(name: string): Promise<ReadObject | null> {
    const child = await (this.#child ??= this.#start());
    return new Promise((answer, fail) => {
      this.#asked.push({ answer, fail });
      this.#watchdog ??= this.#watch(child);
      child.stdin.write(`${name}\n`);
    });
  }

  /** Ends it once all that was asked is answered; a question after that starts another. */
  close(): void {
    this.#running?.stdin.end();
  }

  async #start(): Promise<ChildProcessWithoutNullStreams> {
    const child = await this.#git.start(['cat-file', '--batch']);
    // Nobody waits for it to end.
    child.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr]) {
      if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
      stream.on('error', () => {});
    }
    child.stderr.resume();
    child.stdout.on('data', (chunk: Buffer) => this.#heard(chunk));
    const lost = () => this.#lost(child);
    child.on('error', lost);
    child.on('close', lost);
    this.#running = child;
    return child;
  }

  #watch(child: ChildProcessWithoutNullStreams): NodeJS.Timeout {
    return setTimeout(() => child.kill('SIGKILL'), ANSWER_MS);
  }

  #lost(child: ChildProcessWithoutNullStreams): void {
    // Of one that was closed nobody waits for anything.
    if (this.#running !== child) return;
    this.#running = null;
    this.#child = null;
    this.#rest();
    this.#chunks = [];
    this.#have = 0;
    this.#need = 1;
    for (const { fail } of this.#asked.splice(0)) fail(new GitError('git ended while it was asked for objects', null));
  }

  #rest(): void {
    if (this.#watchdog) clearTimeout(this.#watchdog);
    this.#watchdog = null;
  }

  #heard(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#have += chunk.length;
    if (this.#have < this.#need) return;
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    this.#need = 1;
    while (rest.length > 0) {
      const end = rest.indexOf(10);
      if (end < 0) break;
      // "OID KIND SIZE", or "NAME missing" (git-cat-file(1), "Batch output").
      const [oid = '', kind = '', size] = rest.toString('latin1', 0, end).split(' ');
      if (size === undefined) {
        this.#answer(null);
        rest = rest.subarray(end + 1);
        continue;
      }
      const after = end + 1 + Number(size) + 1;
      if (rest.length < after) {
        this.#need = after;
        break;
      }
      // A copy: what is kept of it must not keep the whole chunk.
      this.#answer({ oid, kind, bytes: Buffer.from(rest.subarray(end + 1, after - 1)) });
      rest = rest.subarray(after);
    }
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#have = rest.length;
  }

  #answer(object: ReadObject | null): void {
    this.#asked.shift()?.answer(object);
    if (this.#asked.length === 0) this.#rest();
    else this.#watchdog?.refresh();
  }
}
