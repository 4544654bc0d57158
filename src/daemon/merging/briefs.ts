/** What an agent is told after a round: which files, what the other changed and why, and to read them again. */
import { roundDiffs } from '../../adapters/git/diff.ts';
import { otherFiles } from '../../adapters/git/other-files.ts';
import { toldAs } from '../../core/agents/told.ts';
import type { Agent, AgentId } from '../../core/model/agent.ts';
import { namedFiles } from '../../core/merge/named-files.ts';
import type { Round } from '../../core/merge/round.ts';
import type { State } from '../../core/model/state.ts';
import { oneLine, showControls } from '../../core/text.ts';
import type { Tree } from './tree.ts';

/** A message, not a document: the files themselves are there to be read. */
const DIFF_LINES = 60;
/** Of what is missing. */
const NEEDED_NAMED = 5;

/** null where there is nothing to tell: the agent's files are as it left them. */
export async function briefFor(
  state: State,
  round: Round,
  trees: readonly [Tree, Tree],
  agent: AgentId,
): Promise<string | null> {
  const [mine, theirs] = trees[0].agent === agent ? trees : [trees[1], trees[0]];
  const diffs = await roundDiffs(mine.worktree, round.id);
  if (!diffs.ok || diffs.diffs.length === 0) return null;
  const other = state.agents[theirs.agent];
  const paths = diffs.diffs.map(({ path }) => showControls(path));
  const lines = [
    `llmctl: ${theirs.agent} and you changed the same ${paths.length === 1 ? 'file' : 'files'}. You were paused, and what both of you wrote is merged in your worktree now:`,
    ...paths.map((path) => `- ${path}`),
    ...whyOf(other),
    ...decidedIn(round),
    'Read each of them again before you write to it. This is what the merge changed in your files:',
  ];
  let left = DIFF_LINES;
  for (const { path, diff } of diffs.diffs) {
    if (left <= 0) break;
    const shown = diff.split('\n').slice(0, left);
    left -= shown.length;
    lines.push(`--- ${showControls(path)}`, ...shown.map((line) => showControls(line)));
  }
  const needed = await neededFrom(theirs, mine, round, diffs.diffs);
  if (needed.length > 0) {
    const names = needed.map((path) => showControls(path)).join(', ');
    lines.push(
      `The merged lines name what only ${theirs.agent} has until it has landed: ${names}. Expect that to be missing.`,
    );
  }
  lines.push('Nothing of yours was lost. Go on with your task.');
  return toldAs(state.agents[agent], lines.join('\n'));
}

/** Files of the other agent that stayed with it, and that what came of its work names. */
async function neededFrom(
  theirs: Tree,
  mine: Tree,
  round: Round,
  diffs: readonly { readonly path: string; readonly diff: string }[],
): Promise<readonly string[]> {
  if (round.scope === 'tree') return [];
  const others = await otherFiles(round.id, mine.scratch, mine.worktree, theirs.worktree);
  if (!others.ok) return [];
  const here = new Set(diffs.map(({ path }) => path));
  const added = diffs.flatMap(({ diff }) => diff.split('\n').filter((line) => line.startsWith('+')));
  return namedFiles(
    others.paths.filter((path) => !here.has(path)),
    added.map((line) => line.slice(1)),
  ).slice(0, NEEDED_NAMED);
}

function whyOf(other: Agent | undefined): string[] {
  if (!other) return [];
  const why = other.activity || other.spec.task || other.spec.prompt || '';
  return why === '' ? [] : [`${other.spec.id} is at: ${oneLine(why, 200)}`];
}

function decidedIn(round: Round): string[] {
  const words = { A: round.sides[0].agent, B: round.sides[1].agent, both: 'both', edit: 'a text of their own' };
  return round.settled.map(({ path, take }) => `A person decided on ${showControls(path)}: ${words[take]}.`);
}
