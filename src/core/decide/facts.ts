/** Todos, health checks and the repository. */
import { nearestNames } from '../nearest.ts';
import type { Actor } from '../model/agent.ts';
import type { DecideContext, Observation } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { oneLine, showControls } from '../text.ts';
import { over, raise } from './alerts.ts';
import { agentFor, standingOf } from '../schedule/standing.ts';
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

export function defineHealth(state: State, { name, command, timeoutMs }: Seen<'health.define'>): Decision {
  const known = Object.hasOwn(state.health, name) ? state.health[name] : undefined;
  const shown = showControls(command);
  if (known?.command === shown && known.timeoutMs === timeoutMs) return [];
  return [{ type: 'health.defined', name, command: shown, timeoutMs }];
}

export function runHealth(state: State, name: string, by: Actor): Decision {
  const check = Object.hasOwn(state.health, name) ? state.health[name] : undefined;
  if (check !== undefined) return check.state === 'running' ? [] : [{ type: 'health.started', name, by }];
  const names = Object.keys(state.health);
  const near = nearestNames(name, names);
  const what = names.length === 0 ? 'the plan names no checks (add a `health:` section)' : hint(near, 'checks', names);
  return refuse('unknown-check', `no check is named ${quoted(name)}; ${what}`, near);
}

export function healthResult(state: State, seen: Seen<'health.result'>, context: DecideContext): Decision {
  const { name } = seen;
  if (!Object.hasOwn(state.health, name)) return [];
  const firstError = oneLine(seen.firstError, 300);
  const tail = seen.tail.slice(-TAIL_LINES).map((line) => showControls(line.slice(0, 500)));
  const { state: result, ms, commit, counts = null } = seen;
  const finished: Event = { type: 'health.finished', name, state: result, ms, commit, firstError, counts, tail };
  const cause = `health:${name}`;
  if (result !== 'red') return [finished, ...over(state, cause)];
  const text = `${name} is red${firstError === '' ? '' : `: ${firstError}`}`;
  return [finished, raise(state, { level: 'error', text, agent: null, cause }, context)];
}

const TAIL_LINES = 50;

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

/** Results of checks are about a tree that is no more. */
export function treeMoved(state: State): Event[] {
  return Object.values(state.health)
    .filter((check) => (check.state === 'green' || check.state === 'red') && !check.stale)
    .map(({ name }) => ({ type: 'health.stale', name }));
}

function sameChanges(
  a: readonly { path: string; code: string }[],
  b: readonly { path: string; code: string }[],
): boolean {
  return a.length === b.length && a.every((one, i) => one.path === b[i]!.path && one.code === b[i]!.code);
}
