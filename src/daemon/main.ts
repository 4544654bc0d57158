/**
 * The daemon of one repository's session:
 *   daemon --repo DIR [--plan FILE] [--no-git]
 * Listening on the session's socket means that it runs. Exit status 0 where another daemon has the session already.
 */
import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sessionPaths } from '../adapters/paths/session.ts';
import { makeFolders, takeSession } from './begin.ts';
import { log } from './log.ts';
import { SessionServer } from './server.ts';
import { openSession } from './session.ts';

const startedAt = performance.now();
process.umask(0o077);

process.on('uncaughtException', (error) => {
  // Whatever it is, the agents and everybody's screens are worth more than a clean state of mind.
  log(`error: ${error.stack ?? error.message}`);
});
process.on('unhandledRejection', (reason) => log(`error: ${reason instanceof Error ? reason.stack : String(reason)}`));

const { values } = parseArgs({
  options: {
    repo: { type: 'string' },
    plan: { type: 'string' },
    git: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

if (values.repo === undefined) {
  process.stderr.write('usage: daemon --repo DIR [--plan FILE] [--no-git]\n');
  process.exit(2);
}

try {
  await run(values.repo, values.plan, values.git);
} catch (error) {
  // The last line of the log is what a person gets to read.
  log(`error: ${error instanceof Error ? (error.stack ?? '') : ''}`);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function run(repo: string, plan: string | undefined, git: boolean): Promise<void> {
  const paths = sessionPaths(resolve(repo));
  makeFolders(paths);
  const lock = await takeSession(paths);
  if (!lock) {
    log(`not needed: session ${paths.id} has a daemon already`);
    process.exit(0);
  }
  const server = await SessionServer.listen(paths.socket);
  const planPath = plan === undefined ? null : isAbsolute(plan) ? plan : resolve(paths.repo, plan);
  const session = await openSession({ paths, git, plan: planPath }, server, lock, startedAt);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void session.leave());
  // Its terminal is none of its business.
  process.on('SIGHUP', () => {});
}
