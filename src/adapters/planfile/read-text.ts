/** A text file that a person wrote: read with a bound on its size, as UTF-8 or not at all. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Problem } from '../../core/plan/model.ts';

/** A plan of a hundred tasks has some 100 KB; parsing takes about a second for each 2 MB and blocks whoever asks. */
export const MAX_FILE_BYTES = 2 * 1024 * 1024;

export type ReadText =
  | { readonly ok: true; readonly text: string; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Never throws. `kind` names the file in messages: "plan", "settings". */
export async function readTextFile(path: string, kind: string): Promise<ReadText> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(path);
  } catch (error) {
    return failed(path, `${kind} can't be read: ${whyUnreadable(error, kind)}`);
  }
  return decodeText(bytes, path, kind);
}

async function readBounded(path: string): Promise<Uint8Array> {
  // Opening a named pipe would wait for its writer for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error('it is not a file; name one');
    const buffer = Buffer.alloc(Math.min(stat.size, MAX_FILE_BYTES) + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

function whyUnreadable(error: unknown, kind: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  switch (code) {
    case 'ENOENT':
      return `there is no such file; check the path${kind === 'the plan' ? ', or run "llmctl init" to write one' : ''}`;
    case 'EACCES':
    case 'EPERM':
      return 'access is denied; check its permissions';
    case 'EISDIR':
      return 'it is a folder; name a file in it';
    case 'ELOOP':
      return 'its symbolic links go in a circle; name the real file';
    default:
      return error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'an unknown error';
  }
}

/** Checks size and encoding; places are counted in characters, as editors do. */
export function decodeText(bytes: Uint8Array, file: string, kind: string): ReadText {
  if (bytes.length > MAX_FILE_BYTES) {
    return failed(file, `${kind} is larger than 2 MB; is this the right file?`);
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return failed(file, `${kind} is saved as UTF-16; save it as UTF-8`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return failed(file, `${kind} is not valid UTF-8 here; save it as UTF-8`, placeOf(bytes, firstInvalid(bytes)));
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    return failed(file, `${kind} holds a NUL character here; take it out`, placeOf(bytes, zero));
  }
  if (!text.startsWith('\uFEFF')) return { ok: true, text, problems: [] };
  const message = `${kind} begins with a byte order mark; save it without`;
  return { ok: true, text: text.slice(1), problems: [{ severity: 'warning', message, file, line: 1, column: 1 }] };
}

function failed(file: string, message: string, at = { line: 1, column: 1 }): ReadText {
  return { ok: false, problems: [{ severity: 'error', message, file, ...at }] };
}

/** Offset of the first byte that begins no valid sequence: found by halving what still decodes. */
function firstInvalid(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  // Its first bytes may have looked like the beginning of a longer sequence.
  let begin = good;
  while (begin > 0 && good - begin < 3 && !decodes(bytes.subarray(0, begin))) begin--;
  return begin;
}

/** `cut`: a sequence that is cut off at the end is no error. */
function decodes(bytes: Uint8Array, cut = false): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
    return true;
  } catch {
    return false;
  }
}

function placeOf(bytes: Uint8Array, offset: number): { line: number; column: number } {
  const before = new TextDecoder().decode(bytes.subarray(0, offset)).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
