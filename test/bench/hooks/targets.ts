/** What a hook may take of an agent's time, and the table of it. */
import { short } from '../figures.ts';

export type HookFigures = Readonly<Record<string, number>>;

export const SUBJECTS = [
  'nothing (`sh -c :`)',
  'Node, doing nothing',
  'before an edit, answered',
  'after an edit',
  'before an edit, in Node',
] as const;
export type HookSubject = (typeof SUBJECTS)[number];

/** Milliseconds, at the 95th percentile, on the machine as it was. */
const MOST = 50;
const HELD: ReadonlySet<HookSubject> = new Set(['before an edit, answered', 'after an edit']);

export function hooksTable(figures: HookFigures): string {
  const rows = SUBJECTS.map((name) => {
    const cells = ['quiet', 'busy'].flatMap((when) => [figures[`${when} ${name} p50`], figures[`${when} ${name} p95`]]);
    const worst = figures[`quiet ${name} p95`] ?? Number.NaN;
    const held = HELD.has(name) ? `≤ ${MOST} ms p95 | ${worst <= MOST ? 'yes' : 'no'}` : ' | ';
    return `| ${name} | ${cells.map((ms) => short(ms ?? Number.NaN)).join(' | ')} | ${held} |`;
  });
  const lost = ['quiet', 'busy'].map((when) => short(figures[`${when} unanswered`] ?? Number.NaN));
  return [
    '| ms | as it was, p50 | p95 | busy, p50 | p95 | target | met |',
    '|---|---:|---:|---:|---:|---|---|',
    ...rows,
    `| questions without an answer | ${lost[0]} |  | ${lost[1]} |  | 0 | ${lost.every((n) => n === '0.00') ? 'yes' : 'no'} |`,
  ].join('\n');
}
