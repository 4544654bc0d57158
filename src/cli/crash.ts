/** What is left of a control room that broke: the whole story in a file, one line of it for the person. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { oneLine } from '../core/text.ts';

/**
 * @param file absolute; its folder is made where it is missing
 * @returns the line for stderr, without a line end
 */
export function recordCrash(error: unknown, file: string): string {
  const message = oneLine(error instanceof Error ? error.message : String(error), 300);
  const line = `llmctl: the screen failed: ${message}`;
  const story = error instanceof Error ? (error.stack ?? message) : message;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, `${new Date().toISOString()} pid ${process.pid}\n${story}\n\n`, { mode: 0o600 });
  } catch {
    // A full disk may be what broke it in the first place.
    return line;
  }
  return `${line} (details in ${file})`;
}
