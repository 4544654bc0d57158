/** A short diff of what changed in one file, for an agent to read. */
import type { Entry, GitPath, Outcome, Worktree } from './api-merge.ts';
import { readPlan } from './kept-plan.ts';
import { Git, attempt } from './plumb.ts';

/** Enough to see what it is about; the file itself is there to be read. */
const MAX_LINES = 40;
const MAX_WIDTH = 200;

/** Unified hunks with one line around each, without the header; '' where they are equal. Not fit for a terminal as it is. */
export async function shortDiff(
  git: Git,
  from: Pick<Entry, 'oid'> | null,
  to: Pick<Entry, 'oid'> | null,
  maxLines = MAX_LINES,
): Promise<string> {
  if (!to) return '(deleted)';
  if (from?.oid === to.oid) return '';
  const empty = from ? from.oid : await git.line(['hash-object', '-w', '--stdin'], { input: '' });
  const args = ['diff', '--no-color', '--no-ext-diff', '--no-textconv', '--unified=1', empty, to.oid];
  const { out } = await git.run(args);
  const text = out.toString();
  const start = text.indexOf('\n@@ ');
  if (start < 0) return '(binary, or only its mode)';
  const lines = text
    .slice(start + 1)
    .trimEnd()
    .split('\n');
  const shown = lines
    .slice(0, maxLines)
    .map((line) => (line.length > MAX_WIDTH ? `${line.slice(0, MAX_WIDTH)}…` : line));
  const more = lines.length - shown.length;
  return more > 0 ? `${shown.join('\n')}\n(${more} more lines)` : shown.join('\n');
}

export interface RoundDiff {
  readonly path: GitPath;
  readonly diff: string;
}

/** What a round brought into one agent's files: what the other one changed there, as this one sees it. */
export function roundDiffs(worktree: Worktree, round: string): Promise<Outcome<{ diffs: RoundDiff[] }>> {
  return attempt(async () => {
    const git = new Git(worktree);
    const plan = await readPlan(git, round, worktree.agent);
    const diffs: RoundDiff[] = [];
    for (const { path, from, to } of plan?.changes ?? []) {
      diffs.push({ path, diff: await shortDiff(git, from, to) });
    }
    return { diffs };
  });
}
