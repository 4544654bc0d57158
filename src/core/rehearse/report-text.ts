/** A rehearsal's report as lines for people. */
import { oneLine } from '../text.ts';
import type { RehearsalReport, RehearsedTask } from './report.ts';

/** Such stories say nothing that the columns don't. */
const PLAIN = new Set(['started', 'done', 'landed']);

export function reportLines(report: RehearsalReport): readonly string[] {
  const { ok, plan, seed, speed, seconds, criticalPath, rehearsedHours, landings, stoodIn } = report;
  const [low, high] = criticalPath.hours;
  const chaos = seed === null ? '' : `, chaos ${seed}`;
  const path = criticalPath.tasks.length === 0 ? '' : `; critical path ${low === high ? low : `${low}-${high}`} h`;
  return [
    '',
    `${plan}: ${ok ? 'ran to its end' : `stopped: ${oneLine(report.reason, 300)}`}`,
    `  ${seconds} s at ${speed} times life${chaos}: ${rehearsedHours} h of the plan${path}`,
    ...section('tasks, in the order in which they began (* on the critical path)', report.tasks.map(taskLine)),
    ...section(
      'gates',
      report.gates.flatMap(({ gate, results }) => (results.length === 0 ? [] : [`${gate}: ${results.join('; ')}`])),
    ),
    ...section(
      'overlaps that came to a merge',
      report.overlaps.map(({ path: file, agents, ended }) => `${file}: ${agents.join(' and ')}: ${ended}`),
    ),
    ...section(
      `landings: ${landings.landed} landed`,
      landings.refused.map((line) => `refused: ${line}`),
      true,
    ),
    ...section(
      'handovers',
      report.handovers.map(({ handover, path: where }) => (where === '' ? handover : `${handover}: ${where}`)),
    ),
    ...section('milestones', report.milestones),
    ...section('still open', report.open),
    'stood in for',
    `  ${stoodIn.agents} agents by scripts; ${stoodIn.commands} commands by answers${seed === null ? ' that are always yes' : ' that follow from the seed'};`,
    `  ${stoodIn.personTasks} tasks of persons by waiting; ${stoodIn.answers} answers of persons`,
  ].map((line) => oneLineKept(line));
}

function section(title: string, lines: readonly string[], always = false): readonly string[] {
  return lines.length === 0 && !always ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function taskLine({ task, agent, critical, startedAt, endedAt, attempts, story }: RehearsedTask): string {
  const when = `${time(startedAt)} to ${time(endedAt)} s`;
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  const told = story.filter((step) => !PLAIN.has(step));
  return `${critical ? '*' : ' '} ${task} (${agent ?? 'a person'}) ${when}${tries}${told.length === 0 ? '' : `: ${told.join('; ')}`}`;
}

function time(seconds: number | null): string {
  return seconds === null ? '–' : String(seconds);
}

/** Long enough for a story; the spaces before it stay. */
function oneLineKept(line: string): string {
  const indent = /^ */.exec(line)![0];
  return indent + oneLine(line.slice(indent.length), 2_000);
}
