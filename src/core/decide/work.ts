/** What is asked and told about the plan's work. */
import { conclude, isReached, outcomeChecks } from '../schedule/follow-gates.ts';
import { block } from '../schedule/follow-tasks.ts';
import { landEvents, returned } from '../schedule/outcomes.ts';
import { standingOf } from '../schedule/standing.ts';
import type { Standing } from '../schedule/needs.ts';
import { planChanges } from '../schedule/take.ts';
import { taskChecks } from '../schedule/task-checks.ts';
import { toldAs } from '../agents/told.ts';
import { briefText } from '../schedule/briefing.ts';
import { COORDINATOR, isLive, type Actor } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import type { CheckOutcome, WorkCommand, WorkObservation } from '../model/work-commands.ts';
import { isInHand, own } from '../model/work.ts';
import type { Plan } from '../plan/model.ts';
import { oneLine } from '../text.ts';
import { decideGate } from './gates.ts';
import { agentOf, refuse, type Decision } from './refuse.ts';
import { decideTask } from './tasks.ts';

export function decideWork(state: State, command: WorkCommand, by: Actor, context: DecideContext): Decision {
  if (command.type === 'plan.take') return takePlan(state, command.plan, command.path);
  const standing = standingOf(state);
  if (standing === null) return isTold(command) ? [] : noPlan();
  switch (command.type) {
    case 'task.told': {
      const known = own(standing.work.tasks, command.task);
      return known?.brief === 'sending' ? [{ type: 'task.briefed', task: command.task }] : [];
    }
    case 'task.checked':
      return taskChecked(state, standing, command.task, command.run, command.outcomes, context);
    case 'task.unlandable': {
      const known = own(standing.work.tasks, command.task);
      if (known?.stage !== 'landing') return [];
      return block(state, command.task, `it could not land: ${oneLine(command.reason, 300)}`, context);
    }
    case 'gate.checked': {
      const gate = standing.index.gates.get(command.gate);
      const known = own(standing.work.gates, command.gate);
      if (!gate || known?.state !== 'running' || known.run !== command.run) return [];
      const checks = outcomeChecks(gate, command.outcomes);
      const proved = command.outcomes.flatMap(({ index, ok }) => {
        const todo = gate.checks[index]?.todo;
        return todo ? [{ todo, ok }] : [];
      });
      const forced = known.forced || !isReached(standing, gate);
      return [...ticks(state, proved), ...conclude(state, gate, checks, known.by ?? by, forced, context)];
    }
    case 'milestone.committed': {
      const { milestone, commit } = command;
      const known = own(standing.work.milestones, milestone);
      if (!known || known.reachedAt === null || known.recorded) return [];
      return [{ type: 'milestone.recorded', milestone, commit }];
    }
    case 'schedule.limit':
      return hold(standing, command.cause, command.reason, by);
    case 'schedule.hold':
      return hold(standing, 'person', command.reason, by);
    case 'task.start':
    case 'task.done':
    case 'task.fail':
    case 'task.retry':
    case 'task.assign':
      return decideTask(state, standing, command, by, context);
    case 'gate.run':
    case 'gate.pass':
    case 'gate.fail':
    case 'gate.waive':
      return decideGate(state, standing, command, by, context);
  }
}

/** Results that come after the plan is gone are no news. */
function isTold({ type }: WorkCommand): boolean {
  const told: readonly WorkObservation['type'][] = [
    'task.told',
    'task.checked',
    'task.unlandable',
    'gate.checked',
    'milestone.committed',
    'schedule.limit',
  ];
  return told.includes(type as WorkObservation['type']);
}

function noPlan(): Decision {
  return refuse(
    'invalid',
    'this session has no plan with tasks; write "tasks:" into llmctl.yaml, or start it with --plan',
  );
}

function hold(standing: Standing, cause: string, reason: string | null, by: Actor): Decision {
  const words = reason === null ? null : oneLine(reason, 200) || `held by ${by.name}`;
  const known = own(standing.work.holds, cause) ?? null;
  return known === words ? [] : [{ type: 'schedule.held', cause, reason: words, by }];
}

