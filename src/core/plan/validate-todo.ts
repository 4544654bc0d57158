/** Todos: lines of text, or {text, done}, whose ids come from what they say. */
import type { PlanTodo } from './model.ts';
import { MapReader, readText } from './reader.ts';
import type { ProblemList, Tree } from './tree.ts';

/** FNV-1a over UTF-16 units, as 8 hex digits: an id that lasts while the text does. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, '0');
}

export class TodoReader {
  readonly #problems: ProblemList;
  readonly #ids = new Map<string, number>();

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  read(reader: MapReader, agent: string | null): PlanTodo[] {
    const todos: PlanTodo[] = [];
    for (const item of reader.list('todos', '- one line for each')) {
      const todo = this.#readOne(item, agent, reader.what);
      if (todo) todos.push(todo);
    }
    return todos;
  }

  #readOne(item: Tree, agent: string | null, owner: string): PlanTodo | null {
    if (item.kind !== 'map') {
      const text = readText(item, `a todo of ${owner}`, this.#problems, { max: 500 });
      return text === null ? null : this.#todo(text.trim(), false, agent);
    }
    const reader = new MapReader(item, `a todo of ${owner}`, this.#problems);
    const text = reader.text('text', { max: 500 });
    if (text === null && !reader.entry('text')) {
      this.#problems.error(
        item.at,
        `a todo of ${owner} has no text; write it as plain text, in quotes if it holds ": "`,
      );
    }
    const done = reader.flag('done') ?? false;
    reader.finish();
    return text === null ? null : this.#todo(text.trim(), done, agent);
  }

  #todo(text: string, done: boolean, agent: string | null): PlanTodo {
    return { id: this.idOf(agent ?? '', text), text, done, agent };
  }

  /** An id for a line of `owner`; the second of two equal lines gets another. */
  idOf(owner: string, text: string): string {
    const base = hash(`${owner}\n${text}`);
    const seen = this.#ids.get(base) ?? 0;
    this.#ids.set(base, seen + 1);
    return seen === 0 ? `p${base}` : `p${base}-${seen + 1}`;
  }
}
