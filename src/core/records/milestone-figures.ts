/** The figures that the commit of a milestone names: what landed for it, what its checks said, what its gates measured. */
import type { TestCounts } from '../health/counts.ts';
import type { HealthResult } from '../model/health.ts';
import { own, type Work } from '../model/work.ts';
import type { Plan } from '../plan/model.ts';
import type { MilestoneFigures } from '../plan/prompt/values.ts';
import type { PlanMilestone } from '../plan/sections/stages.ts';
import { milestoneGate } from '../schedule/gates.ts';
import { planIndex } from '../schedule/plan-index.ts';
import { oneLine } from '../text.ts';
import { durationText } from './durations.ts';

export type CheckFigures = Pick<HealthResult, 'name' | 'state' | 'ms' | 'firstError' | 'counts' | 'measures'>;

/** @param results of the plan's checks on the very tree that is recorded */
export function milestoneFigures(
  work: Work,
  milestone: PlanMilestone,
  results: readonly CheckFigures[],
): MilestoneFigures {
  const tested = [...results.map(checkWords), ...gateWords(work, milestone, 'command')];
  const measured = [...gateWords(work, milestone, 'threshold'), ...results.flatMap(measureWords)];
  return {
    changes: changesOf(work, milestone),
    tested: tested.length === 0 ? 'nothing: the plan has no checks' : tested.join('; '),
    performance: measured.length === 0 ? 'not measured' : measured.join('; '),
  };
}

/** `the new parser (ana, 1f2e3d4c5b)` */
function changesOf({ plan, tasks }: Work, milestone: PlanMilestone): readonly string[] {
  return plan.tasks.flatMap(({ id, title }) => {
    const task = own(tasks, id);
    if (!milestone.tasks.includes(id) || task?.stage !== 'done') return [];
    const facts = [task.agent, task.commit?.slice(0, 10) ?? null].filter((fact) => fact !== null);
    return [oneLine(`${title ?? id}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`, 200)];
  });
}

/** `test green, 42 passed, 1 skipped`, `build RED: src/a.c:3: …`, `lint not run: …` */
function checkWords({ name, state, firstError, counts }: CheckFigures): string {
  const why = firstError === '' ? '' : `: ${oneLine(firstError, 120)}`;
  if (state === 'unknown') return `${name} not run${why}`;
  const said = [state === 'red' ? 'RED' : 'green', ...countWords(counts ?? null)].join(', ');
  return `${name} ${said}${state === 'red' ? why : ''}`;
}

export function countWords(counts: TestCounts | null): readonly string[] {
  if (counts === null) return [];
  const { passed, failed, skipped } = counts;
  const numbers = { passed, failed, skipped };
  return Object.entries(numbers).flatMap(([word, number]) =>
    number > 0 || word === 'passed' ? [`${number} ${word}`] : [],
  );
}

/** What it measured, and how long it took. */
function measureWords({ name, state, ms, measures = [] }: CheckFigures): readonly string[] {
  if (state === 'unknown') return [];
  return [...measures.map(({ said }) => oneLine(said, 200)), `${name} in ${durationText(ms)}`];
}

/** What the gates that end the milestone came to: commands by their lines, thresholds by their figures. */
function gateWords({ plan, gates }: Work, milestone: PlanMilestone, kind: 'command' | 'threshold'): readonly string[] {
  const about = new Set([milestone.id, ...milestone.tasks]);
  return [...planIndex(plan).gates.values()].flatMap((gate) => {
    const ends = gate.id === milestone.gate || gate.id === milestoneGate(milestone.id);
    if (!ends && !gate.after.some((id) => about.has(id))) return [];
    const known = own(gates, gate.id)?.checks ?? [];
    return gate.checks.flatMap(({ check }, at) => {
      const { state, said } = known[at] ?? { state: 'pending', said: '' };
      if (check.kind !== kind || (state !== 'passed' && state !== 'failed')) return [];
      if (kind === 'threshold') return said === '' ? [] : [said];
      return [oneLine(`${check.text} ${state === 'passed' ? 'passed' : 'FAILED'}`, 120)];
    });
  });
}

/** Checks whose figures belong into the commit: those that guard the branch. */
export function milestoneChecks({ health, integration }: Plan): Plan['health'] {
  const names = integration.checks;
  return names === null ? health : health.filter(({ name }) => names.includes(name));
}

/** Files of llmctl's own that must not get into anybody's history. @param path relative to the repository */
export function isOwnFile(path: string): boolean {
  return /^\.llmctl\/(worktrees|landing|gates|health)\/|\.llmctl-saved(-\d+)?$/.test(path);
}
