/** Places in the words of a profile, `{prompt}` for example, and what is put there. */

/** Everything that a profile may ask for. What has no value where it is filled in leaves its word out. */
export const PLACES = [
  /** The person's login shell. */
  'shell',
  /** The Node that runs llmctl, and the folder of its programs. */
  'node',
  'dist',
  /** Absolute path of `llmctl` as this agent is to call it. */
  'llmctl',
  /** Folder of this run alone, outside of the worktree; files of `inject` are in it. */
  'run',
  /** The agent's own working tree, and its id. */
  'worktree',
  'agent',
  'prompt',
  'model',
  /** Id of the conversation: chosen by llmctl for a new one where the CLI lets it, else as the CLI told it. */
  'conversation',
  /** A free port on loopback, for CLIs with an API of their own. */
  'port',
  /** What only llmctl and this run of the agent know: a password for such an API. */
  'secret',
  /** Name of a message that is kept aside (`briefing.aside`). */
  'message',
] as const;
export type PlaceName = (typeof PLACES)[number];
export type PlaceValues = { readonly [K in PlaceName]?: string };

const PLACE = /\{([A-Za-z]+)\}/g;

/** The first place that nobody knows, with its offset; null where all are known. */
export function unknownPlace(text: string): { readonly name: string; readonly offset: number } | null {
  for (const { 1: name, index } of text.matchAll(PLACE)) {
    if (!PLACES.some((known) => known === name)) return { name: name!, offset: index };
  }
  return null;
}

/** @returns null where a place has no value */
export function fillWord(text: string, values: PlaceValues): string | null {
  let whole = true;
  const filled = text.replaceAll(PLACE, (_, name: PlaceName) => {
    const value = values[name];
    if (value === undefined) whole = false;
    return value ?? '';
  });
  return whole ? filled : null;
}

/** Words with a place that has no value are left out. */
export function fillWords(words: readonly string[], values: PlaceValues): readonly string[] {
  return words.map((word) => fillWord(word, values)).filter((word) => word !== null);
}
