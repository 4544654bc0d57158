/** What a process and everything below it use. */
import type { ProcessTable } from './process-table.ts';

export interface TreeUsage {
  /** Zombies included. */
  readonly processes: number;
  /** Tells this root from a later process with the same pid. */
  readonly rootStart: number;
  /** Ticks run so far, those of ended children included: they move to the parent that waits for them. */
  readonly ticks: number;
  readonly pages: number;
}

/**
 * Adds up the root, its descendants, and the processes of the session it leads: those whose parents ended have moved away
 * from below it. What left both is not found.
 * @param outside pids that count for nobody, with all below them: llmctl's own
 * @returns null where the root is gone
 */
export function treeUsage(table: ProcessTable, root: number, outside: readonly number[]): TreeUsage | null {
  const top = table.get(root);
  if (!top) return null;
  const members = membersOf(table, root, new Set(outside));
  let ticks = 0;
  let pages = 0;
  for (const pid of members) {
    const row = table.get(pid)!;
    ticks += row.ticks + row.childTicks;
    pages += row.pages;
  }
  return { processes: members.size, rootStart: top.start, ticks, pages };
}

/** The root and all that `treeUsage` counts with it. */
export function pidsBelow(table: ProcessTable, root: number): readonly number[] {
  return [...membersOf(table, root, new Set())].filter((pid) => table.has(pid));
}

function membersOf(table: ProcessTable, root: number, outside: ReadonlySet<number>): ReadonlySet<number> {
  const children = new Map<number, number[]>();
  const open = [root];
  for (const { pid, ppid, sid } of table.values()) {
    const siblings = children.get(ppid);
    if (siblings) siblings.push(pid);
    else children.set(ppid, [pid]);
    if (sid === root && pid !== root) open.push(pid);
  }
  const members = new Set<number>();
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (members.has(pid) || outside.has(pid)) continue;
    members.add(pid);
    open.push(...(children.get(pid) ?? []));
  }
  return members;
}
