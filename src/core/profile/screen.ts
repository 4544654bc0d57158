/** Screen rules against the rows of a terminal. */
import type { Saying } from '../agents/board.ts';
import { sayingOf, type Clock, type ReadyRule } from './match.ts';

/** Characters of a screen that rules are given at most: the bottom ones. */
const MOST = 12_000;

/** @param rows texts from the top of the screen down */
export function screenSaying(rules: readonly ReadyRule[], rows: readonly string[], clock: Clock): Saying | null {
  const regions = new Map<string, string>();
  let filled: readonly string[] | null = null;
  for (const ready of rules) {
    const region = 'region' in ready.rule ? ready.rule.region : 'screen';
    let text = regions.get(region);
    if (text === undefined) {
      filled ??= rows.filter((row) => row.trim() !== '');
      text = regionText(region, filled);
      regions.set(region, text);
    }
    const saying = sayingOf(ready, text, clock);
    if (saying) return saying;
  }
  return null;
}

function regionText(region: string, filled: readonly string[]): string {
  const [edge, count] = region.split(' ');
  const rows =
    edge === 'top' ? filled.slice(0, Number(count)) : edge === 'bottom' ? filled.slice(-Number(count)) : filled;
  return rows.join('\n').slice(-MOST);
}
