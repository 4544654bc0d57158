/**
 * Watches all worktrees of a session: apart from the daemon, for tens of thousands of watches take hundreds of megabytes, and
 * a checkout's burst takes a core. Ends with the daemon.
 */
import process from 'node:process';
import { TreeEye } from '../tree-eye.ts';
import type { FromHost, ToHost } from './messages.ts';

const trees = new Map<number, TreeEye>();
let queue: Promise<unknown> = Promise.resolve();

function send(message: FromHost): void {
  if (process.connected) process.send!(message, undefined, {}, () => {});
}

function watch({ tree, dirs }: Extract<ToHost, { type: 'watch' }>): void {
  const eye = new TreeEye(dirs, {
    onChange: (paths, git) => send({ type: 'changed', tree, paths, git }),
    onTrouble: (text) => send({ type: 'trouble', tree, text }),
  });
  trees.set(tree, eye);
  // One after the other: the lists of files of all at once would fill the memory for nothing.
  queue = begin(tree, eye, queue);
}

async function begin(tree: number, eye: TreeEye, others: Promise<unknown>): Promise<void> {
  await others;
  if (trees.get(tree) === eye) await eye.start();
  send({ type: 'ready', tree });
}

process.on('message', (message: ToHost) => {
  const eye = trees.get(message.tree);
  switch (message.type) {
    case 'watch':
      return watch(message);
    case 'settle': {
      const { tree, question } = message;
      return void Promise.resolve(eye?.settle()).finally(() => send({ type: 'settled', tree, question }));
    }
    case 'forget':
      trees.delete(message.tree);
      return void eye?.stop();
    default:
      return message satisfies never;
  }
});
process.on('disconnect', () => process.exit());
// Meant for the terminal's foreground; the daemon says when it is over.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
