/** Names of the refs that keep what a round could cost somebody, and moving several of them at once. */
import type { Oid } from './api-merge.ts';
import type { Git } from './plumb.ts';

export type BackupPart = 'snap' | 'head' | 'index' | 'plan' | 'files';

/** refs/llmctl/backup/ROUND/AGENT/PART. */
export function backupRef(round: string, agent: string, part: BackupPart): string {
  return `refs/llmctl/backup/${refPart(round)}/${refPart(agent)}/${part}`;
}

/** Commit of the whole merge; its parents are both snapshots. */
export function mergedRef(round: string): string {
  return `refs/llmctl/backup/${refPart(round)}/merged`;
}

/** Where the integration branch was before a landing. */
export function landedRef(landing: string): string {
  return `refs/llmctl/landed/${refPart(landing)}`;
}

/** What the rounds of two agents came to; see agreed.ts. */
export function agreedRef(a: string, b: string): string {
  const [first, second] = a < b ? [a, b] : [b, a];
  return `refs/llmctl/agreed/${refPart(first!)}/${refPart(second!)}`;
}

/** True for the refs of `agreedRef` that this agent has a part in. */
export function isAgreedRefOf(ref: string, agent: string): boolean {
  const [, , kind, a, b] = ref.split('/');
  return kind === 'agreed' && (a === refPart(agent) || b === refPart(agent));
}

/** Below them stands the id of the round, forward or landing that each ref is kept for. */
export const KEPT_FOR_UNDO = ['refs/llmctl/backup/', 'refs/llmctl/landed/'] as const;

/** Where a worktree stood that was cleaned away. */
export function cleanedRef(agent: string, head: Oid): string {
  return `refs/llmctl/cleaned/${refPart(agent)}/${head}`;
}

/** Ids that git would not have in a ref (git-check-ref-format(1)) are spelt in hex. */
export function refPart(id: string): string {
  const plain = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(id) && !/\.\.|\.lock$|\.$/.test(id) && !id.startsWith('hex-');
  return plain ? id : `hex-${Buffer.from(id).toString('hex')}`;
}

/** All or none (git-update-ref(1), --stdin). null deletes. */
export async function updateRefs(git: Git, refs: readonly (readonly [string, Oid | null])[]): Promise<void> {
  const lines = refs.map(([ref, oid]) => (oid ? `update ${ref} ${oid}` : `delete ${ref}`));
  await git.run(['update-ref', '--stdin'], { input: `start\n${lines.join('\n')}\nprepare\ncommit\n` });
}
