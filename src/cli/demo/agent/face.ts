/** What stands below the transcript: what it is at, the box to type into, or a question. */
import { bold, dim, fg, GREY, markup, YELLOW, type Rgb } from './style.ts';
import { widthOf, type Live } from './screen.ts';
import { cut, type Line } from './wrap.ts';

export type Doing =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy'; readonly about: string; readonly sinceMs: number; readonly note: string }
  | { readonly kind: 'asking'; readonly command: string; readonly choice: 0 | 1 };

export interface FaceState {
  readonly doing: Doing;
  /** What stands in the box. */
  readonly draft: string;
  /** Messages that wait until the current step is over. */
  readonly queued: readonly string[];
  /** An answer that is still being written, or a tool call that still runs. */
  readonly pending: readonly Line[];
  readonly hint: string;
}

const SPINNER = ['·', '✢', '✳', '✶', '✻', '✽', '✻', '✶', '✳', '✢'];
export const SPINNER_MS = 120;
/** Below this the box does without its frame. */
const FRAMED_COLS = 36;
const FRAMED_ROWS = 12;

export function draw(state: FaceState, nowMs: number, color: Rgb, size: { cols: number; rows: number }): Live {
  const framed = size.cols >= FRAMED_COLS && size.rows >= FRAMED_ROWS;
  const lines: Line[] = [...state.pending];
  if (state.doing.kind === 'busy') lines.push(spinner(state.doing, nowMs, color, size.cols), { text: '' });
  for (const message of state.queued) lines.push({ text: fg(GREY, cut(`  queued: ${message}`, size.cols)) });
  if (state.doing.kind === 'asking')
    return { lines: [...lines, ...dialog(state.doing, size.cols, framed)], cursor: null };
  return framed ? framedBox(lines, state, size.cols) : plainBox(lines, state, size.cols);
}

function spinner(doing: Doing & { kind: 'busy' }, nowMs: number, color: Rgb, cols: number): Line {
  const seconds = Math.max(0, Math.floor((nowMs - doing.sinceMs) / 1000));
  const mark = SPINNER[Math.floor((nowMs - doing.sinceMs) / SPINNER_MS) % SPINNER.length] ?? '·';
  const note = doing.note === '' ? '' : ` · ${doing.note}`;
  const facts = ` (${seconds}s${note} · esc to interrupt)`;
  const about = cut(`${doing.about}…`, Math.max(4, cols - 2 - facts.length));
  return { text: `${fg(color, `${mark} ${about}`)}${cols > facts.length + 8 ? dim(facts) : ''}` };
}

function framedBox(lines: Line[], state: FaceState, cols: number): Live {
  const room = cols - 6;
  const draft = tail(state.draft.replaceAll('\n', '⏎'), room);
  const fill = ' '.repeat(Math.max(0, room - widthOf(draft)));
  const edge = (left: string, right: string): Line => ({ text: fg(GREY, `${left}${'─'.repeat(cols - 2)}${right}`) });
  const row: Line = { text: `${fg(GREY, '│')} > ${draft}${fill} ${fg(GREY, '│')}` };
  const all = [...lines, edge('╭', '╮'), row, edge('╰', '╯'), { text: dim(cut(`  ${state.hint}`, cols)) }];
  return { lines: all, cursor: { line: lines.length + 1, column: 4 + widthOf(draft) } };
}

function plainBox(lines: Line[], state: FaceState, cols: number): Live {
  const draft = tail(state.draft.replaceAll('\n', '⏎'), Math.max(1, cols - 3));
  return { lines: [...lines, { text: `> ${draft}` }], cursor: { line: lines.length, column: 2 + widthOf(draft) } };
}

function dialog(doing: Doing & { kind: 'asking' }, cols: number, framed: boolean): Line[] {
  const option = (index: 0 | 1, text: string): string => (doing.choice === index ? `❯ ${text}` : `  ${text}`);
  const rows: [string, (text: string) => string][] = [
    ['Bash command', bold],
    [`  ${doing.command}`, (text) => text],
    ['Do you want to proceed?', (text) => text],
    [option(0, '1. Yes (y)'), doing.choice === 0 ? (text) => fg(YELLOW, text) : (text) => text],
    [option(1, '2. No, and go on without it (n)'), doing.choice === 1 ? (text) => fg(YELLOW, text) : (text) => text],
  ];
  if (!framed) return rows.map(([text, style]) => ({ text: style(cut(text, cols)) }));
  const room = cols - 4;
  const line = (left: string, right: string): Line => ({ text: fg(YELLOW, `${left}${'─'.repeat(cols - 2)}${right}`) });
  const body = rows.map(([text, style]) => {
    const shown = cut(text, room);
    return {
      text: `${fg(YELLOW, '│')} ${style(shown)}${' '.repeat(Math.max(0, room - widthOf(shown)))} ${fg(YELLOW, '│')}`,
    };
  });
  return [line('╭', '╮'), ...body, line('╰', '╯')];
}

/** The end of a draft that is longer than its box. */
function tail(text: string, room: number): string {
  let out = text;
  while (widthOf(out) > room && out !== '') out = [...out].slice(1).join('');
  return out;
}

export function pendingAnswer(text: string, color: Rgb): Line[] {
  return [{ text: `● ${markup(text, color)}`, indent: 2 }, { text: '' }];
}
