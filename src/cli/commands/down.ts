/** down: ends every agent and the session itself. */
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { LlmctlError } from '../../client/error.ts';
import { isLive } from '../../core/model/agent.ts';
import type { CommandLine } from '../define.ts';
import { CliError } from '../errors.ts';
import { ask } from '../io.ts';
import { snapshot } from '../requests.ts';
import { deleteScratch, scratchOf } from '../scratch/scratch.ts';
import { counted } from '../table.ts';

/** From the daemon's answer to the end of its process and its ptyhost's. */
const GONE_TIMEOUT_MS = 10_000;

export async function down({ context }: CommandLine): Promise<void> {
  const connection = await context.connect();
  try {
    const { state } = await snapshot(connection);
    const live = state.order.filter((id) => state.agents[id] !== undefined && isLive(state.agents[id]));
    if (live.length > 0 && context.interactive && !context.yes) {
      const go = await ask(`${live.length} ${live.length === 1 ? 'agent runs' : 'agents run'}: end the session?`, true);
      if (!go) throw new CliError('the session runs on');
    }
    await connection.request({ method: 'down' }).catch((error: unknown) => {
      // The daemon may be gone before its answer is read.
      if (!(error instanceof LlmctlError) || error.code !== 'lost') throw error;
    });
    const { paths } = context;
    await gone(paths.socket, state.session.pid);
    const scratch = scratchOf(paths.repo);
    if (scratch !== null) {
      await deleteScratch(scratch);
      await rm(paths.stateDir, { recursive: true, force: true });
    }
    const stopped = `session ${state.session.id} ended, ${counted(live.length, 'agent')} stopped`;
    const deleted = scratch === null ? '' : `, ${scratch.folder} deleted`;
    context.answer(
      { ok: true, session: state.session.id, stopped: live, deleted: scratch?.folder ?? null },
      stopped + deleted,
    );
  } finally {
    connection.close();
  }
}

/** Resolves once the daemon's process and its socket are gone: what is started next finds a clean place. */
export async function gone(socket: string, pid: number): Promise<void> {
  const deadline = performance.now() + GONE_TIMEOUT_MS;
  while (existsSync(socket) || isAlive(pid)) {
    if (performance.now() > deadline) {
      throw new CliError(`the daemon (pid ${pid}) was told to end and is still there: kill it if it doesn't go`);
    }
    await sleep(10);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Ended, but nobody has asked for its status: in a container whose init reaps nothing that may last for ever. */
function isZombie(pid: number): boolean {
  try {
    // The state follows the program's name, which stands in brackets and may hold anything (proc(5)).
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
