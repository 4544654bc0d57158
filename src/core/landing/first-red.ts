/** The search for the step that turned green into red. */

export type Colour = 'green' | 'red';

export type Search = { readonly found: number } | { readonly ask: number };

/**
 * Among 0…`red` steps, where 0 is green and `red` is red: the step that turned it, or how many steps to try next. Takes
 * log2(`red`) answers; where colours change to and fro it finds one of the turns.
 * @param colour of the first `steps`; undefined: not known yet
 */
export function firstRed(red: number, colour: (steps: number) => Colour | undefined): Search {
  let green = 0;
  while (red - green > 1) {
    const middle = (green + red) >> 1;
    const found = colour(middle);
    if (found === undefined) return { ask: middle };
    if (found === 'red') red = middle;
    else green = middle;
  }
  return { found: red };
}
