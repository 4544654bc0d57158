/** What a round is going to write into one worktree: worked out, checked against the snapshot and kept before anything is. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplyPlan, Entry, FileChange, FileState, GitPath, Oid, Snapshot, Worktree } from './api-merge.ts';
import { conversionsOf } from './conversions.ts';
import { readDisk, stateOf } from './disk.ts';
import type { DiskFile } from './disk.ts';
import { writeObject } from './objects.ts';
import { indexInfo } from './pair-merge.ts';
import { fieldsOf, joinPaths, pathOf } from './path-bytes.ts';
import { Git, GitError, MovedError } from './plumb.ts';
import type { Scratch } from './scratch.ts';
import { sameEntry } from './touched.ts';
import { treesOf } from './trees.ts';
import type { Trees } from './trees.ts';

export interface Target {
  readonly path: GitPath;
  /** What the snapshot of this worktree has. */
  readonly before: Entry | null;
  readonly after: Entry | null;
}

/** A submodule's commit, come, moved or gone: nothing that is written into files; its own folder is left alone, as by git. */
export function isPointer({ before, after }: Target): boolean {
  const link = (entry: Entry | null) => entry === null || entry.mode === '160000';
  return link(before) && link(after);
}

/** Submodules that come in. */
export function newSubmodules(targets: readonly Target[]): GitPath[] {
  return targets.filter(({ before, after }) => !before && after?.mode === '160000').map(({ path }) => path);
}

interface Pending extends Target {
  readonly disk: DiskFile | null;
}

export class Planner {
  readonly #git: Git;
  readonly #worktree: Worktree;
  readonly #trees: Trees;
  readonly #folder: string;

  constructor(worktree: Worktree, scratch: Scratch, round: string) {
    this.#git = new Git(worktree);
    this.#worktree = worktree;
    this.#trees = treesOf(worktree, scratch);
    this.#folder = join(scratch.dir, `plan-${Buffer.from(`${round}-${worktree.agent}`).toString('hex')}`);
  }

  /** Throws MovedError where a file isn't what the snapshot has. */
  async plan(snapshot: Snapshot, targets: readonly Target[]): Promise<ApplyPlan> {
    await rm(this.#folder, { recursive: true, force: true });
    await mkdir(this.#folder, { recursive: true });
    try {
      const pending = await this.#pending(targets);
      await this.#check(pending.filter((one) => one.before !== null));
      const saved = await this.#aside(pending.filter((one) => one.before === null && one.disk !== null));
      const written = await this.#smudged(pending);
      const changes: FileChange[] = [];
      for (const one of pending) {
        const from = await this.#keep(one.disk, snapshot.tree);
        const to = await this.#keep(written.get(one.path) ?? null, snapshot.tree);
        changes.push({ path: one.path, from, to });
        const aside = saved.get(one.path);
        if (aside !== undefined) changes.push({ path: aside, from: null, to: from });
      }
      return { agent: snapshot.agent, changes };
    } finally {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  async #pending(targets: readonly Target[]): Promise<Pending[]> {
    const pending: Pending[] = [];
    for (const { path, before, after } of targets) {
      if (sameEntry(before, after)) continue;
      if (before?.mode === '160000' || after?.mode === '160000') {
        throw new GitError(`${path} is a submodule; settle it by hand in both worktrees`, null);
      }
      pending.push({ path, before, after, disk: await readDisk(this.#worktree.dir, path) });
    }
    return pending;
  }

  /** The files are what the snapshot says, by their bytes or, where filters or line ends come in, by what git makes of them. */
  async #check(pending: readonly Pending[]): Promise<void> {
    const unlike: Pending[] = [];
    for (const one of pending) {
      if (one.disk?.mode !== one.before!.mode) throw moved(one.path);
      if (stateOf(one.disk, one.before!.oid)!.oid !== one.before!.oid) unlike.push(one);
    }
    if (unlike.length === 0) return;
    const env = { GIT_INDEX_FILE: join(this.#folder, 'check') };
    const paths = unlike.map((one) => one.path);
    await this.#git.run(['update-index', '-z', '--add', '--stdin'], { env, input: joinPaths(paths) });
    const { out } = await this.#git.run(['ls-files', '-z', '--stage'], { env });
    const cleaned = new Map(
      fieldsOf(out).map((field) => {
        const tab = field.indexOf(9);
        return [pathOf(field.subarray(tab + 1)), field.toString('latin1', 0, tab).split(' ')[1]];
      }),
    );
    for (const one of unlike) if (cleaned.get(one.path) !== one.before!.oid) throw moved(one.path);
  }

  /** Files that git ignores and that the merge would overwrite get another name. */
  async #aside(inTheWay: readonly Pending[]): Promise<Map<GitPath, GitPath>> {
    const names = new Map<GitPath, GitPath>();
    if (inTheWay.length === 0) return names;
    const paths = inTheWay.map((one) => one.path);
    const args = ['check-ignore', '-z', '--stdin', '--no-index'];
    const { out } = await this.#git.run(args, { input: joinPaths(paths), ok: [0, 1] });
    const ignored = new Set(fieldsOf(out).map(pathOf));
    for (const path of paths) {
      if (!ignored.has(path)) throw moved(path);
      let name = `${path}.llmctl-saved`;
      for (let n = 2; await readDisk(this.#worktree.dir, name); n++) name = `${path}.llmctl-saved-${n}`;
      names.set(path, name);
    }
    return names;
  }

  /** The files as a checkout would write them here. */
  async #smudged(pending: readonly Pending[]): Promise<Map<GitPath, DiskFile>> {
    const files = new Map<GitPath, DiskFile>();
    const conversions = await conversionsOf(this.#git);
    const wanted: Pending[] = [];
    for (const one of pending) {
      if (one.after === null) continue;
      const folders = one.path.split('/').map((_, n, names) => names.slice(0, n).join('/'));
      if (!(await conversions.writesPlain(folders))) wanted.push(one);
      else files.set(one.path, { bytes: await this.#blob(one.after.oid), mode: one.after.mode as FileState['mode'] });
    }
    if (wanted.length === 0) return files;
    const env = { GIT_INDEX_FILE: join(this.#folder, 'target') };
    const entries = wanted.map((one) => ({ path: one.path, entry: one.after }));
    const out = join(this.#folder, 'out');
    await mkdir(out);
    await this.#git.run(['update-index', '-z', '--index-info'], {
      env,
      input: indexInfo(entries, wanted[0]!.after!.oid.length),
    });
    const paths = joinPaths(wanted.map((one) => one.path));
    await this.#git.run(['checkout-index', '-z', '--stdin', `--prefix=${out}/`], { env, input: paths });
    for (const { path, after } of wanted) {
      const file = await readDisk(out, path);
      if (!file) throw new GitError(`git wrote no ${path}`, null);
      files.set(path, { bytes: file.bytes, mode: after!.mode as FileState['mode'] });
    }
    return files;
  }

  async #blob(oid: Oid): Promise<Buffer> {
    const [bytes] = await this.#trees.blobs([oid]);
    return bytes!;
  }

  async #keep(file: DiskFile | null, like: Oid): Promise<FileState | null> {
    return file && { mode: file.mode, oid: await writeObject(this.#git, 'blob', file.bytes, like) };
  }
}

function moved(path: GitPath): MovedError {
  return new MovedError(`${path} is not what it was when the round began; nothing was written`);
}
