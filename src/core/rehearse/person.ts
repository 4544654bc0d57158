/** What the rehearsal does in a person's place: answers, decides, and does the tasks that no agent does. */
import { awaitsPerson, unsettled } from '../merge/round.ts';
import { isLive } from '../model/agent.ts';
import type { ClientCommand } from '../model/commands.ts';
import { isOpen } from '../model/overlap.ts';
import type { State } from '../model/state.ts';
import { isInHand, own, type TaskWork } from '../model/work.ts';
import type { ScheduledGate } from '../schedule/gates.ts';
import type { Standing } from '../schedule/needs.ts';
import { agentFor, mayStart, standingOf } from '../schedule/standing.ts';
import type { Seed } from './chance.ts';
import { saysNo } from './mishaps.ts';
import { taskMs } from './pace.ts';

export interface Answer {
  /** Equal ones are about the same thing: one of them is enough. */
  readonly about: string;
  readonly command: ClientCommand;
}

export interface Terms {
  readonly seed: Seed;
  readonly speed: number;
  readonly now: number;
  /** How often each gate was answered with no-go already. */
  readonly refused: (gate: string) => boolean;
}

/** How often the same task may fail before it is taken for impossible. */
export const MOST_FAILURES = 3;

export function answersTo(state: State, terms: Terms): readonly Answer[] {
  const standing = standingOf(state);
  if (standing === null) return [];
  return [
    ...Object.keys(standing.work.tasks).flatMap((id) => ofTask(state, standing, id, terms)),
    ...[...standing.index.gates.values()].flatMap((gate) => ofGate(state, standing, gate, terms)),
    ...ofRounds(state),
  ];
}

function ofTask(state: State, standing: Standing, id: string, { speed, now }: Terms): readonly Answer[] {
  const { plan } = standing.work;
  const task = own(standing.work.tasks, id)!;
  const planned = standing.index.tasks.get(id)!;
  const answer = (verb: string, command: ClientCommand): Answer[] => [
    { about: `${verb} ${id} ${task.since} ${task.attempts}`, command },
  ];
  switch (task.stage) {
    case 'open': {
      const isOwn = task.active && agentFor(standing, id) === null && mayStart(standing, id);
      return isOwn ? answer('start', { type: 'task.start', task: id, agent: null, force: false }) : [];
    }
    case 'running': {
      if (task.agent === null) {
        if (now - task.since < taskMs(plan, planned, speed)) return [];
        return answer('done', { type: 'task.done', task: id, force: false });
      }
      return revive(state, task, answer);
    }
    case 'blocked':
      return task.agent === null ? [] : help(state, task, task.agent, answer);
    case 'failed':
      return answer('retry', { type: 'task.retry', task: id, force: false });
    case 'verifying':
    case 'landing':
    case 'done':
      return [];
  }
}

type Say = (verb: string, command: ClientCommand) => Answer[];

/** A program that was lost is started again at once, and not when its time has come. */
function revive(state: State, { agent: name }: TaskWork, answer: Say): readonly Answer[] {
  const agent = name === null ? undefined : own(state.agents, name);
  const isLost = agent && !isLive(agent) && agent.status.state === 'failed' && agent.pending === null;
  return isLost ? answer('restart', { type: 'agent.restart', agent: agent.spec.id }) : [];
}

function help(state: State, task: TaskWork, name: string, answer: Say): readonly Answer[] {
  const agent = own(state.agents, name);
  if (!agent || agent.pending !== null) return [];
  if (!isLive(agent)) return agent.status.state === 'starting' ? [] : revive(state, task, answer);
  return agent.status.state === 'paused'
    ? []
    : answer('help', { type: 'agent.send', agent: name, text: ANSWER, enter: true });
}

/** What is said to an agent that asks. */
const ANSWER = 'Yes: go on as you think best.';

function ofGate(state: State, standing: Standing, gate: ScheduledGate, terms: Terms): readonly Answer[] {
  const known = own(standing.work.gates, gate.id)!;
  const { id } = gate;
  const about = (verb: string): string => `${verb} ${id} ${known.since} ${known.retries}`;
  if (known.state === 'pending' && known.asked) {
    const no = saysNo(terms.seed, id) && !terms.refused(id);
    return no
      ? [{ about: about('no'), command: { type: 'gate.fail', gate: id, reason: NO, force: false } }]
      : [{ about: about('go'), command: { type: 'gate.pass', gate: id, reason: 'go', force: false } }];
  }
  // What is done instead has its own failures and retries.
  if (known.state === 'failed' && gate.onFail.kind !== 'fallback') {
    return [{ about: about('waive'), command: { type: 'gate.waive', gate: id, reason: 'reassessed: it goes on' } }];
  }
  // One that follows nothing is looked at by hand, once all else stands still.
  const isStill = !Object.values(standing.work.tasks).some((task) => isInHand(task));
  if (
    known.state === 'pending' &&
    gate.after.length === 0 &&
    isStill &&
    state.landings.every(({ state: is }) => is !== 'queued')
  ) {
    return [{ about: about('run'), command: { type: 'gate.run', gate: id, force: false } }];
  }
  return [];
}

const NO = 'no-go';

/** Conflicts: what both wrote stays. */
function ofRounds({ rounds, overlaps }: State): readonly Answer[] {
  return Object.values(rounds).flatMap((round): readonly Answer[] => {
    if (round.phase !== 'needs-person' || !awaitsPerson(round)) return [];
    const overlap = Object.values(overlaps).find((one) => one.round === round.id && isOpen(one));
    if (!overlap) return [];
    const open = unsettled(round);
    const about = `${open.length === 0 ? 'confirm' : 'settle'} ${round.id} ${round.retries}`;
    if (open.length === 0) return [{ about, command: { type: 'overlap.merge', overlap: overlap.id } }];
    const settled = open.map((path) => ({ path, take: 'both' }) as const);
    return [{ about, command: { type: 'overlap.settle', overlap: overlap.id, settled } }];
  });
}
