/** What a hook waits for, and for how long. native/hook.c has the same. */
import { existsSync } from 'node:fs';

/**
 * A daemon that hangs must not hold an agent up for longer at each step; one that is busy answers a little later, and its no is worth
 * more than a moment. Where nothing is waited for the bound is met by input that never ends, and by nothing else.
 */
const PATIENCE_MS = 1_000;
/** What somebody has to say yes to stands still anyway; that the daemon is there at all must be known in this time. */
const ASKING_MS = 5_000;

export interface Patience {
  /** Milliseconds from the start, for reading, connecting and the answer together. */
  readonly ms: number;
  /** There is an answer to wait for; else all is over once it is told. */
  readonly answer: boolean;
}

/**
 * @param name as it was called: `PreToolUse` or `pre-tool-use`; '' where the text names it, and it may be any
 * @param socket of the session
 */
export function patienceFor(name: string, socket: string): Patience {
  switch (name.replaceAll(/[-_]/g, '').toLowerCase()) {
    case 'permissionrequest':
      return { ms: ASKING_MS, answer: true };
    case 'statusline':
      return { ms: PATIENCE_MS, answer: true };
    case '':
    case 'pretooluse':
    case 'beforetool':
      // A file beside the socket says that something may be refused just now.
      return { ms: PATIENCE_MS, answer: existsSync(`${socket}.refuses`) };
    default:
      return { ms: PATIENCE_MS, answer: false };
  }
}
