/** Finds the session's ptyhost or starts one that outlives whoever started it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PtyHostClient } from './client.ts';
import { PtyHostError } from './channel.ts';

export interface PtyHostPlace {
  readonly socketPath: string;
  /** The session's state folder; the log is its logs/ptyhost.log. */
  readonly stateDir: string;
  readonly session: string;
  /** Absolute path of the ptyhost's own program (dist/ptyhost.js). */
  readonly entry: string;
  /** Default 10 s. */
  readonly timeoutMs?: number;
}

/**
 * Connects to the ptyhost; starts it first where nobody listens.
 * @throws PtyHostError saying where its log is when it doesn't come up in time
 */
export async function ensurePtyHost(place: PtyHostPlace): Promise<PtyHostClient> {
  const running = await tryConnect(place.socketPath);
  if (running) return running;
  const child = start(place);
  const deadline = performance.now() + (place.timeoutMs ?? 10_000);
  for (let wait = 5; performance.now() < deadline; wait = Math.min(wait * 1.5, 50)) {
    await sleep(wait);
    const client = await tryConnect(place.socketPath);
    if (client) return client;
    // It exits at once where another one, started at the same time, was quicker: that one will answer.
    if (child.exitCode !== null && child.exitCode !== 0) break;
  }
  const log = logFile(place.stateDir);
  const how = child.exitCode === null ? 'did not answer in time' : `ended with code ${child.exitCode}`;
  throw new PtyHostError(`the ptyhost ${how} (socket ${place.socketPath}); see ${log}`);
}

/** @returns null where nobody listens: no socket file, or one that a dead ptyhost left behind */
async function tryConnect(socketPath: string): Promise<PtyHostClient | null> {
  try {
    return await PtyHostClient.connect(socketPath);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET') return null;
    throw error;
  }
}

function start(place: PtyHostPlace): ChildProcess {
  mkdirSync(dirname(place.socketPath), { recursive: true, mode: 0o700 });
  const log = logFile(place.stateDir);
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  const fd = openSync(log, 'a', 0o600);
  try {
    const argv = ['--socket', place.socketPath, '--state', place.stateDir, '--session', place.session];
    const child = spawn(process.execPath, [...NODE_OPTIONS, place.entry, ...argv], {
      // Not the repository: a folder that a process stands in can't be unmounted.
      cwd: '/',
      detached: true,
      env: environment(),
      stdio: ['ignore', fd, fd],
    });
    child.on('error', () => {});
    child.unref();
    return child;
  } finally {
    closeSync(fd);
  }
}

/** The ptyhost keeps next to nothing on its heap: small generations keep it small for days. */
const NODE_OPTIONS = ['--max-semi-space-size=1', '--max-old-space-size=256'];

/** Rings come and go: their memory is to go back to the system (mallopt(3)); a third less after a flood. */
const MALLOC = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_MMAP_THRESHOLD_: '65536' };

/** Started from inside an agent, the ptyhost must not look like one of that agent's processes. */
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('LLMCTL_'));
  return { ...Object.fromEntries(inherited), ...MALLOC };
}

function logFile(stateDir: string): string {
  return join(stateDir, 'logs', 'ptyhost.log');
}
