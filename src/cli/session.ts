/** Finds the session of a repository, or starts its daemon and waits until it answers. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { distFile } from '../adapters/paths/dist.ts';
import { ensureSafeDir } from '../adapters/paths/safe-dir.ts';
import type { SessionPaths } from '../adapters/paths/session.ts';
import { DaemonConnection, type Greeting } from '../client/connection.ts';
import { LlmctlError } from '../client/error.ts';
import { CliError } from './errors.ts';
import { oneLine } from './io.ts';

/** A daemon that folds a long journal takes a second; past this it isn't coming. */
const START_TIMEOUT_MS = 10_000;
const RETRY_FIRST_MS = 5;
const RETRY_MAX_MS = 20;
const DYING_MS = 500;

export interface StartOptions {
  /** Absolute path of the plan; null: the daemon looks for the usual names. */
  readonly plan: string | null;
  readonly git: boolean;
}

/**
 * Connects, starting the daemon where none answers. Started twice at once is fine: one of the two wins.
 * @returns the connection, and whether it was this call that started a daemon
 * @throws CliError with the last line of the daemon's log where it doesn't come up in 10 s
 */
export async function connectOrStart(
  paths: SessionPaths,
  options: StartOptions,
  greeting: Greeting,
): Promise<{ connection: DaemonConnection; started: boolean }> {
  const running = await attempt(paths, greeting);
  if (running) return { connection: running, started: false };
  await startDaemon(paths, options);
  const connection = await attempt(paths, greeting);
  if (connection) return { connection, started: true };
  throw new CliError(`the session ended as soon as it had started: see ${paths.daemonLog}`);
}

/**
 * Starts the daemon detached and returns once its socket answers.
 * @throws CliError with the reason in one line
 */
export async function startDaemon(paths: SessionPaths, options: StartOptions): Promise<void> {
  ensureSafeDir(paths.stateDir);
  ensureSafeDir(paths.logDir);
  const log = openSync(paths.daemonLog, 'a', 0o600);
  const before = logSize(paths.daemonLog);
  const args = [distFile('daemon.js'), '--repo', paths.repo];
  if (options.plan !== null) args.push('--plan', options.plan);
  if (!options.git) args.push('--no-git');
  const child = spawn(process.execPath, args, { cwd: paths.repo, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  let failed: string | null = null;
  child.once('error', (error) => (failed = error.message));
  // Status 0 means that another daemon had the session already: its socket will answer.
  child.once('exit', (code, signal) => {
    if (code !== 0) failed = `its daemon ended with ${signal ?? `status ${code}`}`;
  });

  const deadline = performance.now() + START_TIMEOUT_MS;
  for (let wait = RETRY_FIRST_MS; performance.now() < deadline; wait = Math.min(wait * 1.5, RETRY_MAX_MS)) {
    if (await accepts(paths.socket)) return;
    if (failed !== null) throw notStarted(failed, paths, before);
    await sleep(wait);
  }
  throw notStarted(`its daemon doesn't answer after ${START_TIMEOUT_MS / 1000} s`, paths, before);
}

/** A daemon that was killed takes connections a moment longer, until the last of its threads is gone, and drops them. */
async function attempt(paths: SessionPaths, greeting: Greeting): Promise<DaemonConnection | null> {
  for (let wait = RETRY_FIRST_MS; ; wait *= 2) {
    try {
      return await DaemonConnection.open(paths.socket, greeting);
    } catch (error) {
      if (!(error instanceof LlmctlError)) throw error;
      if (error.code === 'no-session') return null;
      if (error.code !== 'lost' || wait > DYING_MS) throw error;
      await sleep(wait);
    }
  }
}

/** @returns a daemon listens on `socket` */
export function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

function notStarted(what: string, paths: SessionPaths, before: number): CliError {
  const said = lastLine(paths.daemonLog, before);
  return new CliError(`the session can't start: ${said === '' ? what : said} (log: ${paths.daemonLog})`);
}

function logSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last line with words in it that was written after `from` bytes. */
function lastLine(file: string, from: number): string {
  const lines = readFileSync(file).subarray(from).toString('utf8').split('\n').map(oneLine);
  return lines.findLast((line) => line !== '') ?? '';
}
