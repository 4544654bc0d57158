/** Logs of runs: the newest under the check's own name, a few older ones behind it. */
import { mkdirSync, renameSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';

/** Runs whose output is kept beside the newest. */
export const KEPT_RUNS = 4;

/** @param back 0 is the newest, KEPT_RUNS the oldest */
export function logPath(folder: string, name: string, back: number): string {
  return join(folder, back === 0 ? `${name}.log` : `${name}.${back}.log`);
}

/** A log for a run that begins now, 0600; the others grow older by one. null: no log can be had, and the run goes on without. */
export function beginLog(folder: string, name: string): WriteStream | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (let back = KEPT_RUNS; back > 0; back--)
      renameIfThere(logPath(folder, name, back - 1), logPath(folder, name, back));
    const file = createWriteStream(logPath(folder, name, 0), { mode: 0o600 });
    // A full disk costs the log, not the result.
    file.on('error', () => {});
    return file;
  } catch {
    return null;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // There were fewer runs so far.
  }
}

/** The end of a log, at most `max` bytes of it; null where there is none. */
export async function readLog(folder: string, name: string, back: number, max: number): Promise<Buffer | null> {
  const file = await open(logPath(folder, name, back), 'r').catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - max);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
