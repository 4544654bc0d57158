/** Where a session keeps its sockets, its journal and its logs. Only computes: safe-dir.ts makes the folders. */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';

export interface SessionPaths {
  /** Slug of the folder's name, a dash, ten hex digits of the real path's SHA-256. */
  readonly id: string;
  /** The repository's folder, symlinks resolved. */
  readonly repo: string;
  /** Folder of the sockets; must be ours alone (0700). */
  readonly socketDir: string;
  readonly socket: string;
  readonly ptySocket: string;
  /** Folder of all that outlives the processes. */
  readonly stateDir: string;
  readonly journal: string;
  /** Held by the daemon that owns the session. */
  readonly lock: string;
  readonly logDir: string;
  readonly daemonLog: string;
}

/** sockaddr_un holds 108 bytes, the last of them a NUL (unix(7)). */
const SOCKET_PATH_MAX = 107;
const SLUG_MAX = 32;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * @param repo the repository's top folder, or a plain folder; need not exist
 * @param env of whoever asks: XDG_RUNTIME_DIR, XDG_STATE_HOME and HOME count
 */
export function sessionPaths(repo: string, env: Env = process.env): SessionPaths {
  const real = realFolder(repo);
  const id = sessionId(real);
  const state = join(baseFolder(env.XDG_STATE_HOME) ?? join(env.HOME || homedir(), '.local', 'state'), 'llmctl');
  const stateDir = join(state, id);
  const socketDir = socketFolder(env, state, id);
  const logDir = join(stateDir, 'logs');
  return {
    id,
    repo: real,
    socketDir,
    socket: join(socketDir, `${id}.sock`),
    ptySocket: join(socketDir, `${id}.pty.sock`),
    stateDir,
    journal: join(stateDir, 'journal.db'),
    lock: join(stateDir, 'daemon.lock'),
    logDir,
    daemonLog: join(logDir, 'daemon.log'),
  };
}

/** @param realRepo absolute, symlinks resolved: two names of one folder are one session */
export function sessionId(realRepo: string): string {
  const slug = basename(realRepo)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX)
    .replace(/^-+|-+$/g, '');
  const hash = createHash('sha256').update(realRepo).digest('hex').slice(0, 10);
  return `${slug || 'repo'}-${hash}`;
}

function socketFolder(env: Env, state: string, id: string): string {
  const runtime = baseFolder(env.XDG_RUNTIME_DIR);
  const folder = runtime === null ? state : join(runtime, 'llmctl');
  const longest = Buffer.byteLength(join(folder, `${id}.pty.sock`));
  // A folder too deep for a socket's address: a short one of our own, checked like the others.
  return longest <= SOCKET_PATH_MAX ? folder : join('/tmp', `llmctl-${process.getuid?.() ?? 'user'}`);
}

/** XDG base directories that aren't absolute are to be ignored (XDG Base Directory Specification 0.8). */
function baseFolder(path: string | undefined): string | null {
  return path !== undefined && isAbsolute(path) ? path : null;
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
