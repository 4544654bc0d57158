import { type Overlap, isOpen } from '../../core/model/overlap.ts';
import type { State } from '../../core/model/state.ts';
import { overlapsInOrder } from '../../core/select/overlaps.ts';
import { showControls } from '../../core/text.ts';
import { branchedAgents } from '../app/marked.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import { overlapView } from '../presentation/overlap.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, type Span, pad, spread } from '../widgets/line.ts';

export function openOverlaps(state: State): readonly Overlap[] {
  return overlapsInOrder(state).filter(isOpen);
}

/** Narrower than this, the state has a line of its own. */
const ONE_LINE = 48;

/** `▲ needs-person src/calc.js ana + ben  2m` for each that is open, the most urgent first. */
export function overlapLines(state: State, width: number, look: Look): Line[] {
  return openOverlaps(state).flatMap((overlap) => {
    const view = overlapView(state, overlap);
    const word: Line = [span(look, `${view.glyph} ${view.word} `, view.token)];
    const who: Line = [span(look, `${view.names.join(' + ')}  `, 'strong'), span(look, view.path)];
    const since: Line = [span(look, ' '), ageSpan(look, overlap.since, 'muted')];
    if (width >= ONE_LINE) return [spread([...word, ...who], since, width)];
    return [spread([...word, span(look, view.verdict, 'muted')], since, width), [span(look, '  '), ...who]];
  });
}

/** `▲ 1 overlap needs you`, `◔ 2 overlaps`; nothing where there is none. */
export function overlapSummary(state: State, look: Look): Span[] {
  const open = openOverlaps(state);
  if (open.length === 0) return [];
  const urgent = open.filter((overlap) => overlap.state === 'needs-person').length;
  if (urgent > 0) return [span(look, `▲ ${counted(urgent)} ${urgent === 1 ? 'needs' : 'need'} you`, 'error')];
  return [span(look, `◔ ${counted(open.length)}`, 'warn')];
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'overlap' : 'overlaps'}`;
}

const NAME = 10;
const CELL = 8;

/** Agents × agents: how many files both changed, and the worst that is said of them; none with fewer than two. */
export function matrixLines(state: State, width: number, look: Look): Line[] {
  const agents = branchedAgents(state).slice(0, Math.max(2, Math.floor((width - NAME) / CELL)));
  if (agents.length < 2) return [];
  const names = agents.map(({ spec }) => showControls(spec.name));
  const open = openOverlaps(state);
  const head: Line = [
    span(look, ' '.repeat(NAME)),
    ...names.map((name) => span(look, ` ${pad(name, CELL - 1)}`, 'muted')),
  ];
  const rows = agents.map((row, i): Line => [
    span(look, pad(names[i]!, NAME), 'muted'),
    ...agents.map((column) =>
      cell(row.spec.id === column.spec.id ? null : between(open, row.spec.id, column.spec.id), look),
    ),
  ]);
  const key: Line = [
    span(look, '▲ in conflict  ', 'error'),
    span(look, '! same lines  ', 'state.stuck'),
    span(look, '◔ same file', 'warn'),
  ];
  return [head, ...rows, key];
}

function between(open: readonly Overlap[], one: string, other: string): readonly Overlap[] {
  return open.filter(({ agents }) => agents.includes(one) && agents.includes(other));
}

function cell(shared: readonly Overlap[] | null, look: Look): Span {
  const text = (words: string, token: Token) => span(look, ` ${pad(words, CELL - 1)}`, token);
  if (shared === null) return text('·', 'faint');
  if (shared.length === 0) return text('–', 'faint');
  if (shared.some(({ verdict, state }) => verdict === 'conflict' || state === 'needs-person')) {
    return text(`${shared.length} ▲`, 'error');
  }
  return shared.some(({ sameRegion }) => sameRegion)
    ? text(`${shared.length} !`, 'state.stuck')
    : text(`${shared.length} ◔`, 'warn');
}
