import stringWidth from 'string-width';
import { graphemes } from '../../core/graphemes.ts';
import { isNarrowText } from '../../core/narrow.ts';
import type { LiveField } from '../paint/api.ts';
import { type Charset, inCharset } from '../theme/charset.ts';
import { type Paint, PLAIN } from '../theme/paint.ts';

/** Text that changes by itself (an age): painted as cells by the stage, so that React need not wake for it. */
export interface LiveText {
  readonly everyMs: number;
  /** As wide as the span's text. */
  render(nowMs: number): string;
}

/** Text in one look. Text is free of control characters: showControls() has been over whatever came from outside. */
export type Span = readonly [text: string, paint: Paint, live?: LiveText];
/** One row of the screen, left to right. */
export type Line = readonly Span[];

/** Columns that `text` takes. */
export function textWidth(text: string): number {
  return isNarrowText(text) ? text.length : stringWidth(text);
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, [text]) => sum + textWidth(text), 0);
}

/** The longest start of `text` that fits in `width` columns; never half a wide character. */
export function cut(text: string, width: number): string {
  if (width <= 0) return '';
  if (isNarrowText(text)) return text.slice(0, width);
  let used = 0;
  let out = '';
  for (const { segment } of graphemes(text)) {
    used += stringWidth(segment);
    if (used > width) break;
    out += segment;
  }
  return out;
}

/** As cut, with an ellipsis where something was left off. */
export function clip(text: string, width: number, ellipsis = '…'): string {
  if (textWidth(text) <= width) return text;
  return width < 1 ? '' : cut(text, width - textWidth(ellipsis)) + ellipsis;
}

/** `text` in exactly `width` columns: clipped, or filled with blanks at its end (`left` at its start). */
export function pad(text: string, width: number, align: 'start' | 'end' = 'start'): string {
  const fitted = clip(text, width);
  const blanks = ' '.repeat(Math.max(0, width - textWidth(fitted)));
  return align === 'start' ? fitted + blanks : blanks + fitted;
}

/** Exactly `width` columns: what is too long is clipped, the rest filled with blanks in `fill`. */
export function fitLine(line: Line, width: number, fill: Paint = PLAIN): Line {
  const out: Span[] = [];
  let left = width;
  for (const span of line) {
    const [text, paint] = span;
    const columns = textWidth(text);
    if (columns > left) {
      const clipped = clip(text, left);
      out.push([clipped, paint]);
      left -= textWidth(clipped);
      break;
    }
    out.push(span);
    left -= columns;
  }
  if (left > 0) out.push([' '.repeat(left), fill]);
  return out;
}

/** `left` and `right` with blanks between them; `left` is clipped first, down to nothing. */
export function spread(left: Line, right: Line, width: number, fill: Paint = PLAIN): Line {
  const columns = lineWidth(right);
  if (columns >= width) return fitLine(right, width, fill);
  return [...fitLine(left, width - columns, fill), ...right];
}

/** How lines become text for Ink. */
export interface AnsiOptions {
  readonly charset: Charset;
  /** The stage paints live text itself: leave its place blank. */
  readonly staged: boolean;
}

/** Text with SGR sequences for Ink: every styled run closes itself, so that rows don't depend on each other. */
export function toAnsi(line: Line, options: AnsiOptions): string {
  let out = '';
  for (const [raw, paint, live] of line) {
    if (raw === '') continue;
    if (live && options.staged) {
      // Without a colour, too: whatever the stage paints there, the line for Ink stays the same.
      out += ' '.repeat(textWidth(raw));
      continue;
    }
    const text = inCharset(raw, options.charset);
    out += paint.sgr === '' ? text : `${paint.sgr}${text}\u001b[0m`;
  }
  return out;
}

/** A line whose texts the stage paints: where it changes often, Ink need not lay the whole screen out again for it. */
export function asCells(line: Line): Line {
  return line.map(([text, paint, live]): Span => [
    text,
    paint,
    live ?? { everyMs: Number.POSITIVE_INFINITY, render: () => text },
  ]);
}

/** The live texts of a line that starts at (x, y), as fields for the stage. */
export function liveFields(line: Line, x: number, y: number, charset: Charset): LiveField[] {
  const fields: LiveField[] = [];
  let at = x;
  for (const [text, { fg, bg }, live] of line) {
    const width = textWidth(text);
    if (live) {
      const render = (now: number) => ({ text: inCharset(live.render(now), charset), fg, bg });
      fields.push({ x: at, y, width, everyMs: live.everyMs, render });
    }
    at += width;
  }
  return fields;
}

/** The text alone. */
export function plain(line: Line): string {
  return line.map(([text]) => text).join('');
}

/** Words of `text` broken into lines of at most `width` columns. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && textWidth(line) + 1 + textWidth(rest) > width) {
      lines.push(line);
      line = '';
    }
    while (textWidth(rest) > width) {
      const head = cut(rest, width) || rest.slice(0, 1);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = line === '' ? rest : `${line} ${rest}`;
  }
  return [...lines, line];
}

/** A styled line broken at blanks into lines of at most `width` columns; those after the first start with `indent` blanks. */
export function wrapLine(line: Line, width: number, indent: number): Line[] {
  const lines: Span[][] = [[]];
  let used = 0;
  for (const [text, paint, live] of line) {
    for (const piece of live ? [text] : text.split(/(?<= )/)) {
      const columns = textWidth(piece.trimEnd());
      if (used + columns > width && used > indent) {
        lines.push([[' '.repeat(indent), PLAIN]]);
        used = indent;
      }
      const room = Math.max(1, width - used);
      const part = columns <= room ? cut(piece, room) : clip(piece, room);
      lines.at(-1)!.push(live ? [part, paint, live] : [part, paint]);
      used += textWidth(part);
    }
  }
  return lines;
}
