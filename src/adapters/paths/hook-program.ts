/** The program that native/build.mjs makes of native/hook.c, where there is a C compiler. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ANSWER_MS = 5_000;

/**
 * @param packageRoot folder of package.json
 * @returns absolute path; null where there is none, it is of another source, or it doesn't run on this machine. Never rejects.
 */
export async function hookProgram(packageRoot: string): Promise<string | null> {
  const folder = join(packageRoot, 'native');
  const program = join(folder, 'llmctl-hook');
  try {
    const source = createHash('sha256').update(await readFile(join(folder, 'hook.c')));
    const { stdout } = await promisify(execFile)(program, ['--source'], { timeout: ANSWER_MS });
    return stdout === `${source.digest('hex').slice(0, 16)}\n` ? program : null;
  } catch {
    return null;
  }
}
