/** Lists of what goes on change while one reads them: what is marked stays marked, wherever it stands by now. */
import type { State } from '../../core/model/state.ts';
import { emergenciesInOrder } from '../../core/select/watch-documents.ts';
import { foldKey } from '../plan/entries.ts';
import { type GitEntry, gitEntries, type OverlapEntry, overlapEntries } from './marked.ts';
import { planEntries } from './marked-plan.ts';
import { alertsInOrder } from './marked-watch.ts';
import type { UiState } from './ui-state.ts';

type Facts = { readonly ui: UiState; readonly state: State };

/** @returns what the marked line of the open list is about; null where no list is open whose lines move, or it is empty */
export function markOf(facts: Facts): string | null {
  const { popup } = facts.ui;
  return popup && 'index' in popup ? (linesOf(facts)?.[popup.index] ?? null) : null;
}

/** @param mark as `markOf` told it before the state was another. What is gone leaves the mark where it was. */
export function withMark(facts: Facts, mark: string | null): UiState {
  const { ui } = facts;
  if (mark === null || !ui.popup || !('index' in ui.popup)) return ui;
  const index = linesOf(facts)?.indexOf(mark) ?? -1;
  return index < 0 || index === ui.popup.index ? ui : { ...ui, popup: { ...ui.popup, index } };
}

function linesOf({ ui, state }: Facts): readonly string[] | null {
  switch (ui.popup?.kind) {
    case 'overlaps':
      return overlapEntries(state).map(idOf);
    case 'git':
      return gitEntries(state).map(idOf);
    case 'alerts':
      return alertsInOrder(state).map(({ id }) => id);
    case 'emergencies':
      return emergenciesInOrder(state).map(({ id }) => id);
    case 'todos':
      return state.todos.map(({ id }) => id);
    case 'build':
      return Object.keys(state.health);
    case 'plan':
      return planEntries({ ui, state }).map(foldKey);
    default:
      return null;
  }
}

function idOf(entry: OverlapEntry | GitEntry): string {
  switch (entry.kind) {
    case 'overlap':
      return `overlap ${entry.overlap.id}`;
    case 'lock':
      return `lock ${entry.path}`;
    case 'round':
      return `round ${entry.round.id}`;
    case 'agent':
      return `agent ${entry.agent.spec.id}`;
    case 'landing':
      return `landing ${entry.landing.id}`;
  }
}
