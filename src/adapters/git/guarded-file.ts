/** What a file was since a merge: the versions of it that its agent may have in mind. */
import { VERSION_LIMIT, likestText, lineCounts, nearestVersion } from '../../core/merge/stale.ts';
import type { LineCounts } from '../../core/merge/stale.ts';
import type { GitPath } from './api-merge.ts';

export interface Version {
  readonly bytes: Buffer;
  readonly lines: LineCounts;
}

export class GuardedFile {
  /** Oldest first; never empty once it is watched. */
  #versions: readonly Version[] = [];
  /** The round or forward that it was in last, and when that was. Milliseconds since 1970. */
  change = '';
  since = 0;
  /** Ref of what the two of its last round agreed on, and the path that it has there. */
  agreed: { readonly ref: string; readonly path: GitPath } | null = null;
  /** Nothing lay at its path when it was last looked at. */
  gone = false;
  /** Its agent has written to it since, and knew what was merged. */
  known = false;

  get newest(): Version | undefined {
    return this.#versions.at(-1);
  }

  /** What the agent may have read, of all that it may have read. */
  get oldest(): Version | undefined {
    return this.#versions[0];
  }

  /** Of all its versions. */
  get bytes(): number {
    return this.#versions.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  get lines(): readonly LineCounts[] {
    return this.#versions.map(({ lines }) => lines);
  }

  push(bytes: Buffer): void {
    if (this.newest?.bytes.equals(bytes)) return;
    // What is there again is no older version any more.
    const others = this.#versions.filter((one) => !one.bytes.equals(bytes));
    this.#versions = [...others, versionOf(bytes)].slice(-VERSION_LIMIT);
  }

  /** The version that `written` was made from. */
  source(written: Version): Version | undefined {
    return this.#versions[nearestVersion(written.lines, this.lines)];
  }

  /** Which of several texts is this file, elsewhere or again; -1 where none is. */
  findAmong(texts: readonly Buffer[]): number {
    return likestText(
      texts.map((bytes) => versionOf(bytes).lines),
      this.lines,
    );
  }
}

export function versionOf(bytes: Buffer): Version {
  return { bytes, lines: lineCounts(bytes.toString('latin1')) };
}

const HOUR_MS = 60 * 60_000;
/** Who has written to a file knowing what was merged has no older version in mind much longer. */
const KNOWN_MS = HOUR_MS;
/** Whoever has not may have been paused for a night. */
const UNKNOWN_MS = 24 * HOUR_MS;
/** Of all versions in one worktree, from then on the oldest go; but what is younger than KNOWN_MS stays whatever it takes. */
export const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Which files need no watching any more. What was written back from a version after that is wanted: a person or an agent that
 * takes a change out again some days later knows what it does.
 */
export function outdated(files: ReadonlyMap<GitPath, GuardedFile>, now: number): GitPath[] {
  const old: GitPath[] = [];
  let have = 0;
  // The youngest first: they have the room that there is.
  for (const [path, file] of [...files].toSorted(([, a], [, b]) => b.since - a.since)) {
    const age = now - file.since;
    const crowded = have + file.bytes > MOST_BYTES && age > KNOWN_MS;
    if (crowded || age > (file.known ? KNOWN_MS : UNKNOWN_MS)) old.push(path);
    else have += file.bytes;
  }
  return old;
}
