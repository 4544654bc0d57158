/** Writes loose objects in process and reads many at once: a program for each would cost more than the work. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { Oid } from './api-merge.ts';
import { GitError } from './plumb.ts';
import type { Git } from './plumb.ts';

type Kind = 'blob' | 'tree' | 'commit';

const squeeze = promisify(deflate);

/** The name git gives to an object. The length of `like`, another object's name, says which hash the repository uses. */
export function oidOf(kind: Kind, content: Buffer, like: Oid): Oid {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`${kind} ${content.length}\0`).update(content).digest('hex');
}

/** Whether an object lies by itself in the store that `git` writes to. */
export async function hasLoose(git: Git, oid: Oid): Promise<boolean> {
  return (await stat(join(git.objects, oid.slice(0, 2), oid.slice(2))).catch(() => null)) !== null;
}

/** Keeps an object in the store that `git` writes to (gitformat-loose; git-hash-object(1)). */
export async function writeObject(git: Git, kind: Kind, content: Buffer, like: Oid): Promise<Oid> {
  const oid = oidOf(kind, content, like);
  const folder = join(git.objects, oid.slice(0, 2));
  const file = join(folder, oid.slice(2));
  if (await stat(file).catch(() => null)) return oid;
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `tmp_obj_${randomBytes(8).toString('hex')}`);
  const packed = await squeeze(Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content]), { level: 1 });
  await writeFile(temporary, packed, { mode: 0o444, flag: 'wx' });
  await rename(temporary, file);
  return oid;
}

/** A commit by llmctl. Its time is that of the first parent's line of work to nobody: a fixed one keeps equal commits equal. */
export function writeCommit(git: Git, tree: Oid, parents: readonly Oid[], message: string): Promise<Oid> {
  return writeCommitBy(git, { tree, parents, message, author: 'llmctl <llmctl@localhost>', at: 0 });
}

export interface CommitFields {
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly message: string;
  /** "NAME <EMAIL>", author and committer. */
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A commit for people to read. Signed by nobody: that would ask for a passphrase. */
export function writeCommitBy(git: Git, { tree, parents, message, author, at }: CommitFields): Promise<Oid> {
  const who = `${author} ${Math.floor(at / 1000)} +0000`;
  const lines = [
    `tree ${tree}`,
    ...parents.map((oid) => `parent ${oid}`),
    `author ${who}`,
    `committer ${who}`,
    '',
    // git takes what follows a NUL for no part of the message (fsck: nulInCommit).
    message.replaceAll('\0', '').trimEnd(),
    '',
  ];
  return writeObject(git, 'commit', Buffer.from(lines.join('\n')), tree);
}

/** The content of each blob, in order. Throws where one is missing. */
export async function readBlobs(git: Git, oids: readonly Oid[]): Promise<Buffer[]> {
  if (oids.length === 0) return [];
  const { out } = await git.run(['cat-file', '--batch'], { input: `${oids.join('\n')}\n` });
  const blobs: Buffer[] = [];
  let at = 0;
  for (const oid of oids) {
    const end = out.indexOf(10, at);
    const [, kind, size] = out.toString('utf8', at, end).split(' ');
    if (kind !== 'blob') throw new GitError(`object ${oid} is ${kind ?? 'missing'}`, null);
    at = end + 1 + Number(size) + 1;
    blobs.push(out.subarray(end + 1, at - 1));
  }
  return blobs;
}

/** The content of one blob. */
export async function readBlob(git: Git, oid: Oid): Promise<Buffer> {
  const [blob] = await readBlobs(git, [oid]);
  return blob!;
}

/** The content of the blob that a ref names; null where there is no such ref. */
export async function readRefBlob(git: Git, ref: string): Promise<Buffer | null> {
  const { out } = await git.run(['cat-file', '--batch'], { input: `${ref}\n` });
  const end = out.indexOf(10);
  const [, kind] = out.toString('utf8', 0, end).split(' ');
  return kind === 'blob' ? out.subarray(end + 1, -1) : null;
}

/** @param commit an id or another name of one. Throws where it names none. */
export function treeOf(git: Git, commit: string): Promise<Oid> {
  return git.line(['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`]);
}
