/** Descriptors that came along unasked from whoever started the session. */
import { closeSync, readFileSync, readdirSync } from 'node:fs';

const O_CLOEXEC = 0o2000000;

/**
 * Closes what was inherited beyond stdio: somebody's lock file or pipe would stay open as long as the session. Node's
 * own descriptors are marked to be closed on exec; what isn't came from outside (flags in /proc/PID/fdinfo, proc(5)).
 */
export function closeInherited(): void {
  for (const name of readdirSync('/proc/self/fd')) {
    const fd = Number(name);
    if (fd < 3 || isOurs(fd)) continue;
    try {
      closeSync(fd);
    } catch {
      // The one that listed the folder is gone already.
    }
  }
}

function isOurs(fd: number): boolean {
  try {
    const flags = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
    return flags === undefined || (Number.parseInt(flags, 8) & O_CLOEXEC) !== 0;
  } catch {
    return true;
  }
}
