/**
 * The next snapshot out of the last one and the few paths that changed since: their blobs are written and put into the tree
 * in process. What it can't be sure of it leaves to git, which looks at everything.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry, GitPath, Oid } from './api-merge.ts';
import { Conversions } from './conversions.ts';
import { DiskLook } from './disk-look.ts';
import type { Found } from './disk-look.ts';
import { writeObject } from './objects.ts';
import { bytesOf, fieldsOf, joinPaths, pathOf } from './path-bytes.ts';
import type { Git } from './plumb.ts';
import { treeWith } from './tree-with.ts';
import type { Replaced } from './tree-with.ts';
import { FOLDER } from './trees.ts';
import type { Trees } from './trees.ts';

/** Only a full look knows; why, in words. */
export class FullLook extends Error {
  /** What was taken in before may not be taken in now. */
  readonly rules: boolean;
  constructor(why: string, rules = false) {
    super(why);
    this.name = 'FullLook';
    this.rules = rules;
  }
}

/** More changes than this cost as much as a full look. */
export const MOST_PATHS = 1000;
/** A larger file is read by git, which streams it. */
const MOST_BYTES = 4 * 1024 * 1024;
const AT_ONCE = 16;
/** Their change changes what is taken in at all. */
const RULES = new Set(['.gitignore', '.gitattributes', '.gitmodules']);

export class Splicer {
  readonly #git: Git;
  readonly #trees: Trees;
  readonly #conversions: Conversions;
  /** Ignored, and not in the agent's index. */
  readonly #ignored = new Set<GitPath>();

  constructor(git: Git, trees: Trees) {
    this.#git = git;
    this.#trees = trees;
    this.#conversions = new Conversions(git);
  }

  /** After a full look: what is ignored, filtered and configured may be another thing. */
  async refresh(): Promise<void> {
    this.#ignored.clear();
    await this.#conversions.refresh();
  }

