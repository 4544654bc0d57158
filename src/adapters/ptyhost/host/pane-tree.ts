/** Pause, resume and stop of one pane: one after another, with the record of what is stopped. */
import type { TreeReply } from '../../../protocol/ptyhost.ts';
import type { ProcessKey, TreeSpec } from './members.ts';
import type { Guarded } from './tree.ts';
import type { TreeControl } from './tree-control.ts';

/** Longer than any pause seen on an overloaded machine; past it the tree forks faster than it can be stopped. */
const PAUSE_TIMEOUT_MS = 10_000;

export class PaneTree {
  readonly #control: TreeControl;
  readonly #spec: () => TreeSpec;
  readonly #onPaused: (paused: boolean) => void;
  #record: readonly ProcessKey[] = [];
  #paused = false;
  #last: Promise<unknown> = Promise.resolve();
  #busy = 0;

  /** @param onPaused told before a pause begins and after it ended: input waits in between */
  constructor(control: TreeControl, spec: () => TreeSpec, onPaused: (paused: boolean) => void) {
    this.#control = control;
    this.#spec = spec;
    this.#onPaused = onPaused;
  }

  get paused(): boolean {
    return this.#paused;
  }

  pause(): Promise<TreeReply> {
    return this.#next(async () => {
      this.#onPaused(true);
      const request = { op: 'pause', spec: this.#spec(), record: this.#record, timeoutMs: PAUSE_TIMEOUT_MS } as const;
      const answer = await this.#control.ask(request);
      this.#record = answer.record;
      this.#paused ||= answer.ok;
      if (!this.#paused) this.#onPaused(false);
      return answer;
    });
  }

  resume(): Promise<TreeReply> {
    return this.#next(async () => {
      const answer = await this.#control.ask({ op: 'resume', record: this.#record });
      if (answer.ok) this.#continued();
      return answer;
    });
  }

  stop(graceMs: number): Promise<TreeReply> {
    return this.#next(async () => {
      const answer = await this.#control.ask({ op: 'stop', spec: this.#spec(), record: this.#record, graceMs });
      if (answer.ok) this.#continued();
      return answer;
    });
  }

  /** What is to be watched while it is paused; null where nothing is, or where something is under way. */
  get guarded(): Guarded | null {
    return this.#paused && this.#busy === 0 ? { spec: this.#spec(), record: this.#record } : null;
  }

  /** @param record what the look at `guarded` made of it: whatever is asked meanwhile waits for it */
  async guard(record: Promise<readonly ProcessKey[] | undefined>): Promise<void> {
    await this.#next(async () => {
      this.#record = (await record) ?? this.#record;
      return { ok: true, processes: this.#record.length, reason: '' };
    });
  }

  #continued(): void {
    this.#record = [];
    if (!this.#paused) return;
    this.#paused = false;
    this.#onPaused(false);
  }

  #next(action: () => Promise<{ ok: boolean; processes: number; reason: string }>): Promise<TreeReply> {
    this.#busy++;
    const done = this.#last.then(async () => {
      const began = performance.now();
      const { ok, processes, reason } = await action();
      this.#busy--;
      return { ok, processes, reason, ms: performance.now() - began };
    });
    this.#last = done;
    return done;
  }
}
