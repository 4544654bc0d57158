import type { Binding } from './binding.ts';
import { DIGEST_BINDINGS } from './digest-bindings.ts';
import { HEALTH_BINDINGS } from './health-bindings.ts';
import { CONFIRM_BINDINGS, INPUT_BINDINGS } from './input-bindings.ts';
import { aTodo, firstOf, writable } from './reasons.ts';

const PAGES: readonly Binding[] = [
  {
    id: 'list-up',
    title: 'up',
    description: 'One line up',
    keys: ['Up', 'k'],
    when: ['list'],
    run: (c) => c.moveList('line', -1),
  },
  {
    id: 'list-down',
    title: 'down',
    description: 'One line down',
    keys: ['Down', 'j'],
    when: ['list'],
    run: (c) => c.moveList('line', 1),
  },
  {
    id: 'list-page-up',
    title: 'page up',
    description: 'One page up',
    keys: ['PgUp'],
    when: ['list'],
    footer: 30,
    run: (c) => c.moveList('page', -1),
  },
  {
    id: 'list-page-down',
    title: 'page down',
    description: 'One page down',
    keys: ['PgDn'],
    when: ['list'],
    footer: 31,
    run: (c) => c.moveList('page', 1),
  },
  {
    id: 'list-top',
    title: 'first',
    description: 'To the first line',
    keys: ['Home'],
    when: ['list'],
    run: (c) => c.moveList('end', -1),
  },
  {
    id: 'list-bottom',
    title: 'last',
    description: 'To the last line',
    keys: ['End', 'G'],
    when: ['list'],
    run: (c) => c.moveList('end', 1),
  },
  {
    id: 'list-close',
    title: 'close',
    description: 'Close it (the key that opened it does, too)',
    keys: ['Esc', 'q'],
    when: ['list'],
    footer: 10,
    run: (c) => c.closePopup(),
  },
];

const TODOS: readonly Binding[] = [
  {
    id: 'todo-toggle',
    title: 'check',
    description: 'Check the line, or open it again',
    keys: ['Space', 'Enter'],
    when: ['todos'],
    footer: 20,
    disabled: firstOf(aTodo, writable),
    run: (c) => c.toggleTodo(),
  },
  {
    id: 'todo-add',
    title: 'add',
    description: 'Add a line of your own',
    keys: ['a'],
    when: ['todos'],
    footer: 21,
    disabled: writable,
    run: (c) => c.addTodo(),
  },
  {
    id: 'todo-remove',
    title: 'remove',
    description: 'Remove the line',
    keys: ['x', 'Delete'],
    when: ['todos'],
    footer: 22,
    disabled: firstOf(aTodo, writable),
    run: (c) => c.removeTodo(),
  },
];

const OTHERS: readonly Binding[] = [
  {
    id: 'pick-up',
    title: 'up',
    description: 'Entry before',
    keys: ['Up', 'Ctrl+p'],
    when: ['palette'],
    run: (c) => c.moveList('line', -1),
  },
  {
    id: 'pick-down',
    title: 'down',
    description: 'Next entry',
    keys: ['Down', 'Ctrl+n'],
    when: ['palette'],
    run: (c) => c.moveList('line', 1),
  },
  {
    id: 'pick-complete',
    title: 'take over',
    description: 'Take the entry over into the field',
    keys: ['Tab'],
    when: ['palette'],
    footer: 21,
    run: (c) => c.complete(),
  },
  {
    id: 'history-back',
    title: 'history',
    description: 'Line sent before',
    keys: ['Up', 'Ctrl+p'],
    when: ['send'],
    footer: 20,
    run: (c) => c.history(1),
  },
  {
    id: 'history-on',
    title: 'newer',
    description: 'Line sent after',
    keys: ['Down', 'Ctrl+n'],
    when: ['send'],
    run: (c) => c.history(-1),
  },
];

/** Keys of what lies over the room: pages, lists, fields, questions. */
export const LIST_BINDINGS: readonly Binding[] = [
  ...PAGES,
  ...TODOS,
  ...HEALTH_BINDINGS,
  ...DIGEST_BINDINGS,
  ...OTHERS,
  ...INPUT_BINDINGS,
  ...CONFIRM_BINDINGS,
];
