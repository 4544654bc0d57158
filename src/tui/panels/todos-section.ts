import type { Todo } from '../../core/model/state.ts';
import { taskInHand } from '../../core/select/in-hand.ts';
import { type Room, focusedId } from '../app/room.ts';
import { type Look, span } from '../presentation/look.ts';
import type { Section } from './sections.ts';
import { todoLines } from './todo-lines.ts';

/** No panel is higher: what is behind would be built and never seen. */
const MOST = 100;

/** What is open first; of that what the agent with the focus has to do. */
export function todosSection(room: Room, look: Look): Section {
  const { todos } = room.state;
  const isMine = ownerOf(room);
  const ranks: readonly Todo[][] = [[], [], [], []];
  for (const todo of todos) ranks[(todo.done ? 2 : 0) + (isMine(todo) ? 0 : 1)]!.push(todo);
  const done = ranks[2]!.length + ranks[3]!.length;
  const summary =
    todos.length > 0 ? [span(look, `${done}/${todos.length}`, done === todos.length ? 'ok' : 'muted')] : [];
  const lines = todos.length > 0 ? todoLines(ranks.flat().slice(0, MOST), look) : [[span(look, 'none', 'faint')]];
  return { id: 'todos', key: 't', title: 'todos', summary, lines, keepEnd: false };
}

/** Tells the todos of the agent with the focus: those of the task that it has in hand, and its own. */
function ownerOf(room: Room): (todo: Todo) => boolean {
  const focus = focusedId(room);
  const task = focus === null ? null : taskInHand(room.state, focus);
  return (todo) => focus !== null && (todo.task === null ? todo.agent === focus : todo.task === task);
}
