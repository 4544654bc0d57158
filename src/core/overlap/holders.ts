/** Who holds a path: taken by the first touch under the `lock` policy, or claimed. A folder, with `/` behind, holds all below it. */
import type { AgentId } from '../model/agent.ts';
import type { State } from '../model/state.ts';
import { policyFor } from './policy.ts';

type Locks = State['locks'];

export interface Held {
  /** What is held: the path itself, a folder above it, or something below it. */
  readonly path: string;
  readonly holder: AgentId;
}

/** @param path relative to the tree's top; null where nobody holds it */
export function holderOf(locks: Locks, path: string): Held | null {
  if (Object.hasOwn(locks, path)) return { path, holder: locks[path]! };
  for (let at = path.lastIndexOf('/', path.length - 2); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const folder = path.slice(0, at + 1);
    if (Object.hasOwn(locks, folder)) return { path: folder, holder: locks[folder]! };
  }
  return null;
}

/** What somebody else holds of a path that `agent` wants; null where it may have it. */
export function takenBy(locks: Locks, path: string, agent: AgentId): Held | null {
  const above = holderOf(locks, path);
  if (above !== null && above.holder !== agent) return above;
  if (!path.endsWith('/')) return null;
  for (const [below, holder] of Object.entries(locks)) {
    if (holder !== agent && below.startsWith(path)) return { path: below, holder };
  }
  return null;
}

/** In the order they were taken. */
export function heldBy({ locks }: State, agent: AgentId): readonly string[] {
  return Object.keys(locks).filter((path) => locks[path] === agent);
}

/** True where the plan keeps others off what is held; elsewhere they are only told. */
export function isBinding({ mergePolicy }: State, path: string): boolean {
  return policyFor(mergePolicy, path.replace(/\/$/, '')) === 'lock';
}
