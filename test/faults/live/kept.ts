/** What the backups of rounds hold for somebody who wants back what a choice dropped. */
import { execFileSync } from 'node:child_process';
import { tokensIn } from './ledger.ts';

/** Where a choice was made: what it dropped has to be in one of these. */
export interface Dropped {
  readonly rounds: readonly string[];
  readonly paths: readonly string[];
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

function grep(repo: string, ref: string, paths: readonly string[]): string {
  const args = ['grep', '-h', '-e', 'T', ref, '--', ...paths.map((path) => `:(literal)${path}`)];
  try {
    return execFileSync('git', args, { cwd: repo, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    // Nothing there.
    return '';
  }
}
