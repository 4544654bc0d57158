/** Finding by a few letters, as palettes do. */

/**
 * How well `text` answers `query`: null where its letters don't come in this order; else the higher the better.
 * Starts of words and letters in a row count for more; shorter texts before longer ones.
 */
export function fuzzyScore(query: string, text: string): number | null {
  const wanted = query.toLowerCase().replaceAll(' ', '');
  const where = text.toLowerCase();
  let score = 0;
  let from = 0;
  let last = -2;
  for (const letter of wanted) {
    const at = where.indexOf(letter, from);
    if (at < 0) return null;
    const starts = at === 0 || /[\s\-:(]/.test(where[at - 1]!);
    score += at === last + 1 ? 5 : starts ? 4 : 1;
    last = at;
    from = at + 1;
  }
  return score - where.length / 100;
}

/** What an item is found by: letters of its name, or a part of its description as it stands. */
export interface Findable {
  readonly name: string;
  readonly words: string;
}

/** Those of `items` that answer the query, best first; all in their order while it is empty. */
export function fuzzyFilter<T>(query: string, items: readonly T[], by: (item: T) => Findable): T[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [...items];
  const scored = items.flatMap((item) => {
    const { name, words } = by(item);
    const score = fuzzyScore(wanted, name) ?? (words.toLowerCase().includes(wanted) ? IN_DESCRIPTION : null);
    return score === null ? [] : [{ item, score }];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ item }) => item);
}

/** After every item that has it in its name. */
const IN_DESCRIPTION = -1_000;
