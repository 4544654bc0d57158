/**
 * Paths as strings that keep every byte. What isn't UTF-8 stands as the lone surrogate U+DC00 + byte (Python's
 * "surrogateescape", PEP 383): it goes through strings, maps and JSON, and comes back the same.
 */
import { isUtf8 } from 'node:buffer';
import type { GitPath } from './api-merge.ts';

export function pathOf(bytes: Buffer): GitPath {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let path = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceAt(bytes, at);
    path += length ? bytes.toString('utf8', at, at + length) : String.fromCharCode(0xdc00 + bytes[at]!);
    at += length || 1;
  }
  return path;
}

/** Length of the UTF-8 sequence at `at`, 0 where there is none. */
function sequenceAt(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}

export function bytesOf(path: GitPath): Buffer {
  if (path.isWellFormed()) return Buffer.from(path);
  const parts: Buffer[] = [];
  for (const char of path) {
    const code = char.codePointAt(0)!;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(char));
  }
  return Buffer.concat(parts);
}

/** The fields of git's `-z` output; what follows the last NUL is left out. */
export function fieldsOf(output: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at);
    if (end < 0) break;
    fields.push(output.subarray(at, end));
    at = end + 1;
  }
  return fields;
}

/** Paths as `--stdin -z` takes them. */
export function joinPaths(paths: readonly GitPath[]): Buffer {
  return Buffer.concat(paths.flatMap((path) => [bytesOf(path), Buffer.from([0])]));
}

/** The file at `path` below `dir`, for calls of node:fs. */
export function fileAt(dir: string, path: GitPath): Buffer {
  return Buffer.concat([Buffer.from(`${dir}/`), bytesOf(path)]);
}
