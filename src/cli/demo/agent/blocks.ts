/** Pieces of the transcript: banner, messages, tool calls, diffs. */
import type { Script } from './script.ts';
import { ADDED, bold, dim, fg, GREEN, GREY, markup, RED, REMOVED, type Rgb } from './style.ts';
import type { Edited, Ran } from './tools.ts';
import { cut, type Line } from './wrap.ts';

const BLANK: Line = { text: '' };
const SHOWN_LINES = 6;

export function banner(script: Script, cwd: string, cols: number): Line[] {
  const mark = (text: string): string => fg(script.color, text);
  return [
    { text: `${mark(' ▄▀▀▄ ')} ${bold(script.id)} ${dim('· scripted demo agent')}` },
    { text: `${mark(' █▄▄█ ')} ${cut(script.task, Math.max(8, cols - 8))}` },
    { text: `${mark(' ▀  ▀ ')} ${dim(cut(cwd, Math.max(8, cols - 8)))}` },
    BLANK,
  ];
}

export function personSaid(text: string): Line[] {
  return [
    ...text.split('\n').map((line, i) => ({ text: fg(GREY, `${i === 0 ? '> ' : '  '}${line}`), indent: 2 })),
    BLANK,
  ];
}

export function agentSays(text: string, color: Rgb): Line[] {
  return [{ text: `● ${markup(text, color)}`, indent: 2 }, BLANK];
}

export function toolHead(name: string, what: string, color: Rgb): Line {
  return { text: `${fg(color, '●')} ${bold(name)}(${what})`, indent: 2 };
}

export function toolResult(text: string): Line[] {
  return [{ text: `  ⎿  ${text}`, indent: 5 }, BLANK];
}

export function ranResult({ code, lines }: Ran, expected: boolean): Line[] {
  if (code === null) return toolResult(fg(RED, 'Interrupted'));
  const shown = lines.length <= SHOWN_LINES ? lines : lines.slice(0, SHOWN_LINES - 1);
  const color = code === 0 ? undefined : expected ? GREY : RED;
  const rows = shown.map((line, i) => ({
    text: `${i === 0 ? '  ⎿  ' : '     '}${color ? fg(color, line) : line}`,
    indent: 5,
  }));
  if (shown.length < lines.length) rows.push({ text: dim(`     … +${lines.length - shown.length} lines`), indent: 5 });
  if (code !== 0) rows.push({ text: `${rows.length === 0 ? '  ⎿  ' : '     '}${fg(RED, `exit ${code}`)}`, indent: 5 });
  if (rows.length === 0) rows.push({ text: `  ⎿  ${dim('(no output)')}`, indent: 5 });
  return [...rows, BLANK];
}

/** A diff with line numbers, removed and added lines on their own backgrounds. */
export function diff(path: string, edited: Edited): Line[] {
  const { before, removed, added, after } = edited;
  const counts = `${added.length} addition${added.length === 1 ? '' : 's'}, ${removed.length} removal${removed.length === 1 ? '' : 's'}`;
  const out: Line[] = [{ text: `  ⎿  Updated ${bold(path)} with ${counts}`, indent: 5 }];
  let number = edited.at;
  const row = (sign: string, line: string, at: number, fill?: string): Line => ({
    text: `     ${String(at).padStart(3)} ${sign} ${line}`,
    indent: 11,
    ...(fill === undefined ? {} : { fill }),
  });
  for (const line of before) out.push(row(' ', line, number++));
  removed.forEach((line, i) => out.push(row('-', line, number + i, REMOVED)));
  for (const line of added) out.push(row('+', line, number++, ADDED));
  for (const line of after) out.push(row(' ', line, number++));
  return [...out, BLANK];
}

export function todoList(items: readonly string[], done: number): Line[] {
  const rows = items.map((item, i) => {
    const box = i < done ? fg(GREEN, '☒') : '☐';
    const text = i < done ? dim(item) : i === done ? bold(item) : item;
    return { text: `${i === 0 ? '  ⎿  ' : '     '}${box} ${text}`, indent: 7 };
  });
  return [{ text: `${fg(GREEN, '●')} ${bold('Update Todos')}` }, ...rows, BLANK];
}
