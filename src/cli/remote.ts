/**
 * A session on another machine: a local socket whose every connection is carried by `ssh HOST llmctl proxy`.
 * Nothing has to run or listen over there but sshd; argv only, so that no shell on this side reads anything.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError, usageError } from './errors.ts';

export interface RemoteSocket {
  readonly socket: string;
  /** How to come back, for whoever leaves. */
  readonly farewell: string;
  close(): void;
}

/**
 * Sees to it that the session over there runs, then opens a local socket that leads to it.
 * @param repo folder on the other machine; where ssh arrives when undefined
 * @throws CliError in one line: ssh failed, or llmctl over there did
 */
export async function remoteSocket(host: string, repo: string | undefined): Promise<RemoteSocket> {
  if (host.startsWith('-') || host === '') throw usageError(`--host takes a machine's name, not '${host}'`);
  const where = repo === undefined ? [] : ['--repo', quote(repo)];
  await startThere(host, ['llmctl', 'up', ...where]);
  const folder = mkdtempSync(join(tmpdir(), 'llmctl-host-'));
  const socket = join(folder, 'host.sock');
  const children = new Set<ReturnType<typeof spawn>>();
  let first = true;
  const server = createServer((connection) => {
    // ssh joins its arguments with blanks and gives them to a shell over there: quote what a person typed.
    const remote = ['llmctl', 'proxy', ...where];
    // Only the first connection may ask for a password: later ones happen while the control room has the terminal.
    const batch = first ? [] : ['-o', 'BatchMode=yes'];
    const child = spawn('ssh', ['-T', ...batch, '--', host, ...remote], {
      stdio: ['pipe', 'pipe', first ? 'inherit' : 'ignore'],
    });
    first = false;
    children.add(child);
    connection.pipe(child.stdin!);
    child.stdout!.pipe(connection);
    const end = (): void => {
      children.delete(child);
      connection.destroy();
      child.kill();
    };
    for (const stream of [connection, child.stdin!, child.stdout!]) stream.on('error', end);
    child.on('error', end);
    child.on('close', end);
    connection.on('close', end);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  const again = ['llmctl tui --host', host, ...(repo === undefined ? [] : ['--repo', repo])].join(' ');
  return {
    socket,
    farewell: `The agents run on. \`${again}\` brings you back.`,
    close() {
      server.close();
      for (const child of children) child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Its stderr is ours: ssh's own words, a question for a password, the one line of llmctl over there. */
async function startThere(host: string, remote: readonly string[]): Promise<void> {
  const child = spawn('ssh', ['-T', '--', host, ...remote], { stdio: ['inherit', 'ignore', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new CliError(`ssh can't be started: ${error.message}`)));
    child.once('close', resolve);
  });
  if (code === 0) return;
  if (code === 127) throw new CliError(`llmctl is not on the PATH of ${host}: install it there`);
  throw new CliError(`no session on ${host}: ${code === 255 ? 'ssh could not connect' : '`llmctl up` failed there'}`);
}

/** For the POSIX shell on the other machine. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
