/** What happens by itself when a check of the integration branch is red: each step by itself, asked of a person, or not at all. */
import { didYouMean } from '../nearest.ts';
import { MapReader, shorten } from './reader.ts';
import { treeKindName } from './tree.ts';
import type { ProblemList, Tree } from './tree.ts';

export type RedStep = 'auto' | 'ask' | 'off';

export interface PlanRed {
  /** Look for the landing that broke it. */
  readonly blame: RedStep;
  /** Pause whose landing it was until it is taken out again or the check is green. */
  readonly pause: RedStep;
  /** Take that landing out of the branch again. */
  readonly rollback: RedStep;
  /** What all others do meanwhile. */
  readonly others: 'go-on' | 'pause';
}

/** In a word: `blame` looks for it and leaves the rest to a person, `rollback` does all of it. */
const WORDS: Readonly<Record<string, PlanRed>> = {
  blame: { blame: 'auto', pause: 'off', rollback: 'ask', others: 'go-on' },
  rollback: { blame: 'auto', pause: 'auto', rollback: 'auto', others: 'go-on' },
  off: { blame: 'off', pause: 'off', rollback: 'off', others: 'go-on' },
};

export const DEFAULT_RED: PlanRed = WORDS['blame']!;

const STEPS: readonly RedStep[] = ['auto', 'ask', 'off'];

export function readRed(tree: Tree, what: string, problems: ProblemList): PlanRed | null {
  if (tree.kind !== 'map') {
    // `off` is a flag in some dialects of YAML.
    const word = tree.kind === 'text' ? tree.value : tree.kind === 'flag' && !tree.value ? 'off' : '';
    const known = Object.hasOwn(WORDS, word) ? WORDS[word]! : null;
    if (known === null) {
      const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
      const remedy = didYouMean(word, Object.keys(WORDS)) || '; write blame, rollback or off, or a map of steps';
      problems.error(tree.at, `${what} can't be ${got}${remedy}`);
    }
    return known;
  }
  const reader = new MapReader(tree, what, problems);
  const red: PlanRed = {
    blame: readStep(reader, 'blame', STEPS, 'auto', problems),
    pause: readStep(reader, 'pause', STEPS, 'off', problems),
    rollback: readStep(reader, 'rollback', STEPS, 'ask', problems),
    others: readStep(reader, 'others', ['go-on', 'pause'] as const, 'go-on', problems),
  };
  reader.finish();
  if (red.pause === 'auto' && red.rollback === 'off') {
    const remedy = 'write "rollback: auto" or "rollback: ask", or "pause: off"';
    problems.warning(tree.at, `${what} pauses whoever broke a check, and nobody mends it then; ${remedy}`);
  }
  return red;
}

function readStep<W extends string>(
  reader: MapReader,
  key: string,
  words: readonly W[],
  otherwise: W,
  problems: ProblemList,
): W {
  const tree = reader.take(key);
  if (!tree) return otherwise;
  const said = tree.kind === 'text' ? tree.value : tree.kind === 'flag' && !tree.value ? 'off' : '';
  const word = words.find((one) => one === said);
  if (word !== undefined) return word;
  const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
  problems.error(
    tree.at,
    `"${key}" of ${reader.what} can't be ${got}; write ${words.join(', ').replace(/, ([^,]*)$/, ' or $1')}`,
  );
  return otherwise;
}
