/**
 * The shapes that worktrees, snapshots, verdicts and rounds hand to each other and to the daemon; the functions beside it
 * work with them. All are plain data and survive JSON.
 */
import type { MergeScope } from '../../core/model/overlap.ts';

/**
 * A path relative to the top of a worktree. A byte that isn't UTF-8 stands as the lone surrogate U+DC00 + byte, so that a name
 * of any bytes goes through strings, maps and JSON and comes back the same: see path-bytes.ts. Show it through showControls.
 */
export type GitPath = string;

/** 40 or 64 hex digits. */
export type Oid = string;

/** What git keeps at a path: '100644', '100755', '120000' (symlink) or '160000' (submodule), and the object. */
export interface Entry {
  readonly mode: string;
  readonly oid: Oid;
}

/** The working tree of one agent. */
export interface Worktree {
  readonly agent: string;
  /** Absolute, symlinks resolved. */
  readonly dir: string;
  /** HEAD and index of this worktree. */
  readonly gitDir: string;
  /** refs, objects and configuration, shared by all worktrees. */
  readonly commonDir: string;
  /** '' while HEAD is detached. */
  readonly branch: string;
}

/** What a worktree holds, committed or not, tracked or new, without what is ignored. */
export interface Snapshot {
  readonly agent: string;
  /** Commit of HEAD when it was taken. */
  readonly head: Oid;
  readonly tree: Oid;
  /** A commit of `tree` with `head` as its parent. Reachable from no ref before the backup. */
  readonly commit: Oid;
}

/** `to` of `base` → snapshot at one path; null: absent. */
export interface PathChange {
  readonly path: GitPath;
  readonly from: Entry | null;
  readonly to: Entry | null;
}

export type PathVerdict = 'clean' | 'conflict';

export interface Overlapping {
  readonly path: GitPath;
  readonly verdict: PathVerdict;
  /** Both changed the same lines or ones next to each other, or one of them has it deleted, renamed or binary. */
  readonly sameRegion: boolean;
}

/** What would come of merging two agents' work, as far as they overlap. */
export interface PairVerdict {
  readonly agents: readonly [string, string];
  /** Merge base that the two were measured from. */
  readonly base: Oid;
  /** In order of their paths; empty where they don't meet. */
  readonly paths: readonly Overlapping[];
}

/** Why something could not be done, on one line, with what to do about it. */
export interface Failed {
  readonly ok: false;
  readonly reason: string;
  /** A file moved between being read and being written: another try may do. */
  readonly moved?: boolean;
}

export type Outcome<T> = (T & { readonly ok: true }) | Failed;

/** A file as it lies on disk, byte for byte: `oid` names a blob of exactly those bytes, not of what git's filters make of them. */
export interface FileState {
  readonly mode: '100644' | '100755' | '120000';
  readonly oid: Oid;
}

/** One change of a file on disk; the same data does, repeats, rolls back and undoes it. */
export interface FileChange {
  readonly path: GitPath;
  readonly from: FileState | null;
  readonly to: FileState | null;
}

/** All that a round does to one worktree. Kept as a blob under refs/llmctl/backup/ROUND/AGENT/plan. */
export interface ApplyPlan {
  readonly agent: string;
  readonly changes: readonly FileChange[];
}

export interface ConflictPath {
  readonly path: GitPath;
  readonly base: Entry | null;
  /** Of the first agent, in the order of ids. */
  readonly ours: Entry | null;
  readonly theirs: Entry | null;
  /** Of a file that one of them has moved here and the other has changed where it lay: what there is to choose from. */
  readonly texts?: Readonly<Record<'base' | 'ours' | 'theirs', Entry | null>>;
}

export interface MergedPath extends ConflictPath {
  readonly entry: Entry | null;
}

/** The three-way merge of two snapshots, as far as the scope goes. */
export interface MergeResult {
  readonly scope: MergeScope;
  readonly base: Oid;
  /** A commit of the whole merged tree with both snapshots as parents; conflicting files hold markers in it. */
  readonly commit: Oid;
  /** Paths that came out clean and that both sides have a hand in or, with scope 'tree', that either side has not as they came out. */
  readonly merged: readonly MergedPath[];
  readonly conflicts: readonly ConflictPath[];
}
