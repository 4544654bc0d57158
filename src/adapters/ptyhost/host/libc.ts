/** The calls of libc that Node lacks, through koffi. */
export interface Libc {
  /** PR_SET_CHILD_SUBREAPER, prctl(2): orphans below us become our children instead of init's. */
  readonly becomeSubreaper: () => boolean;
  /** Collects one dead child, without waiting. @returns it was collected */
  readonly reap: (pid: number) => boolean;
  /** Keeps a descriptor from every program started later. */
  readonly closeOnExec: (fd: number) => void;
}

const PR_SET_CHILD_SUBREAPER = 36;
const WNOHANG = 1;
const F_SETFD = 2;
const FD_CLOEXEC = 1;

/** @returns null where koffi or libc can't be loaded; `log` gets one line with the reason */
export async function loadLibc(log: (line: string) => void): Promise<Libc | null> {
  try {
    return await load();
  } catch (error) {
    log(`koffi can't be loaded: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    return null;
  }
}

async function load(): Promise<Libc> {
  const { default: koffi } = await import('koffi');
  // The running program's own symbols: glibc and musl alike.
  const libc = koffi.load(null);
  const prctl = libc.func('int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)');
  const waitpid = libc.func('int waitpid(int pid, void *status, int options)');
  const fcntl = libc.func('int fcntl(int fd, int command, ...)');
  return {
    becomeSubreaper: () => prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) === 0,
    reap: (pid) => waitpid(pid, null, WNOHANG) === pid,
    closeOnExec: (fd) => void fcntl(fd, F_SETFD, 'int', FD_CLOEXEC),
  };
}