  /** Throws FullLook. @param base the last tree. @returns the tree now */
  async splice(base: Oid, hint: ReadonlySet<GitPath>): Promise<Oid> {
    if (!this.#conversions.usable) throw new FullLook('the configuration has files that are not as they lie on disk');
    const look = new DiskLook(this.#git.dirs.dir);
    const paths = await this.#expand(base, hint, look);
    const changes: Replaced[] = [];
    const files: (Replaced & { readonly found: Found })[] = [];
    await each([...paths], async (path) => {
      const found = await look.at(path);
      const [inTheWay, before] = await Promise.all([this.#behind(path, look), this.#trees.at(base, path)]);
      if (inTheWay || found.kind === 'gone' || found.kind === 'folder') return void changes.push({ path, entry: null });
      if (found.kind === 'other') {
        if (before) throw new FullLook(`${path} is no file any more`);
        return undefined;
      }
      return void files.push({ path, entry: before, found });
    });
    const wanted = await this.#withoutIgnored(files);
    changes.push(...(await this.#blobs(base, wanted, look)));
    return treeWith(this.#trees, this.#git, base, changes);
  }

  /** Folders as the files in them, now and before; what stands where a path has a folder. */
  async #expand(base: Oid, hint: ReadonlySet<GitPath>, look: DiskLook): Promise<Set<GitPath>> {
    const paths = new Set<GitPath>();
    const due = [...hint];
    for (let path = due.pop(); path !== undefined; path = due.pop()) {
      const names = path.split('/');
      if (path === '' || names[0] === '.git' || paths.has(path)) continue;
      if (RULES.has(names.at(-1)!)) throw new FullLook(`${path} says what is taken in`, true);
      if (names.some((name) => name.toLowerCase() === '.git')) throw new FullLook(`${path} is of another repository`);
      paths.add(path);
      if (paths.size > MOST_PATHS) throw new FullLook('much has changed');
      const entry = await this.#trees.at(base, path);
      if (entry?.mode === '160000') throw new FullLook(`${path} is a submodule`);
      if (entry?.mode === FOLDER) {
        const below = await this.#trees.filesBelow(entry.oid, path, MOST_PATHS);
        if (!below) throw new FullLook('much has changed');
        due.push(...below);
      }
      if ((await look.at(path)).kind === 'folder') {
        if ((await look.folder(path)).repository) throw new FullLook(`${path} is another repository`);
        for (const name of await look.names(path)) due.push(`${path}/${name}`);
      }
      for (const folder of foldersOf(path)) {
        const { kind, repository } = await look.folder(folder);
        const submodule = (await this.#trees.at(base, folder))?.mode === '160000';
        if (repository || submodule) throw new FullLook(`${folder} is another repository`);
        if (kind === 'file') due.push(folder);
      }
    }
    return paths;
  }

  /** There is no such path any more: something on the way is a file or a symlink. */
  async #behind(path: GitPath, look: DiskLook): Promise<boolean> {
    for (const folder of foldersOf(path)) if ((await look.folder(folder)).kind !== 'folder') return true;
    return false;
  }

  async #withoutIgnored<T extends Replaced>(files: readonly T[]): Promise<T[]> {
    const fresh = files.filter(({ entry, path }) => !isFile(entry) && !this.#ignored.has(path)).map(({ path }) => path);
    if (fresh.length > 0) {
      const args = ['check-ignore', '-z', '--stdin', '--no-index'];
      const { out } = await this.#git.run(args, { input: joinPaths(fresh), ok: [0, 1] });
      const ignored = fieldsOf(out).map(pathOf);
      const index = ignored.length > 0 ? await readFile(join(this.#git.dirs.gitDir, 'index')).catch(() => null) : null;
      for (const path of ignored) {
        // Added by force, removed, and there again.
        const known = index?.includes(Buffer.concat([bytesOf(path), Buffer.from([0])]));
        if (known) throw new FullLook(`${path} is ignored, and in the index all the same`);
        this.#ignored.add(path);
      }
    }
    return files.filter(({ entry, path }) => isFile(entry) || !this.#ignored.has(path));
  }

  async #blobs(
    base: Oid,
    files: readonly (Replaced & { readonly found: Found })[],
    look: DiskLook,
  ): Promise<Replaced[]> {
    const changes: Replaced[] = [];
    const filtered: { path: GitPath; mode: string }[] = [];
    const pending: { path: GitPath; mode: string; bytes: Buffer | null }[] = [];
    await each(files, async ({ path, entry, found }) => {
      if (found.kind === 'link') {
        const target = await look.link(path);
        const oid = target && (await writeObject(this.#git, 'blob', target, base));
        return void changes.push({ path, entry: oid ? { mode: '120000', oid } : null });
      }
      if (found.kind !== 'file') return undefined;
      if (found.size > MOST_BYTES) return void pending.push({ path, mode: found.mode, bytes: null });
      const bytes = await look.read(path);
      if (bytes === 'unreadable') return void changes.push({ path, entry: isFile(entry) ? entry : null });
      if (bytes === null) return void changes.push({ path, entry: null });
      return void pending.push({ path, mode: found.mode, bytes });
    });
    const judged = await this.#conversions.judge(
      await Promise.all(
        pending.map(async ({ path, bytes }) => ({
          path,
          meaning: await this.#conversions.of(['', ...foldersOf(path)]),
          hasCr: bytes?.includes(13) ?? true,
        })),
      ),
    );
    await each(pending, async ({ path, mode, bytes }) => {
      const how = judged.get(path) ?? 'plain';
      if (how === 'index') throw new FullLook(`${path} has its line ends changed`);
      if (how === 'filtered' || !bytes) return void filtered.push({ path, mode });
      return void changes.push({ path, entry: { mode, oid: await writeObject(this.#git, 'blob', bytes, base) } });
    });
    return [...changes, ...(await this.#hashed(filtered))];
  }

  /** Through the filters (git-hash-object(1)), and without holding a large file in memory. */
  async #hashed(files: readonly { readonly path: GitPath; readonly mode: string }[]): Promise<Replaced[]> {
    if (files.length === 0) return [];
    const input = Buffer.from(files.map(({ path }) => `${quoted(path)}\n`).join(''));
    const { out } = await this.#git.run(['hash-object', '-w', '--stdin-paths'], { input });
    const oids = out.toString().trimEnd().split('\n');
    if (oids.length !== files.length) throw new FullLook('a file went while it was read');
    return files.map(({ path, mode }, i) => ({ path, entry: { mode, oid: oids[i]! } }));
  }
}

function isFile(entry: Entry | null): boolean {
  return entry !== null && entry.mode !== FOLDER;
}

/** From the outermost on, without the top. */
function foldersOf(path: GitPath): GitPath[] {
  const folders: GitPath[] = [];
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}

/** As git reads a path on a line of its own: in quotes, every odd byte in octal. */
function quoted(path: GitPath): string {
  const chars = [...bytesOf(path)].map((byte) => {
    const odd = byte < 32 || byte > 126 || byte === 34 || byte === 92;
    return odd ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte);
  });
  return `"${chars.join('')}"`;
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const due = items.values();
  const worker = async () => {
    for (const item of due) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
