/** Which of some paths git ignores. */
import { spawn } from 'node:child_process';
import { SAFE_CONFIG, gitEnv } from './env.ts';

/** More than this is a checkout or an install: some of them matter, no need to ask. */
const ASK_AT_MOST = 500;

/** How many of `paths` (relative to `top`) are ignored; 0 where it can't be told. Never rejects. */
export function ignoredAmong(top: string, paths: readonly string[]): Promise<number> {
  if (paths.length === 0 || paths.length > ASK_AT_MOST) return Promise.resolve(0);
  // Without --no-index every path is looked up in the whole index: quadratic.
  const args = [...SAFE_CONFIG.flatMap((setting) => ['-c', setting]), 'check-ignore', '-z', '--stdin', '--no-index'];
  return new Promise((done) => {
    const child = spawn('git', args, { cwd: top, env: gitEnv(process.env), stdio: ['pipe', 'pipe', 'ignore'] });
    let found = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 0) found++;
    });
    child.on('error', () => done(0));
    child.on('close', () => done(found));
    child.stdin.on('error', () => {});
    child.stdin.end(paths.map((path) => `${path}\0`).join(''));
  });
}
