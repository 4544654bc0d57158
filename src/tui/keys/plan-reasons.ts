import { isInHand, own } from '../../core/model/work.ts';
import { isSettled } from '../../core/schedule/needs.ts';
import { standingOf } from '../../core/schedule/standing.ts';
import { markedEntry, markedGate, markedPlanTodo, markedTask } from '../app/marked-plan.ts';
import type { RoomFacts } from './commands.ts';
import type { Reason } from './reasons.ts';

function taskOf(facts: RoomFacts) {
  const id = markedTask(facts);
  const work = id === null ? undefined : own(facts.state.work?.tasks ?? {}, id);
  return id === null || work === undefined ? null : { id, work };
}

export const anEntry: Reason = (facts) => (markedEntry(facts) ? null : 'there is nothing here yet');

export const aTask: Reason = (facts) => (markedTask(facts) === null ? 'mark a task' : null);

export const aGate: Reason = (facts) => (markedGate(facts) === null ? 'mark a gate' : null);

export const foldable: Reason = (facts) => {
  const entry = markedEntry(facts);
  if (facts.ui.popup?.kind === 'plan' && facts.ui.popup.view === 'timeline')
    return 'Tab goes to the tree: there it folds';
  return entry && entry.kind !== 'todo' && entry.open !== null ? null : 'there is nothing to fold here';
};

/** Space ticks a todo and folds anything else. */
export const tickOrFold: Reason = (facts) => {
  if (!markedPlanTodo(facts)) return facts.ui.popup?.kind === 'task' ? 'mark a todo' : foldable(facts);
  if (facts.readOnly) return 'this screen is read-only';
  return facts.live ? null : 'the session does not answer just now';
};

export const startable: Reason = (facts) => {
  const task = taskOf(facts);
  if (task === null) return aTask(facts);
  return task.work.stage === 'open' ? null : `${task.id} is ${task.work.stage}: r begins it anew`;
};

/** What could still be said to be done. */
export const unfinished: Reason = (facts) => {
  const task = taskOf(facts);
  if (task === null) return aTask(facts);
  const { stage } = task.work;
  if (stage === 'done') return `${task.id} is done already`;
  return stage === 'verifying' || stage === 'landing' ? `${task.id} is ${stage}: a moment` : null;
};

export const failable: Reason = (facts) => {
  const task = taskOf(facts);
  if (task === null) return aTask(facts);
  const { stage } = task.work;
  if (stage === 'done') return `${task.id} is done: r begins it anew`;
  return stage === 'failed' ? `${task.id} has failed already` : null;
};

export const retriable: Reason = (facts) => {
  const task = taskOf(facts);
  if (task === null) return aTask(facts);
  const { stage } = task.work;
  if (stage === 'landing') return `${task.id} is landing: x on the git screen takes it back first`;
  return stage === 'open' ? `${task.id} never began: s starts it` : null;
};

export const assignable: Reason = (facts) => {
  const task = taskOf(facts);
  if (task === null) return aTask(facts);
  if (task.work.stage === 'done') return `${task.id} is done`;
  return task.work.stage === 'landing' && isInHand(task.work) ? `${task.id} is landing: wait for its end` : null;
};

/** A gate that still holds something back. */
export const undecided: Reason = (facts) => {
  const id = markedGate(facts);
  const standing = standingOf(facts.state);
  if (id === null || standing === null) return aGate(facts);
  return isSettled(standing, id) ? `${id} is ${own(standing.work.gates, id)?.state}: nothing waits for it` : null;
};

export const notFailed: Reason = (facts) => {
  const id = markedGate(facts);
  const state = id === null ? null : own(facts.state.work?.gates ?? {}, id)?.state;
  return state === 'failed' ? `${id} has failed already: r looks at it again` : null;
};

export const idleGate: Reason = (facts) => {
  const id = markedGate(facts);
  if (id === null) return aGate(facts);
  return own(facts.state.work?.gates ?? {}, id)?.state === 'running' ? `${id} runs already` : null;
};

/** r begins a task anew and runs a gate. */
export const again: Reason = (facts) => (markedGate(facts) === null ? retriable(facts) : idleGate(facts));
