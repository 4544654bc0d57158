/** The two calls of libc that Node lacks, through koffi. */
import { createRequire } from 'node:module';

interface Libc {
  /** PR_SET_CHILD_SUBREAPER, prctl(2): orphans below us become our children instead of init's. */
  readonly becomeSubreaper: () => boolean;
  /** Collects one dead child, without waiting. @returns it was collected */
  readonly reap: (pid: number) => boolean;
}

const PR_SET_CHILD_SUBREAPER = 36;
const WNOHANG = 1;

type Call = (...args: readonly unknown[]) => number;

/** @throws where koffi or libc can't be loaded: orphans then go to init and are found by their token alone */
export function loadLibc(): Libc {
  const require = createRequire(import.meta.url);
  const koffi = require('koffi') as { load(path: string | null): { func(prototype: string): Call } };
  // The running program's own symbols: glibc and musl alike.
  const libc = koffi.load(null);
  const prctl = libc.func('int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)');
  const waitpid = libc.func('int waitpid(int pid, void *status, int options)');
  return {
    becomeSubreaper: () => prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) === 0,
    reap: (pid) => waitpid(pid, null, WNOHANG) === pid,
  };
}
