/** Commit of a worktree's HEAD, from its files where they are as usual: asked before every snapshot. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid } from './api-merge.ts';
import type { Git } from './plumb.ts';

const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})\n?$/;

/** null before the first commit. (gitrepository-layout(5): HEAD, refs, packed-refs.) */
export async function headOf(git: Git): Promise<Oid | null> {
  const { gitDir, commonDir } = git.dirs;
  const head = await textOf(join(gitDir, 'HEAD'));
  const detached = COMMIT.exec(head)?.[1];
  if (detached) return detached;
  const branch = /^ref: (refs\/heads\/.+)\n$/.exec(head)?.[1];
  const loose = branch && COMMIT.exec(await textOf(join(commonDir, branch)))?.[1];
  if (loose) return loose;
  // Packed, symbolic, in a reftable, or not there.
  const found = await git.run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { ok: [0, 1] });
  return found.code === 0 ? found.out.toString().trimEnd() : null;
}

/** Commit of a branch; null where there is no such branch. */
export async function branchTip(git: Git, branch: string): Promise<Oid | null> {
  const ref = `refs/heads/${branch}`;
  const loose = COMMIT.exec(await textOf(join(git.dirs.commonDir, ref)))?.[1];
  if (loose) return loose;
  const found = await git.run(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { ok: [0, 1] });
  return found.code === 0 ? found.out.toString().trimEnd() : null;
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
