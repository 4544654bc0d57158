/** Waiting for what an event doesn't announce: files, processes. Everything else waits for the event itself. */

/** Long, because two shared cores may be busy with something else: no assertion hangs on speed. */
export const DEADLINE_MS = 25_000;

const POLL_MS = 15;

/**
 * Calls `probe` until it gives something other than false or undefined.
 * @throws Error naming `what`, and what `describe` says, after the deadline
 */
export async function until<T>(
  what: string,
  probe: () => T | false | undefined | Promise<T | false | undefined>,
  options: { readonly deadlineMs?: number; readonly describe?: () => string | Promise<string> } = {},
): Promise<T> {
  const end = performance.now() + (options.deadlineMs ?? DEADLINE_MS);
  for (;;) {
    const found = await probe();
    if (found !== false && found !== undefined) return found;
    if (performance.now() > end) {
      const detail = await options.describe?.();
      throw new Error(`waited in vain for ${what}${detail === undefined ? '' : `\n${detail}`}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Lets time pass where the very passing is the subject: that nothing happens meanwhile. */
export function quietFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
