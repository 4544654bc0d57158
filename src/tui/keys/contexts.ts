import { fieldOfPopup } from '../app/popup.ts';
import { askedBy } from '../../core/select/permissions.ts';
import { focusedId, type Room } from '../app/room.ts';
import type { KeyContext } from './binding.ts';

/** Where keys go now, the most particular first. */
export function contextsOf({ ui, state }: Pick<Room, 'ui' | 'state'>): readonly KeyContext[] {
  const { popup } = ui;
  if (popup) {
    switch (popup.kind) {
      case 'confirm':
        return ['confirm'];
      case 'palette':
      case 'new-agent':
        return ['palette', 'input'];
      case 'send':
        return ['send', 'input'];
      case 'search':
      case 'reason':
        return ['input'];
      case 'todos':
        return fieldOfPopup(popup) ? ['input'] : ['todos', 'list'];
      case 'log':
        return popup.field ? ['input'] : ['log', 'list'];
      case 'merge':
        return popup.merge.edit ? ['edit'] : ['merge', 'list'];
      case 'event':
      case 'metrics':
      case 'build':
      case 'failures':
      case 'alerts':
      case 'emergencies':
      case 'digests':
      case 'overlaps':
      case 'git':
      case 'diff':
      case 'plan':
      case 'task':
      case 'gate':
      case 'permission':
        return [popup.kind, 'list'];
      default:
        return ['list'];
    }
  }
  if (ui.mode === 'pane') return ['pane'];
  if (ui.past !== null) return ['past'];
  if (ui.scroll) return [ui.scroll.caret ? 'select' : 'scroll'];
  return askedBy(state, focusedId({ ui, state })) ? ['asked', 'control'] : ['control'];
}
