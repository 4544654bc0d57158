/** Which rounds and forwards changed an agent's files lately: the guard of a daemon that begins anew has them told again. */
import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worktree } from './api-merge.ts';

export interface Remembered {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const KEPT = 64;

/** A line each, the newest last. Beside the worktree's HEAD: it goes with the worktree. */
function fileOf({ gitDir }: Pick<Worktree, 'gitDir'>): string {
  return join(gitDir, 'llmctl-guard');
}

/** Before the agent goes on with what was changed. */
export async function noteChange(worktree: Pick<Worktree, 'gitDir'>, id: string, at: number): Promise<void> {
  await appendFile(fileOf(worktree), `${JSON.stringify({ id, at })}\n`);
}

/** In their order; each once, as it was noted last. */
export async function notedChanges(worktree: Pick<Worktree, 'gitDir'>): Promise<Remembered[]> {
  const file = fileOf(worktree);
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  const last = new Map<string, Remembered>();
  for (const line of lines) {
    const one = parsed(line);
    if (one === null) continue;
    last.delete(one.id);
    last.set(one.id, one);
  }
  const noted = [...last.values()].slice(-KEPT);
  if (lines.length > 2 * KEPT) {
    await writeFile(`${file}.new`, noted.map((one) => `${JSON.stringify(one)}\n`).join(''));
    await rename(`${file}.new`, file);
  }
  return noted;
}

/** null where a crash cut it short. */
function parsed(line: string): Remembered | null {
  try {
    const { id, at } = JSON.parse(line) as Partial<Remembered>;
    return typeof id === 'string' && typeof at === 'number' ? { id, at } : null;
  } catch {
    return null;
  }
}
