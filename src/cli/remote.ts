/**
 * A session on another machine: a local socket whose every connection is carried by `ssh HOST llmctl proxy`.
 * Nothing has to run or listen over there but sshd; argv only, so that no shell on this side reads anything.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usageError } from './errors.ts';

export interface RemoteSocket {
  readonly socket: string;
  close(): void;
}

export async function remoteSocket(host: string, repo: string | undefined): Promise<RemoteSocket> {
  if (host.startsWith('-') || host === '') throw usageError(`--host takes a machine's name, not '${host}'`);
  const folder = mkdtempSync(join(tmpdir(), 'llmctl-host-'));
  const socket = join(folder, 'host.sock');
  const children = new Set<ReturnType<typeof spawn>>();
  let first = true;
  const server = createServer((connection) => {
    // ssh joins its arguments with blanks and gives them to a shell over there: quote what a person typed.
    const remote = ['llmctl', 'proxy', ...(repo === undefined ? [] : ['--repo', quote(repo)])];
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
  return {
    socket,
    close() {
      server.close();
      for (const child of children) child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** For the POSIX shell on the other machine. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
