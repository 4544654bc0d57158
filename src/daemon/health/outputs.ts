/** What checks print while they run: the end of it in memory, for whoever looks on; what is over is read from its log. */
import { plainLine } from '../../adapters/build/output.ts';
import type { OutputSink } from '../../adapters/build/runner.ts';
import { readLog } from '../../adapters/build/kept.ts';
import type { HealthOutputReply } from '../../protocol/messages.ts';

/** Of each check; more than a person looks back for. */
const RING_BYTES = 256 * 1024;

interface Run {
  /** Counts from 1 for each check since the daemon began. */
  readonly number: number;
  chunks: Buffer[];
  /** Bytes in `chunks`, and those that were dropped before them. */
  held: number;
  dropped: number;
  running: boolean;
  waiting: (() => void)[];
}

export interface OutputWanted {
  readonly name: string;
  /** 0: the run now, or the last one. */
  readonly back: number;
  /** Where a reply before ended; null: from what is there. */
  readonly after: { readonly run: number; readonly offset: number } | null;
  /** Answer only once there is more. */
  readonly wait: boolean;
}

export class Outputs implements OutputSink {
  readonly #runs = new Map<string, Run>();
  readonly #folderOf: (name: string) => string;
  #stopped = false;

  /** @param folderOf folder with the logs of a check */
  constructor(folderOf: (name: string) => string) {
    this.#folderOf = folderOf;
  }

  begin(name: string): void {
    const before = this.#runs.get(name);
    const number = (before?.number ?? 0) + 1;
    this.#runs.set(name, { number, chunks: [], held: 0, dropped: 0, running: true, waiting: [] });
    wake(before);
  }

  add(name: string, chunk: Buffer): void {
    const run = this.#runs.get(name);
    if (!run) return;
    run.chunks.push(chunk);
    run.held += chunk.length;
    shrink(run);
    if (run.waiting.length > 0) wake(run);
  }

  end(name: string): void {
    const run = this.#runs.get(name);
    if (!run) return;
    run.running = false;
    wake(run);
  }

  /** Lines as a person may see them; the one that is being written only once the run is over. */
  async read({ name, back, after, wait }: OutputWanted): Promise<HealthOutputReply> {
    if (back > 0 || !this.#runs.has(name)) return this.#kept(name, back);
    for (;;) {
      const run = this.#runs.get(name)!;
      const offset = after?.run === run.number ? after.offset : 0;
      const reply = linesFrom(run, offset);
      if (!wait || reply.lines.length > 0 || !run.running || after?.run !== run.number || this.#stopped) return reply;
      await new Promise<void>((resolve) => void run.waiting.push(resolve));
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const run of this.#runs.values()) wake(run);
  }

  async #kept(name: string, back: number): Promise<HealthOutputReply> {
    const bytes = await readLog(this.#folderOf(name), name, back, RING_BYTES);
    const text = bytes?.toString() ?? '';
    const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n').map(plainLine);
    return { there: bytes !== null, run: 0, offset: 0, running: false, dropped: 0, lines };
  }
}

/** Whole chunks go: a build may print much, and nothing of it is copied before somebody looks. */
function shrink(run: Run): void {
  let gone = 0;
  while (run.held - run.chunks[gone]!.length >= RING_BYTES) {
    run.held -= run.chunks[gone]!.length;
    run.dropped += run.chunks[gone]!.length;
    gone++;
  }
  if (gone > 0) run.chunks.splice(0, gone);
}

function linesFrom(run: Run, offset: number): HealthOutputReply {
  const all = Buffer.concat(run.chunks);
  // What is dropped ends within a line: its rest tells nobody anything.
  const from = offset < run.dropped ? all.indexOf(0x0a) + 1 : offset - run.dropped;
  const end = run.running ? all.lastIndexOf(0x0a) + 1 : all.length;
  const text = all.subarray(from, Math.max(from, end)).toString();
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n').map(plainLine);
  const next = run.dropped + Math.max(from, end);
  const dropped = Math.max(0, run.dropped + from - offset);
  return { there: true, run: run.number, offset: next, running: run.running, dropped, lines };
}

function wake(run: Run | undefined): void {
  for (const resolve of run?.waiting.splice(0) ?? []) resolve();
}
