/** Looks a program up before it is started: what exec says afterwards looks like an exit with code 1. */
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

export type FoundProgram =
  | { readonly ok: true; readonly file: string }
  /** One line; names the PATH that was searched. Control characters of the name are still in it. */
  | { readonly ok: false; readonly error: string };

/**
 * The file that execvp(3) would start.
 * @param name a bare name, or a path (relative ones start from `cwd`)
 * @param path the value of PATH to search; empty entries mean `cwd`, as in a shell
 * @param cwd absolute folder that the program will start in
 */
export function findProgram(name: string, path: string, cwd: string): FoundProgram {
  if (name === '' || name.includes('\0')) return { ok: false, error: 'no program named: the command is empty' };
  if (name.includes('/')) {
    const file = isAbsolute(name) ? name : resolve(cwd, name);
    const verdict = judge(file);
    return verdict === 'fit' ? { ok: true, file } : { ok: false, error: `${name}: ${EXPLAIN[verdict]} (${file})` };
  }
  let unfit: string | null = null;
  for (const entry of path.split(':')) {
    const file = join(isAbsolute(entry) ? entry : resolve(cwd, entry), name);
    const verdict = judge(file);
    if (verdict === 'fit') return { ok: true, file };
    if (verdict !== 'absent') unfit ??= `${file}: ${EXPLAIN[verdict]}`;
  }
  const hint = unfit === null ? '' : ` (${unfit})`;
  return { ok: false, error: `${name}: no such program${hint}; PATH searched: ${path === '' ? '(empty)' : path}` };
}

type Verdict = 'fit' | 'absent' | 'folder' | 'not-executable';

const EXPLAIN: Record<Exclude<Verdict, 'fit'>, string> = {
  absent: 'no such file',
  folder: 'is a folder',
  'not-executable': 'is not executable; chmod +x makes it so',
};

function judge(file: string): Verdict {
  try {
    if (statSync(file).isDirectory()) return 'folder';
  } catch {
    return 'absent';
  }
  try {
    accessSync(file, constants.X_OK);
    return 'fit';
  } catch {
    return 'not-executable';
  }
}
