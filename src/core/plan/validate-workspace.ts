/** Where agents work: a worktree for each, or one checkout for all. */
import { insidePath } from './inside-path.ts';
import type { PlanSetup, PlanWorkspace, WorkspaceKind } from './model.ts';
import { MapReader, readText, shorten } from './reader.ts';
import { treeKindName } from './tree.ts';
import type { ProblemList, Tree } from './tree.ts';

/** As many as a web application with its database, its bundler and their friends may want. */
const DEFAULT_PORTS = 10;
const MAX_PORTS = 1000;

export const DEFAULT_WORKSPACE: PlanWorkspace = {
  kind: 'worktree',
  copy: [],
  reflink: [],
  setup: [],
  ports: DEFAULT_PORTS,
};

/** A word, or a map of what makes a new worktree usable. */
export function readWorkspace(plan: MapReader, problems: ProblemList): PlanWorkspace {
  const tree = plan.take('workspace');
  if (!tree) return DEFAULT_WORKSPACE;
  if (tree.kind !== 'map') return { ...DEFAULT_WORKSPACE, kind: readKind(tree, '"workspace"', problems) ?? 'worktree' };
  const reader = new MapReader(tree, '"workspace"', problems);
  const kind = reader.take('kind');
  const workspace: PlanWorkspace = {
    kind: (kind && readKind(kind, '"kind" of "workspace"', problems)) ?? 'worktree',
    copy: readPatterns(reader, 'copy', problems),
    reflink: readFolders(reader, problems),
    setup: reader.list('setup', '"- npm ci" for each').flatMap((item) => readSetup(item, problems) ?? []),
    ports: reader.wholeNumber('ports', 0, MAX_PORTS) ?? DEFAULT_PORTS,
  };
  reader.finish();
  return workspace;
}

/** `workspace: shared` of one agent; null: as the plan has it. */
export function readAgentWorkspace(agent: MapReader, problems: ProblemList): WorkspaceKind | null {
  const tree = agent.take('workspace');
  return tree && readKind(tree, `"workspace" of ${agent.what}`, problems);
}

function readKind(tree: Tree, what: string, problems: ProblemList): WorkspaceKind | null {
  if (tree.kind === 'text' && (tree.value === 'worktree' || tree.value === 'shared')) return tree.value;
  const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
  const remedy = 'write "worktree" (each agent has its own) or "shared" (all work in one checkout)';
  problems.error(tree.at, `${what} can't be ${got}; ${remedy}`);
  return null;
}

function readPatterns(reader: MapReader, key: string, problems: ProblemList): string[] {
  return reader.list(key, '"- .env" for each').flatMap((item) => {
    const text = readText(item, `a pattern in "${key}" of ${reader.what}`, problems, { max: 300 });
    return text === null ? [] : [text];
  });
}

function readFolders(reader: MapReader, problems: ProblemList): string[] {
  return reader.list('reflink', '"- target" for each').flatMap((item) => {
    const text = readText(item, `a folder in "reflink" of ${reader.what}`, problems, { max: 300 });
    const inside = text === null ? null : insidePath(text);
    if (inside !== null && inside !== '.' && inside.split('/')[0] !== '.git') return [inside];
    if (text !== null) {
      problems.error(item.at, `"${shorten(text)}" is no folder inside the repository; write one such as "target"`);
    }
    return [];
  });
}

function readSetup(item: Tree, problems: ProblemList): PlanSetup | null {
  const what = 'a set-up command';
  if (item.kind !== 'map') {
    const run = readText(item, what, problems, { max: 10_000, line: false });
    return run === null ? null : { run, creates: null };
  }
  const reader = new MapReader(item, what, problems);
  const run = reader.text('run', { max: 10_000, line: false });
  if (run === null && !reader.entry('run')) problems.error(item.at, `${what} has nothing to run; write "run: npm ci"`);
  const creates = reader.text('creates', { max: 300 });
  const inside = creates === null ? null : insidePath(creates);
  if (creates !== null && inside === null) {
    const at = reader.entry('creates')!.value.at;
    problems.error(at, `"creates" of ${what} leaves the worktree: "${shorten(creates)}"; name a file or folder in it`);
  }
  reader.finish();
  return run === null ? null : { run, creates: inside };
}
