/** Ends a session in a throw-away repository, and takes away all that it made. */
import { rm } from 'node:fs/promises';
import type { SessionPaths } from '../../adapters/paths/session.ts';
import { DaemonConnection } from '../../client/connection.ts';
import { gone } from '../commands/down.ts';
import { snapshot } from '../requests.ts';
import { userName } from '../user.ts';
import { deleteScratch, type Scratch } from './scratch.ts';

/** Where none runs any more nothing is done. */
export async function endSession(paths: SessionPaths): Promise<void> {
  try {
    const connection = await DaemonConnection.open(paths.socket, { kind: 'cli', readOnly: false, user: userName() });
    const { state } = await snapshot(connection);
    await connection.request({ method: 'down' }).catch(() => undefined);
    connection.close();
    await gone(paths.socket, state.session.pid);
  } catch {
    // Ended already: `q` in the control room does that.
  }
}

/** The session first, then the repository and the session's own state. */
export async function clearScratch(scratch: Scratch, paths: SessionPaths): Promise<void> {
  await endSession(paths);
  await deleteScratch(scratch);
  await rm(paths.stateDir, { recursive: true, force: true });
}
