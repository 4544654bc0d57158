/** proxy: the session's socket on standard input and output, so that ssh is all that a remote client needs. */
import { connect } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { CommandLine } from '../define.ts';
import { noSession } from '../errors.ts';

export async function proxy({ context }: CommandLine): Promise<void> {
  const socket = connect(context.paths.socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', () => reject(noSession(context.repo.root)));
  });
  // Whichever side ends first ends the other; a broken line is an ordinary end here.
  await Promise.allSettled([pipeline(process.stdin, socket), pipeline(socket, process.stdout)]);
}
