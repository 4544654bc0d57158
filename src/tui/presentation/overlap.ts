import { type Round, isOver, unsettled } from '../../core/merge/round.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { Overlap, OverlapState } from '../../core/model/overlap.ts';
import type { State } from '../../core/model/state.ts';
import { isPutOff, roundOf, roundWith } from '../../core/select/overlaps.ts';
import { showControls } from '../../core/text.ts';
import type { Token } from '../theme/tokens.ts';

/** What the screens say of an overlap; every text is safe to show. */
export interface OverlapView {
  readonly glyph: string;
  /** The state in the contract's word. */
  readonly word: OverlapState;
  /** Amber for the same file, red for what git can't combine or a person has to decide. */
  readonly token: Token;
  readonly path: string;
  /** A and B. */
  readonly names: readonly [string, string];
  /** `in conflict`, `same lines`, `combines`, `one tree`, `put off`; `took A` once it is decided in a round under way. */
  readonly verdict: string;
  readonly policy: string;
  readonly since: number;
  readonly reason: string;
}

/** One glyph a state; the word always stands beside it. */
const GLYPHS: Readonly<Record<OverlapState, string>> = {
  watching: '◔',
  pausing: '‖',
  merging: '◌',
  'needs-person': '▲',
  resuming: '◌',
  resolved: '✓',
};

export function overlapView(state: State, overlap: Overlap): OverlapView {
  return {
    glyph: GLYPHS[overlap.state],
    word: overlap.state,
    token: tokenOf(overlap),
    path: showControls(overlap.path),
    names: [nameOf(state, overlap.agents[0]), nameOf(state, overlap.agents[1])],
    verdict: decidedWords(state, overlap) ?? (isPutOff(state, overlap) ? 'put off' : verdictWords(overlap)),
    policy: overlap.policy,
    since: overlap.since,
    reason: showControls(overlap.reason),
  };
}

function tokenOf({ state, verdict, sameRegion }: Overlap): Token {
  switch (state) {
    case 'watching':
      return verdict === 'conflict' || sameRegion ? 'state.stuck' : 'warn';
    case 'needs-person':
      return 'error';
    case 'resolved':
      return 'ok';
    case 'pausing':
    case 'merging':
    case 'resuming':
      return 'info';
  }
}

/** What was decided about it in the round that is at work; null while nothing was. */
function decidedWords(state: State, { agents, path }: Overlap): string | null {
  const take = roundOf(state, agents)?.settled.find((one) => one.path === path)?.take;
  return take === undefined ? null : take === 'edit' ? 'edited' : `took ${take}`;
}

function verdictWords({ verdict, sameRegion }: Overlap): string {
  switch (verdict) {
    case 'conflict':
      return 'in conflict';
    case 'clean':
      return sameRegion ? 'same lines' : 'combines';
    case 'unknown':
      return 'one tree';
  }
}

/** An agent's name, safe to show; its id where it is gone. */
export function nameOf(state: State, agent: AgentId): string {
  return showControls(state.agents[agent]?.spec.name ?? agent);
}

/** `merging src/a.ts with ben`, `src/a.ts in conflict with ben: c`: what a pane says of the round its agent is in; '' in none. */
export function mergingWords(state: State, agent: AgentId): string {
  const round = roundWith(state, agent);
  if (!round) return '';
  const other = round.sides.find((side) => side.agent !== agent)!.agent;
  const open = unsettled(round);
  if (round.phase === 'needs-person') {
    const what = open.length > 0 ? 'in conflict' : 'waits for your yes, merged';
    return `${pathWords(open.length > 0 ? open : round.paths)} ${what} with ${nameOf(state, other)}: c`;
  }
  return `merging ${pathWords(round.paths)} with ${nameOf(state, other)}`;
}

/** The first path, and how many more. */
export function pathWords(paths: readonly string[]): string {
  const [first = 'nothing'] = paths;
  return paths.length > 1 ? `${showControls(first)} and ${paths.length - 1} more` : showControls(first);
}

/** How a round went, in a word: `merged`, `undone`, `put off`, `failed`; its phase while it is under way. */
export function roundWord(round: Round): string {
  if (round.undone) return 'undone';
  if (!isOver(round)) return round.phase;
  return round.phase === 'resolved' ? 'merged' : round.phase === 'deferred' ? 'put off' : 'failed';
}

export function roundToken(round: Round): Token {
  if (!isOver(round)) return 'info';
  if (round.undone) return 'muted';
  return round.phase === 'resolved' ? 'ok' : round.phase === 'deferred' ? 'warn' : 'error';
}
