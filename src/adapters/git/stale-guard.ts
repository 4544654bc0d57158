/** Keeps a merge from being written over by an agent that had read the file before it, also where it moved or deleted it then. */
import { dispute, readAgreed, writeAgreed } from './agreed.ts';
import type { Entry, FileState, GitPath, Outcome, Worktree } from './api-merge.ts';
import { readDisk, stateOf, transition, type DiskFile } from './disk.ts';
import { noteChange, type Remembered } from './guard-memory.ts';
import { GuardedFile, outdated, versionOf, type Version } from './guarded-file.ts';
import { readPlan, type KeptPlan } from './kept-plan.ts';
import { oidOf, writeObject } from './objects.ts';
import { fileAt } from './path-bytes.ts';
import { Git, GitError, attempt } from './plumb.ts';
import { writersIn } from './quiesce.ts';
import { agreedRef, backupRef, updateRefs } from './refs.ts';
import type { Scratch } from './scratch.ts';
import { mergeTexts } from './settle.ts';
import { Snapshots, type TakesSnapshots } from './snapshot.ts';
import { formatTree, treesOf, type Trees } from './trees.ts';

export type GuardFinding =
  /** Not watched, unchanged, or made from what lies there. */
  | 'fresh'
  /** Made from an older version; the newer one's lines were merged back in. */
  | 'merged'
  /** Made from an older version, and both changed the same lines: what it wrote stands. */
  | 'conflict'
  /** It is nowhere any more, and its agent had not written to it since the merge: it may not have known what it deleted. */
  | 'deleted'
  /** It is being written just now: ask again in a moment. */
  | 'busy';

export interface Checked {
  readonly finding: GuardFinding;
  /** Where the file lies now, or lay: its agent may have moved it. */
  readonly path: GitPath;
  /** A ref to a tree of `merged` (what lay there), `read` and `written` (by the agent), where something was rewritten or is lost. */
  readonly kept: string | null;
}

export type Hold = <T>(work: () => Promise<T>) => Promise<T>;

/** How a change is remembered: as it was just made; told again to a daemon that begins anew; or told again, and taken back since. */
export type Remembering = 'made' | 'again' | 'undone';

/** Only a look from a standstill says so for sure. */
type Look = Checked | { readonly finding: 'unsure'; readonly at: GitPath };

/** More new files than that are no move of one. */
const CANDIDATES = 200;

/** One for each worktree, filled after each round. Calls one at a time. */
export class StaleGuard {
  readonly #worktree: Worktree;
  readonly #scratch: Scratch;
  readonly #snapshots: TakesSnapshots;
  readonly #git: Git;
  readonly #trees: Trees;
  readonly #files = new Map<GitPath, GuardedFile>();
  readonly #now: () => number;
  #like = '';

  /** @param snapshots of this worktree, to find out where a file went. @param now milliseconds since 1970 */
  constructor(worktree: Worktree, scratch: Scratch, snapshots?: TakesSnapshots, now: () => number = Date.now) {
    this.#now = now;
    this.#worktree = worktree;
    this.#scratch = scratch;
    this.#snapshots = snapshots ?? new Snapshots(worktree, scratch, 'scratch');
    this.#git = new Git(worktree);
    this.#trees = treesOf(worktree, scratch);
  }

