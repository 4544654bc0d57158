/** plan status: how far the plan of the session is, and when it will be over. */
import { planStatus } from '../../core/select/plan-status.ts';
import { hoursWords } from '../../core/select/time.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { CliError } from '../errors.ts';
import { snapshot } from '../requests.ts';
import { columns } from '../table.ts';

export async function status({ context }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const { state } = await snapshot(connection);
    const document = planStatus(state, Date.now());
    if (document === null) {
      throw new CliError('the session has no plan with tasks: `llmctl plan check` says what is in a plan');
    }
    context.answer(document, text(document));
  });
}

type Document = NonNullable<ReturnType<typeof planStatus>>;

function text(document: Document): string {
  const { tasks, hours, nextGate, asked, held, launch } = document;
  const done = tasks.done === tasks.total;
  const pace = hours.pace === null ? 'as estimated' : `an estimated hour takes ${hoursWords(hours.pace)}`;
  const gate = nextGate === null ? [] : [`next gate ${nextGate}${asked.includes(nextGate) ? ': asks you' : ''}`];
  const lines = [
    `${document.plan}: ${tasks.done} of ${tasks.total} tasks done${tasks.failed > 0 ? `, ${tasks.failed} failed` : ''}`,
    done ? `over since ${document.endsAt}` : `${hoursWords(hours.left)} left, over at ${document.endsAt}; ${pace}`,
    `${hoursWords(hours.done)} of ${hoursWords(hours.total)} done; planned ${hoursWords(hours.planned)}`,
    ...(tasks.withoutEstimate > 0 ? [`${tasks.withoutEstimate} tasks have no estimate`] : []),
    ...(document.criticalPath.left.length > 0 ? [`critical: ${document.criticalPath.left.join(' → ')}`] : []),
    ...gate,
    ...launch.map(
      ({ title, start, after, state }) =>
        `launch ${state}: ${title === '' ? start.join(', ') : title}${state === 'waiting' ? `, after ${after.join(', ')}` : ''}`,
    ),
    ...held.map((reason) => `nothing new starts: ${reason}`),
  ];
  const rows = document.forecast.map((task) => [
    task.critical ? '*' : '',
    task.id,
    task.state,
    task.agent,
    task.startsAt,
    task.endsAt,
    task.slackHours === null || task.critical ? '' : `+${hoursWords(task.slackHours)}`,
  ]);
  return showLines([...lines, '', columns([['', 'TASK', 'STATE', 'AGENT', 'FROM', 'TO', 'SLACK'], ...rows])]);
}

function showLines(lines: readonly string[]): string {
  return lines
    .join('\n')
    .split('\n')
    .map((line) => showControls(line))
    .join('\n');
}
