/** Two gits that are kept for verdicts: one merges, one tells which lines changed. */
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid } from './api-merge.ts';
import { Conversation } from './conversation.ts';
import { parseRanges, type LineRange } from './hunks.ts';
import { mergedTree, type MergedTree } from './merge-tree.ts';
import { writeCommit, writeObject } from './objects.ts';
import { fieldsOf } from './path-bytes.ts';
import { GitError } from './plumb.ts';
import type { Git } from './plumb.ts';
import { formatTree } from './trees.ts';

const PATCH = ['-r', '-p', '--unified=0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames'];

export class Judges {
  readonly #git: Git;
  readonly #comparing: Conversation;
  #merging: Promise<Conversation> | null = null;
  /** What says how files are merged: a git that runs has read it once. */
  #rules = '';

  constructor(git: Git) {
    this.#git = git;
    // What is no name of an object it says again (git-diff-tree(1), --stdin). A text may hold any word but this one.
    const word = `end ${randomBytes(12).toString('hex')}`;
    const end = { ask: word, said: Buffer.from(`${word}\n`) };
    this.#comparing = new Conversation(git, { args: ['diff-tree', '--stdin', ...PATCH], end });
  }

  /** Starts both, and waits for neither. @param commit any that has a file */
  warm(commit: Oid): void {
    // Whoever asks hears of what is wrong.
    Promise.all([this.merge(commit, commit), this.#comparing.ask('')]).catch(() => {});
  }

  /** As `mergeCommits`. Throws GitError, also with a git that can't be asked for several (before 2.39). */
  async merge(a: Oid, b: Oid): Promise<MergedTree> {
    await this.#readRules();
    const talk = await (this.#merging ??= this.#startMerging(a));
    const said = await talk.ask(`${a} ${b}\n`);
    // The last byte of the answer before comes with the next one.
    const [clean, ...fields] = fieldsOf(said[0] === 0 ? said.subarray(1) : said);
    if (clean === undefined || fields.length === 0) throw new GitError('git merge-tree gave no answer', null);
    return mergedTree(clean.toString() === '1', fields);
  }

  /** As `changedLines`, of two blobs. Throws GitError. */
  async changed(from: Oid, to: Oid): Promise<readonly LineRange[] | null> {
    if (from === to) return [];
    const [before, after] = await Promise.all([this.#alone(from), this.#alone(to)]);
    return parseRanges((await this.#comparing.ask(`${before} ${after}\n`)).toString('latin1'));
  }

  close(): void {
    this.#comparing.close();
    this.#closeMerging();
  }

  /** A tree that holds nothing else: only trees can be asked about one after the other. */
  #alone(oid: Oid): Promise<Oid> {
    return writeObject(this.#git, 'tree', formatTree(new Map([['f', { mode: '100644', oid }]])), oid);
  }

  /** Ends with the merge of a commit with itself whose tree no one else has: not an empty one, which two that delete all have. */
  async #startMerging(like: Oid): Promise<Conversation> {
    const none = await writeObject(this.#git, 'blob', Buffer.alloc(0), like);
    const alone = formatTree(new Map([['llmctl: the end of an answer', { mode: '100644', oid: none }]]));
    const tree = await writeObject(this.#git, 'tree', alone, like);
    const end = await writeCommit(this.#git, tree, [], 'llmctl: end');
    return new Conversation(this.#git, {
      args: ['merge-tree', '--write-tree', '-z', '--messages', '--stdin'],
      end: { ask: `${end} ${end}`, said: Buffer.from(`\0${'1'}\0${tree}\0\0`, 'latin1') },
    });
  }

  #closeMerging(): void {
    void this.#merging?.then((talk) => talk.close()).catch(() => {});
    this.#merging = null;
  }

  /** Attributes name drivers (gitattributes(5)); those of single folders are read by the next git. */
  async #readRules(): Promise<void> {
    const { dir, commonDir } = this.#git.dirs;
    const files = [join(dir, '.gitattributes'), join(commonDir, 'info/attributes')];
    const found = await Promise.all(files.map((file) => stat(file, { bigint: true }).catch(() => null)));
    const rules = found.map((one) => (one ? `${one.ino} ${one.mtimeNs} ${one.size}` : '-')).join('\n');
    if (rules === this.#rules) return;
    this.#closeMerging();
    this.#rules = rules;
  }
}
