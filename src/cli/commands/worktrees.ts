/** worktrees: those of agents that are gone, what they still hold, and cleaning away what holds nothing. */
import { cleanWorktree, staleWorktrees, type StaleRequest, type StaleWorktree } from '../../adapters/git/stale.ts';
import { LlmctlError } from '../../client/error.ts';
import { nearestNames } from '../../core/nearest.ts';
import { showControls } from '../../core/text.ts';
import type { Context } from '../context.ts';
import type { CommandLine } from '../define.ts';
import { CliError, usageError } from '../errors.ts';
import { snapshot } from '../requests.ts';
import { columns } from '../table.ts';

/** Files named in a line for people; --json has all. */
const FILES_SHOWN = 3;

interface Cleaned {
  readonly agent: string;
  readonly removed: boolean;
  readonly branch: string;
  readonly branchKept: boolean;
  /** Why it stays; '' where it went. */
  readonly keep: string;
}

export async function worktrees({ context, args, options }: CommandLine): Promise<void> {
  const names = (args[0] ?? []) as readonly string[];
  if (!context.repo.git) throw new CliError(`${context.repo.root} is no git repository: it has no worktrees`);
  const request = await requestFor(context);
  const found = await staleWorktrees(context.repo.root, request);
  if (!found.ok) throw new CliError(`worktrees can't be listed: ${found.reason}`);
  if (options.clean !== true) {
    if (names.length > 0) throw usageError('agents are named for --clean only');
    context.answer({ worktrees: found.worktrees.map(document) }, describe(found.worktrees));
    return;
  }
  const wanted = names.length === 0 ? found.worktrees : names.map((name) => named(found.worktrees, name, request));
  const cleaned: Cleaned[] = [];
  for (const stale of wanted) cleaned.push(await clean(context, stale, request));
  report(context, cleaned, names.length > 0);
}

/** Without a session nobody is at work; what a plan's agents left is theirs again at the next start, if it is still there. */
async function requestFor(context: Context): Promise<StaleRequest> {
  try {
    return await context.withSession(async (connection) => {
      const { state } = await snapshot(connection);
      const { base, integration } = state.session;
      const landed = [base, integration, state.git?.branch].filter((branch) => branch !== undefined);
      return { live: new Set(state.order), landed };
    });
  } catch (error) {
    if (error instanceof CliError && error.code === 'no-session') return { live: new Set(), landed: ['HEAD'] };
    throw error;
  }
}

function named(all: readonly StaleWorktree[], name: string, { live }: StaleRequest): StaleWorktree {
  const found = all.find(({ agent }) => agent === name);
  if (found) return found;
  if (live.has(name))
    throw new CliError(`agent ${name} is in the session: \`llmctl remove ${name}\` takes it out first`);
  const agents = all.map(({ agent }) => agent);
  const there = agents.length === 0 ? 'there are no stale worktrees' : `stale worktrees: ${agents.join(', ')}`;
  throw new LlmctlError(
    'not-found',
    `no stale worktree is of "${showControls(name)}"; ${there}`,
    nearestNames(name, agents),
  );
}

async function clean(context: Context, stale: StaleWorktree, request: StaleRequest): Promise<Cleaned> {
  const { agent, branch } = stale;
  const done = await cleanWorktree(context.repo.root, agent, request);
  if (!done.ok) return { agent, branch, removed: false, branchKept: branch !== '', keep: done.reason };
  return { agent, branch, removed: true, branchKept: done.branch === 'kept', keep: '' };
}

/** One that was named and stays is a failure; without names those that hold something stay as they should. */
function report(context: Context, cleaned: readonly Cleaned[], asked: boolean): void {
  const stay = cleaned.filter(({ removed }) => !removed);
  const words = cleaned.map(({ agent, removed, branch, branchKept, keep }) => {
    if (!removed) return `${showControls(agent)} stays: ${showControls(keep)}`;
    return `${showControls(agent)} removed${branchKept ? `; its branch ${showControls(branch)} stays, it has commits that haven't landed` : ''}`;
  });
  if (asked && stay.length > 0) throw new CliError(words.join('; '));
  context.answer({ ok: true, worktrees: cleaned }, words.length === 0 ? 'no stale worktrees' : words.join('\n'));
}

function document({ keep, ...facts }: StaleWorktree) {
  return { ...facts, cleanable: keep === '', keep };
}

function describe(all: readonly StaleWorktree[]): string {
  if (all.length === 0) return 'no stale worktrees: each is of an agent in the session';
  const rows = all.map(({ agent, branch, missing, uncommitted, unlanded, keep }) => [
    showControls(agent),
    showControls(branch) || '-',
    `${unlanded} unlanded`,
    missing ? 'its folder is gone' : files(uncommitted),
    keep === '' ? '--clean removes it' : `stays: ${showControls(keep)}`,
  ]);
  return columns([['AGENT', 'BRANCH', 'COMMITS', 'UNCOMMITTED', ''], ...rows]);
}

function files(paths: readonly string[]): string {
  if (paths.length === 0) return 'nothing';
  const more = paths.length > FILES_SHOWN ? ` and ${paths.length - FILES_SHOWN} more` : '';
  return paths.slice(0, FILES_SHOWN).map(showControls).join(', ') + more;
}
