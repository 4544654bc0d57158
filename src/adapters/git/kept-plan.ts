/** Plans under refs/llmctl/backup/ROUND: with them a step is repeated, taken back and undone by whoever comes after a crash. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { writeAgreed } from './agreed.ts';
import type { ApplyPlan, GitPath, Oid, Snapshot, Worktree } from './api-merge.ts';
import type { HeadMove } from './head-move.ts';
import { readRefBlob, writeObject } from './objects.ts';
import type { Git } from './plumb.ts';
import { backupRef } from './refs.ts';

export interface KeptPlan extends ApplyPlan {
  /** Both sides of the round; null where one agent alone was brought forward. */
  readonly agents: readonly [string, string] | null;
  readonly agreement: Parameters<typeof writeAgreed>[1];
  /** Where branch and index go; null where they stay. */
  readonly move?: HeadMove | null;
  /** Of submodules that come in: git wants an empty folder where one is not checked out. */
  readonly folders?: readonly GitPath[];
}

/** The plan as a blob, and a tree of every blob it names: else git would tidy them away. @returns refs for updateRefs */
export async function keepPlan(git: Git, round: string, plan: KeptPlan, like: Oid) {
  const indexes = plan.move ? [plan.move.from.index.blob, plan.move.to.index.blob] : [];
  const files = plan.changes.flatMap(({ from, to }) => [from?.oid, to?.oid].filter((oid) => oid !== undefined));
  const lines = [...new Set([...files, ...indexes])].map((oid) => `100644 blob ${oid}\t${oid}\0`);
  const tree = await git.line(['mktree', '-z'], { input: lines.join('') });
  const kept = await writeObject(git, 'blob', Buffer.from(JSON.stringify(plan)), like);
  return [
    [backupRef(round, plan.agent, 'plan'), kept] as const,
    [backupRef(round, plan.agent, 'files'), tree] as const,
  ];
}

/** What an agent has, its HEAD and its index. @returns refs for updateRefs */
export async function keepWorktree(git: Git, round: string, worktree: Worktree, snapshot: Snapshot) {
  const index = await readFile(join(worktree.gitDir, 'index')).catch(() => null);
  const kept = index && (await writeObject(git, 'blob', index, snapshot.head));
  return [
    [backupRef(round, worktree.agent, 'snap'), snapshot.commit] as const,
    [backupRef(round, worktree.agent, 'head'), snapshot.head] as const,
    ...(kept ? [[backupRef(round, worktree.agent, 'index'), kept] as const] : []),
  ];
}

/** What `keepPlan` kept; null where it got to no end. */
export async function readPlan(git: Git, round: string, agent: string): Promise<KeptPlan | null> {
  const kept = await readRefBlob(git, backupRef(round, agent, 'plan'));
  return kept && (JSON.parse(kept.toString()) as KeptPlan);
}
