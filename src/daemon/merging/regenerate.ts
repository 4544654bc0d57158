/** Files that a command can make anew (lock files, generated code): made on the merged tree instead of being asked about. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MergeResult } from '../../adapters/git/api-merge.ts';
import { fileAt } from '../../adapters/git/path-bytes.ts';
import { checkOutTree } from '../../adapters/git/check-out-tree.ts';
import { unsettled, type Round, type Settled } from '../../core/merge/round.ts';
import type { MergePolicy } from '../../core/model/overlap.ts';
import { ruleFor } from '../../core/overlap/policy.ts';
import { log } from '../log.ts';
import type { Tree } from './tree.ts';

/** A package manager that has to fetch. */
const COMMAND_TIMEOUT_MS = 120_000;

/** Decisions on the paths in conflict whose rule names a command that succeeds. */
export async function regenerated(
  policy: MergePolicy,
  round: Round,
  result: MergeResult | null,
  tree: Tree,
): Promise<readonly Settled[]> {
  const due = unsettled(round).filter((path) => ruleFor(policy, path)?.regenerate);
  if (due.length === 0 || result === null) return [];
  const dir = await mkdtemp(join(tree.scratch.dir, 'regenerate-'));
  try {
    const checkedOut = await checkOutTree(tree.worktree, result.commit, dir);
    if (!checkedOut.ok) {
      log(`regenerate: ${checkedOut.reason}`);
      return [];
    }
    const settled: Settled[] = [];
    for (const path of due) {
      // Its markers would only confuse the command.
      await rm(fileAt(dir, path), { force: true });
      if (!(await run(ruleFor(policy, path)!.regenerate!, dir))) continue;
      const content = await readFile(fileAt(dir, path)).catch(() => null);
      if (content) settled.push({ path, take: 'edit', content: content.toString('base64') });
    }
    return settled;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** A line of the person's own shell. */
function run(line: string, cwd: string): Promise<boolean> {
  return new Promise((done) => {
    const child = execFile('/bin/sh', ['-c', line], { cwd, timeout: COMMAND_TIMEOUT_MS }, (error) => {
      if (error) log(`regenerate: ${line}: ${error.message.split('\n')[0]}`);
      done(error === null);
    });
    child.stdin?.end();
  });
}
