/**
 * Stops, continues and ends the whole process tree of an agent. Runs in a worker thread: it blocks for fractions of a
 * millisecond, and yields between two looks at /proc.
 *
 * Pausing: parents first and level by level. A parent that is really stopped forks no more; a shell that is stopped
 * before its child doesn't see that child stop, and so keeps quiet about it and leaves the terminal where it is.
 * Continuing: children first, for the same reason.
 */
import { constants } from 'node:os';
import { setImmediate as yieldToOthers, setTimeout as sleep } from 'node:timers/promises';
import { findMembers, TokenCache } from './members.ts';
import type { Known, ProcessKey, TreeSpec } from './members.ts';
import { blockFor, ignoresSignal, isDead, isHeld, isHeldWhole, readAll, readChildren, readProc } from './proc.ts';
import type { Proc } from './proc.ts';

export interface PauseResult {
  readonly ok: boolean;
  /** What we stopped, parents first: exactly this is to be continued. */
  readonly record: readonly ProcessKey[];
  readonly reason: string;
}

/** Looks that must find nothing new and everything stopped: one look at /proc isn't one instant. */
const CLEAN_LOOKS = 2;
/** How long one level may take to stop before the next is tried. A parent in vfork needs its child to get on. */
const LEVEL_WAIT_MS = 30;

/** Rounds after an orphan's orphans, before the rest of the tree is looked at again. */
const CHASE_ROUNDS = 20;

const cache = new TokenCache();

/** One pause under way: what it has stopped so far. */
class Pausing {
  readonly #spec: TreeSpec;
  readonly known: Known = new Map();
  /** Ours to continue, in the order they were stopped. */
  readonly ours = new Map<number, number>();
  readonly #stoppedBefore = new Map<number, number>();
  /** Orphans that were seen dead, with 0 for those that were gone altogether. */
  readonly #dead = new Map<number, number>();
  /** Processes of somebody else, such as sudo's. */
  readonly denied = new Set<number>();

  constructor(spec: TreeSpec, record: readonly ProcessKey[]) {
    this.#spec = spec;
    for (const { pid, start } of record) {
      this.ours.set(pid, start);
      this.known.set(pid, start);
    }
  }

  /** @returns nothing new was found, and nothing of the agent runs */
  look(): boolean {
    const clean = this.lookAt(readAll());
    // Only now: what makes orphans all the time has been stopped, and the chase comes to an end.
    return this.#chaseOrphans() && clean;
  }

