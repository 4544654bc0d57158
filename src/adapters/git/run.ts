/** Runs git for plumbing: argv only, bytes out, a bound on time and size. */
import { execFile } from 'node:child_process';
import { SAFE_CONFIG, gitEnv } from './env.ts';

export const GIT_TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export type GitRun =
  | { readonly ok: true; readonly stdout: Buffer }
  /** `code` is git's exit code; null where it did not run or did not end by itself. */
  | { readonly ok: false; readonly code: number | null; readonly reason: string };

export interface GitRunOptions {
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** It may reach other repositories, as when a person runs it. */
  readonly mayFetch?: boolean;
}

/** Runs `git ARGS` in `cwd`. Never rejects; `reason` is one line. */
export function runGit(cwd: string, args: readonly string[], options: GitRunOptions = {}): Promise<GitRun> {
  const timeout = options.timeoutMs ?? GIT_TIMEOUT_MS;
  const argv = [...SAFE_CONFIG.flatMap((setting) => ['-c', setting]), ...args];
  const { GIT_ALLOW_PROTOCOL, GIT_NO_LAZY_FETCH, ...rest } = gitEnv(options.env ?? process.env);
  const env = options.mayFetch ? rest : { ...rest, GIT_ALLOW_PROTOCOL, GIT_NO_LAZY_FETCH };
  const settings = {
    cwd,
    timeout,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_OUTPUT_BYTES,
    encoding: 'buffer',
    env,
  } as const;
  return new Promise((done) => {
    const child = execFile('git', argv, settings, (error, stdout, stderr) => {
      if (!error) return done({ ok: true, stdout });
      const code = typeof error.code === 'number' ? error.code : null;
      const reason = error.killed ? `git took longer than ${timeout / 1000} s` : whyFailed(error, stderr.toString());
      return done({ ok: false, code, reason });
    });
    child.stdin?.end();
  });
}

/** One line for a person out of what git or the system said. */
export function whyFailed(error: Error, stderr: string): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'git is not on the PATH, or the folder is gone';
  const line = (stderr || error.message).split('\n').find((text) => text.trim() !== '') ?? 'git failed';
  const said = line.replace(/^(fatal|error): /, '').slice(0, 300);
  if (!said.includes('dubious ownership')) return said;
  return `${said}; if you trust it: git config --global --add safe.directory FOLDER`;
}
