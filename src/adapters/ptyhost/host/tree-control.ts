/** The host's side of the tree worker: asks, waits, starts it again should it ever die. */
import { Worker } from 'node:worker_threads';
import type { TreeAnswer, TreeRequest } from './tree-worker.ts';

/** Beside this file from source, beside the bundle once built. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './tree-worker.ts' : './tree-worker.js', import.meta.url);

export class TreeControl {
  #worker: Worker | null = null;
  #nextId = 1;
  readonly #waiting = new Map<number, { readonly request: TreeRequest; readonly done: (answer: TreeAnswer) => void }>();

  /** Never rejects: what went wrong is the answer's reason. */
  ask(request: TreeRequest): Promise<TreeAnswer> {
    const id = this.#nextId++;
    return new Promise((done) => {
      this.#waiting.set(id, { request, done });
      this.start().postMessage({ id, request });
    });
  }

  /** Starting takes some 40 ms: done ahead of the first pause. */
  start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(WORKER, {
      name: 'tree',
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 },
    });
    worker.on('message', ({ id, result }: { readonly id: number; readonly result: TreeAnswer }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      waiting?.done(result);
    });
    worker.on('error', (error) => this.#lost(worker, error.message));
    worker.on('exit', () => this.#lost(worker, 'it ended'));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #lost(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { request, done } of lost) {
      const record = request.op === 'pause' ? request.record : [];
      done({ ok: false, record, processes: 0, reason: `the tree worker is gone: ${why}` });
    }
  }
}
