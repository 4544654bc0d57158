/** A parsed document into a plan: pure, so that a plan may be checked anywhere. */
import { BAD_BRANCH } from './branch.ts';
import { checkPlan } from './check/check.ts';
import type { OutsideNames } from './check/check.ts';
import { INCLUDE } from './include.ts';
import { withItemIds } from './item-ids.ts';
import type { Plan, PlanTodo } from './model.ts';
import { MapReader, readText, shorten } from './reader.ts';
import { Places } from './places.ts';
import { SECTIONS } from './sections/all.ts';
import { readFields } from './shape/record.ts';
import type { PlanSources, ReadContext } from './shape/shape.ts';
import { ProblemList, treeKindName } from './tree.ts';
import type { Tree } from './tree.ts';
import { readAgents } from './validate-agent.ts';
import { readHealth } from './validate-health.ts';
import { readIntegration } from './validate-integration.ts';
import { checkOverlapNames, readOverlaps } from './validate-overlaps.ts';
import { TodoReader } from './validate-todo.ts';
import { readWorkspace } from './validate-workspace.ts';
import type { Problem } from './model.ts';

/** Sections of a plan that other versions of llmctl know. */
const LATER = ['policy', 'notify'];

export interface ValidatedPlan {
  /** null when any problem is an error. */
  readonly plan: Plan | null;
  readonly problems: readonly Problem[];
}

/**
 * Checks a whole document; every problem is found in one go, in the order of the file.
 * @param sources texts of the files that the plan names, see `namedFiles`
 */
export function validatePlan(
  tree: Tree,
  file: string,
  sources: PlanSources = new Map(),
  outside: OutsideNames = { profiles: null },
): ValidatedPlan {
  const problems = new ProblemList(file);
  const context: ReadContext = { problems, places: new Places(), sources };
  const plan = readPlan(tree, context);
  // Names that lead nowhere because what they name is wrong itself would only hide that.
  if (plan && !problems.hasErrors) checkPlan(plan, outside, context.places, problems);
  return { plan: problems.hasErrors ? null : plan, problems: problems.all() };
}

function readPlan(tree: Tree, context: ReadContext): Plan | null {
  const { problems, places } = context;
  if (tree.kind !== 'map') {
    const got = tree.kind === 'nothing' ? 'the plan is empty' : `a plan is a map of keys, not ${treeKindName(tree)}`;
    problems.error(tree.at, `${got}; begin with "version: 1", "name: …" and a list of "agents:"`);
    return null;
  }
  const reader = new MapReader(tree, 'the plan', problems);
  readVersion(reader, problems);
  const name = reader.text('name', { max: 80 });
  if (name === null && !reader.entry('name')) {
    problems.error(tree.at, 'the plan has no name; write "name: …", for example the goal in two words');
  }
  reader.take(INCLUDE);
  const base = readBase(reader, problems);
  const workspace = readWorkspace(reader, problems);
  const health = readHealth(reader, context);
  const checks = health.map((check) => check.name);
  const overlaps = readOverlaps(reader, problems);
  const integration = readIntegration(reader, checks, problems);
  const todos = new TodoReader(problems);
  const agents = readAgents(reader, todos, context);
  checkOverlapNames(reader, overlaps, { checks, agents: agents.map(({ id }) => id) }, problems);
  const own: readonly PlanTodo[] = todos.read(reader, null);
  // None of these must be there, so that they are never null.
  const sections = readFields(reader, SECTIONS, context)!;
  reader.finish(LATER);
  const head = { version: 1, name: name ?? '', base, workspace, overlaps, integration, health, agents } as const;
  const plan: Plan = { ...head, ...withItemIds(sections, todos, places), todos: own };
  return places.copy(sections, plan);
}

function readVersion(reader: MapReader, problems: ProblemList): void {
  const tree = reader.take('version');
  if (!tree) {
    const at = reader.entry('version')?.keyAt ?? reader.tree.at;
    problems.error(at, 'the plan has no version; write "version: 1"');
    return;
  }
  if (tree.kind === 'number' && tree.value === 1) return;
  const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
  problems.error(tree.at, `"version" must be 1, not ${got}; write "version: 1"`);
}

function readBase(reader: MapReader, problems: ProblemList): string | null {
  const tree = reader.take('base');
  if (!tree) return null;
  const base = readText(tree, '"base" of the plan', problems, { max: 250 });
  if (base !== null && BAD_BRANCH.test(base)) {
    problems.error(tree.at, `"${shorten(base)}" can't be a branch of git; write one such as "base: main"`);
    return null;
  }
  return base;
}
