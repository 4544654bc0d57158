/**
 * The ptyhost: owns the agents' terminals and outlives the daemon.
 *   ptyhost --socket PATH --state DIR --session ID
 */
import { chmodSync, unlinkSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { parseArgs } from 'node:util';
import { closeInherited } from './descriptors.ts';
import { loadLibc } from './libc.ts';
import { openLog } from './log.ts';
import { Reaper } from './reaper.ts';
import { PtyServer } from './server.ts';

/** With no connection and no living program it ends itself. */
const IDLE_MS = 30_000;
/** For trees, when the machine goes down. */
const TERM_GRACE_MS = 2000;

const { values } = parseArgs({
  options: {
    socket: { type: 'string' },
    state: { type: 'string' },
    session: { type: 'string', default: '' },
    'idle-ms': { type: 'string', default: String(IDLE_MS) },
  },
});
if (values.socket === undefined || values.state === undefined) {
  process.stderr.write('usage: ptyhost --socket PATH --state DIR --session ID\n');
  process.exit(2);
}
const socketPath = values.socket;
const idleMs = Number(values['idle-ms']);
closeInherited();
const log = openLog(values.state);
process.title = `llmctl ptyhost ${values.session}`;

// Its own end would take every agent along: it goes on after whatever goes wrong.
process.on('uncaughtException', (error) => log(`error: ${error.stack ?? error.message}`));
process.on('unhandledRejection', (reason) => log(`error: ${String(reason)}`));
process.on('SIGHUP', () => {});
process.on('SIGINT', () => {});
process.on('SIGTERM', () => void shutdown());

let listening: Server | null = null;
let idleTimer: NodeJS.Timeout | null = null;

const lock = await takeLock();
const libc = await loadLibc(log);
const reaper = Reaper.start(libc, log);
const server = new PtyServer({
  reaper,
  closeOnExec: libc?.closeOnExec ?? (() => {}),
  log,
  onShutdown: () => void finish(),
  onNeeded,
});
onNeeded(false);
listen();

/**
 * One ptyhost per socket path, however many start at once. A listening abstract socket (unix(7)) is a lock that the
 * kernel gives to one and takes back when the process ends, however it ends.
 */
function takeLock(): Promise<Server> {
  const name = createHash('sha256').update(socketPath).digest('hex').slice(0, 32);
  const holder = createServer((socket) => socket.destroy());
  return new Promise((resolve) => {
    holder.once('error', (error) => {
      log(`not started: another ptyhost has ${socketPath} (${error.message})`);
      process.exit(0);
    });
    holder.listen({ path: `\0llmctl-ptyhost-${process.getuid?.() ?? 0}-${name}` }, () => resolve(holder));
  });
}

function listen(): void {
  // The lock is ours: a file at this place was left behind by a dead one.
  try {
    unlinkSync(socketPath);
  } catch {
    // Mostly there is none.
  }
  listening = createServer((socket) => server.accept(socket));
  listening.once('error', (error) => {
    log(`can't listen on ${socketPath}: ${error.message}`);
    process.stderr.write(`ptyhost: can't listen on ${socketPath}: ${error.message}\n`);
    process.exit(1);
  });
  // The socket is never wider than 0600, not even between bind and chmod; agents keep the umask they would have had.
  const umask = process.umask(0o177);
  listening.listen({ path: socketPath }, () => {
    chmodSync(socketPath, 0o600);
    log(`listening on ${socketPath}, node ${process.version}, ${reaper.subreaper ? 'sub-reaper' : 'no sub-reaper'}`);
  });
  process.umask(umask);
}

function onNeeded(needed: boolean): void {
  if (idleTimer) clearTimeout(idleTimer);
  idleTimer = needed
    ? null
    : setTimeout(() => {
        log('nobody is connected and no program lives');
        void finish();
      }, idleMs);
}

async function shutdown(): Promise<void> {
  await server.shutdown(TERM_GRACE_MS);
  await finish();
}

let finishing = false;

async function finish(): Promise<void> {
  if (finishing) return;
  finishing = true;
  listening?.close();
  await server.end();
  try {
    unlinkSync(socketPath);
  } catch {
    // Closing the server takes the file away already.
  }
  lock.close();
  log('ended');
  process.exit(0);
}
