/** The branch that agents' work lands on, what has to pass before, and how the others get it. */
import { BAD_BRANCH } from './branch.ts';
import type { Forward, Land, PlanIntegration } from './model.ts';
import { readRed } from './red.ts';
import { MapReader, readText, shorten } from './reader.ts';
import { didYouMean } from '../nearest.ts';
import { treeKindName } from './tree.ts';
import type { ProblemList, Tree } from './tree.ts';

export const DEFAULT_INTEGRATION: PlanIntegration = {
  branch: 'llmctl/integration',
  checks: null,
  forward: 'idle',
  land: 'done',
  message: null,
};

const FORWARD: readonly Forward[] = ['idle', 'turn', 'off'];
const LAND: readonly Land[] = ['done', 'off'];

/** A branch, or a map. @param checks names of the plan's health checks. */
export function readIntegration(plan: MapReader, checks: readonly string[], problems: ProblemList): PlanIntegration {
  const tree = plan.take('integration');
  if (!tree) return DEFAULT_INTEGRATION;
  if (tree.kind !== 'map') {
    return {
      ...DEFAULT_INTEGRATION,
      branch: readBranch(tree, '"integration"', problems) ?? DEFAULT_INTEGRATION.branch,
    };
  }
  const reader = new MapReader(tree, '"integration"', problems);
  const branch = reader.take('branch');
  const asked = reader.take('red');
  const red = asked && readRed(asked, `"red" of ${reader.what}`, problems);
  const integration: PlanIntegration = {
    branch: (branch && readBranch(branch, '"branch" of "integration"', problems)) ?? DEFAULT_INTEGRATION.branch,
    checks: reader.entry('checks') ? readChecks(reader, checks, problems) : null,
    forward: readWord(reader, 'forward', FORWARD, DEFAULT_INTEGRATION.forward, problems),
    land: readWord(reader, 'land', LAND, DEFAULT_INTEGRATION.land, problems),
    ...(red ? { red } : {}),
    message: reader.text('message', { max: 2000, line: false }),
  };
  reader.finish();
  return integration;
}

function readBranch(tree: Tree, what: string, problems: ProblemList): string | null {
  const branch = readText(tree, what, problems, { max: 250 });
  if (branch === null || !BAD_BRANCH.test(branch)) return branch;
  problems.error(tree.at, `"${shorten(branch)}" can't be a branch of git; write one such as "llmctl/integration"`);
  return null;
}

function readChecks(reader: MapReader, known: readonly string[], problems: ProblemList): string[] {
  return reader.list('checks', '"- build" for each').flatMap((item) => {
    const name = readText(item, `a check of ${reader.what}`, problems, { max: 32 });
    if (name === null || known.includes(name)) return name === null ? [] : [name];
    const remedy = didYouMean(name, known) || '; name one of "health:"';
    problems.error(item.at, `no health check is named "${shorten(name)}"${remedy}`);
    return [];
  });
}

function readWord<W extends string>(
  reader: MapReader,
  key: string,
  words: readonly (W | 'off')[],
  otherwise: W | 'off',
  problems: ProblemList,
): W | 'off' {
  const tree = reader.take(key);
  if (!tree) return otherwise;
  const found = tree.kind === 'text' ? words.find((word) => word === tree.value) : undefined;
  // `off` is a flag in some dialects of YAML.
  if (found !== undefined) return found;
  if (tree.kind === 'flag' && !tree.value) return 'off';
  const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
  const listed = words.length === 2 ? words.join(' or ') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  problems.error(tree.at, `"${key}" of ${reader.what} can't be ${got}; write ${listed}`);
  return otherwise;
}
