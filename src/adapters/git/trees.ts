/** git's trees in memory: read once, compared and changed without starting a program. */
import type { Entry, GitPath, Oid, PathChange } from './api-merge.ts';
import { ObjectReader } from './object-reader.ts';
import { writeObject } from './objects.ts';
import { bytesOf, pathOf } from './path-bytes.ts';
import { Git, GitError } from './plumb.ts';
import type { Dirs } from './plumb.ts';
import type { Scratch } from './scratch.ts';
import { sameEntry } from './touched.ts';

/** git's mode of a folder within a tree. */
export const FOLDER = '40000';

/** By name, in no order. */
export type Tree = ReadonlyMap<string, Entry>;

/** Some 150 bytes an entry: 30 MB at most. */
const KEPT_ENTRIES = 200_000;

export class Trees {
  readonly #reader: ObjectReader;
  readonly #trees = new Map<Oid, Tree>();
  #entries = 0;

  /** @param git that finds all the objects. */
  constructor(git: Git) {
    this.#reader = new ObjectReader(git);
  }

  /** The tree of a commit or of a tree. */
  async root(name: Oid): Promise<Oid> {
    if (this.#trees.has(name)) return name;
    const found = await this.#reader.read(name);
    if (found?.kind === 'tree') this.#keep(name, parseTree(found.bytes, name.length));
    if (found?.kind === 'tree') return name;
    const tree = found?.kind === 'commit' ? /^tree ([0-9a-f]+)$/m.exec(found.bytes.toString('latin1'))?.[1] : undefined;
    if (!tree) throw new GitError(`object ${name} is ${found ? `a ${found.kind}` : 'missing'}`, null);
    return tree;
  }

  /** The content of each blob, in order, all in memory. Throws where one is missing. */
  blobs(oids: readonly Oid[]): Promise<Buffer[]> {
    return Promise.all(
      oids.map(async (oid) => {
        const found = await this.#reader.read(oid);
        if (found?.kind !== 'blob') throw new GitError(`object ${oid} is ${found?.kind ?? 'missing'}`, null);
        return found.bytes;
      }),
    );
  }

  /** The blob that a ref names; null where there is none. */
  async blob(ref: string): Promise<Buffer | null> {
    const found = await this.#reader.read(ref);
    return found?.kind === 'blob' ? found.bytes : null;
  }

  async read(oid: Oid): Promise<Tree> {
    const known = this.#trees.get(oid);
    if (known) return known;
    const found = await this.#reader.read(oid);
    if (found?.kind !== 'tree') throw new GitError(`tree ${oid} is missing`, null);
    const tree = parseTree(found.bytes, oid.length);
    this.#keep(oid, tree);
    return tree;
  }

  /** Where `git` writes to, which may be a store that doesn't have it yet. @returns its name */
  async write(git: Git, tree: Tree, like: Oid): Promise<Oid> {
    const oid = await writeObject(git, 'tree', formatTree(tree), like);
    this.#keep(oid, tree);
    return oid;
  }

  /** What stands at a path; null where nothing does. */
  async at(root: Oid, path: GitPath): Promise<Entry | null> {
    let entry: Entry = { mode: FOLDER, oid: root };
    for (const name of path.split('/')) {
      if (entry.mode !== FOLDER) return null;
      const next = (await this.read(entry.oid)).get(name);
      if (!next) return null;
      entry = next;
    }
    return entry;
  }

  /** Files below a folder, submodules included. @param most gives up with null when there are more. */
  async filesBelow(oid: Oid, prefix: GitPath, most: number): Promise<GitPath[] | null> {
    const files: GitPath[] = [];
    for (const [name, entry] of await this.read(oid)) {
      const path = `${prefix}/${name}`;
      if (entry.mode === FOLDER) {
        const below = await this.filesBelow(entry.oid, path, most - files.length);
        if (!below) return null;
        files.push(...below);
      } else {
        files.push(path);
      }
      if (files.length > most) return null;
    }
    return files;
  }

  /** As `git diff-tree -r --no-renames` has it, in git's order of paths. @param from,to trees, or null for nothing. */
  async diff(from: Oid | null, to: Oid | null, prefix: GitPath = ''): Promise<PathChange[]> {
    if (from === to) return [];
    const before = from === null ? EMPTY : await this.read(from);
    const after = to === null ? EMPTY : await this.read(to);
    const changes: PathChange[] = [];
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      const [a, b] = [before.get(name) ?? null, after.get(name) ?? null];
      if (sameEntry(a, b)) continue;
      const path = `${prefix}${name}`;
      const folders = [a, b].map((entry) => (entry?.mode === FOLDER ? entry.oid : null));
      const files = [a, b].map((entry) => (entry?.mode === FOLDER ? null : entry));
      if (files[0] || files[1]) changes.push({ path, from: full(files[0]!), to: full(files[1]!) });
      if (folders[0] || folders[1]) changes.push(...(await this.diff(folders[0]!, folders[1]!, `${path}/`)));
    }
    return prefix === '' ? changes.sort((a, b) => Buffer.compare(bytesOf(a.path), bytesOf(b.path))) : changes;
  }

