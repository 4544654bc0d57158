/** What must hold of every state; called after every event in tests. */
import { mayFollow, type Agent } from './model/agent.ts';
import { isOver } from './merge/round.ts';
import { isOpen } from './model/overlap.ts';
import { workProblems, wrongSteps } from './schedule/invariants.ts';
import { takenBy } from './overlap/holders.ts';
import { ALERT_LIMIT, type State } from './model/state.ts';

export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * @param before the state one event earlier, where it is at hand: life cycles are checked too
 * @throws InvariantError naming what is wrong
 */
export function assertInvariants(state: State, before?: State): void {
  const ids = Object.keys(state.agents);
  must(new Set(state.order).size === state.order.length, 'an agent stands twice in the order');
  must(ids.length === state.order.length && ids.every((id) => state.order.includes(id)), 'order and agents differ');
  const panes = ids.map((id) => state.agents[id]!.pane);
  must(new Set(panes).size === panes.length, 'two agents share a pane');
  must(
    panes.every((pane) => pane > 0 && pane < state.nextPane),
    'a pane number that was never given',
  );
  for (const id of ids) checkAgent(id, state.agents[id]!);
  unique(state.todos, 'todo');
  unique(state.alerts, 'alert');
  must(new Set(state.alerts.map(({ cause }) => cause)).size === state.alerts.length, 'two alerts of one cause');
  must(state.alerts.length <= ALERT_LIMIT, 'more alerts than are kept');
  checkMerging(state);
  checkLocks(state);
  for (const wrong of workProblems(state)) must(false, wrong);
  if (before) checkStep(before, state);
}

function checkMerging(state: State): void {
  const open = Object.values(state.overlaps).filter(isOpen);
  const names = open.map(({ agents, path }) => JSON.stringify([...agents, path]));
  must(new Set(names).size === names.length, 'two open overlaps are of the same');
  for (const { id, agents } of open) {
    must(agents[0] < agents[1], `overlap ${id}: its agents are not in order`);
    must(
      agents.every((agent) => Object.hasOwn(state.agents, agent)),
      `overlap ${id} is of an agent that is gone`,
    );
  }
  const busy = Object.values(state.rounds)
    .filter((round) => !isOver(round))
    .flatMap(({ sides }) => sides.map(({ agent }) => agent));
  must(new Set(busy).size === busy.length, 'an agent is in two rounds');
}

function checkLocks({ agents, locks }: State): void {
  for (const [path, holder] of Object.entries(locks)) {
    must(Object.hasOwn(agents, holder), `${path} is held by ${holder}, who is gone`);
    must(takenBy(locks, path, holder) === null, `${path} is held by two`);
  }
}

function checkAgent(id: string, agent: Agent): void {
  const { status, run, beforePause, pending, exit } = agent;
  const where = `agent ${id} (${status.state})`;
  must(agent.spec.id === id, `${where} is kept under another id`);
  must(
    (status.state === 'paused') === (beforePause !== null),
    `${where}: beforePause must be there while paused, and only then`,
  );
  must(beforePause?.state !== 'paused', `${where}: paused before it was paused`);
  const ended = status.state === 'failed' || status.state === 'stopped' || status.state === 'starting';
  must(!ended || run === null, `${where} has a program that runs`);
  must(run !== null || ended || status.state === 'done', `${where} has no program`);
  must(pending === null || run !== null, `${where} is ${pending} without a program`);
  must(run === null || exit === null, `${where} runs and has ended`);
  must(!agent.retryAt || (run === null && status.state === 'failed'), `${where} is to be started again`);
  must(
    agent.progress === null || (agent.progress >= 0 && agent.progress <= 100),
    `${where}: progress ${agent.progress}`,
  );
}

function checkStep(before: State, after: State): void {
  must(after.seq === before.seq + 1, `event ${after.seq} after ${before.seq}`);
  must(after.nextPane >= before.nextPane, 'a pane number would be used again');
  // Another plan is another story.
  const same = before.work?.takenAt === after.work?.takenAt;
  for (const wrong of same ? wrongSteps(before.work, after.work) : []) must(false, wrong);
  for (const [id, agent] of Object.entries(after.agents)) {
    const earlier = before.agents[id];
    if (!earlier || earlier.pane !== agent.pane) continue;
    const [from, to] = [earlier.status.state, agent.status.state];
    must(mayFollow(from, to), `agent ${id} went from ${from} to ${to}`);
  }
}

function unique(all: readonly { readonly id: string }[], what: string): void {
  must(new Set(all.map(({ id }) => id)).size === all.length, `two ${what}s have one id`);
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new InvariantError(otherwise);
}
