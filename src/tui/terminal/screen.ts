/** Takes the terminal over and gives it back: on every way out, in one write. */
import { writeSync } from 'node:fs';
import type { Capabilities } from './capabilities.ts';

/** How long a terminal that doesn't read may keep us from restoring it. */
const GIVE_UP_MS = 200;

/**
 * Alternate screen, no cursor, no wrap at the right edge (a glyph that the terminal takes for wider than we do must not
 * wrap), bracketed paste, focus reports.
 */
export function enterSequence({ mouse }: Pick<Capabilities, 'mouse'>): string {
  return `\x1b[?1049h\x1b[?25l\x1b[?7l${mouse ? '\x1b[?2004h\x1b[?1004h' : '\x1b[?2004h'}`;
}

/**
 * Undoes all that any part of the screens may have set; what isn't set is no harm to take back.
 * @param kitty - our flags are on the terminal's stack
 */
export function leaveSequence({
  kitty,
  cursorStyle,
  mouse,
}: Pick<Capabilities, 'kitty' | 'cursorStyle' | 'mouse'>): string {
  return [
    // Ends a sequence that a cut write left open, and a synchronized update.
    '\x1b\\\x1b[?2026l',
    '\x1b[?69l\x1b[r\x1b[m',
    mouse ? '\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l' : '',
    '\x1b[?2004l\x1b[?1l\x1b>',
    kitty ? '\x1b[<u' : '',
    cursorStyle ? '\x1b[0 q' : '',
    '\x1b[?7h\x1b[?25h\x1b[?1049l',
  ].join('');
}

/**
 * Writes at once, past the stream and what waits in it. A terminal that is gone or doesn't read is let be.
 * @param fd - may be non-blocking
 */
export function writeNow(fd: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  const until = performance.now() + GIVE_UP_MS;
  let sent = 0;
  while (sent < bytes.length) {
    try {
      sent += writeSync(fd, bytes, sent);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || performance.now() > until) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Ways out that nobody asked for. */
export interface ExitHooks {
  /** Gives the terminal back; called once, whatever happens. */
  restore(): void;
  /** After `restore`. @returns the one line to say of it */
  crashed(error: unknown): string;
  /** After `restore`; the process ends next. */
  ended(reason: string): void;
}

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Restores the terminal on signals, crashes (said on stderr in one line) and plain exits. @returns what takes the hooks out again */
export function guardExit({ restore, crashed, ended }: ExitHooks): () => void {
  const onExit = (): void => restore();
  const onCrash = (error: unknown): void => {
    restore();
    const reason = crashed(error);
    writeNow(process.stderr.fd, `${reason}\n`);
    ended(reason);
    process.exit(1);
  };
  const handlers = Object.entries(SIGNALS).map(([signal, status]) => {
    const handler = (): void => {
      restore();
      ended(signal);
      process.exit(status);
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  process.on('exit', onExit);
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
    process.off('exit', onExit);
    process.off('uncaughtException', onCrash);
    process.off('unhandledRejection', onCrash);
  };
}
