/**
 * One long-lived git that is asked again and again. Starting git takes 3 to 10 ms, and many times that on a busy machine; a verdict
 * would start three. It ends when its input does, so with its owner at the latest.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { GitError } from './plumb.ts';
import type { Git } from './plumb.ts';

export interface Talk {
  readonly args: readonly string[];
  /** A line whose answer comes after all of the others, and those bytes: what comes before them is the answer. */
  readonly end: { readonly ask: string; readonly said: Buffer };
}

/** What git remembers of the objects it has seen is given back by a new one. */
const MOST_QUESTIONS = 500;
/** Whoever asks has another way: to start a git for it. */
const ANSWER_MS = 3_000;

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  asked: number;
}

export class Conversation {
  readonly #git: Git;
  readonly #talk: Talk;
  #running: Running | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(git: Git, talk: Talk) {
    this.#git = git;
    this.#talk = talk;
  }

  /** One question at a time. Throws GitError where git ends over it. @param lines with their ends */
  ask(lines: string): Promise<Buffer> {
    const mine = this.#last.then(() => this.#ask(lines));
    // Of what was asked before the end the last one ends it.
    this.#last = mine.catch(() => {}).then(() => this.#closed && this.#end());
    return mine;
  }

  /** Once all that was asked is answered. */
  close(): void {
    this.#closed = true;
    this.#last = this.#last.then(() => this.#end());
  }

  /** The next question starts another. */
  #end(): void {
    this.#running?.child.stdin.end();
    this.#running = null;
  }

  async #ask(lines: string): Promise<Buffer> {
    if (this.#running && this.#running.asked >= MOST_QUESTIONS) this.#end();
    this.#running ??= { child: await this.#start(), asked: 0 };
    const { child } = this.#running;
    this.#running.asked++;
    const { ask, said } = this.#talk.end;
    return new Promise((answer, fail) => {
      let have: Buffer = Buffer.alloc(0);
      const heard = (chunk: Buffer): void => {
        have = have.length === 0 ? chunk : Buffer.concat([have, chunk]);
        if (have.subarray(-said.length).equals(said)) over(() => answer(have.subarray(0, -said.length)));
      };
      const lost = (): void =>
        over(() => {
          if (this.#running?.child === child) this.#running = null;
          child.kill('SIGKILL');
          fail(new GitError(`git ${this.#talk.args[0]} ended while it was asked`, null));
        });
      const timer = setTimeout(lost, ANSWER_MS);
      const over = (done: () => void): void => {
        clearTimeout(timer);
        child.stdout.off('data', heard);
        child.off('close', lost);
        child.off('error', lost);
        done();
      };
      child.stdout.on('data', heard);
      child.once('close', lost);
      child.once('error', lost);
      child.stdin.write(`${lines}${ask}\n`);
    });
  }

  async #start(): Promise<ChildProcessWithoutNullStreams> {
    const child = await this.#git.start(this.#talk.args);
    // Nobody waits for it to end.
    child.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr]) {
      if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
      stream.on('error', () => {});
    }
    child.on('error', () => {});
    child.on('close', () => {
      if (this.#running?.child === child) this.#running = null;
    });
    child.stderr.resume();
    return child;
  }
}
