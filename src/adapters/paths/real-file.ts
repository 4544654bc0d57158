/** Where a path really leads. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Symlinks on the way resolved; the file itself may be new, and so may folders above it. @param file absolute */
export function realFile(file: string): string {
  const folder = dirname(file);
  if (folder === file) return file;
  try {
    return join(realpathSync(folder), basename(file));
  } catch {
    return join(realFile(folder), basename(file));
  }
}
