/** What the daemon and the process that watches say to each other, over Node's own channel between the two. */
import type { GitDirs } from '../../git/repo.ts';
import type { ChangedPaths } from '../tree-eye.ts';

/** `tree` is a number that the daemon chose. */
export type ToHost =
  | { readonly type: 'watch'; readonly tree: number; readonly dirs: GitDirs }
  /** Answered by 'settled' once all that happened before is told. */
  | { readonly type: 'settle'; readonly tree: number; readonly question: number }
  | { readonly type: 'forget'; readonly tree: number };

export type FromHost =
  /** All of it is watched, or it is told that it can't be. */
  | { readonly type: 'ready'; readonly tree: number }
  | { readonly type: 'changed'; readonly tree: number; readonly paths: ChangedPaths; readonly git: boolean }
  | { readonly type: 'trouble'; readonly tree: number; readonly text: string | null }
  | { readonly type: 'settled'; readonly tree: number; readonly question: number };
