/** Ends everything that a run started: its process group, and whoever left it but still carries the run's marker. */
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Name of the variable that marks every process of a run. */
export const MARKER = 'LLMCTL_HEALTH';

/** Pids of this user's processes whose marker begins with `value`; [] where there is no /proc. */
export async function markedProcesses(value: string): Promise<number[]> {
  const wanted = `${MARKER}=${value}`;
  const names = await readdir('/proc').catch(() => []);
  const pids = names.map(Number).filter((pid) => Number.isInteger(pid) && pid > 1 && pid !== process.pid);
  const marked = await Promise.all(
    pids.map(async (pid) => {
      // Another user's, or one that just ended, can't be read and isn't ours.
      const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environ.split('\0').some((entry) => entry.startsWith(wanted));
    }),
  );
  return pids.filter((_, index) => marked[index]);
}

/** Ends runs that another process began and can't end any more. */
export async function endMarked(marker: string): Promise<void> {
  await killUntilGone(marker, () => {});
}

/** TERM, at most `graceMs` for a clean end, then KILL until a look finds nobody left. */
export async function endRun(pid: number, marker: string, graceMs: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  for (const other of await markedProcesses(marker)) signal(other, 'SIGTERM');
  const until = performance.now() + graceMs;
  while (performance.now() < until) {
    if ((await markedProcesses(marker)).length === 0) return;
    await sleep(50);
  }
  await killUntilGone(marker, () => signalGroup(pid, 'SIGKILL'));
}

async function killUntilGone(marker: string, also: () => void): Promise<void> {
  for (let round = 0; round < 20; round++) {
    also();
    const left = await markedProcesses(marker);
    if (left.length === 0) return;
    for (const other of left) signal(other, 'SIGKILL');
    await sleep(20);
  }
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  signal(-pid, name);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}