  /** Ends the process behind it. */
  close(): void {
    this.#reader.close();
  }

  #keep(oid: Oid, tree: Tree): void {
    if (this.#trees.has(oid)) return;
    this.#entries += tree.size;
    if (this.#entries > KEPT_ENTRIES) {
      this.#trees.clear();
      this.#entries = tree.size;
    }
    this.#trees.set(oid, tree);
  }
}

const stores = new Map<string, Trees>();

/** One for all who work with a scratch folder: it finds the repository's objects and the scratch folder's. */
export function treesOf({ commonDir }: Pick<Dirs, 'commonDir'>, scratch: Scratch): Trees {
  let trees = stores.get(scratch.dir);
  // Of the repository itself: any worktree may be removed.
  const git = () => new Git({ dir: commonDir, gitDir: commonDir, commonDir }, scratch.env);
  if (!trees) stores.set(scratch.dir, (trees = new Trees(git())));
  return trees;
}

/** Ends the process behind the trees of a scratch folder. */
export function closeTrees(scratch: Scratch): void {
  stores.get(scratch.dir)?.close();
  stores.delete(scratch.dir);
}

const EMPTY: Tree = new Map();

/** As it is outside of trees: there git leaves no zero away. */
function full(entry: Entry | null): Entry | null {
  return entry && entry.mode.length < 6 ? { mode: entry.mode.padStart(6, '0'), oid: entry.oid } : entry;
}

/** "MODE NAME\0" and the object's bytes, again and again (gitformat, "tree objects"). */
function parseTree(bytes: Buffer, oidLength: number): Tree {
  const tree = new Map<string, Entry>();
  const size = oidLength / 2;
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const zero = bytes.indexOf(0, space);
    const oid = bytes.toString('hex', zero + 1, zero + 1 + size);
    tree.set(pathOf(bytes.subarray(space + 1, zero)), { mode: bytes.toString('latin1', at, space), oid });
    at = zero + 1 + size;
  }
  return tree;
}

/** git sorts a folder as if its name ended in a slash. */
export function formatTree(tree: Tree): Buffer {
  const rows = [...tree].map(([name, entry]) => {
    const bytes = bytesOf(name);
    const key = entry.mode === FOLDER ? Buffer.concat([bytes, Buffer.from('/')]) : bytes;
    return { key, bytes, entry };
  });
  rows.sort((a, b) => Buffer.compare(a.key, b.key));
  const parts = rows.flatMap(({ bytes, entry }) => [
    Buffer.from(`${entry.mode} `),
    bytes,
    Buffer.from([0]),
    Buffer.from(entry.oid, 'hex'),
  ]);
  return Buffer.concat(parts);
}
