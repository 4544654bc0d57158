/** What of a working tree is worth watching, asked of git before the first watch is set. */
import { runGit } from '../git/run.ts';
import type { Skips } from './tree-watch.ts';

/** Never watched, wherever they are: huge, churning, and hardly ever tracked. */
const PRUNED = new Set(['.git', 'node_modules', '.venv', '__pycache__', '.cache', '.hg', '.svn', '.jj']);

export interface TreePlan {
  /** Files that git can see, ignored ones left out. */
  readonly files: number;
  /** Their directories relative to the top, '' first. */
  readonly directories: readonly string[];
  readonly skips: Skips;
}

export type TreePlanned =
  | { readonly ok: true; readonly plan: TreePlan }
  /** git could not be asked just now; `reason` is one line. */
  | { readonly ok: false; readonly reason: string };

/** `top` is a working tree's top. */
export async function planTree(top: string): Promise<TreePlanned> {
  const [seen, ignored] = await Promise.all([
    runGit(top, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']),
    runGit(top, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory']),
  ]);
  if (!seen.ok) return { ok: false, reason: seen.reason };
  if (!ignored.ok) return { ok: false, reason: ignored.reason };
  const skips = skipper(ignoredDirectories(ignored.stdout));
  return { ok: true, plan: { ...directoriesOf(seen.stdout, skips), skips } };
}

function ignoredDirectories(stdout: Buffer): Set<string> {
  const names = stdout.toString().split('\0');
  return new Set(names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)));
}

function skipper(ignored: ReadonlySet<string>): Skips {
  return (relative) => {
    for (let from = 0; from <= relative.length;) {
      const slash = relative.indexOf('/', from);
      const end = slash < 0 ? relative.length : slash;
      if (PRUNED.has(relative.slice(from, end)) || ignored.has(relative.slice(0, end))) return true;
      from = end + 1;
    }
    // Checkouts of other agents: each has a watcher of its own.
    return relative.startsWith('.llmctl/worktrees');
  };
}

function directoriesOf(stdout: Buffer, skips: Skips): { files: number; directories: string[] } {
  const directories = new Set(['']);
  let files = 0;
  let last = '';
  for (const path of stdout.toString().split('\0')) {
    if (path === '') continue;
    files++;
    let directory = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (directory === last) continue;
    last = directory;
    if (skips(directory)) continue;
    while (directory !== '' && !directories.has(directory)) {
      directories.add(directory);
      directory = directory.slice(0, Math.max(0, directory.lastIndexOf('/')));
    }
  }
  return { files, directories: [...directories] };
}
