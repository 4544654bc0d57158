/** github sync: what the plan wants on GitHub, and isn't there yet. */
import { Github, GithubError } from '../../adapters/github/gh.ts';
import { loadPlan } from '../../adapters/planfile/load.ts';
import { githubSteps, stepWords, type GithubStep, type OnGithub } from '../../core/github/steps.ts';
import { wantedOnGithub } from '../../core/github/wanted.ts';
import { problemLine } from '../../core/plan/model.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { CliError, EXIT } from '../errors.ts';
import { print, printError } from '../io.ts';
import { shortest } from '../prepare.ts';
import { counted } from '../table.ts';
import { pathOf, shownProblems } from './plan.ts';

const VERBS = {
  'create-label': ['create', 'created'],
  'create-milestone': ['create', 'created'],
  'create-issue': ['create', 'created'],
  'update-issue': ['add to', 'added to'],
  'miss-issue': ['missing', 'missing'],
} as const;

export async function githubSync({ context, options }: CommandLine): Promise<void> {
  const dry = options.dryRun === true;
  const path = await pathOf(context, options.plan);
  const loaded = await loadPlan(path);
  if (!loaded.ok) {
    const first = shownProblems(loaded, context).find(({ severity }) => severity === 'error');
    throw new CliError(first ? problemLine(first) : `${path} can't be read: see \`llmctl plan check\``);
  }
  const { plan } = loaded;
  const { github } = plan;
  if (github === null) {
    const shown = shortest(path, context.cwd);
    throw new CliError(`${shown} has no "github": write "github: {issues: tasks, milestones: milestones}" into it`);
  }
  try {
    const wanted = wantedOnGithub(plan, github);
    const { there, seen } = await look(context.repo.root, github.repo, dry);
    const planned = githubSteps(wanted, seen ?? NOTHING);
    const { milestones, kept } = planned;
    // Nobody knows which issues are missing where nobody could look.
    const steps = planned.steps.filter((step) => seen !== null || step.do !== 'miss-issue');
    const done: { readonly step: GithubStep; readonly url: string }[] = [];
    const numbers = new Map(milestones);
    for (const step of steps) {
      const url = dry || there === null ? '' : await carryOut(there, step, numbers, done.length);
      done.push({ step, url });
      tell(context, step, url, dry);
    }
    const missing = steps.filter((step) => step.do === 'miss-issue').length;
    if (missing > 0) process.exitCode = EXIT.failed;
    const changed = steps.length - missing;
    const what = dry ? `${counted(changed, 'change')} to make` : `${counted(changed, 'change')} made`;
    context.answer(
      {
        ok: missing === 0,
        dryRun: dry,
        repo: there?.repo ?? github.repo,
        looked: seen !== null,
        kept,
        steps: done.map(({ step, url }) => ({ do: step.do, text: stepWords(step), url: url || null })),
      },
      there === null ? `${what} where nothing is there yet` : `${there.repo}: ${what}, ${kept} there already`,
    );
  } catch (error) {
    throw error instanceof GithubError ? new CliError(error.message) : error;
  }
}

const NOTHING: OnGithub = { labels: [], milestones: [], issues: [] };

/** What a dry run would do can be said without GitHub, too: all that the plan wants. */
async function look(
  root: string,
  repo: string | null,
  dry: boolean,
): Promise<{ readonly there: Github | null; readonly seen: OnGithub | null }> {
  try {
    const there = await Github.open(root, repo);
    return { there, seen: await there.look() };
  } catch (error) {
    if (!dry || !(error instanceof GithubError) || error.nonsense) throw error;
    printError(`warning: nobody could look what is on GitHub already: ${error.message}`);
    return { there: null, seen: null };
  }
}

/** What was done until then stays, and the next sync finds it. */
async function carryOut(
  there: Github,
  step: GithubStep,
  numbers: Map<string, number>,
  before: number,
): Promise<string> {
  return there.carryOut(step, numbers).catch((error: Error) => {
    const sofar = before === 0 ? '' : `; ${counted(before, 'change')} made before it stay, run it again to go on`;
    throw new GithubError(`${stepWords(step)}: ${error.message}${sofar}`);
  });
}

function tell(context: CommandLine['context'], step: GithubStep, url: string, dry: boolean): void {
  const line = showControls(`${VERBS[step.do][dry ? 0 : 1]} ${stepWords(step)}`);
  if (step.do === 'miss-issue') printError(line);
  else if (!context.json) print(url === '' ? line : `${line} ${showControls(url)}`);
}
