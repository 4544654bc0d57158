import { own } from '../../core/model/work.ts';
import { hoursText } from '../../core/plan/prompt/values.ts';
import type { TaskForecast } from '../../core/select/forecast.ts';
import { oneLine } from '../../core/text.ts';
import { hoursWords } from '../../core/select/time.ts';
import type { PlanEntry } from '../plan/entries.ts';
import { taskWhy } from '../presentation/plan.ts';
import { dayClock } from '../presentation/time.ts';
import type { PlanFacts } from './plan-rows.ts';

const HOUR = 3_600_000;
/** Below half a minute it is none. */
const LEAST_SLACK = 0.01;

/** When it began or begins, ended or ends, and by how much it may be late. */
export function timeWords(known: TaskForecast, now: number): readonly string[] {
  const { start, end, stage, critical, slackHours } = known;
  if (stage === 'over') return [`ended ${dayClock(end, now)}, took ${hoursWords((end - start) / HOUR)}`];
  const when = `${stage === 'begun' ? 'began' : 'begins'} ${dayClock(start, now)}, ends ${dayClock(end, now)}`;
  if (critical) return [when, 'critical: the end waits for it'];
  const late = slackHours === null || slackHours < LEAST_SLACK ? [] : [`may end ${hoursWords(slackHours)} later`];
  return [when, ...late];
}

/** The parts that say something, on one line. */
export function joined(parts: readonly string[]): string {
  return oneLine(parts.filter((part) => part !== '').join(' · '), 500);
}

/** What is known of a line beyond its row, in one run of words. */
export function entryWords(facts: PlanFacts, entry: PlanEntry): string {
  const { standing, forecast } = facts;
  const { index, work } = standing;
  switch (entry.kind) {
    case 'task': {
      const task = index.tasks.get(entry.id)!;
      const known = forecast?.tasks.get(entry.id);
      const when = known ? timeWords(known, forecast?.now ?? 0) : [];
      const estimate = task.estimateHours === null ? 'no estimate' : `estimate ${hoursText(task.estimateHours)}`;
      const parts = [task.title ?? '', taskWhy(standing, entry.id), ...when, estimate];
      return joined(parts);
    }
    case 'gate': {
      const gate = index.gates.get(entry.id)!;
      const known = own(work.gates, entry.id)!;
      const after = gate.after.length === 0 ? '' : `after ${gate.after.slice(0, 8).join(', ')}`;
      const before = gate.before.length === 0 ? '' : `before ${gate.before.slice(0, 8).join(', ')}`;
      const asks = gate.checks.map(({ check }) => check.text).join('; ');
      return joined([known.reason, after, before, asks]);
    }
    case 'handover': {
      const { from, to, day, blocking, interface: says } = index.handovers.get(entry.id)!;
      const path = own(work.handovers, entry.id)?.path ?? '';
      const due = day === null ? '' : `by day ${day}`;
      const parts = [
        `${from.join(', ')} → ${to.join(', ')}`,
        path,
        due,
        blocking ? 'the receiver waits for it' : '',
        says ?? '',
      ];
      return joined(parts);
    }
    case 'milestone': {
      const tasks = index.milestones.get(entry.id)?.tasks ?? [];
      const commit = own(work.milestones, entry.id)?.commit ?? null;
      const reached = commit === null ? '' : `reached at ${commit.slice(0, 12)}`;
      return joined([reached, `ends with ${tasks.join(', ')}`]);
    }
    case 'phase':
      return oneLine(work.plan.phases.find(({ id }) => id === entry.id)?.notes ?? '', 400);
    case 'todo':
      return oneLine(
        `${entry.todo.kind ?? 'todo'} of ${entry.todo.task ?? 'nobody'}${entry.todo.proof ? ` · proved by ${entry.todo.proof}` : ''}`,
        400,
      );
    case 'rest':
      return '';
  }
}
