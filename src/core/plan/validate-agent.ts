/** The agents of a plan: ids, how each is launched, where and with what. */
import type { PlanAgent } from './model.ts';
import { insidePath } from './inside-path.ts';
import { MapReader, readText, shorten } from './reader.ts';
import { treeKindName } from './tree.ts';
import type { ProblemList, Tree } from './tree.ts';
import { AGENT_WORK } from './sections/agent.ts';
import { readFields } from './shape/record.ts';
import type { ReadContext } from './shape/shape.ts';
import type { TodoReader } from './validate-todo.ts';
import { readAgentWorkspace } from './validate-workspace.ts';

/** Also a branch (llmctl/ID), a folder and a word on the command line. */
export const AGENT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const MAX_AGENTS = 64;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
/** Keys of an agent that other versions of llmctl know. */
const LATER = ['host', 'worktree', 'branch', 'tasks', 'policy', 'setup'];

/** True where the text may be an agent's id; says nothing about whether it is taken. */
export function isAgentId(text: string): boolean {
  return AGENT_ID.test(text) && !text.includes('..') && !text.endsWith('.lock') && !text.endsWith('.');
}

export function readAgents(plan: MapReader, todos: TodoReader, context: ReadContext): PlanAgent[] {
  const { problems } = context;
  const seen = new Map<string, number>();
  const agents: PlanAgent[] = [];
  const items = plan.list('agents', '"- id: a" and what it runs');
  if (!plan.entry('agents')) {
    problems.error(
      plan.tree.at,
      'the plan has no agents; write "agents:" with "- id: a" and "profile: claude" under it',
    );
  } else if (items.length === 0 && ['list', 'nothing'].includes(plan.entry('agents')!.value.kind)) {
    const at = plan.entry('agents')!.keyAt;
    problems.error(at, '"agents" of the plan is empty; write "- id: a" and "profile: claude" under it');
  }
  if (items.length > MAX_AGENTS) {
    problems.error(items[MAX_AGENTS]!.at, `the plan has ${items.length} agents; ${MAX_AGENTS} at most`);
  }
  for (const item of items.slice(0, MAX_AGENTS)) {
    const agent = readAgent(item, seen, todos, context);
    if (agent) agents.push(agent);
  }
  return agents;
}

function readAgent(item: Tree, seen: Map<string, number>, todos: TodoReader, context: ReadContext): PlanAgent | null {
  const { problems, places } = context;
  if (item.kind !== 'map') {
    problems.error(
      item.at,
      `an agent is a map of keys, not ${treeKindName(item)}; write "- id: a" and "profile: claude"`,
    );
    return null;
  }
  const reader = new MapReader(item, 'an agent', problems);
  const id = readId(reader, seen, problems);
  if (id !== null) reader.rename(`agent "${id}"`);
  const name = reader.text('name', { max: 60 });
  const command = reader.argv('command');
  const profile = reader.text('profile', { max: 60 });
  if (id !== null && !reader.take('command') && !reader.take('profile')) {
    problems.error(item.at, `agent "${id}" has nothing to run; write "profile: claude" or "command: [\\"bash\\"]"`);
  }
  // None of its keys must be there, so that it is never null.
  const work = readFields(reader, AGENT_WORK, context)!;
  const agent: PlanAgent = {
    id: id ?? '',
    name: name ?? id ?? '',
    command,
    profile,
    cwd: readCwd(reader, problems),
    env: readEnv(reader, problems),
    workspace: readAgentWorkspace(reader, problems),
    task: reader.text('task', { max: 200 }),
    todos: todos.read(reader, id),
    ...work,
  };
  places.copy(work, agent);
  reader.finish(LATER);
  return id === null ? null : agent;
}

function readId(reader: MapReader, seen: Map<string, number>, problems: ProblemList): string | null {
  const tree = reader.take('id');
  if (!tree) {
    problems.error(reader.tree.at, 'an agent has no id; write "id: a"');
    return null;
  }
  const id = tree.kind === 'number' ? tree.source : readText(tree, 'the id of an agent', problems);
  if (id === null) return null;
  if (!isAgentId(id)) {
    const remedy = 'use letters, digits, ".", "_" and "-", a letter or digit first, 40 at most';
    problems.error(tree.at, `"${shorten(id)}" can't be an agent's id; ${remedy}`);
    return null;
  }
  const folded = id.toLowerCase();
  const first = seen.get(folded);
  if (first !== undefined) {
    problems.error(tree.at, `agent "${id}" stands twice (first on line ${first}); give each its own id`);
    return null;
  }
  seen.set(folded, tree.at.line);
  return id;
}

function readCwd(reader: MapReader, problems: ProblemList): string {
  const tree = reader.take('cwd');
  const text = tree && readText(tree, `"cwd" of ${reader.what}`, problems);
  if (!tree || text === null) return '.';
  const inside = insidePath(text);
  if (inside !== null && inside !== '.git' && !inside.startsWith('.git/')) return inside;
  const remedy = 'write a folder inside the repository, such as "cwd: packages/api"';
  problems.error(tree.at, `"cwd" of ${reader.what} leaves the repository: "${shorten(text)}"; ${remedy}`);
  return '.';
}

function readEnv(reader: MapReader, problems: ProblemList): Readonly<Record<string, string>> {
  const map = reader.map('env', '"NAME: value" under it');
  const env = new Map<string, string>();
  for (const { key, keyAt, value } of map?.keys() ?? []) {
    if (!ENV_NAME.test(key) || key === '__proto__') {
      const remedy = 'use letters, digits and _, no digit first';
      problems.error(keyAt, `"${shorten(key)}" can't name a variable in "env" of ${reader.what}; ${remedy}`);
    } else if (key.startsWith('LLMCTL_')) {
      problems.error(keyAt, `"${key}" is set by llmctl itself; take it out of "env" of ${reader.what}`);
    } else if (value.kind === 'number' || value.kind === 'flag') {
      env.set(key, value.source);
    } else if (value.kind === 'nothing') {
      env.set(key, '');
    } else {
      const what = `"${key}" in "env" of ${reader.what}`;
      env.set(key, readText(value, what, problems, { line: false, empty: true, max: 100_000 }) ?? '');
    }
  }
  return Object.fromEntries(env);
}
