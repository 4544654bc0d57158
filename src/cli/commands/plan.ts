/** plan check: every problem of a plan in one go. */
import { resolve } from 'node:path';
import { findPlan, loadPlan, PLAN_FILES } from '../../adapters/planfile/load.ts';
import { problemLine, type Plan } from '../../core/plan/model.ts';
import type { CommandLine } from '../define.ts';
import { CliError, EXIT } from '../errors.ts';
import { print, printError, printJson } from '../io.ts';
import { shortest } from '../prepare.ts';

export async function planCheck({ context, args }: CommandLine): Promise<void> {
  const named = args[0] as string | undefined;
  const path = named === undefined ? await findPlan(context.repo.root) : resolve(context.cwd, named);
  if (path === null) {
    throw new CliError(`${context.repo.root} has no ${PLAN_FILES.join(' or ')}: \`llmctl init\` writes a first one`);
  }
  const loaded = await loadPlan(path);
  const problems = (loaded.ok ? loaded.warnings : loaded.problems).map((problem) => ({
    ...problem,
    file: shortest(problem.file, context.cwd),
  }));
  const plan = loaded.ok ? loaded.plan : null;
  if (!loaded.ok) process.exitCode = EXIT.failed;
  if (context.json) {
    printJson(planDocument(plan, problems));
    return;
  }
  for (const problem of problems) {
    if (problem.severity === 'error') process.stderr.write(`${problemLine(problem)}\n`);
    else printError(problemLine(problem));
  }
  if (plan !== null) print(`${shortest(path, context.cwd)}: ${plan.name}, ${plan.agents.length} agents: no errors`);
}

/** What a plan holds, under the names that scripts rely on; lists that plans don't have yet are empty. */
export function planDocument(plan: Plan | null, problems: readonly object[]) {
  const agents = plan?.agents ?? [];
  return {
    ok: plan !== null,
    problems,
    name: plan?.name ?? null,
    agents: agents.map(({ id, name, profile, command, prompt, todos }) => ({
      id,
      name,
      profile,
      command,
      prompt,
      todos,
    })),
    tasks: [],
    milestones: [],
    gates: [],
    handovers: [],
    prompts: agents.filter(({ prompt }) => prompt !== null).length,
    totalHours: [0, 0],
    criticalPath: { tasks: [], hours: [0, 0] },
    health: plan?.health ?? [],
    todos: plan?.todos ?? [],
  };
}
