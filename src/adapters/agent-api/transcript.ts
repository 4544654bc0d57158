/** What a CLI writes about its use into the file that it keeps a conversation in, a JSON document a line. */
import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Usage } from '../../core/model/run-facts.ts';
import type { UsageReader } from '../../core/profile/profile.ts';
import { figuresOf, withoutKey, type Figures } from '../../core/profile/usage.ts';

const CHUNK_BYTES = 256 * 1024;
/** No count comes in a longer one; what a tool answered may. */
const LINE_MAX_BYTES = 16 * 1024 * 1024;
const NEWLINE = 10;

/** Counts on from where it was: only what was written since is read. */
export class Transcript {
  readonly path: string;
  readonly #readers: readonly UsageReader[];
  #offset = 0;
  #reading: Promise<unknown> = Promise.resolve();
  #counted = new Map<string, number>();
  #sum: number | null = null;
  #last: Usage | null = null;

  /** @param readers of its profile, those of transcripts */
  constructor(path: string, readers: readonly UsageReader[]) {
    this.path = path;
    this.#readers = readers;
  }

  /** @returns all so far; null where nothing was counted, or it can't be read. Never rejects */
  read(): Promise<Usage | null> {
    const read = this.#reading.then(() => this.#readOn()).catch(() => undefined);
    this.#reading = read;
    return read.then(() => this.#last);
  }

  async #readOn(): Promise<void> {
    const file = await open(this.path, 'r');
    try {
      const { size } = await file.stat();
      if (size < this.#offset) this.#forget();
      for (let more = true; more && this.#offset < size;) {
        more = await this.#readLines(file);
        await nextTurn();
      }
    } finally {
      await file.close();
    }
  }

  /** Whole lines only: the last one may still be written. @returns false where there is none left */
  async #readLines(file: FileHandle): Promise<boolean> {
    for (let length = CHUNK_BYTES; length <= LINE_MAX_BYTES; length *= 4) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, this.#offset);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
      if (end > 0) {
        for (const line of buffer.toString('utf8', 0, end).split('\n')) this.#take(line);
        this.#offset += end;
        return true;
      }
      if (bytesRead < length) return false;
    }
    this.#offset += LINE_MAX_BYTES;
    return true;
  }

  #take(line: string): void {
    for (const reader of this.#readers) {
      if (!mayCount(reader, line)) continue;
      const figures = figuresOf(reader, parsed(line));
      if (figures !== null) this.#count(figures);
    }
  }

  #count(figures: Figures): void {
    const { key, tokens } = figures;
    if (key !== null && tokens !== null) {
      this.#sum = (this.#sum ?? 0) + tokens - (this.#counted.get(key) ?? 0);
      this.#counted.set(key, tokens);
    }
    const before = this.#last;
    const said = withoutKey(figures);
    this.#last = {
      tokens: (key === null ? tokens : this.#sum) ?? before?.tokens ?? null,
      costUsd: said.costUsd ?? before?.costUsd ?? null,
      contextUsed: said.contextUsed ?? before?.contextUsed ?? null,
      model: said.model ?? before?.model ?? null,
    };
  }

  /** It is another file now. */
  #forget(): void {
    this.#offset = 0;
    this.#counted = new Map();
    this.#sum = null;
    this.#last = null;
  }
}

/** Most lines are no counts: those are told by a name that is not in them, without being parsed. */
function mayCount({ tokens, costUsd, contextUsed }: UsageReader, line: string): boolean {
  const path = tokens[0] ?? costUsd ?? contextUsed;
  return path !== null && path !== undefined && line.includes(`"${path.split('.').at(-1)!}"`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
