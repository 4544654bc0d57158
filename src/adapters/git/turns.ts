/** Whether processes that were let go on for a moment got to run in it: on a busy machine they wait for a core. */
import { readFile, readdir } from 'node:fs/promises';

interface Ran {
  /** On a core, all threads together; null where the system does not say. */
  readonly ns: number | null;
  /** All its threads wait for something else than a core. */
  readonly asleep: boolean;
}

/** It did something. */
const TURN_NS = 1_000_000;

export class Turns {
  readonly #had = new Map<number, number>();
  #begun = new Map<number, Ran>();

  /** How often it had its turn since it was first named. */
  of(pid: number): number {
    return this.#had.get(pid) ?? 0;
  }

  /** Before they go on. */
  async begin(pids: readonly number[]): Promise<void> {
    this.#begun = new Map(await Promise.all([...new Set(pids)].map(async (pid) => [pid, await ran(pid)] as const)));
  }

  /** Before they are stopped again. */
  async end(): Promise<void> {
    for (const [pid, before] of this.#begun) {
      const now = await ran(pid);
      const moved = before.ns === null || now.ns === null || now.ns - before.ns >= TURN_NS;
      if (moved || now.asleep) this.#had.set(pid, this.of(pid) + 1);
    }
  }
}

/** proc_pid_schedstat: nanoseconds on a core, waiting for one, and how often; proc_pid_stat(5): the state behind the name. */
async function ran(pid: number): Promise<Ran> {
  const folder = `/proc/${pid}/task`;
  const threads = await readdir(folder).catch(() => []);
  let ns: number | null = 0;
  let asleep = true;
  for (const thread of threads) {
    const [spent, stat] = await Promise.all(
      ['schedstat', 'stat'].map((name) => readFile(`${folder}/${thread}/${name}`, 'latin1').catch(() => '')),
    );
    ns = spent === '' || ns === null ? null : ns + Number(spent!.split(' ')[0]);
    const state = stat!.slice(stat!.lastIndexOf(')') + 2, stat!.lastIndexOf(')') + 3);
    if (state !== '' && state !== 'S' && state !== 'I') asleep = false;
  }
  return { ns, asleep };
}
