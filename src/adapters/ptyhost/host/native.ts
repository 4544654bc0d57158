/**
 * The one door to node-pty. Its own terminal class closes the descriptor 200 ms after the child's exit, read or not,
 * so what a slow reader hadn't fetched by then is lost; and it writes through a queue that spins while the program
 * doesn't read. So only its native part is used (fork and resize; src/unix/pty.cc) and the descriptor is ours.
 */
import nodePty from 'node-pty';

interface NativePty {
  fork(
    file: string,
    args: readonly string[],
    env: readonly string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helperPath: string,
    onExit: (code: number, signal: number) => void,
  ): { readonly fd: number; readonly pid: number; readonly pty: string };
  resize(fd: number, cols: number, rows: number, pixelWidth: number, pixelHeight: number): void;
}

/** Exported, if not in its typings. */
const { native } = nodePty as unknown as { readonly native: NativePty };

export interface ForkRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly cols: number;
  readonly rows: number;
  /** `code` null where a signal ended it. Called once, on the main thread, after the child was reaped. */
  readonly onExit: (code: number | null, signal: number | null) => void;
}

export interface Forked {
  /** The master's descriptor, non-blocking; ours to close. */
  readonly fd: number;
  readonly pid: number;
  /** Path of the terminal, /dev/pts/N. */
  readonly tty: string;
}

/** Starts a program as leader of a session of its own, on a new terminal. It inherits no descriptor of ours. */
export function forkPty(request: ForkRequest): Forked {
  const env = { TERM: 'xterm-256color', ...request.env, PWD: request.cwd };
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const onExit = (code: number, signal: number): void => {
    if (signal === 0) request.onExit(code, null);
    else request.onExit(null, signal);
  };
  const { file, args, cwd, cols, rows } = request;
  // No uid or gid to change to; IUTF8, so that the terminal's own line editing erases whole characters.
  const { fd, pid, pty } = native.fork(file, args, pairs, cwd, cols, rows, -1, -1, true, '', onExit);
  return { fd, pid, tty: pty };
}

/** @throws where the descriptor is closed or no terminal */
export function resizePty(fd: number, cols: number, rows: number): void {
  native.resize(fd, cols, rows, 0, 0);
}
