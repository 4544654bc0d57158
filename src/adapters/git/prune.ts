/** Refs that keep what rounds and landings could have cost somebody go once nobody can want them any more. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from './api-merge.ts';
import { Git, attempt } from './plumb.ts';
import { KEPT_FOR_UNDO, refPart, updateRefs } from './refs.ts';

export interface PruneRequest {
  /** Rounds, forwards and landings that can still be undone or taken out. */
  readonly keep: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const KEPT_MS = 14 * 24 * 60 * 60_000;
const KEPT_IDS = 200;

interface Kept {
  readonly part: string;
  readonly refs: string[];
  /** When the youngest of its refs was written, or later. */
  at: number;
}

/**
 * Only what is older than 14 days, not among the 200 that came last, and not to be kept. git tells no ref's age: it is that of its
 * file; of a packed one it is known that it was there when all were packed. @returns as what part of their refs the ids stand
 */
export function pruneBackups(git: Git, { keep, now }: PruneRequest): Promise<Outcome<{ pruned: readonly string[] }>> {
  return attempt(async () => {
    const kept = new Set([...keep].map(refPart));
    const all = await keptIds(git);
    const old = all
      .toSorted((a, b) => b.at - a.at)
      .slice(KEPT_IDS)
      // What an undo kept goes with what was undone.
      .filter(({ part, at }) => now - at > KEPT_MS && !kept.has(part.replace(/-undo$/, '')) && !kept.has(part));
    const refs = old.flatMap((one) => one.refs);
    if (refs.length > 0)
      await updateRefs(
        git,
        refs.map((ref) => [ref, null] as const),
      );
    return { pruned: old.map(({ part }) => part) };
  });
}

async function keptIds(git: Git): Promise<Kept[]> {
  const { out } = await git.run(['for-each-ref', '--format=%(refname)', ...KEPT_FOR_UNDO]);
  const { commonDir } = git.dirs;
  const packedAt = (await stat(join(commonDir, 'packed-refs')).catch(() => null))?.mtimeMs ?? 0;
  const ids = new Map<string, Kept>();
  for (const ref of out.toString().split('\n').filter(Boolean)) {
    const part = ref.split('/')[3]!;
    const at = (await stat(join(commonDir, ref)).catch(() => null))?.mtimeMs ?? packedAt;
    const known = ids.get(part);
    if (!known) ids.set(part, { part, refs: [ref], at });
    else {
      known.refs.push(ref);
      known.at = Math.max(known.at, at);
    }
  }
  return [...ids.values()];
}
