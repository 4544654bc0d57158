/** Node, git and native modules. */
import { loadLibc } from '../ptyhost/host/libc.ts';
import { LEAST_GIT, gitVersion } from '../git/repo.ts';
import { packageRoot } from '../paths/dist.ts';
import { hookProgram } from '../paths/hook-program.ts';
import { fail, ok, warn } from './model.ts';
import type { DoctorFacts, DoctorRow } from './model.ts';

/** ink, chokidar and node:sqlite ask for it. */
const LEAST_NODE = [22, 22] as const;

export function atLeast(version: string, least: readonly number[]): boolean {
  const parts = version.replace(/^v/, '').split('.').map(Number);
  for (const [index, wanted] of least.entries()) {
    const have = parts[index] ?? 0;
    if (have !== wanted) return have > wanted;
  }
  return true;
}

export function nodeRow(version = process.version): DoctorRow {
  if (atLeast(version, LEAST_NODE)) return ok('node', `${version}, ${process.execPath}`);
  const least = LEAST_NODE.join('.');
  return fail('node', `${version} is older than ${least}`, `install Node ${least} or later, or "npm ci" in a clone`);
}

export async function gitRow({ env }: DoctorFacts): Promise<DoctorRow> {
  const version = await gitVersion(env);
  if (version === null) return fail('git', 'not on the PATH', 'install git 2.38 or later, or use --no-git');
  if (atLeast(version, LEAST_GIT)) return ok('git', version);
  return warn('git', `${version}: merges need ${LEAST_GIT.join('.')}`, 'install git 2.38 or later');
}

export async function nativeRows(): Promise<DoctorRow[]> {
  const rows: DoctorRow[] = [];
  try {
    await import('node-pty');
    rows.push(ok('terminals', 'node-pty loads'));
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    rows.push(
      fail('terminals', `node-pty does not load: ${why}`, 'run "npm rebuild node-pty" where llmctl is installed'),
    );
  }
  let reason = '';
  const libc = await loadLibc((line) => {
    reason = line;
  });
  if (libc === null) {
    const text = `orphans of agents are found by their marker alone: ${reason}`;
    rows.push(warn('orphans', text, 'run "npm rebuild koffi" where llmctl is installed'));
  } else if (libc.becomeSubreaper()) {
    rows.push(ok('orphans', 'children that leave their agent are adopted (sub-reaper)'));
  } else {
    rows.push(warn('orphans', 'the kernel refuses a sub-reaper; orphans are found by their marker', 'nothing to do'));
  }
  return rows;
}

/** Agents wait for their hooks: compiled they take some milliseconds, in Node as long as Node takes to start. */
export async function hooksRow(root = packageRoot()): Promise<DoctorRow> {
  const program = await hookProgram(root);
  if (program !== null) return ok('hooks', program);
  const remedy = `install a C compiler, then run "node ${root}/native/build.mjs" and start the session anew`;
  return warn('hooks', 'run in Node, which takes longer: no program was compiled for them', remedy);
}
