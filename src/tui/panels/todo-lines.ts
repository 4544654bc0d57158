import type { Todo } from '../../core/model/state.ts';
import { showControls } from '../../core/text.ts';
import { type Look, span } from '../presentation/look.ts';
import type { Line } from '../widgets/line.ts';

/** `☐ text`, with the task it belongs to; the plan's and a person's own look alike but for the pencil. */
export function todoLine(todo: Todo, look: Look): Line {
  const whose =
    todo.task === null ? [span(look, '✎ ', 'faint')] : [span(look, `${showControls(todo.task)} `, 'accent')];
  return [
    span(look, todo.done ? '☑ ' : '☐ ', todo.done ? 'ok' : 'muted'),
    ...whose,
    span(look, showControls(todo.text), todo.done ? 'faint' : 'text'),
  ];
}

export function todoLines(todos: readonly Todo[], look: Look): Line[] {
  return todos.map((todo) => todoLine(todo, look));
}
