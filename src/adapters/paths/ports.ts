/** Ranges of ports that are one agent's alone, whatever session it belongs to: a file each, made with O_EXCL. */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

/** Below the range that Linux gives to outgoing connections (ip_local_port_range, 32768 on). */
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;
/** Ranges begin at multiples of this. */
const GRID = 10;

/** Folder of the claims, shared by all sessions of this person. @param stateDir of one session */
export function portsFolder(stateDir: string): string {
  return join(dirname(stateDir), 'ports');
}

/**
 * The first port of `count` that nobody listens on and no other worktree has; null where none are left.
 * @param worktree absolute; it keeps the range that it has while its folder is there
 * @param before what it had, tried first
 */
export async function takePorts(
  folder: string,
  worktree: string,
  count: number,
  before: number | null = null,
): Promise<number | null> {
  if (count === 0) return null;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const width = Math.ceil(count / GRID) * GRID;
  if (before !== null && (await claimAll(folder, worktree, before, width))) return before;
  for (let base = FIRST_PORT; base + width - 1 <= LAST_PORT; base += GRID) {
    if (!(await claimAll(folder, worktree, base, width))) continue;
    if (await allFree(base, count)) return base;
    await releaseAll(folder, base, width);
  }
  return null;
}

async function claimAll(folder: string, worktree: string, base: number, width: number): Promise<boolean> {
  for (let at = base; at < base + width; at += GRID) {
    if (await claim(join(folder, String(at)), worktree)) continue;
    await releaseAll(folder, base, at - base);
    return false;
  }
  return true;
}

async function claim(file: string, worktree: string): Promise<boolean> {
  for (let tries = 0; tries < 2; tries++) {
    try {
      await writeFile(file, worktree, { flag: 'wx', mode: 0o600 });
      return true;
    } catch {
      const owner = await readFile(file, 'utf8').catch(() => '');
      if (owner === worktree) return true;
      if (owner === '' || (await stat(owner).catch(() => null))) return false;
      // Its worktree is gone.
      await rm(file, { force: true });
    }
  }
  return false;
}

async function releaseAll(folder: string, base: number, width: number): Promise<void> {
  for (let at = base; at < base + width; at += GRID) await rm(join(folder, String(at)), { force: true });
}

async function allFree(base: number, count: number): Promise<boolean> {
  for (let port = base; port < base + count; port++) if (!(await isFree(port))) return false;
  return true;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => done(true)));
  });
}
