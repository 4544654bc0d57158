/** Runs git's plumbing on one worktree: argv only, bytes in and out, nothing of the repository's own run, its folders fixed. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import type { Outcome } from './api-merge.ts';
import { SAFE_CONFIG, gitEnv } from './env.ts';
import { LocalSettings } from './local-settings.ts';
import { whyFailed } from './run.ts';

/** Long enough to hash a file of some gigabytes. */
const PLUMB_TIMEOUT_MS = 60_000;

const SETTINGS = [
  ...SAFE_CONFIG,
  // Somebody's own git may tidy up; ours never does it behind an agent's back.
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.addEmbeddedRepo=false',
  // Mixed line ends must not refuse a snapshot.
  'core.safecrlf=false',
  // Half of a folder's rename in one worktree would break what the other half refers to.
  'merge.directoryRenames=false',
  'core.looseCompression=1',
  // A larger file is streamed into its object and compared as binary instead of being held in memory (git-config(1)).
  'core.bigFileThreshold=32m',
];

/** What a command of git's said on failing, on one line. */
export class GitError extends Error {
  readonly code: number | null;
  constructor(message: string, code: number | null) {
    super(message);
    this.name = 'GitError';
    this.code = code;
  }
}

/** An agent that forks wildly takes every process there is, for a while. */
class NoProcessError extends GitError {}
const SPAWN_TRIES = 8;
const SPAWN_WAIT_MS = 25;

/** A file is not what it was when it was read: worth another try. */
export class MovedError extends Error {}

export interface Dirs {
  readonly dir: string;
  readonly gitDir: string;
  readonly commonDir: string;
}

export interface PlumbOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are an answer. */
  readonly ok?: readonly number[];
  /** For what writes many files; else PLUMB_TIMEOUT_MS. */
  readonly timeoutMs?: number;
}

export interface Plumbed {
  readonly code: number;
  readonly out: Buffer;
}

export class Git {
  readonly dirs: Dirs;
  readonly #settings: LocalSettings;
  readonly #env: Readonly<Record<string, string>>;

  /** @param env added to git's; GIT_OBJECT_DIRECTORY for one. */
  constructor(dirs: Dirs, env: Readonly<Record<string, string>> = {}) {
    this.dirs = dirs;
    this.#settings = settingsOf(dirs);
    this.#env = env;
  }

  /** Where new objects go. */
  get objects(): string {
    return this.#env.GIT_OBJECT_DIRECTORY ?? join(this.dirs.commonDir, 'objects');
  }

  /** Throws GitError. */
  async run(args: readonly string[], options: PlumbOptions = {}): Promise<Plumbed> {
    const argv = await this.#argv(args);
    const env = { ...this.#environment(), ...options.env };
    for (let tries = 1; ; tries++) {
      try {
        return await spawnGit(argv, this.dirs.dir, env, options);
      } catch (error) {
        if (!(error instanceof NoProcessError) || tries === SPAWN_TRIES) throw error;
        await new Promise((done) => setTimeout(done, tries * SPAWN_WAIT_MS));
      }
    }
  }

  /** Starts a git that is talked to for longer; its errors are the caller's to watch. */
  async start(args: readonly string[]): Promise<ChildProcessWithoutNullStreams> {
    const argv = await this.#argv(args);
    return spawn('git', argv, { cwd: this.dirs.dir, env: this.#environment(), stdio: 'pipe' });
  }

  async #argv(args: readonly string[]): Promise<string[]> {
    const settings = [...SETTINGS, ...(await this.#settings.read())];
    return [...settings.flatMap((setting) => ['-c', setting]), ...args];
  }

  #environment(): Record<string, string> {
    return {
      ...gitEnv(process.env),
      // A worktree that lost its .git file would be taken for a part of the repository around it.
      GIT_DIR: this.dirs.gitDir,
      GIT_WORK_TREE: this.dirs.dir,
      ...this.#env,
    };
  }

  /** Its output without the line end. */
  async line(args: readonly string[], options: PlumbOptions = {}): Promise<string> {
    return (await this.run(args, options)).out.toString().trimEnd();
  }
}

const known = new Map<string, LocalSettings>();
const KNOWN_LIMIT = 500;

/** One for all that work on a worktree: to read them starts a git. */
function settingsOf(dirs: Dirs): LocalSettings {
  let settings = known.get(dirs.gitDir);
  if (!settings) {
    if (known.size >= KNOWN_LIMIT) known.clear();
    known.set(dirs.gitDir, (settings = new LocalSettings(dirs)));
  }
  return settings;
}

function spawnGit(argv: string[], cwd: string, env: Record<string, string>, options: PlumbOptions): Promise<Plumbed> {
  const timeout = options.timeoutMs ?? PLUMB_TIMEOUT_MS;
  return new Promise((done, reject) => {
    const child = spawn('git', argv, { cwd, env, stdio: 'pipe', timeout, killSignal: 'SIGKILL' });
    const out: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString();
    });
    child.on('error', (error) => {
      const full = 'code' in error && error.code === 'EAGAIN';
      reject(
        full
          ? new NoProcessError('the system can start no more processes', null)
          : new GitError(whyFailed(error, ''), null),
      );
    });
    child.on('close', (code, signal) => {
      if (code !== null && (options.ok ?? [0]).includes(code)) return done({ code, out: Buffer.concat(out) });
      const late = `git took longer than ${timeout / 1000} s`;
      reject(new GitError(signal === 'SIGKILL' ? late : whyFailed(new Error(`git ended with ${code}`), said), code));
    });
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

/** The outcome of `work`, with its error as one line. */
export async function attempt<T extends object>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, ...(await work()) };
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return error instanceof MovedError ? { ok: false, reason: line, moved: true } : { ok: false, reason: line };
  }
}
