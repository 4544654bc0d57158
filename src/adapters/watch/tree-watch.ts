/** What both ways of watching a tree have in common. */
export interface TreeWatchEvents {
  /** Absolute path of something that was made, changed or removed. */
  readonly onChange: (path: string) => void;
  /** The watch is not complete (any more): `code` as in ENOSPC. Told once; the owner then closes it. */
  readonly onFailure: (code: string) => void;
}

export interface TreeWatch {
  /** Resolves when every directory is watched. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** True for a path, relative to the tree's top and with `/`, that nobody needs to hear of. */
export type Skips = (relative: string) => boolean;

export type WatchFunction = typeof import('node:fs').watch;
