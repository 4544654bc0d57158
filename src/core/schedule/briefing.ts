/** What an agent is told about a task: the plan's prompt, and what has happened since the plan was written. */
import { isPlain, toldAs } from '../agents/told.ts';
import type { Agent } from '../model/agent.ts';
import { own, type TaskWork, type Work } from '../model/work.ts';
import { hasOwnPrompt, taskBrief } from '../plan/prompt/brief.ts';
import type { PlanTask } from '../plan/sections/task.ts';
import { oneLine } from '../text.ts';
import { planIndex } from './plan-index.ts';

const HOW_TO_REPORT =
  'Say how it goes with `llmctl report progress N`, `llmctl report blocked WHY` where you need somebody, and `llmctl report done` when it is done.';

/** A program that takes what it is told for commands gets the person's own words alone, or one quoted word. */
export function briefText(work: Work, task: PlanTask, known: TaskWork, agent: Agent): string {
  const text = taskBrief(work.plan, task, agent.spec.id);
  const written = hasOwnPrompt(work.plan, task, agent.spec.id);
  if (written && isPlain(agent)) return text;
  const parts = [
    again(known),
    text,
    ...handedOver(work, task, agent),
    left(work, task),
    text.includes('llmctl report') ? '' : HOW_TO_REPORT,
  ];
  return toldAs(agent, parts.filter((part) => part !== '').join('\n\n'));
}

function again({ startedAt, since, reason }: TaskWork): string {
  if (startedAt === null || startedAt === since) return '';
  const why = reason === '' ? '' : ` ${sentence(reason)}`;
  return `This task was begun before: look at what is there already.${why}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What others owed it and have handed over. */
function handedOver(work: Work, task: PlanTask, agent: Agent): string[] {
  const lines: string[] = [];
  for (const [id, handover] of planIndex(work.plan).handovers) {
    const given = own(work.handovers, id);
    const mine = handover.to.includes(task.id) || handover.to.includes(agent.spec.id);
    if (!mine || !given || given.givenAt === null) continue;
    lines.push(`- ${handoverWords(handover, given.path)}`);
  }
  return lines.length === 0 ? [] : [`Handed over to you:\n${lines.join('\n')}`];
}

export function handoverWords(
  handover: { readonly from: readonly string[]; readonly artefact: string; readonly interface: string | null },
  path: string,
): string {
  const where = path === '' ? '' : `, in ${oneLine(path, 200)}`;
  const says = handover.interface === null ? '' : `: ${handover.interface.trim()}`;
  return `from ${handover.from.join(', ')}: ${handover.artefact}${where}${says}`;
}

/** What those it waited for said that they made. */
function left(work: Work, task: PlanTask): string {
  const { members } = planIndex(work.plan);
  const before = task.dependsOn.flatMap(({ target }) => members.get(target) ?? [target]);
  const lines = [...new Set(before)].flatMap((id) =>
    (own(work.tasks, id)?.artefacts ?? []).map(({ path, text }) => {
      const says = text === '' ? '' : ` (${oneLine(text, 200)})`;
      return `- ${id}: ${oneLine(path, 200)}${says}`;
    }),
  );
  return lines.length === 0 ? '' : `What was made for you:\n${lines.join('\n')}`;
}
