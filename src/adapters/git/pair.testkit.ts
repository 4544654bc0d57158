/** A repository with two agents' worktrees, for tests of merges. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Outcome, PairVerdict, Snapshot, Worktree } from './api-merge.ts';
import { initRepo } from './repo.ts';
import type { Pair, Side } from './round.ts';
import { openScratch } from './scratch.ts';
import type { Scratch } from './scratch.ts';
import { Snapshots } from './snapshot.ts';
import { closeJudges } from './judges-store.ts';
import { closeTrees } from './trees.ts';
import { Verdicts } from './verdict.ts';
import { ensureWorktree } from './worktrees.ts';

export function got<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome;
}

export class PairOfAgents {
  readonly folder: string;
  readonly repo: string;
  worktrees!: Pair<Worktree>;
  scratch!: Scratch;

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-pair-')));
    this.repo = join(this.folder, 'repo');
    mkdirSync(this.repo);
  }

  /** @param files of the first commit. */
  async start(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    await initRepo(this.repo);
    for (const [path, text] of Object.entries(files)) this.write(this.repo, path, text);
    this.git(this.repo, 'add', '-A', '-f');
    this.git(this.repo, 'commit', '-q', '--allow-empty', '-m', 'base');
    const a = got(await ensureWorktree(this.repo, { agent: 'a', base: null }));
    const b = got(await ensureWorktree(this.repo, { agent: 'b', base: null }));
    this.worktrees = [a.worktree, b.worktree];
    await this.anew();
  }

  /** As a daemon that begins again. */
  async anew(): Promise<void> {
    this.scratch = got(await openScratch(this.worktrees[0].commonDir)).scratch;
  }

  git(cwd: string, ...args: string[]): string {
    const who = ['user.name=t', 'user.email=t@t', 'core.hooksPath=/dev/null', 'maintenance.auto=false'];
    const settings = who.flatMap((setting) => ['-c', setting]);
    return execFileSync('git', [...settings, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  write(dir: string, path: string, text: string | Buffer): void {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }

  /** @param side 0 or 1. */
  edit(side: 0 | 1, path: string, text: string | Buffer): void {
    this.write(this.worktrees[side].dir, path, text);
  }

  async snapshots(keep: 'scratch' | 'repository' = 'repository'): Promise<Pair<Snapshot>> {
    const take = async (worktree: Worktree) => got(await new Snapshots(worktree, this.scratch, keep).take()).snapshot;
    return [await take(this.worktrees[0]), await take(this.worktrees[1])];
  }

  async sides(): Promise<Pair<Side>> {
    const [a, b] = await this.snapshots();
    return [
      { worktree: this.worktrees[0], snapshot: a },
      { worktree: this.worktrees[1], snapshot: b },
    ];
  }

  async verdict(): Promise<PairVerdict> {
    const [a, b] = await this.snapshots('scratch');
    return got(await new Verdicts(this.scratch).of(this.worktrees[0], a, b)).verdict;
  }

  remove(): void {
    if (this.scratch) {
      closeTrees(this.scratch);
      closeJudges(this.scratch);
    }
    // A git that ends with its session may write a last object meanwhile.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
