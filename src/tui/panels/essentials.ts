import type { Room } from '../app/room.ts';
import { focusedId } from '../app/room.ts';
import { standingOf } from '../../core/schedule/standing.ts';
import { askedGates } from '../../core/select/gates.ts';
import { eventLine } from '../presentation/events.ts';
import { type Look, paintOf, span } from '../presentation/look.ts';
import { progressOf } from '../presentation/plan.ts';
import { clock } from '../presentation/time.ts';
import { showControls } from '../../core/text.ts';
import { type Line, type Span, fitLine, lineWidth } from '../widgets/line.ts';
import { branchSpans } from './git-lines.ts';
import { checkSpans } from './health-lines.ts';
import { overlapSummary } from './overlap-lines.ts';
import { agentViews } from './sections.ts';

/** The panel where rows are dear: agents; repository, build, todos; the alert or event that matters most. */
export function essentials(room: Room, width: number, height: number, look: Look): Line[] {
  const lines = [agentsLine(room, width - 2, look), repoLine(room, look), newsLine(room, look)];
  const shown = height < 4 ? [repoLine(room, look)] : lines.slice(0, height - 1);
  const rule = titleRule(room, width, height < 4, look);
  return [rule, ...shown.map((line) => fitLine([span(look, ' '), ...line], width))];
}

function titleRule(room: Room, width: number, withAgents: boolean, look: Look): Line {
  const paint = paintOf(look, 'border');
  const left: Line = [['─ ', paint], span(look, 'coordinator', 'sectionTitle'), span(look, ' ')];
  const counts = alertSpans(room, look);
  const right: Line = [...(withAgents ? [span(look, ' '), ...stateCounts(room, look)] : []), ...counts];
  const dashes = Math.max(0, width - lineWidth(left) - lineWidth(right) - 1);
  return fitLine([...left, ['─'.repeat(dashes), paint], ...right, ['─', paint]], width);
}

function alertSpans(room: Room, look: Look): Span[] {
  const count = room.state.alerts.length;
  if (count === 0) return [];
  const worst = room.state.alerts.some((alert) => alert.level === 'error') ? 'error' : 'warn';
  return [span(look, ' '), span(look, `⚠ ${count} alert${count === 1 ? '' : 's'}`, worst), span(look, ' ')];
}

/** `1● 2◆ 3○`: where even a line for them is too much. */
function stateCounts(room: Room, look: Look): Span[] {
  return agentViews(room).map((view) => span(look, `${view.number}${view.glyph} `, view.token));
}

/** `▸1 ● ada working  2 ◆ bob waiting …`: names and words while there is room, then glyphs and words, then glyphs. */
function agentsLine(room: Room, width: number, look: Look): Line {
  const views = agentViews(room);
  if (views.length === 0) return [span(look, 'no agent yet: n adds one', 'faint')];
  const focus = focusedId(room);
  const forms = [
    (view: (typeof views)[number]) => `${view.name} ${view.word}`,
    (view: (typeof views)[number]) => view.word,
    (view: (typeof views)[number]) => view.name,
    () => '',
  ];
  const built = forms.map((form) =>
    views.flatMap((view): Span[] => [
      span(look, view.id === focus ? '▸' : ' ', 'accent'),
      span(look, `${view.number}`, 'key'),
      span(look, `${view.glyph}${form(view) === '' ? '' : ' '}${form(view)} `, view.token),
    ]),
  );
  return built.find((line) => lineWidth(line) <= width) ?? built.at(-1)!;
}

function repoLine(room: Room, look: Look): Line {
  const { git, health, todos, session } = room.state;
  const dot: Span = span(look, '  ·  ', 'faint');
  const parts: Line[] = [
    git ? branchSpans(git, look) : [span(look, session.git ? 'git not looked at yet' : 'no git', 'faint')],
  ];
  const overlaps = overlapSummary(room.state, look);
  if (overlaps.length > 0) parts.unshift(overlaps);
  for (const check of Object.values(health)) {
    // Rows are dear: what is well in somebody's own worktree is no news.
    if (check.agent === undefined || check.state === 'red') parts.push(checkSpans(check, look));
  }
  parts.push(...planParts(room, look));
  const done = todos.filter((todo) => todo.done).length;
  if (todos.length > 0)
    parts.push([span(look, `☑ ${done}/${todos.length} todos`, done === todos.length ? 'ok' : 'muted')]);
  return parts.flatMap((part, i) => (i === 0 ? part : [dot, ...part]));
}

/** `plan 3/40`, and what of it asks a person. */
function planParts({ state }: Room, look: Look): Line[] {
  const standing = standingOf(state);
  if (standing === null) return [];
  const { done, all } = progressOf(standing, Object.keys(standing.work.tasks));
  const asked = askedGates(state).length;
  const asks =
    asked === 0 ? [] : [span(look, ` ◆ ${asked} ${asked === 1 ? 'gate asks' : 'gates ask'} w`, 'state.waiting')];
  return all === 0 ? [] : [[span(look, `plan ${done}/${all}`, done === all ? 'ok' : 'muted'), ...asks]];
}

/** The newest alert, else the newest event. */
function newsLine(room: Room, look: Look): Line {
  const alert = room.state.alerts.at(-1);
  if (alert && alert.level !== 'info')
    return [span(look, '⚠ ', alert.level), span(look, showControls(alert.text), alert.level)];
  for (const entry of room.recent.toReversed()) {
    const line = eventLine(entry.event);
    if (!line) continue;
    return [
      span(look, `${clock(entry.at)} `, 'faint'),
      span(look, line.who === '' ? '' : `${line.who} `, 'muted'),
      span(look, line.text, line.token),
    ];
  }
  return [span(look, 'nothing happened yet', 'faint')];
}
