/** Todos and the repository. */
import { nearestNames } from '../nearest.ts';
import type { Actor } from '../model/agent.ts';
import type { DecideContext, Observation } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { oneLine, showControls } from '../text.ts';
import { agentFor, standingOf } from '../schedule/standing.ts';
import { treeMoved } from './health.ts';
import { hint, quoted, refuse, type Decision } from './refuse.ts';
import { unknownTask } from './tasks.ts';

type Seen<T extends Observation['type']> = Extract<Observation, { type: T }>;

/** @param task one of the plan's; null: a line of one's own */
export function addTodo(state: State, text: string, task: string | null, by: Actor, context: DecideContext): Decision {
  const words = oneLine(text, 500);
  if (words === '') return refuse('invalid', 'a todo needs some text');
  const standing = standingOf(state);
  if (task !== null && !standing?.index.tasks.has(task)) {
    return standing ? unknownTask(standing, task) : refuse('unknown-task', 'this session has no plan with tasks');
  }
  const agent = standing && task !== null ? agentFor(standing, task) : null;
  const todo = { id: context.newId(), text: words, done: false, task, agent, by };
  return [{ type: 'todo.added', todo }];
}

export function checkTodo(state: State, id: string, done: boolean, by: Actor): Decision {
  const todo = state.todos.find((one) => one.id === id);
  if (todo === undefined) return unknownTodo(state, id);
  return todo.done === done ? [] : [{ type: 'todo.checked', id, done, by }];
}

export function removeTodo(state: State, id: string, by: Actor): Decision {
  return state.todos.some((todo) => todo.id === id) ? [{ type: 'todo.removed', id, by }] : unknownTodo(state, id);
}

function unknownTodo(state: State, id: string): Decision {
  const ids = state.todos.map((todo) => todo.id);
  const near = nearestNames(id, ids);
  return refuse('unknown-todo', `no todo has the id ${quoted(id)}; ${hint(near, 'todos', ids)}`, near);
}

export function planTodo(state: State, seen: Seen<'plan.todo'>): Decision {
  if (state.todos.some((todo) => todo.id === seen.id)) return [];
  const { id, text, task, agent } = seen;
  return [{ type: 'todo.added', todo: { id, text: oneLine(text, 500), done: false, task, agent, by: null } }];
}

export function gitStatus(state: State, seen: Seen<'git.status'>): Decision {
  const { branch, upstream, ahead, behind, head, stale } = seen;
  const changed = seen.changed.slice(0, CHANGED_LIMIT).map(({ path, code }) => ({ path: showControls(path), code }));
  const observed: Event = {
    type: 'git.observed',
    branch: oneLine(branch, 200),
    upstream: upstream === null ? null : oneLine(upstream, 200),
    ahead,
    behind,
    head,
    changed,
    stale,
  };
  const before = state.git;
  if (before === null) return [observed];
  const sameTree = before.head === head && sameChanges(before.changed, changed);
  const sameRest =
    before.branch === observed.branch &&
    before.upstream === observed.upstream &&
    before.ahead === ahead &&
    before.behind === behind &&
    before.stale === stale;
  if (sameTree && sameRest) return [];
  return sameTree ? [observed] : [observed, ...treeMoved(state)];
}

/** Thousands of changed files: git is asked again before anybody reads them all. */
const CHANGED_LIMIT = 2_000;

function sameChanges(
  a: readonly { path: string; code: string }[],
  b: readonly { path: string; code: string }[],
): boolean {
  return a.length === b.length && a.every((one, i) => one.path === b[i]!.path && one.code === b[i]!.code);
}
