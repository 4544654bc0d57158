/** init: looks at what is here and writes a plan that works as it stands. */
import { accessSync, constants, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { headCommit } from '../../adapters/git/repo.ts';
import { findPlan, parsePlan } from '../../adapters/planfile/load.ts';
import { launchable, loadProfiles } from '../../adapters/profiles/load.ts';
import { survey } from '../../adapters/survey/survey.ts';
import { checksOf, type FoundCheck } from '../../core/plan/first/finding.ts';
import { firstPlan } from '../../core/plan/first/first-plan.ts';
import { problemLine } from '../../core/plan/model.ts';
import type { CommandLine } from '../define.ts';
import { CliError } from '../errors.ts';
import { ensureGit, shortest } from '../prepare.ts';
import { columns } from '../table.ts';

/** Profiles that stand for no coding agent of a person's. */
const NO_CLI = new Set(['shell', 'demo']);

export async function init({ context, options }: CommandLine): Promise<void> {
  const existing = await findPlan(context.repo.root);
  if (existing !== null && options.force !== true) {
    throw new CliError(`${shortest(existing, context.cwd)} is there already: --force writes over it`);
  }
  await ensureGit(context);
  const { root } = context.repo;
  const clis = launchable(await loadProfiles()).flatMap(({ id, command }) =>
    !NO_CLI.has(id) && onPath(command[0] ?? '') ? [id] : [],
  );
  const found = await survey(root);
  const checks = checksOf(found);
  const text = firstPlan(basename(root), found, clis);
  const file = existing ?? join(root, 'llmctl.yaml');
  const checked = parsePlan(text, 'llmctl.yaml');
  if (!checked.ok) throw new CliError(`the plan would be wrong: ${checked.problems.map(problemLine).join('; ')}`);
  writeFileSync(file, text);
  const shown = shortest(file, context.cwd);
  const next = nextSteps(shown, clis, checks, (await headCommit(root)) !== '');
  const document = {
    ok: true,
    plan: file,
    agents: clis.length === 0 ? ['shell'] : clis,
    health: Object.fromEntries(checks.map(({ name, run }) => [name, run])),
    found: checks,
    workspace: { copy: found.copy, setup: found.findings.flatMap(({ setup }) => setup) },
    next,
  };
  const facts = [
    ...checks.map(({ name, run, from }) => [`  ${name}`, run, `from ${from}`]),
    ['  agents', clis.length === 0 ? 'shell' : clis.join(', '), clis.length === 0 ? NONE : 'on the PATH'],
    ...(found.copy.length === 0 ? [] : [['  copied', found.copy.join(', '), 'into each worktree']]),
  ];
  const steps = next.map((step, at) => `  ${at + 1}. ${step}`);
  context.answer(document, [`wrote ${shown}`, columns(facts), 'next:', ...steps].join('\n'));
}

const NONE = 'no agent CLI on the PATH, so a shell stands in';

function nextSteps(
  plan: string,
  clis: readonly string[],
  checks: readonly FoundCheck[],
  committed: boolean,
): readonly string[] {
  return [
    ...(committed ? [] : ['commit something: each agent starts from a commit']),
    ...(clis.length > 0 ? [] : ['install an agent CLI (`llmctl doctor` names some), or name a program as "command"']),
    ...(checks.length > 0 ? [] : [`say in ${plan} how to build and test: nothing here told it`]),
    `say in ${plan} what each agent shall do, as its "prompt"`,
    '`llmctl plan check`, then `llmctl tui`',
  ];
}

/** @returns the program's absolute path, null where PATH has none */
export function onPath(name: string, path = process.env.PATH ?? ''): string | null {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this one.
    }
  }
  return null;
}
