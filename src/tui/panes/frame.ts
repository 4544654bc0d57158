import type { Paint } from '../theme/paint.ts';
import { type Look, paintOf, span } from '../presentation/look.ts';
import { type Line, fitLine, lineWidth } from '../widgets/line.ts';

/** The eight pieces of a frame: corners from the top left clockwise, then the rules. */
export interface Border {
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomRight: string;
  readonly bottomLeft: string;
  readonly across: string;
  readonly down: string;
}

const border = (chars: string): Border => {
  const [topLeft, topRight, bottomRight, bottomLeft, across, down] = [...chars] as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return { topLeft, topRight, bottomRight, bottomLeft, across, down };
};

/** Thin: another pane. Heavy: the focus, in control mode. Double: it has the keys. Told apart without colours. */
export const BORDERS = { thin: border('╭╮╯╰─│'), heavy: border('┏┓┛┗━┃'), double: border('╔╗╝╚═║') } as const;

export type FrameKind = 'other' | 'focus' | 'pane' | 'scroll';

export interface FrameLook {
  readonly border: Border;
  readonly paint: Paint;
}

export function frameLook(kind: FrameKind, look: Look, paused: boolean): FrameLook {
  switch (kind) {
    case 'other':
      return { border: BORDERS.thin, paint: paintOf(look, paused ? 'borderPaused' : 'border') };
    case 'pane':
      return { border: BORDERS.double, paint: paintOf(look, 'borderPane') };
    case 'focus':
    case 'scroll':
      return { border: BORDERS.heavy, paint: paintOf(look, 'borderFocus') };
  }
}

/** Top edge with its title set in. */
export function topEdge(frame: FrameLook, width: number, title: (columns: number) => Line): Line {
  const { border, paint } = frame;
  const inner = fitLine(title(Math.max(0, width - 6)), Math.max(0, width - 6));
  return [[`${border.topLeft}${border.across} `, paint], ...inner, [` ${border.across}${border.topRight}`, paint]];
}

/** Bottom edge with `words` near its start and `end` near its end; the end gives way where both don't fit. */
export function bottomEdge(frame: FrameLook, width: number, words: Line, end: Line, look: Look): Line {
  const { border, paint } = frame;
  let room = Math.max(0, width - 4);
  const fits = end.length > 0 && lineWidth(end) + 2 + (words.length > 0 ? lineWidth(words) + 2 : 0) <= room;
  const tail: Line = fits ? [span(look, ' '), ...end, span(look, ' ')] : [];
  room -= lineWidth(tail);
  const head: Line = words.length === 0 || room < 6 ? [] : fitWords(words, room, look);
  const dashes = border.across.repeat(Math.max(0, room - lineWidth(head)));
  return [
    [`${border.bottomLeft}${border.across}`, paint],
    ...head,
    [dashes, paint],
    ...tail,
    [`${border.across}${border.bottomRight}`, paint],
  ];
}

function fitWords(words: Line, room: number, look: Look): Line {
  const width = Math.min(lineWidth(words), room - 2);
  return [span(look, ' '), ...fitLine(words, width), span(look, ' ')];
}
