/** The ptyhost's log: a few lines a day, for whoever wonders what happened. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LIMIT_BYTES = 1024 * 1024;

export type Log = (line: string) => void;

/** @returns writes one line with the time; a full disk is no reason to fail. A log past 1 MB begins anew, the old one kept. */
export function openLog(stateDir: string): Log {
  const file = join(stateDir, 'logs', 'ptyhost.log');
  attempt(() => mkdirSync(dirname(file), { recursive: true, mode: 0o700 }));
  attempt(() => {
    if (statSync(file).size > LIMIT_BYTES) renameSync(file, `${file}.1`);
  });
  return (line) => {
    attempt(() => appendFileSync(file, `${new Date().toISOString()} [${process.pid}] ${line}\n`, { mode: 0o600 }));
  };
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Nobody to tell.
  }
}
