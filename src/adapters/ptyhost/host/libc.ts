/** The calls of libc that Node lacks, through koffi. */

export interface Libc {
  /** PR_SET_CHILD_SUBREAPER, prctl(2): orphans below us become our children instead of init's. */
  readonly becomeSubreaper: () => boolean;
  /** Some child that is dead and not collected, without collecting it; 0 where there is none. */
  readonly deadChild: () => number;
  /** Collects one dead child, without waiting. @returns it was collected */
  readonly reap: (pid: number) => boolean;
  /** Keeps a descriptor from every program started later. */
  readonly closeOnExec: (fd: number) => void;
}

const PR_SET_CHILD_SUBREAPER = 36;
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const P_ALL = 0;
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x01000000;
/** siginfo_t of 64-bit Linux: 128 bytes, si_pid after three ints and padding (bits/types/siginfo_t.h). */
const SIGINFO_BYTES = 128;
const SI_PID = 16;

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
  const waitid = libc.func('int waitid(int type, unsigned int id, void *info, int options)');
  const waitpid = libc.func('int waitpid(int pid, void *status, int options)');
  const fcntl = libc.func('int fcntl(int fd, int command, ...)');
  const info = Buffer.alloc(SIGINFO_BYTES);
  return {
    becomeSubreaper: () => prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) === 0,
    deadChild: () => {
      // Left as it is where nobody is dead.
      info.writeInt32LE(0, SI_PID);
      return waitid(P_ALL, 0, info, WEXITED | WNOHANG | WNOWAIT) === 0 ? info.readInt32LE(SI_PID) : 0;
    },
    reap: (pid) => waitpid(pid, null, WNOHANG) === pid,
    closeOnExec: (fd) => void fcntl(fd, F_SETFD, 'int', FD_CLOEXEC),
  };
}
