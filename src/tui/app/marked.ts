/** What the marked lines of the pages are about: for the pages that draw them, and for the keys that act on them. */
import { type Landing, isOpen as isWaiting } from '../../core/landing/landing.ts';
import { type Round, isOver } from '../../core/merge/round.ts';
import type { Agent, AgentId } from '../../core/model/agent.ts';
import { type Overlap, isOpen } from '../../core/model/overlap.ts';
import type { State } from '../../core/model/state.ts';
import { overlapsInOrder } from '../../core/select/overlaps.ts';
import type { UiState } from './ui-state.ts';

/** A line of the overlaps page. */
export type OverlapEntry =
  | { readonly kind: 'overlap'; readonly overlap: Overlap }
  | { readonly kind: 'lock'; readonly path: string; readonly holder: AgentId }
  | { readonly kind: 'round'; readonly round: Round };

/** Rounds that are over and still shown, newest first. */
const ROUNDS_SHOWN = 20;

/** Open overlaps by urgency, then who holds what, then rounds that are over. */
export function overlapEntries(state: State): readonly OverlapEntry[] {
  return [
    ...overlapsInOrder(state)
      .filter(isOpen)
      .map((overlap) => ({ kind: 'overlap', overlap }) as const),
    ...Object.entries(state.locks).map(([path, holder]) => ({ kind: 'lock', path, holder }) as const),
    ...roundsOver(state).map((round) => ({ kind: 'round', round }) as const),
  ];
}

function roundsOver(state: State): readonly Round[] {
  return Object.values(state.rounds)
    .filter(isOver)
    .toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))
    .slice(0, ROUNDS_SHOWN);
}

/** A line of the git screen: an agent with a branch, its way into the integration branch, or a merge. */
export type GitEntry =
  | { readonly kind: 'agent'; readonly agent: Agent }
  | { readonly kind: 'landing'; readonly landing: Landing }
  | { readonly kind: 'round'; readonly round: Round };

/** Landings that are over and still shown. */
const LANDINGS_SHOWN = 8;

/** Those that wait or are tested, in their order; then those that are over, newest first. */
function landingsShown({ landings }: State): readonly Landing[] {
  const over = landings.filter((one) => !isWaiting(one)).toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  return [...landings.filter(isWaiting), ...over.slice(0, LANDINGS_SHOWN)];
}

export function gitEntries(state: State): readonly GitEntry[] {
  return [
    ...branchedAgents(state).map((agent) => ({ kind: 'agent', agent }) as const),
    ...landingsShown(state).map((landing) => ({ kind: 'landing', landing }) as const),
    ...roundsOver(state).map((round) => ({ kind: 'round', round }) as const),
  ];
}

/** Place on the overlaps page; the first where it is gone. @param id of a round, or the path of a held file */
export function overlapIndex(state: State, kind: 'round' | 'lock', id: string): number {
  const at = overlapEntries(state).findIndex(
    (one) => one.kind === kind && (one.kind === 'lock' ? one.path : one.kind === 'round' ? one.round.id : '') === id,
  );
  return Math.max(0, at);
}

/** Place on the git screen; the first where it is gone. */
export function landingIndex(state: State, id: string): number {
  return Math.max(
    0,
    gitEntries(state).findIndex((one) => one.kind === 'landing' && one.landing.id === id),
  );
}

export function markedLanding({ ui, state }: Facts): Landing | null {
  const entry = ui.popup?.kind === 'git' ? gitEntries(state)[ui.popup.index] : undefined;
  return entry?.kind === 'landing' ? entry.landing : null;
}

/** Agents with a worktree of their own, in the order of the screen. */
export function branchedAgents(state: State): readonly Agent[] {
  return state.order.flatMap((id) => {
    const agent = state.agents[id];
    return agent && (agent.tree || agent.git) ? [agent] : [];
  });
}

type Facts = { readonly ui: UiState; readonly state: State };

/** The overlap that keys are about: on its page the marked one, on the merge screen the one that is open. */
export function markedOverlap({ ui, state }: Facts): Overlap | null {
  const { popup } = ui;
  if (popup?.kind === 'merge') return state.overlaps[popup.overlap] ?? null;
  const entry = popup?.kind === 'overlaps' ? overlapEntries(state)[popup.index] : undefined;
  return entry?.kind === 'overlap' ? entry.overlap : null;
}

export function markedLock({ ui, state }: Facts): string | null {
  const entry = ui.popup?.kind === 'overlaps' ? overlapEntries(state)[ui.popup.index] : undefined;
  return entry?.kind === 'lock' ? entry.path : null;
}

/** The merge that is marked; for an overlap the round that was last at work on it. */
export function markedRound(facts: Facts): Round | null {
  const { popup } = facts.ui;
  if (popup?.kind === 'git') {
    const entry = gitEntries(facts.state)[popup.index];
    return entry?.kind === 'round' ? entry.round : null;
  }
  const entry = popup?.kind === 'overlaps' ? overlapEntries(facts.state)[popup.index] : undefined;
  return entry?.kind === 'round' ? entry.round : null;
}

/** The agent that the git screen or a diff is about. */
export function markedAgent({ ui, state }: Facts): Agent | null {
  const { popup } = ui;
  if (popup?.kind === 'diff') return state.agents[popup.agent] ?? null;
  const entry = popup?.kind === 'git' ? gitEntries(state)[popup.index] : undefined;
  return entry?.kind === 'agent' ? entry.agent : null;
}
