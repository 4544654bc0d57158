/** What the marked lines of the build page and of a check's failures are about. */
import type { HealthCheck, OwnedFailure } from '../../core/model/health.ts';
import type { State } from '../../core/model/state.ts';
import { own } from '../../core/model/work.ts';
import type { UiState } from './ui-state.ts';

type Facts = { readonly ui: UiState; readonly state: State };

export function markedCheck({ ui, state }: Facts): HealthCheck | null {
  const { popup } = ui;
  if (popup?.kind === 'build') return Object.values(state.health)[popup.index] ?? null;
  return popup?.kind === 'failures' ? (own(state.health, popup.name) ?? null) : null;
}

export function markedFailure(facts: Facts): OwnedFailure | null {
  const { popup } = facts.ui;
  return popup?.kind === 'failures' ? (markedCheck(facts)?.failures?.[popup.index] ?? null) : null;
}

/** Folder where a failure is mended: the worktree of whose it is, else the repository. */
export function placeOf({ state }: Facts, { owner }: OwnedFailure): string {
  const agent = owner === null ? undefined : own(state.agents, owner);
  return agent?.tree?.dir ?? agent?.spec.cwd ?? state.session.repo;
}