  lookAt(all: ReadonlyMap<number, Proc>): boolean {
    cache.prune(all);
    let fresh = 0;
    const levels = findMembers(this.#spec, this.known, cache, all);
    for (const level of levels) fresh += this.#stopLevel(level);
    if (fresh > 0) return false;
    return levels.every((level) => level.every((proc) => this.#isHeldNow(proc)));
  }

  record(): readonly ProcessKey[] {
    return [...this.ours].map(([pid, start]) => ({ pid, start }));
  }

  /**
   * Orphans come to us as children, a list that is read a hundred times faster than all of /proc: fast enough for a
   * process that forks and exits every other millisecond.
   * @returns false where it didn't come to an end
   */
  #chaseOrphans(): boolean {
    let calm = 0;
    for (let round = 0; round < CHASE_ROUNDS && calm < CLEAN_LOOKS; round++) calm = this.#chaseOnce() ? calm + 1 : 0;
    return calm === CLEAN_LOOKS;
  }

  /** @returns nothing was stopped, and nothing has died since the list was made: its child would not be on it */
  #chaseOnce(): boolean {
    let calm = true;
    for (const pid of readChildren(this.#spec.host) ?? []) {
      const proc = readProc(pid);
      if (!proc || isDead(proc.state)) {
        if (this.#dead.get(pid) !== (proc?.start ?? 0)) calm = false;
        this.#dead.set(pid, proc?.start ?? 0);
        continue;
      }
      if (this.#isSettled(proc)) continue;
      const mine = proc.sid === this.#spec.root || this.#spec.tokens.includes(cache.tokenOf(proc));
      if (mine && this.#stop(proc)) calm = false;
    }
    return calm;
  }

  #isSettled(proc: Proc): boolean {
    return (
      this.ours.get(proc.pid) === proc.start ||
      this.#stoppedBefore.get(proc.pid) === proc.start ||
      this.denied.has(proc.pid)
    );
  }

  #stopLevel(level: readonly Proc[]): number {
    let fresh = 0;
    for (const proc of level) if (this.#stop(proc)) fresh++;
    const deadline = performance.now() + LEVEL_WAIT_MS;
    for (const proc of level) this.#awaitHeld(proc, deadline);
    return fresh;
  }

  /** @returns it is one that was running and that we hadn't stopped yet */
  #stop(proc: Proc): boolean {
    if (isDead(proc.state) || this.denied.has(proc.pid)) return false;
    const ours = this.ours.get(proc.pid) === proc.start;
    if (isHeld(proc.state)) {
      // Stopped by somebody else (Ctrl-Z, a debugger): not ours to continue either.
      if (!ours) this.#stoppedBefore.set(proc.pid, proc.start);
      return false;
    }
    this.#stoppedBefore.delete(proc.pid);
    switch (signal(proc, 'SIGSTOP')) {
      case 'denied':
        this.denied.add(proc.pid);
        return false;
      case 'gone':
        // It may have left a child behind.
        return true;
      case 'sent':
        this.known.set(proc.pid, proc.start);
        this.ours.set(proc.pid, proc.start);
        return !ours;
    }
  }

  #awaitHeld(proc: Proc, deadline: number): void {
    for (let tries = 0; !this.#isHeldNow(proc); tries++) {
      if (performance.now() > deadline) return;
      if (tries > 3) blockFor(0.1);
    }
  }

  #isHeldNow(proc: Proc): boolean {
    if (this.denied.has(proc.pid)) return true;
    const now = readProc(proc.pid);
    return !now || now.start !== proc.start || isHeldWhole(now);
  }
}

/**
 * Stops what belongs to `spec`. Where not everything can be stopped in time, all go on again and `ok` is false.
 * @param record of an earlier pause that still holds: kept, and completed by what has come since
 */
export async function pauseTree(
  spec: TreeSpec,
  record: readonly ProcessKey[],
  timeoutMs: number,
): Promise<PauseResult> {
  const pausing = new Pausing(spec, record);
  const done = await stopAll(pausing, timeoutMs, CLEAN_LOOKS);
  if (done && pausing.denied.size === 0) return { ok: true, record: pausing.record(), reason: '' };
  const reason = done
    ? `not ours to stop: process ${[...pausing.denied].join(', ')} of another user`
    : `new processes kept coming for ${timeoutMs} ms`;
  if (record.length > 0) return { ok: false, record: pausing.record(), reason };
  resumeTree(pausing.record());
  return { ok: false, record: [], reason };
}

async function stopAll(pausing: Pausing, timeoutMs: number, cleanLooks: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (let clean = 0; clean < cleanLooks;) {
    clean = pausing.look() ? clean + 1 : 0;
    if (performance.now() > deadline) return false;
    if (clean < cleanLooks) await yieldToOthers();
  }
  return true;
}

export interface Guarded {
  readonly spec: TreeSpec;
  readonly record: readonly ProcessKey[];
}

/**
 * While agents are paused: stops what somebody continued, or what came late. One reading of /proc serves them all.
 * @returns the records in the same order, with what was found added
 */
export function guardTrees(guarded: readonly Guarded[]): readonly (readonly ProcessKey[])[] {
  const all = readAll();
  return guarded.map(({ spec, record }) => {
    const pausing = new Pausing(spec, record);
    if (!pausing.lookAt(all)) pausing.look();
    return pausing.record();
  });
}

/** @returns how many were continued: those of the record that are still the same processes */
export function resumeTree(record: readonly ProcessKey[]): number {
  let count = 0;
  for (const { pid, start } of record.toReversed()) {
    const proc = readProc(pid);
    // Whatever its state: a stop that is still on its way is taken back too.
    if (proc && proc.start === start && signal(proc, 'SIGCONT') === 'sent') count++;
  }
  return count;
}

export interface StopResult {
  readonly ok: boolean;
  readonly processes: number;
  readonly reason: string;
}

/** How long the killing may take: a tree that forks wildly is caught again and again. */
const KILL_TIMEOUT_MS = 15_000;

/** Orphans of other agents may die all the time, and keep the chase from an end of its own. */
const CATCH_MS = 250;

/** TERM for all, at most `graceMs` of waiting, then nothing of the tree is left alive. */
export async function stopTree(spec: TreeSpec, record: readonly ProcessKey[], graceMs: number): Promise<StopResult> {
  const known: Known = new Map(record.map(({ pid, start }) => [pid, start]));
  const asked = findMembers(spec, known, cache).flat();
  for (const proc of asked) signal(proc, 'SIGTERM');
  // An interactive shell is deaf to TERM, but ends when its terminal does.
  const root = asked.find((proc) => proc.pid === spec.root);
  if (root && ignoresSignal(root.pid, constants.signals.SIGTERM)) signal(root, 'SIGHUP');
  // A stopped process would take the signal only once it is continued.
  for (const proc of asked.toReversed()) if (isHeld(proc.state)) signal(proc, 'SIGCONT');
  if ((await awaitGone(spec, known, graceMs)) || (await kill(spec, known))) {
    return { ok: true, processes: known.size, reason: '' };
  }
  const left = findMembers(spec, known, cache).flat();
  const reason = `still alive: process ${left.map((proc) => proc.pid).join(', ')}`;
  return { ok: false, processes: known.size, reason };
}

/** Gone means: not to be seen, nor to be caught hopping from pid to pid, which a look at /proc may well miss. */
async function awaitGone(spec: TreeSpec, known: Known, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (let wait = 2; ; wait = Math.min(wait * 1.5, 40)) {
    if (findMembers(spec, known, cache).length === 0) return !(await catchHoppers(spec, known));
    const left = deadline - performance.now();
    if (left <= 0) return false;
    await sleep(Math.min(wait, left));
  }
}

/** @returns there were some; they are stopped, and known */
async function catchHoppers(spec: TreeSpec, known: Known): Promise<boolean> {
  const pausing = new Pausing(spec, []);
  await stopAll(pausing, CATCH_MS, CLEAN_LOOKS);
  for (const { pid, start } of pausing.record()) known.set(pid, start);
  return pausing.ours.size > 0;
}

/** @returns nothing is left alive */
async function kill(spec: TreeSpec, known: Known): Promise<boolean> {
  const deadline = performance.now() + KILL_TIMEOUT_MS;
  while (performance.now() < deadline) {
    // Stopped first, so that nothing forks away from under the blow.
    const pausing = new Pausing(spec, []);
    for (const [pid, start] of known) pausing.known.set(pid, start);
    await stopAll(pausing, 250, CLEAN_LOOKS);
    for (const [pid, start] of pausing.known) known.set(pid, start);
    for (const proc of findMembers(spec, known, cache).flat()) signal(proc, 'SIGKILL');
    if (await awaitGone(spec, known, 100)) return true;
  }
  return false;
}

type Sent = 'sent' | 'gone' | 'denied';

function signal(proc: ProcessKey, name: NodeJS.Signals): Sent {
  if (proc.pid <= 1 || proc.pid === process.pid) return 'denied';
  try {
    process.kill(proc.pid, name);
    return 'sent';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'denied' : 'gone';
  }
}
