import { askedBy } from '../../core/select/permissions.ts';
import type { Binding } from './binding.ts';
import type { RoomFacts } from './commands.ts';
import { firstOf, writable } from './reasons.ts';

const asks = ({ state, focused, ui }: RoomFacts): string | null => {
  const open = ui.popup?.kind === 'permission' ? state.permissions.waiting[ui.popup.permission] : undefined;
  return (open ?? askedBy(state, focused?.spec.id ?? null)) ? null : 'it asks for nothing any more';
};

/** While the agent with the focus asks for a permission. */
export const PERMISSION_BINDINGS: readonly Binding[] = [
  {
    id: 'permission-allow',
    title: 'allow',
    description: 'Yes to what the agent asks, this once',
    keys: ['a'],
    when: ['asked', 'permission'],
    footer: 1,
    disabled: firstOf(writable, asks),
    run: (c) => c.permission.allow(),
  },
  {
    id: 'permission-always',
    title: 'always',
    description: 'Yes, and to all that is alike for the rest of the session',
    keys: ['A'],
    when: ['asked', 'permission'],
    footer: 2,
    disabled: firstOf(writable, asks),
    run: (c) => c.permission.always(),
  },
  {
    id: 'permission-deny',
    title: 'deny',
    description: 'No, with a word why that the agent is told',
    keys: ['D'],
    when: ['asked', 'permission'],
    footer: 3,
    disabled: firstOf(writable, asks),
    run: (c) => c.permission.deny(),
  },
  {
    id: 'permission-look',
    title: 'what it asks',
    description: 'All of what the agent asks: its command, its files, what it would change',
    keys: ['Space'],
    when: ['asked'],
    footer: 4,
    disabled: asks,
    run: (c) => c.permission.look(),
  },
  {
    id: 'permission-next',
    title: 'who waits',
    description: 'The next that waits for a person',
    keys: ['w'],
    when: ['permission'],
    footer: 5,
    run: (c) => c.nextWaiting(),
  },
];
