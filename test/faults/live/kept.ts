/** What the backups of rounds hold for somebody who wants back what a choice dropped. */
import { execFileSync } from 'node:child_process';
import type { Round } from '../../../src/core/merge/round.ts';
import { tokensIn } from './ledger.ts';

/** Where a choice was made: what it dropped has to be in one of these. */
export interface Dropped {
  readonly rounds: readonly string[];
  readonly paths: readonly string[];
}

/** Paths in conflict, and those that are gone with it: what one moved the other had where it lay. @param there paths that are left */
export function chosenIn(
  { merged, conflicts }: Pick<Round, 'merged' | 'conflicts'>,
  there: readonly string[],
): readonly string[] {
  return conflicts.length === 0 ? [] : [...conflicts, ...merged.filter((path) => !there.includes(path))];
}

export function tokensKept(repo: string, dropped: readonly Dropped[]): Set<string> {
  const kept = dropped.flatMap(({ rounds, paths }) =>
    rounds.flatMap((round) =>
      ['a/snap', 'b/snap', 'merged'].flatMap((part) =>
        tokensIn(grep(repo, `refs/llmctl/backup/${round}/${part}`, paths)),
      ),
    ),
  );
  return new Set(kept);
}

/** What a guard could not save, and told a person of: agents wrote over it, or deleted it, without knowing. */
export function tokensToldLost(repo: string): Set<string> {
  const args = ['for-each-ref', '--format=%(refname)', 'refs/llmctl/backup/lost-*/**'];
  const refs = execFileSync('git', args, { cwd: repo, encoding: 'utf8' }).split('\n').filter(Boolean);
  return new Set(refs.flatMap((ref) => tokensIn(grep(repo, ref, ['merged']))));
}

function grep(repo: string, ref: string, paths: readonly string[]): string {
  const args = ['grep', '-h', '-e', 'T', ref, '--', ...paths.map((path) => `:(literal)${path}`)];
  try {
    return execFileSync('git', args, { cwd: repo, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    // Nothing there.
    return '';
  }
}
