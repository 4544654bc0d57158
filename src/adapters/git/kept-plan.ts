/** Plans under refs/llmctl/backup/ROUND: with them a step is repeated, taken back and undone by whoever comes after a crash. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAgreed, type Agreed } from './agreed.ts';
import type { ApplyPlan, GitPath, Oid, Snapshot, Worktree } from './api-merge.ts';
import type { HeadMove } from './head-move.ts';
import { hasLoose, readRefBlob, writeObject } from './objects.ts';
import type { Git } from './plumb.ts';
import { agreedRef, backupRef, updateRefs } from './refs.ts';
import { formatTree } from './trees.ts';

export interface KeptPlan extends ApplyPlan {
  /** Both sides of the round; null where one agent alone was brought forward. */
  readonly agents: readonly [string, string] | null;
  /** `earlier`: what both had agreed on until then; null: nothing. */
  readonly agreement: Agreed & { readonly earlier?: Agreed | null };
  /** Where branch and index go; null where they stay. */
  readonly move?: HeadMove | null;
  /** Of submodules that come in: git wants an empty folder where one is not checked out. */
  readonly folders?: readonly GitPath[];
}

/** The plan as a blob, and a tree of every blob it names: else git would tidy them away. @returns refs for updateRefs */
export async function keepPlan(git: Git, round: string, plan: KeptPlan, like: Oid) {
  const moved = plan.move ? [plan.move.from.index.blob, plan.move.to.index.blob] : [];
  const files = plan.changes.flatMap(({ from, to }) => [from?.oid, to?.oid].filter((oid) => oid !== undefined));
  const blobs = new Map([...files, ...moved].map((oid) => [oid, { mode: '100644', oid }]));
  const tree = await writeObject(git, 'tree', formatTree(blobs), like);
  const kept = await writeObject(git, 'blob', Buffer.from(JSON.stringify(plan)), like);
  return [
    [backupRef(round, plan.agent, 'plan'), kept] as const,
    [backupRef(round, plan.agent, 'files'), tree] as const,
  ];
}

const indexes = new Map<string, { readonly stamp: string; readonly oid: Oid }>();

/**
 * A worktree's index as a blob; null where there is none. Done before the agent stands still it is done already then: that of
 * 100,000 files has ten megabytes.
 */
export async function keepIndex(git: Git, worktree: Worktree, like: Oid): Promise<Oid | null> {
  const file = join(worktree.gitDir, 'index');
  const stampNow = async () => {
    const found = await stat(file, { bigint: true }).catch(() => null);
    return found ? `${git.objects} ${found.ino} ${found.mtimeNs} ${found.ctimeNs} ${found.size}` : '';
  };
  const stamp = await stampNow();
  const known = indexes.get(file);
  if (stamp !== '' && known?.stamp === stamp && (await hasLoose(git, known.oid))) return known.oid;
  const index = await readFile(file).catch(() => null);
  if (!index) return null;
  const oid = await writeObject(git, 'blob', index, like);
  if (stamp === (await stampNow())) indexes.set(file, { stamp, oid });
  return oid;
}

/** What an agent has, its HEAD and its index. @returns refs for updateRefs */
export async function keepWorktree(git: Git, round: string, worktree: Worktree, snapshot: Snapshot) {
  const kept = await keepIndex(git, worktree, snapshot.head);
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

/** What both agree on is what they did before the round: measured from what is in neither tree, all that it gave would look taken out. */
export async function takeAgreementBack(git: Git, { agents, agreement }: KeptPlan): Promise<void> {
  const { earlier } = agreement;
  if (agents === null || earlier === undefined) return;
  const ref = agreedRef(...agents);
  const kept = earlier && (await writeAgreed(git, earlier, agreement.base));
  if (kept !== null || (await readRefBlob(git, ref)) !== null) await updateRefs(git, [[ref, kept]]);
}
