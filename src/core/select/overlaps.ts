/** Views of overlaps and rounds. */
import { isOver, type Round } from '../merge/round.ts';
import type { AgentId } from '../model/agent.ts';
import { isOpen, type Overlap } from '../model/overlap.ts';
import type { State } from '../model/state.ts';

/** The round that the two are in. */
export function roundOf(state: State, agents: readonly [AgentId, AgentId]): Round | null {
  return activeRounds(state).find(({ sides: [a, b] }) => a.agent === agents[0] && b.agent === agents[1]) ?? null;
}

/** The round that an agent is in, with whomever. */
export function roundWith(state: State, agent: AgentId): Round | null {
  return activeRounds(state).find(({ sides }) => sides.some((side) => side.agent === agent)) ?? null;
}

export function activeRounds(state: State): readonly Round[] {
  return Object.values(state.rounds).filter((round) => !isOver(round));
}

/** Those that need somebody first, before what was put off, then by age; resolved ones last, newest first. */
export function overlapsInOrder(state: State): readonly Overlap[] {
  const all = Object.values(state.overlaps);
  const open = all
    .filter(isOpen)
    .toSorted((a, b) => urgency(state, a) - urgency(state, b) || a.since - b.since || (a.id < b.id ? -1 : 1));
  const resolved = all.filter((overlap) => !isOpen(overlap)).toSorted((a, b) => b.resolvedAt! - a.resolvedAt!);
  return [...open, ...resolved];
}

function urgency(state: State, overlap: Overlap): number {
  if (overlap.state === 'needs-person') return isPutOff(state, overlap) ? 1 : 0;
  if (overlap.state !== 'watching') return 2;
  return overlap.verdict === 'conflict' ? 3 : 4;
}

/** A person is needed, and nobody stands still for it: both went on as they were. */
export function isPutOff(state: State, { state: stands, agents }: Overlap): boolean {
  return stands === 'needs-person' && roundOf(state, agents) === null;
}

/** By id, else by path where only one open overlap is of it. */
export function findOverlap(state: State, name: string): Overlap | 'none' | 'many' {
  if (Object.hasOwn(state.overlaps, name)) return state.overlaps[name]!;
  const named = Object.values(state.overlaps).filter(
    (overlap) => isOpen(overlap) && (overlap.path === name || (name.length >= 3 && overlap.id.startsWith(name))),
  );
  if (named.length === 1) return named[0]!;
  return named.length === 0 ? 'none' : 'many';
}
