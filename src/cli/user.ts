/** Who asks: shown as "by whom" beside every pause and stop. */
import { userInfo } from 'node:os';

export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's uid without an entry in /etc/passwd.
    return process.env.USER ?? `uid ${process.getuid?.() ?? '?'}`;
  }
}
