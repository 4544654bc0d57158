/** A person's choice for a path in conflict, as what git is to keep there; and merging three texts. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settled } from '../../core/merge/round.ts';
import type { ConflictPath, Entry, Oid } from './api-merge.ts';
import { readBlob, writeObject } from './objects.ts';
import { GitError } from './plumb.ts';
import type { Git } from './plumb.ts';
import type { Scratch } from './scratch.ts';

export async function entryOfChoice(
  git: Git,
  scratch: Scratch,
  conflict: ConflictPath,
  choice: Settled,
  like: Oid,
): Promise<Entry | null> {
  const { base, ours, theirs } = conflict.texts ?? conflict;
  if (choice.take === 'A') return ours;
  if (choice.take === 'B') return theirs;
  const mode = fileMode(ours) ?? fileMode(theirs) ?? '100644';
  if (choice.take === 'edit') {
    return { mode, oid: await writeObject(git, 'blob', Buffer.from(choice.content, 'base64'), like) };
  }
  if (!ours || !theirs) return ours ?? theirs;
  if (!fileMode(ours) || !fileMode(theirs)) {
    throw new GitError(`${conflict.path} is no file on one side; take A or B`, null);
  }
  const read = (entry: Entry | null) => (entry && fileMode(entry) ? readBlob(git, entry.oid) : Buffer.alloc(0));
  const [a, before, b] = await Promise.all([read(ours), read(base), read(theirs)]);
  const both = await mergeTexts(git, scratch, { ours: a, base: before, theirs: b }, 'union');
  if (both.content === null) throw new GitError(`${conflict.path} is binary; take A or B`, null);
  return { mode, oid: await writeObject(git, 'blob', both.content, like) };
}

function fileMode(entry: Entry | null): string | null {
  return entry?.mode.startsWith('100') ? entry.mode : null;
}

export interface Texts {
  readonly ours: Buffer;
  readonly base: Buffer;
  readonly theirs: Buffer;
}

export interface MergedText {
  /** null where it is binary. */
  readonly content: Buffer | null;
  readonly conflicts: number;
}

/** git-merge-file(1). @param how 'union' takes the lines of both sides where they clash, ours first. */
export async function mergeTexts(
  git: Git,
  scratch: Scratch,
  texts: Texts,
  how: 'plain' | 'union',
): Promise<MergedText> {
  const folder = await mkdtemp(join(scratch.dir, 'texts-'));
  try {
    const names = ['ours', 'base', 'theirs'] as const;
    const files = names.map((name) => join(folder, name));
    await Promise.all(names.map((name, i) => writeFile(files[i]!, texts[name])));
    const flags = how === 'union' ? ['--union'] : [];
    // The exit code counts the conflicts, at most 127; 255 is an error, such as binary content.
    const ok = [...Array.from({ length: 128 }, (_, n) => n), 255];
    const { code, out } = await git.run(['merge-file', '-p', '-q', ...flags, ...files], { ok });
    return code === 255 ? { content: null, conflicts: 1 } : { content: out, conflicts: code };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