function hasWork({ tasks, gates, milestones }: Plan): boolean {
  return tasks.length + gates.length + milestones.length > 0;
}

/** What counts also where agents have no tasks. */
function hasRules({ emergencies, syncPoints, launch, stuck, limits, agents }: Plan): boolean {
  const some = emergencies.length + syncPoints.length + launch.length > 0;
  return some || (stuck ?? limits ?? null) !== null || agents.some(({ stuckAfter }) => (stuckAfter ?? null) !== null);
}

function takePlan(state: State, plan: Plan, path: string | null): Decision {
  const { work } = state;
  if (work === null) {
    if (!hasWork(plan) && !hasRules(plan)) return [];
    return [{ type: 'plan.taken', plan, path, fresh: true, changes: { added: [], removed: [], changed: [] } }];
  }
  // Another file with another name is another plan; what was done of the one before says nothing about it.
  const fresh = work.path !== path && work.plan.name !== plan.name;
  const changes = planChanges(work.plan, plan);
  if (changes === null && work.path === path) return [];
  const none = { added: [], removed: [], changed: [] };
  const taken: Event = { type: 'plan.taken', plan, path, fresh, changes: changes ?? none };
  return [taken, ...(fresh ? [] : tellChanged(state, plan))];
}

/** Whose task reads otherwise now, or is gone, hears of it; nobody is started anew. */
function tellChanged(state: State, plan: Plan): readonly Event[] {
  const work = state.work!;
  return Object.entries(work.tasks).flatMap(([id, known]): Event[] => {
    const agent = known.agent !== null && isInHand(known) ? agentOf(state, known.agent) : undefined;
    if (!agent || !isLive(agent) || known.brief === 'none') return [];
    const [before, after] = [work.plan, plan].map((one) => one.tasks.find((task) => task.id === id));
    if (before && after && JSON.stringify(before) === JSON.stringify(after)) return [];
    const text = after
      ? `llmctl: the plan was changed. Go on with what you have; your task reads now:\n\n${briefText({ ...work, plan }, after, known, agent)}`
      : `llmctl: task ${id} is no longer in the plan: stop working on it.`;
    return [{ type: 'agent.sent', agent: agent.spec.id, text: toldAs(agent, text), enter: true, by: COORDINATOR }];
  });
}

/** Todos that a command proved, or showed to be open. */
function ticks(state: State, proved: readonly { readonly todo: string; readonly ok: boolean }[]): readonly Event[] {
  return proved.flatMap(({ todo, ok }): Event[] => {
    const known = state.todos.find(({ id }) => id === todo);
    return known === undefined || known.done === ok
      ? []
      : [{ type: 'todo.checked', id: todo, done: ok, by: COORDINATOR }];
  });
}

function taskChecked(
  state: State,
  standing: Standing,
  id: string,
  run: string,
  outcomes: readonly CheckOutcome[],
  context: DecideContext,
): Decision {
  const known = own(standing.work.tasks, id);
  const task = standing.index.tasks.get(id);
  if (!task || known?.stage !== 'verifying' || known.run !== run) return [];
  const checks = taskChecks(standing.work.plan, task);
  const proved = outcomes.flatMap(({ index, ok }) => {
    const todo = checks[index]?.todo;
    return todo ? [{ todo, ok }] : [];
  });
  const failed = outcomes.find(({ ok }) => !ok);
  const by = known.by ?? COORDINATOR;
  const ticked = ticks(state, proved);
  if (!failed) {
    // A plan that was edited meanwhile may ask for more than was run.
    return [...ticked, ...landEvents(state, standing, id, by)];
  }
  const check = checks[failed.index];
  const why = check?.path ? `${check.path} is not there` : `${check?.text ?? 'a check'} fails: ${failed.reason}`;
  return [...ticked, ...returned(state, standing, id, oneLine(why, 400), true, context)];
}
