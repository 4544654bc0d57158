/** A folder of the daemon's own in .git for shadow indexes and for objects that nobody needs tomorrow. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from './api-merge.ts';
import { attempt } from './plumb.ts';

/** A git that its owner left behind may write a last object meanwhile. */
const GONE = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const;

export interface Scratch {
  readonly dir: string;
  /** Makes git write new objects here and find the repository's all the same. */
  readonly env: Readonly<Record<string, string>>;
  /** For files that git writes out; empty between uses. */
  readonly stage: string;
}

/** Makes a new one and removes those of processes that are gone. @param commonDir of the repository, absolute. */
export function openScratch(commonDir: string, pid = process.pid): Promise<Outcome<{ scratch: Scratch }>> {
  return attempt(async () => {
    const home = join(commonDir, 'llmctl');
    const dir = join(home, `scratch-${pid}`);
    for (const name of await readdir(home).catch(() => [])) {
      const owner = Number(/^scratch-(\d+)$/.exec(name)?.[1] ?? 0);
      if (owner > 0 && (owner === pid || !isAlive(owner))) await rm(join(home, name), GONE);
    }
    const objects = join(dir, 'objects');
    const stage = join(dir, 'stage');
    await mkdir(join(objects, 'info'), { recursive: true });
    await mkdir(stage);
    // C-quoted: a path may hold anything (gitrepository-layout(5), objects/info/alternates).
    const repository = JSON.stringify(join(commonDir, 'objects'));
    await writeFile(join(objects, 'info', 'alternates'), `${repository}\n`);
    return { scratch: { dir, stage, env: { GIT_OBJECT_DIRECTORY: objects } } };
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
