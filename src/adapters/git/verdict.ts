/** What would come of merging two agents' work as it lies there: asked after every write, so remembered by content. */
import type { ConflictPath, Entry, Oid, Outcome, Overlapping, PairVerdict, Snapshot, Worktree } from './api-merge.ts';
import { readAgreed } from './agreed.ts';
import { changedLines, meet } from './hunks.ts';
import type { Judges } from './judges.ts';
import { closeJudges, judgesOf } from './judges-store.ts';
import { mergeCommits } from './merge-tree.ts';
import type { LineRange } from './hunks.ts';
import { conflictsAmong, fileKey, meetingFiles, meetingKey } from './meeting-files.ts';
import type { MeetingFile } from './meeting-files.ts';
import { meetPair, mergeMeeting } from './pair-merge.ts';
import type { PairMeeting } from './pair-merge.ts';
import { Git, attempt } from './plumb.ts';
import { agreedRef } from './refs.ts';
import type { Scratch } from './scratch.ts';
import { treesOf } from './trees.ts';

/** The part that is known before the merge where it has to be no conflict. */
type Judged = ConflictPath & { readonly conflict?: boolean };

const REMEMBERED = 500;
const REMEMBERED_FILES = 20_000;
const AT_ONCE = 4;

export class Verdicts {
  readonly #scratch: Scratch;
  /** Of the last pair. */
  #commit: Oid = '';
  readonly #files = new Map<string, Overlapping>();
  /** Where only the whole merge told. */
  readonly #whole = new Map<string, readonly Overlapping[]>();
  readonly #ranges = new Map<string, Promise<readonly LineRange[] | null>>();

  constructor(scratch: Scratch) {
    this.#scratch = scratch;
  }

  /**
   * Some 20 ms where a file that both changed was changed again, 1 ms where not. @param a,b of two worktrees of one repository;
   * `worktree` is any of its.
   */
  of(worktree: Worktree, a: Snapshot, b: Snapshot): Promise<Outcome<{ verdict: PairVerdict }>> {
    return attempt(async () => {
      const git = new Git(worktree, this.#scratch.env);
      this.#commit = a.head;
      judgesOf(git, this.#scratch, a.head);
      const agreed = readAgreed(treesOf(worktree, this.#scratch), agreedRef(a.agent, b.agent));
      // Looked at a little later; until then its failure is nobody's.
      agreed.catch(() => {});
      const { base, meeting } = await meetPair(git, this.#scratch, a, b, agreed);
      const paths = meeting ? await this.#overlaps(git, meeting, a, b) : [];
      return { verdict: { agents: [a.agent, b.agent], base, paths } };
    });
  }

  async #overlaps(git: Git, meeting: PairMeeting, a: Snapshot, b: Snapshot): Promise<readonly Overlapping[]> {
    const files = meetingFiles(meeting);
    if (files) return this.#judgeFiles(git, files, meeting.base);
    const key = meetingKey(meeting);
    const known = this.#whole.get(key);
    if (known) return known;
    const merge = await mergeMeeting(git, this.#scratch, meeting, a.tree, b.tree);
    const paths = await this.#judgeAll(git, merge.paths);
    if (this.#whole.size >= REMEMBERED) this.#whole.clear();
    this.#whole.set(key, paths);
    return paths;
  }

  async #judgeFiles(git: Git, files: readonly MeetingFile[], like: Oid): Promise<readonly Overlapping[]> {
    const fresh = files.filter((file) => !this.#files.has(fileKey(file)));
    if (fresh.length > 0) {
      const merge = (a: Oid, b: Oid) =>
        this.#asked(
          (judges) => judges.merge(a, b),
          () => mergeCommits(git, a, b),
          git,
        );
      const conflicting = conflictsAmong(treesOf(git.dirs, this.#scratch), git, fresh, like, merge);
      // Meanwhile: where their lines are, which a conflict makes superfluous, as a rule it is none.
      const [conflicts, regions] = await Promise.all([conflicting, this.#judgeAll(git, fresh)]);
      if (this.#files.size + fresh.length > REMEMBERED_FILES) this.#files.clear();
      for (const [at, file] of fresh.entries()) {
        const conflict: Overlapping = { path: file.path, verdict: 'conflict', sameRegion: true };
        this.#files.set(fileKey(file), conflicts.has(file.path) ? conflict : regions[at]!);
      }
    }
    const judged = files.map((file) => this.#files.get(fileKey(file)));
    // Cleared meanwhile, by another pair.
    return judged.every((one) => one !== undefined) ? judged : this.#judgeFiles(git, files, like);
  }

  /** A few at a time: each may start two of git. */
  async #judgeAll(git: Git, paths: readonly Judged[]): Promise<Overlapping[]> {
    const judged: Overlapping[] = [];
    const due = paths.entries();
    const worker = async () => {
      for (const [at, path] of due) judged[at] = await this.#judge(git, path);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return judged;
  }

  async #judge(git: Git, path: Judged): Promise<Overlapping> {
    if (path.conflict) return { path: path.path, verdict: 'conflict', sameRegion: true };
    const { base, ours, theirs } = path;
    const files = [base, ours, theirs].every(isText);
    const sameRegion = !files || (await this.#sameLines(git, base!.oid, ours!.oid, theirs!.oid));
    return { path: path.path, verdict: 'clean', sameRegion };
  }

  async #sameLines(git: Git, base: string, ours: string, theirs: string): Promise<boolean> {
    const [a, b] = await Promise.all([this.#changed(git, base, ours), this.#changed(git, base, theirs)]);
    return a === null || b === null || meet(a, b);
  }

  /** Of a git that runs already; one that fails over it, or can't do it, is no reason to know less. */
  async #asked<T>(ask: (judges: Judges) => Promise<T>, otherwise: () => Promise<T>, git: Git): Promise<T> {
    try {
      return await ask(judgesOf(git, this.#scratch, this.#commit));
    } catch {
      // Its worktree may be gone.
      closeJudges(this.#scratch);
      return otherwise();
    }
  }

  #changed(git: Git, from: string, to: string): Promise<readonly LineRange[] | null> {
    const key = `${from} ${to}`;
    let found = this.#ranges.get(key);
    if (!found) {
      if (this.#ranges.size > REMEMBERED) this.#ranges.clear();
      found = this.#asked(
        (judges) => judges.changed(from, to),
        () => changedLines(git, from, to),
        git,
      );
      this.#ranges.set(key, found);
      found.catch(() => this.#ranges.delete(key));
    }
    return found;
  }
}

function isText(entry: Entry | null): boolean {
  return entry !== null && entry.mode.startsWith('100');
}
