import type { State } from '../../core/model/state.ts';
import { own } from '../../core/model/work.ts';
import type { Standing } from '../../core/schedule/needs.ts';
import type { Forecast } from '../../core/select/forecast.ts';
import { oneLine } from '../../core/text.ts';
import { hoursWords } from '../../core/select/time.ts';
import type { PlanEntry } from '../plan/entries.ts';
import { todosOfTasks } from '../plan/entries.ts';
import { type Look, span } from '../presentation/look.ts';
import {
  type StateLook,
  doerName,
  gateLook,
  groupLook,
  handoverLook,
  progressOf,
  taskLook,
} from '../presentation/plan.ts';
import { type Line, type Span, pad, spread } from '../widgets/line.ts';

/** What rows are made of. */
export interface PlanFacts {
  readonly state: State;
  readonly standing: Standing;
  readonly forecast: Forecast | null;
}

const WORD = 9;

/** `  ● running   parser  Parse it all       40%  2/5 ana       critical` */
export function treeRow(facts: PlanFacts, entry: PlanEntry, width: number, look: Look): Line {
  const { standing } = facts;
  const indent = '  '.repeat(Math.min(entry.depth, 6));
  if (entry.kind === 'todo') {
    const { done, text, by } = entry.todo;
    return spread(
      [
        span(look, `${indent}  ${done ? '☑' : '☐'} `, done ? 'ok' : 'muted'),
        span(look, oneLine(text), done ? 'faint' : 'text'),
      ],
      done && by ? [span(look, ` ${oneLine(by.name, 16)}`, 'faint')] : [],
      width,
    );
  }
  const fold = entry.open === null ? '  ' : entry.open ? '- ' : '+ ';
  const state = lookOf(standing, entry);
  const left: Line = [
    span(look, `${indent}${fold}`, 'faint'),
    ...(state ? stateSpans(state, look) : []),
    ...nameSpans(standing, entry, look),
  ];
  return spread(left, rightOf(facts, entry, look), width);
}

export function stateSpans({ glyph, word, token }: StateLook, look: Look): Span[] {
  return [span(look, `${glyph} ${pad(word, WORD)} `, token)];
}

/** null for a heading that has none. */
export function lookOf(standing: Standing, { kind, id }: PlanEntry): StateLook | null {
  switch (kind) {
    case 'task':
      return taskLook(standing, id);
    case 'gate':
      return gateLook(standing, id);
    case 'handover':
      return handoverLook(standing, id);
    case 'phase':
    case 'milestone':
      return groupLook(standing, id);
    default:
      return null;
  }
}

/** The id first: it is what commands take. */
function nameSpans({ index, work }: Standing, { kind, id }: PlanEntry, look: Look): Span[] {
  const named = (word: string, title: string | null | undefined): Span[] => [
    ...(word === '' ? [] : [span(look, `${word} `, 'muted')]),
    span(look, oneLine(id, 60), 'strong'),
    span(look, title && title !== id ? `  ${oneLine(title, 200)}` : '', 'text'),
  ];
  switch (kind) {
    case 'task':
      return named('', index.tasks.get(id)?.title);
    case 'gate':
      return named('gate', index.gates.get(id)?.title);
    case 'handover':
      return named('handover', index.handovers.get(id)?.artefact);
    case 'milestone':
      return named('milestone', index.milestones.get(id)?.title);
    case 'phase':
      return named('phase', work.plan.phases.find((phase) => phase.id === id)?.title);
    default:
      return [span(look, 'in no phase and no milestone', 'muted')];
  }
}

/** Progress, todos, who, slack: columns of one width, so that they stand below one another. */
function rightOf({ state, standing, forecast }: PlanFacts, entry: PlanEntry, look: Look): Line {
  const { kind, id } = entry;
  if (kind === 'task') {
    const work = own(standing.work.tasks, id)!;
    const todos = todosOfTasks(state.todos).get(id) ?? [];
    const ticked = todos.filter(({ done }) => done).length;
    const begun = work.stage !== 'open' && work.stage !== 'done';
    return columnsOf(
      begun ? `${Math.round(work.progress)}%` : '',
      todos.length === 0 ? '' : `${ticked}/${todos.length}`,
      doerName(state, standing, id),
      slackSpan(forecast, id, look),
      look,
    );
  }
  if (kind !== 'phase' && kind !== 'milestone') return [];
  const { done, all, percent } = progressOf(standing, standing.index.members.get(id) ?? []);
  const owner = standing.index.milestones.get(id)?.owner ?? '';
  return columnsOf(`${percent}%`, `${done}/${all}`, oneLine(owner, 20), span(look, ''), look);
}

function columnsOf(progress: string, todos: string, who: string, slack: Span, look: Look): Line {
  return [
    span(look, ` ${pad(progress, 4, 'end')}`, 'progress'),
    span(look, ` ${pad(todos, 5, 'end')}`, 'muted'),
    span(look, ` ${pad(who, 11)} `, 'accent'),
    [pad(slack[0], 8), slack[1]],
  ];
}

/** `critical`, `+3h`: how much later it may end. */
function slackSpan(forecast: Forecast | null, id: string, look: Look): Span {
  const known = forecast?.tasks.get(id);
  if (!known || known.slackHours === null || (!known.critical && known.slackHours < 0.01)) return span(look, '');
  return known.critical ? span(look, 'critical', 'warn') : span(look, `+${hoursWords(known.slackHours)}`, 'faint');
}
