import { type AgentView, progressBar } from '../presentation/agent.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, type Span, clip, lineWidth, textWidth } from '../widgets/line.ts';

/** Fewer columns of activity say nothing. */
const LEAST_ACTIVITY = 8;

/** What a title bar says, from left to right: the parts that fit in `width` columns, the rest of it a rule of `fill`. */
export function titleLine(view: AgentView, width: number, look: Look, rule: Rule): Line {
  const left = identity(view, look, rule.focused);
  const right: Span[] = [ageSpan(look, view.since, 'muted')];
  let room = width - lineWidth(left) - lineWidth(right) - 2;
  // The most telling first; what doesn't fit is left out, not squeezed.
  for (const part of [changedPart(view, look), progressPart(view, look), branchPart(view, look)]) {
    if (!part || lineWidth(part) + 1 > room) continue;
    right.unshift(...part, span(look, ' '));
    room -= lineWidth(part) + 1;
  }
  const profile = profilePart(view, look);
  if (profile && lineWidth(profile) <= room - LEAST_ACTIVITY) {
    left.splice(rule.focused === undefined ? 2 : 3, 0, ...profile);
    room -= lineWidth(profile);
  }
  const middle = activityPart(view, rule.focused !== undefined, look, room - 2);
  room -= lineWidth(middle);
  const dashes: Span = [rule.char.repeat(Math.max(0, room)), rule.paint];
  return [...left, span(look, ' '), ...middle, dashes, span(look, ' '), ...right];
}

/** What fills the gap of a title bar. */
export interface Rule {
  readonly char: string;
  readonly paint: Span[1];
  /** Set for bars: whether the pointer stands before the number. */
  readonly focused?: boolean;
}

function identity(view: AgentView, look: Look, focused: boolean | undefined): Span[] {
  const name: Token = focused === false ? 'text' : 'strong';
  const pointer: Span[] = focused === undefined ? [] : [span(look, focused ? '▸ ' : '  ', 'accent')];
  return [
    ...pointer,
    span(look, `${view.number} `, 'key'),
    span(look, view.name, name),
    span(look, ' '),
    span(look, `${view.glyph} ${view.word}`, view.token),
  ];
}

function profilePart(view: AgentView, look: Look): Line | null {
  // A bare command has no profile worth naming.
  if (['', 'command', view.name].includes(view.profile)) return null;
  return [span(look, ` ${view.profile}`, 'faint')];
}

function changedPart(view: AgentView, look: Look): Line | null {
  return view.changed === null || view.changed === 0 ? null : [span(look, `±${view.changed}`, 'warn')];
}

function progressPart(view: AgentView, look: Look): Line | null {
  if (view.progress === null) return null;
  return [span(look, `${progressBar(view.progress, 5)} ${Math.round(view.progress)}%`, 'progress')];
}

function branchPart(view: AgentView, look: Look): Line | null {
  return view.branch === '' ? null : [span(look, clip(view.branch, 24), 'accent')];
}

function activityPart(view: AgentView, bar: boolean, look: Look, room: number): Span[] {
  const task: Span[] = view.task === '' ? [] : [span(look, view.task, 'accent')];
  // An open pane says the reason at its foot.
  const said = view.task !== '' && view.activity.startsWith(view.task) ? '' : view.activity;
  const words = said || (view.state === 'working' || !bar ? '' : view.reason);
  const spans =
    words === ''
      ? task
      : [...task, ...(task.length > 0 ? [span(look, ' · ', 'faint')] : []), span(look, words, 'muted')];
  if (spans.length === 0 || room < LEAST_ACTIVITY) return [];
  return [...clipSpans(spans, room), span(look, ' ')];
}

function clipSpans(spans: readonly Span[], room: number): Span[] {
  let left = room;
  return spans.flatMap(([text, paint]) => {
    if (left <= 0) return [];
    const shown = clip(text, left);
    left -= textWidth(shown);
    return [[shown, paint] as const];
  });
}

/** `PAUSED since 14:03 by ann`, `PAUSED since 14:03 merging a.ts with ben`: the words at the foot of a pane; empty where there is nothing to add. */
export function footWords(view: AgentView, clockText: string, merging: string, look: Look): Line {
  if (merging !== '') {
    const paused = view.state === 'paused' ? `PAUSED since ${clockText} ` : '';
    return [span(look, `${paused}${merging}`, view.state === 'paused' ? view.token : 'info')];
  }
  switch (view.state) {
    case 'paused':
      return [span(look, `PAUSED since ${clockText}${view.by ? ` by ${view.by}` : ''}`, view.token)];
    case 'waiting':
    case 'stuck':
    case 'limited':
      return [span(look, `${view.glyph} ${view.reason || view.word}`, view.token)];
    case 'failed':
    case 'stopped':
    case 'done':
      if (view.live) return [];
      return [
        span(look, `${view.glyph} ${view.reason || view.word}`, view.token),
        span(look, ' · r starts it again', 'muted'),
      ];
    default:
      return [];
  }
}
