/** Gates: looked at once all before them is done. */
import { raise } from '../decide/alerts.ts';
import { COORDINATOR, type Actor } from '../model/agent.ts';
import type { CheckOutcome } from '../model/work-commands.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { own, type GateCheckWork, type GateWork } from '../model/work.ts';
import { oneLine } from '../text.ts';
import { over } from '../decide/alerts.ts';
import { gateCause } from './causes.ts';
import type { ScheduledCheck, ScheduledGate } from './gates.ts';
import { areDone, type Standing } from './needs.ts';
import { isFigure, judge } from '../health/threshold.ts';

export function followGates(state: State, standing: Standing, context: DecideContext): readonly Event[] {
  const { work, index } = standing;
  return [...index.gates.values()].flatMap((gate) => {
    const known = own(work.gates, gate.id)!;
    if (known.state !== 'pending' || known.asked || !isReached(standing, gate)) return [];
    return begin(state, gate, known, COORDINATOR, false, context);
  });
}

/** A gate that follows nothing is only looked at by hand. */
export function isReached(standing: Standing, gate: ScheduledGate): boolean {
  return gate.after.length > 0 && areDone(standing, gate.after);
}

/** True where a command can tell. */
export function isRun({ check }: ScheduledCheck): boolean {
  return check.kind === 'command' || (check.kind === 'threshold' && check.run !== null);
}

export function begin(
  state: State,
  gate: ScheduledGate,
  known: GateWork,
  by: Actor,
  forced: boolean,
  context: DecideContext,
): readonly Event[] {
  if (gate.checks.some(isRun)) return [{ type: 'gate.started', gate: gate.id, run: context.newId(), by, forced }];
  return conclude(state, gate, known.checks, by, forced, context);
}

/** What the commands came to. */
export function outcomeChecks(gate: ScheduledGate, outcomes: readonly CheckOutcome[]): readonly GateCheckWork[] {
  return gate.checks.map((scheduled, at): GateCheckWork => {
    if (!isRun(scheduled)) return { state: 'pending', said: '' };
    const outcome = outcomes.find(({ index }) => index === at);
    if (!outcome) return { state: 'pending', said: '' };
    const { check } = scheduled;
    if (check.kind === 'threshold' && outcome.ok) {
      const { ok, said } = judge(check, outcome.output, isFigure(check.baseline) ? check.baseline : outcome.baseline);
      return { state: ok ? 'passed' : 'failed', said: oneLine(said, 300) };
    }
    const absent = scheduled.path === null ? null : `${scheduled.path} is not there`;
    const said = outcome.ok ? '' : oneLine(absent ?? outcome.reason, 300);
    return { state: outcome.ok ? 'passed' : 'failed', said };
  });
}

/** All commands have spoken: it has failed, a person has the last word, or it has passed. */
export function conclude(
  state: State,
  gate: ScheduledGate,
  checks: readonly GateCheckWork[],
  by: Actor,
  forced: boolean,
  context: DecideContext,
): readonly Event[] {
  const failed = checks.findIndex((check) => check.state === 'failed');
  if (failed >= 0) {
    const { text } = gate.checks[failed]!.check;
    const { said } = checks[failed]!;
    const reason = said === '' || said.startsWith(text) ? said || text : `${text}: ${said}`;
    return failGate(state, gate, checks, reason, by, context);
  }
  const asks = gate.checks.filter((check) => !isRun(check));
  if (asks.length === 0) return passGate(state, gate, checks, '', by, forced);
  const text = `gate ${gate.id}: ${asks.map(questionOf).join('; ')} \`llmctl gate pass ${gate.id}\` or \`fail ${gate.id}\``;
  return [
    { type: 'gate.asked', gate: gate.id, checks },
    raise(state, { level: 'warn', text, agent: null, cause: gateCause(gate.id) }, context),
  ];
}

/** What yes and what no mean goes with the question. */
function questionOf({ check }: ScheduledCheck): string {
  if (check.kind !== 'person') return `${check.text}?`;
  const means = [check.go === null ? '' : `go: ${check.go}`, check.noGo === null ? '' : `no-go: ${check.noGo}`];
  const said = means.filter((one) => one !== '').join('; ');
  return said === '' ? check.text : `${check.text} (${said})`;
}

export function passGate(
  state: State,
  gate: ScheduledGate,
  checks: readonly GateCheckWork[],
  reason: string,
  by: Actor,
  forced: boolean,
): readonly Event[] {
  return [{ type: 'gate.passed', gate: gate.id, by, reason, checks, forced }, ...over(state, gateCause(gate.id))];
}

export function failGate(
  state: State,
  gate: ScheduledGate,
  checks: readonly GateCheckWork[],
  reason: string,
  by: Actor,
  context: DecideContext,
): readonly Event[] {
  const { work } = state;
  const known = work && own(work.gates, gate.id);
  const failed: Event = { type: 'gate.failed', gate: gate.id, by, reason, checks };
  const cause = gateCause(gate.id);
  const { onFail } = gate;
  const tell = (text: string): Event =>
    raise(
      state,
      { level: 'error', text: `gate ${gate.id} has failed: ${reason}; ${text}`, agent: null, cause },
      context,
    );
  switch (onFail.kind) {
    case 'fallback':
      return [
        failed,
        { type: 'task.activated', task: onFail.task, gate: gate.id },
        tell(`task ${onFail.task} is done instead`),
      ];
    case 'retry': {
      const tasks = workBefore(state, gate);
      if (!known || known.retries >= onFail.times || tasks.length === 0) break;
      const again = `gate ${gate.id} has failed: ${reason}`;
      return [
        failed,
        { type: 'gate.retried', gate: gate.id, tasks, reason },
        ...tasks.map((task): Event => ({ type: 'task.reopened', task, reason: again, by: COORDINATOR, forced: false })),
        tell(`${tasks.join(', ')} ${tasks.length === 1 ? 'is' : 'are'} done again`),
      ];
    }
    case 'reassess':
      break;
  }
  return [failed, tell(`a person decides: \`llmctl gate run|pass|waive ${gate.id}\``)];
}

/** Tasks right before a gate: of a group those that nothing else of it waits for. */
function workBefore({ work }: State, gate: ScheduledGate): readonly string[] {
  const tasks = work?.plan.tasks ?? [];
  const named = new Set(tasks.map(({ id }) => id));
  const direct = gate.after.filter((id) => named.has(id));
  const groups = gate.after.filter((id) => !named.has(id));
  const members = groups.flatMap((group) => {
    const milestone = work?.plan.milestones.find(({ id }) => id === group);
    const ids = milestone?.tasks ?? tasks.filter(({ phase }) => phase === group).map(({ id }) => id);
    const before = new Set(
      tasks.filter(({ id }) => ids.includes(id)).flatMap(({ dependsOn }) => dependsOn.map(({ target }) => target)),
    );
    return ids.filter((id) => !before.has(id));
  });
  return [...new Set([...direct, ...members])].filter((id) => work && own(work.tasks, id)?.stage === 'done');
}
