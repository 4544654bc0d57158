/** Reads `git status --porcelain=v2 --branch` (git-status(1), "Porcelain Format Version 2"), names quoted as C strings. */
import type { GitChange } from '../../core/model/state.ts';

export interface RepoStatus {
  /** '(detached)' as git prints it, where HEAD is on no branch. */
  readonly branch: string;
  readonly upstream: string | null;
  readonly ahead: number;
  readonly behind: number;
  /** Commit of HEAD; '' before the first. */
  readonly head: string;
  /** At most CHANGE_LIMIT of them, in git's order. */
  readonly changed: readonly GitChange[];
  /** How many there are in all. */
  readonly total: number;
}

/** Kept in the journal with every change of them; a forgotten .gitignore must not fill it. */
export const CHANGE_LIMIT = 1000;

export function parseStatus(text: string): RepoStatus {
  const headers = new Map<string, string>();
  const changed: GitChange[] = [];
  let total = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('# ')) {
      const space = line.indexOf(' ', 2);
      headers.set(line.slice(2, space), line.slice(space + 1));
      continue;
    }
    if (line === '') continue;
    total++;
    const change = total <= CHANGE_LIMIT ? parseChange(line) : null;
    if (change) changed.push(change);
  }
  const oid = headers.get('branch.oid') ?? '';
  const [ahead = 0, behind = 0] = (headers.get('branch.ab') ?? '').split(' ').map((part) => Math.abs(Number(part)));
  return {
    branch: unquotePath(headers.get('branch.head') ?? ''),
    upstream: headers.has('branch.upstream') ? unquotePath(headers.get('branch.upstream')!) : null,
    ahead: ahead || 0,
    behind: behind || 0,
    head: oid.startsWith('(') ? '' : oid,
    changed,
    total,
  };
}

/** Fields before the path, by the kind of line. */
const FIELDS: Readonly<Record<string, number>> = { '1': 8, '2': 9, u: 10 };

function parseChange(line: string): GitChange | null {
  if (line.startsWith('? ')) return { path: unquotePath(line.slice(2)), code: '??' };
  const fields = FIELDS[line[0]!];
  if (fields === undefined) return null;
  let at = 0;
  for (let i = 0; i < fields; i++) at = line.indexOf(' ', at) + 1;
  // A rename's old name follows after a tab; a tab within a name is quoted.
  const [path = ''] = line.slice(at).split('\t');
  return { path: unquotePath(path), code: line.slice(2, 4).replaceAll('.', ' ') };
}

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/**
 * A name as git quotes it under core.quotePath: octal for bytes. Bytes that are no UTF-8 stay visible as \377, so that
 * two such names never look the same.
 */
export function unquotePath(quoted: string): string {
  if (!quoted.startsWith('"')) return quoted;
  const bytes: number[] = [];
  const body = Buffer.from(quoted.slice(1, -1));
  for (let i = 0; i < body.length; i++) {
    if (body[i] !== 92) {
      bytes.push(body[i]!);
      continue;
    }
    const octal = /^[0-7]{3}/.exec(body.toString('latin1', i + 1, i + 4))?.[0];
    if (octal) {
      bytes.push(Number.parseInt(octal, 8));
      i += 3;
    } else {
      const char = String.fromCharCode(body[++i] ?? 92);
      bytes.push(ESCAPES[char] ?? char.charCodeAt(0));
    }
  }
  return decodeName(Uint8Array.from(bytes));
}

function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return [...bytes]
      .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`))
      .join('');
  }
}
