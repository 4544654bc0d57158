/** Becoming the session's daemon: folders, the lock, the journal folded. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'node:net';
import { Journal } from '../adapters/journal/journal.ts';
import { tryLock, type SessionLock } from '../adapters/paths/lock.ts';
import { ensureSafeDir } from '../adapters/paths/safe-dir.ts';
import type { SessionPaths } from '../adapters/paths/session.ts';
import { evolve } from '../core/evolve.ts';
import type { EpochMs } from '../core/model/agent.ts';
import { emptyState, type SessionInfo, type State } from '../core/model/state.ts';

/** A daemon that is just going away holds the lock until its last agent is gone. */
const LOCK_WAIT_MS = 15_000;

/** @throws UnsafeDirError */
export function makeFolders(paths: SessionPaths): void {
  for (const path of [paths.socketDir, paths.stateDir, paths.logDir]) ensureSafeDir(path);
}

/**
 * @returns null where another daemon answers for the session
 * @throws Error where one holds the lock and doesn't answer
 */
export async function takeSession(paths: SessionPaths): Promise<SessionLock | null> {
  const deadline = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    const lock = tryLock(paths.lock);
    if (lock) return lock;
    if (await answers(paths.socket)) return null;
    if (performance.now() > deadline) {
      throw new Error(`another daemon holds ${paths.lock} and does not answer on ${paths.socket}: end it, or wait`);
    }
    await sleep(50);
  }
}

export interface Folded {
  readonly state: State;
  /** The session goes on: it was not ended when its last daemon went. */
  readonly goesOn: boolean;
  /** When its last daemon was there for certain; null: nobody was to be there. */
  readonly lastAt: EpochMs | null;
}

/** The state that the journal's events make; `session` is what there is before the first. */
export function foldJournal(journal: Journal, session: SessionInfo): Folded {
  const saved = journal.snapshotBefore();
  // A snapshot of an older llmctl lacks what came later.
  let state = { ...emptyState(session), ...saved?.state };
  for (const entry of journal.read((saved?.seq ?? 0) + 1)) state = evolve(state, entry);
  const last = journal.recent().at(-1);
  const goesOn = last !== undefined && last.event.type !== 'session.ended';
  return { state, goesOn, lastAt: goesOn ? last.at : null };
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