  /** Watched since a round. */
  get paths(): readonly GitPath[] {
    return [...this.#files.keys()];
  }

  /**
   * Before the resume: each file that the round or forward changed, as the agent may have read it and as it is now.
   * @param at when that was; left out: now
   */
  remember(id: string, how: Remembering = 'made', at: number = this.#now()): Promise<Outcome<object>> {
    return attempt(async () => {
      this.#forgetOld();
      const plan = await readPlan(this.#git, id, this.#worktree.agent);
      if (!plan) throw new GitError(`nothing is kept of round ${id} for ${this.#worktree.agent}`, null);
      this.#like = plan.agreement.base;
      for (const { path, from, to } of plan.changes) {
        await this.#rememberFile({ id, at }, path, how === 'undone' ? [to, from] : [from, to], plan);
      }
      if (how === 'made') await noteChange(this.#worktree, id, at);
      else await this.#rememberOthers(id, new Set(plan.changes.map(({ path }) => path)));
      return {};
    });
  }

  /** Somebody put there what lies at the path now, and knew what was there: an older version that is wanted again. */
  accept(path: GitPath): Promise<Outcome<object>> {
    return attempt(async () => {
      const file = this.#files.get(path);
      const disk = file && (await readDisk(this.#worktree.dir, path));
      if (!file) return {};
      if (!disk || disk.mode === '120000') this.#files.delete(path);
      else file.push(disk.bytes);
      return {};
    });
  }

  /**
   * Whenever a watched path was written. @param hold does its work while the agent stands still (pauseStill, then resume); asked
   * for only where something is to be written. @param still it stands already, and is caught in no write
   */
  check(path: GitPath, hold: Hold = (work) => work(), still = false): Promise<Outcome<Checked>> {
    return attempt(async () => {
      this.#forgetOld();
      const look = await this.#look(path, still);
      if (look.finding !== 'unsure') return look;
      return hold(async () => {
        const sure = await this.#look(look.at, true);
        if (sure.finding !== 'unsure') return sure;
        throw new GitError(`${path} could not be looked at from a standstill`, null);
      });
    });
  }

  #forgetOld(): void {
    for (const path of outdated(this.#files, this.#now())) this.#files.delete(path);
  }

  async #rememberFile(
    { id, at }: Remembered,
    path: GitPath,
    states: readonly [FileState | null, FileState | null],
    { agents }: KeptPlan,
  ): Promise<void> {
    if (states.some((state) => state?.mode === '120000')) {
      this.#files.delete(path);
      return;
    }
    const file = this.#files.get(path) ?? new GuardedFile();
    this.#files.set(path, file);
    const oids = states.flatMap((state) => (state ? [state.oid] : []));
    for (const bytes of await this.#trees.blobs(oids)) file.push(bytes);
    file.change = id;
    file.since = at;
    file.agreed = agents && { ref: agreedRef(...agents), path };
    file.known = false;
    file.gone = states[1] === null;
  }

  /** What a round found in files that it did not change: what the agent had made of them by then. */
  async #rememberOthers(id: string, changed: ReadonlySet<GitPath>): Promise<void> {
    const others = [...this.#files].filter(([path]) => !changed.has(path));
    if (others.length === 0) return;
    const root = await this.#trees.root(backupRef(id, this.#worktree.agent, 'snap'));
    for (const [path, file] of others) {
      const entry = await this.#trees.at(root, path);
      file.gone = !entry?.mode.startsWith('100');
      if (!file.gone) for (const bytes of await this.#trees.blobs([entry!.oid])) file.push(bytes);
    }
  }

  /** @param still nobody writes, and what has to be put right is. */
  async #look(path: GitPath, still: boolean): Promise<Look> {
    const fresh = { finding: 'fresh', path, kept: null } as const;
    const file = this.#files.get(path);
    if (!file) return fresh;
    const disk = await this.#read(path, still);
    if (disk === 'busy') return { ...fresh, finding: 'busy' };
    if (!disk) return file.gone ? fresh : this.#whereTo(path, file, still);
    if (disk.mode === '120000' || (file.gone && file.findAmong([disk.bytes]) < 0)) {
      // Another thing of the same name.
      this.#files.delete(path);
      return fresh;
    }
    file.gone = false;
    const newest = file.newest;
    if (!newest || disk.bytes.equals(newest.bytes)) return fresh;
    const written = versionOf(disk.bytes);
    const source = file.source(written)!;
    if (source === newest) {
      file.push(written.bytes);
      file.known = true;
      return fresh;
    }
    return still ? this.#putRight(path, file, disk, { written, source, newest }) : { finding: 'unsure', at: path };
  }

  async #putRight(
    path: GitPath,
    file: GuardedFile,
    disk: DiskFile,
    { written, source, newest }: { readonly written: Version; readonly source: Version; readonly newest: Version },
  ): Promise<Checked> {
    const texts = { ours: written.bytes, base: source.bytes, theirs: newest.bytes };
    const merged = await mergeTexts(this.#git, this.#scratch, texts, 'plain');
    file.push(written.bytes);
    if (merged.content === null || merged.conflicts > 0) {
      const kept = await this.#keep('lost', { merged: newest, written, read: source });
      await this.#dispute(file, source, disk.mode);
      return { finding: 'conflict', path, kept };
    }
    const kept = await this.#keep('stale', { merged: newest, written, read: source });
    const now = stateOf(disk, this.#like)!;
    const to = { mode: now.mode, oid: await writeObject(this.#git, 'blob', merged.content, this.#like) };
    await transition(this.#git, this.#like, [{ path, from: now, to }], { stage: this.#scratch.stage });
    file.push(merged.content);
    return { finding: 'merged', path, kept };
  }

  /** Nothing is at its path: it may lie somewhere else now, with what was written just before. */
  async #whereTo(path: GitPath, file: GuardedFile, still: boolean): Promise<Look> {
    const to = await this.#findMoved(file);
    if (to !== null) {
      this.#files.delete(path);
      this.#files.set(to, file);
      return this.#look(to, still);
    }
    if (!still && !file.known && file.agreed) return { finding: 'unsure', at: path };
    file.gone = true;
    if (file.known || !file.agreed) return { finding: 'fresh', path, kept: null };
    const [merged, read] = [file.newest!, file.oldest!];
    const kept = await this.#keep('lost', { merged, read });
    await this.#dispute(file, read, '100644');
    return { finding: 'deleted', path, kept };
  }

  /** Among what is new since, the text that is most like it; null where none is. What was there before is another file. */
  async #findMoved(file: GuardedFile): Promise<GitPath | null> {
    const taken = await this.#snapshots.take();
    if (!taken.ok) throw new GitError(taken.reason, null);
    const before = await this.#trees.root(backupRef(file.change, this.#worktree.agent, 'snap'));
    const changes = await this.#trees.diff(before, taken.snapshot.tree);
    const places = changes
      .filter(({ path: at, from, to }) => from === null && to?.mode.startsWith('100') && !this.#watches(at))
      .slice(0, CANDIDATES);
    const texts = await this.#trees.blobs(places.map(({ to }) => to!.oid));
    return places[file.findAmong(texts)]?.path ?? null;
  }

  #watches(path: GitPath): boolean {
    return this.#files.get(path)?.gone === false;
  }

  /** What it wrote takes the other's lines out, and nobody wanted that: the next merge must not take it for wanted. */
  async #dispute({ agreed }: GuardedFile, read: Version, mode: string): Promise<void> {
    const old = agreed && (await readAgreed(this.#git, agreed.ref));
    if (!old) return;
    const entry = { mode, oid: await writeObject(this.#git, 'blob', read.bytes, this.#like) };
    const kept = await writeAgreed(this.#git, dispute(old, agreed.path, entry), this.#like);
    await updateRefs(this.#git, [[agreed.ref, kept]]);
  }

  /** @returns a ref below which the texts stay. @param kind what became of what was merged: it is back, or it is there alone */
  async #keep(kind: 'stale' | 'lost', texts: Readonly<Record<string, Version>>): Promise<string> {
    const tree = new Map<string, Entry>();
    for (const [name, { bytes }] of Object.entries(texts)) {
      tree.set(name, { mode: '100644', oid: await writeObject(this.#git, 'blob', bytes, this.#like) });
    }
    const bytes = formatTree(tree);
    const ref = backupRef(`${kind}-${oidOf('tree', bytes, this.#like).slice(0, 12)}`, this.#worktree.agent, 'files');
    await updateRefs(this.#git, [[ref, await writeObject(this.#git, 'tree', bytes, this.#like)]]);
    return ref;
  }

  /** 'busy' where it is being written: what was read of it may be half of it. */
  async #read(path: GitPath, still: boolean): Promise<DiskFile | null | 'busy'> {
    const { dir } = this.#worktree;
    const first = await readDisk(dir, path);
    if (still || !first || this.#files.get(path)?.newest?.bytes.equals(first.bytes)) return first;
    const file = fileAt(dir, path).toString();
    const writers = await writersIn(dir);
    // A write may have ended between the two.
    const second = await readDisk(dir, path);
    const same = second !== null && second.mode === first.mode && second.bytes.equals(first.bytes);
    return same && writers.every((writer) => writer.file !== file) ? first : 'busy';
  }
}
