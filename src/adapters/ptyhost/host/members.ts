/**
 * Which processes belong to an agent. By descent, session and terminal, and, for those that left all three, by the
 * token in the environment they were started with.
 */
import { readAll, readEnvironmentValue, readProc, isDead } from './proc.ts';
import type { Proc } from './proc.ts';

/** How to know an agent's processes. Plain data: it travels to the worker thread. */
export interface TreeSpec {
  /** The pane's own child: leader of its session. */
  readonly root: number;
  readonly rootStart: number;
  /** Device number of its terminal, which is its own while the leader lives; 0 where it has none. */
  readonly tty: number;
  /** Of this program and of earlier ones of the same pane, which may have left something running. */
  readonly tokens: readonly string[];
  readonly host: number;
  /** Never to be touched, with all below them: the daemon, which an agent may have started. */
  readonly protect: readonly number[];
  /** Take every child of the ptyhost too, whoever made it: at the very end. */
  readonly all?: boolean;
}

/** One process, told from a later one with the same pid. */
export interface ProcessKey {
  readonly pid: number;
  readonly start: number;
}

export const TOKEN_VARIABLE = 'LLMCTL_TOKEN';

/** Tokens read so far. An environment is fixed when a program starts, so one look at each process is enough. */
export class TokenCache {
  #tokens = new Map<number, { readonly start: number; readonly token: string }>();

  tokenOf(proc: Proc): string {
    const known = this.#tokens.get(proc.pid);
    if (known && known.start === proc.start) return known.token;
    const token = readEnvironmentValue(proc.pid, TOKEN_VARIABLE);
    if (token === null) return '';
    this.#tokens.set(proc.pid, { start: proc.start, token });
    return token;
  }

  /** Forgets the processes that are gone. */
  prune(all: ReadonlyMap<number, Proc>): void {
    for (const pid of this.#tokens.keys()) if (!all.has(pid)) this.#tokens.delete(pid);
  }
}

/** Processes found so far in one operation: they stay members when their parent dies or they change session. */
export type Known = Map<number, number>;

/**
 * @param known grows by what is found
 * @returns the living members by level: no process comes before its parent
 */
export function findMembers(
  spec: TreeSpec,
  known: Known,
  cache: TokenCache,
  all: ReadonlyMap<number, Proc> = readAll(),
): Proc[][] {
  const children = childrenByParent(all);
  const excluded = excludedPids(spec, children);
  const members = new Map<number, Proc>();
  const queue: Proc[] = [];
  const add = (proc: Proc): void => {
    if (members.has(proc.pid) || excluded.has(proc.pid) || proc.pid <= 1) return;
    members.set(proc.pid, proc);
    queue.push(proc);
  };
  const owned = { session: ownsSession(spec, all), terminal: ownsTerminal(spec) };
  for (const proc of all.values()) if (isSeed(proc, spec, known, cache, owned)) add(proc);
  for (let proc = queue.pop(); proc; proc = queue.pop()) for (const child of children.get(proc.pid) ?? []) add(child);
  for (const proc of members.values()) known.set(proc.pid, proc.start);
  return byLevel(members);
}

interface Owned {
  readonly session: boolean;
  readonly terminal: boolean;
}

function isSeed(proc: Proc, spec: TreeSpec, known: Known, cache: TokenCache, owned: Owned): boolean {
  if (proc.pid === spec.root && proc.start === spec.rootStart) return true;
  if (known.get(proc.pid) === proc.start) return true;
  if (owned.session && proc.sid === spec.root) return true;
  if (owned.terminal && proc.tty === spec.tty) return true;
  if (spec.all && proc.ppid === spec.host) return true;
  return spec.tokens.length > 0 && !isDead(proc.state) && spec.tokens.includes(cache.tokenOf(proc));
}

/** A session's number outlives its leader while it has members, and is free for a stranger's after that. */
function ownsSession(spec: TreeSpec, all: ReadonlyMap<number, Proc>): boolean {
  const leader = all.get(spec.root);
  return spec.root > 1 && (leader === undefined || leader.start === spec.rootStart);
}

/**
 * A terminal's number is free for a stranger's as soon as its session's leader has ended, which is also when all of the
 * session lose it. Asked after /proc was read: a leader that lives now has lived all that while.
 */
function ownsTerminal(spec: TreeSpec): boolean {
  if (spec.tty === 0) return false;
  const leader = readProc(spec.root);
  return leader !== null && leader !== undefined && leader.start === spec.rootStart && !isDead(leader.state);
}

/** Ourselves, and what is protected with all below it; not through us, for the agents may well hang below the daemon. */
export function excludedPids(spec: TreeSpec, children: ReadonlyMap<number, readonly Proc[]>): Set<number> {
  const excluded = new Set<number>([spec.host, process.pid]);
  const queue = spec.protect.filter((pid) => pid > 1 && pid !== spec.host);
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    if (excluded.has(pid)) continue;
    excluded.add(pid);
    for (const child of children.get(pid) ?? []) queue.push(child.pid);
  }
  return excluded;
}

export function childrenByParent(all: ReadonlyMap<number, Proc>): Map<number, Proc[]> {
  const children = new Map<number, Proc[]>();
  for (const proc of all.values()) {
    const siblings = children.get(proc.ppid);
    if (siblings) siblings.push(proc);
    else children.set(proc.ppid, [proc]);
  }
  return children;
}

function byLevel(members: ReadonlyMap<number, Proc>): Proc[][] {
  const levels: Proc[][] = [];
  const depths = new Map<number, number>();
  const depthOf = (proc: Proc): number => {
    const known = depths.get(proc.pid);
    if (known !== undefined) return known;
    // Set before the climb: a torn reading of /proc could make a circle.
    depths.set(proc.pid, 0);
    const parent = members.get(proc.ppid);
    const depth = parent ? depthOf(parent) + 1 : 0;
    depths.set(proc.pid, depth);
    return depth;
  };
  for (const proc of members.values()) if (!isDead(proc.state)) (levels[depthOf(proc)] ??= []).push(proc);
  return levels.filter((level) => level !== undefined);
}
