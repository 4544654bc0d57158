/** The daemon's log: lines with a time on standard error, which whoever started it has pointed at its log file. */
import { fstatSync, ftruncateSync, writeSync } from 'node:fs';

const STDERR = 2;
/** The file is begun anew past this, so that a session of weeks doesn't fill the disk. */
const MAX_BYTES = 8 * 1024 * 1024;

let written = 0;

/** One line. Never throws: a log that can't be written stops nothing. */
export function log(text: string): void {
  const line = `${new Date().toISOString()} ${text.trimEnd()}\n`;
  try {
    if (written === 0 || written > MAX_BYTES) limit();
    written += writeSync(STDERR, line);
  } catch {
    // A full disk, a closed pipe.
  }
}

function limit(): void {
  const file = fstatSync(STDERR);
  if (file.isFile() && file.size > MAX_BYTES) ftruncateSync(STDERR, 0);
  written = 1;
}
