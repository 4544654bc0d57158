/** plan check, graph and schema: what is in a plan, and what is wrong with it. */
import { resolve } from 'node:path';
import { findPlan, loadPlan, PLAN_FILES } from '../../adapters/planfile/load.ts';
import type { LoadedPlan } from '../../adapters/planfile/load.ts';
import { launchable, loadProfiles } from '../../adapters/profiles/load.ts';
import { analysePlan } from '../../core/plan/check/figures.ts';
import type { PlanAnalysis } from '../../core/plan/check/figures.ts';
import { problemLine, type Plan, type Problem } from '../../core/plan/model.ts';
import { hoursText } from '../../core/plan/prompt/values.ts';
import { planSchema } from '../../core/plan/schema.ts';
import { planDocument } from '../../core/plan/show/document.ts';
import { dotGraph, mermaidGraph, scheduleRows } from '../../core/plan/show/graph-text.ts';
import { schedule } from '../../core/plan/show/schedule.ts';
import type { Context } from '../context.ts';
import type { CommandLine } from '../define.ts';
import { CliError, EXIT } from '../errors.ts';
import { print, printError, printJson } from '../io.ts';
import { shortest } from '../prepare.ts';
import { columns, counted } from '../table.ts';

export async function pathOf(context: Context, named: unknown): Promise<string> {
  const path = typeof named === 'string' ? resolve(context.cwd, named) : await findPlan(context.repo.root);
  if (path !== null) return path;
  throw new CliError(`${context.repo.root} has no ${PLAN_FILES.join(' or ')}: \`llmctl init\` writes a first one`);
}

export async function planCheck({ context, args }: CommandLine): Promise<void> {
  const path = await pathOf(context, args[0]);
  const profiles = launchable(await loadProfiles());
  const loaded = await loadPlan(
    path,
    profiles.map(({ id }) => id),
  );
  const problems = shownProblems(loaded, context);
  if (!loaded.ok) process.exitCode = EXIT.failed;
  if (context.json) {
    printJson(planDocument(loaded.ok ? loaded.plan : null, problems));
    return;
  }
  tellProblems(problems);
  if (loaded.ok) print(summary(loaded.plan, shortest(path, context.cwd)));
}

/** Problems with their files as a person would type them. */
export function shownProblems(loaded: LoadedPlan, context: Context): readonly Problem[] {
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  return problems.map((problem) => ({ ...problem, file: shortest(problem.file, context.cwd) }));
}

export function tellProblems(problems: readonly Problem[]): void {
  for (const problem of problems) {
    if (problem.severity === 'error') process.stderr.write(`${problemLine(problem)}\n`);
    else printError(problemLine(problem));
  }
}

/** What is in it, and how long it takes. */
export function summary(plan: Plan, path: string): string {
  const head = `${path}: ${plan.name}, ${counted(plan.agents.length, 'agent')}: no errors`;
  const analysis = analysePlan(plan);
  if (plan.tasks.length === 0 || analysis === null) return head;
  const { figures, timing } = analysis;
  const parts = [
    counted(figures.tasks, 'task'),
    counted(figures.milestones, 'milestone'),
    counted(figures.gates, 'gate'),
    counted(figures.handovers, 'handover'),
    counted(figures.deliverables, 'deliverable'),
    counted(figures.prompts, 'prompt'),
  ];
  const { tasks, hours } = timing.critical;
  const span = schedule(analysis).hours;
  return [
    head,
    `  ${parts.filter((part) => !part.startsWith('0 ')).join(', ')}`,
    `  total ${hoursText(figures.totalHours)}; with these agents at most ${span} h`,
    ...(tasks.length === 0 ? [] : [`  critical path ${hoursText(hours)}: ${pathText(tasks)}`]),
  ].join('\n');
}

const SHOWN = 14;

/** A path in one line, its middle left out where it is long. */
function pathText(tasks: readonly string[]): string {
  if (tasks.length <= SHOWN) return tasks.join(' → ');
  const half = SHOWN / 2;
  return [...tasks.slice(0, half), `(${tasks.length - SHOWN} more)`, ...tasks.slice(-half)].join(' → ');
}

export async function planGraph({ context, args, options }: CommandLine): Promise<void> {
  const path = await pathOf(context, args[0]);
  const loaded = await loadPlan(path);
  const analysis = loaded.ok ? analysePlan(loaded.plan) : null;
  if (!loaded.ok || analysis === null) {
    const first = shownProblems(loaded, context).find(({ severity }) => severity === 'error');
    throw new CliError(first ? problemLine(first) : `${path} can't be read: see \`llmctl plan check\``);
  }
  if (context.json) {
    printJson(graphDocument(loaded.plan, analysis));
    return;
  }
  const { format } = options;
  if (format === 'mermaid') print(mermaidGraph(loaded.plan, analysis));
  else if (format === 'dot') print(dotGraph(loaded.plan, analysis));
  else if (loaded.plan.tasks.length === 0) print(`${shortest(path, context.cwd)}: ${loaded.plan.name} has no tasks`);
  else print(`${columns(scheduleRows(loaded.plan, analysis))}\n\n${summary(loaded.plan, shortest(path, context.cwd))}`);
}

function graphDocument(plan: Plan, analysis: PlanAnalysis) {
  const { graph, timing } = analysis;
  return {
    name: plan.name,
    nodes: graph.nodes.map(({ id, kind }) => ({ id, kind })),
    edges: graph.edges.map(({ from, to, share }) => ({ from: graph.nodes[from]!.id, to: graph.nodes[to]!.id, share })),
    schedule: schedule(analysis).tasks,
    hours: schedule(analysis).hours,
    criticalPath: timing.critical,
  };
}

export async function planSchemaCommand(): Promise<void> {
  printJson(planSchema());
}
