/** From a profile to the words and files of one run. */
import type { Json } from './leaves.ts';
import { goesAside } from './aside.ts';
import { fillWord, fillWords, type PlaceValues } from './fill.ts';
import type { Profile } from './profile.ts';

/** How a run begins: a conversation of its own, or one that was there before. */
export type Beginning =
  /** With an id of our choice, where the CLI takes one. */
  | { readonly kind: 'new'; readonly conversation: string | null }
  | { readonly kind: 'resume'; readonly conversation: string }
  /** The last one of its folder, whose id was never told. */
  | { readonly kind: 'continue' };

export interface Launch {
  /** Behind the agent's own command. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Texts by name, for the folder of the run. */
  readonly files: Readonly<Record<string, string>>;
  /** The first prompt is among the words: it is not to be typed. */
  readonly prompted: boolean;
}

/** An argument may have 128 kB on Linux (MAX_ARG_STRLEN); longer ones are typed. */
const PROMPT_MAX = 60_000;

/**
 * Whether a prompt can be a word of a command line and mean the same: one that begins like an option, a command or a file, and one that could be the
 * name of a subcommand, are typed.
 */
export function fitsCommandLine(prompt: string): boolean {
  return (
    prompt.length <= PROMPT_MAX &&
    /^[^-/@!#\s]/.test(prompt) &&
    /\s/.test(prompt) &&
    !/[\0-\x08\x0b-\x1f\x7f]/.test(prompt)
  );
}

/** True where the command is the profile's own program, also by another path: only that understands the profile's words. */
export function isProgramOf(profile: Profile, command: readonly string[]): boolean {
  const name = (words: readonly string[]): string => (words[0] ?? '').split('/').at(-1)!;
  return profile.command.length > 0 && name(profile.command) === name(command);
}

export function launchOf(profile: Profile, beginning: Beginning, prompt: string | null, values: PlaceValues): Launch {
  const { launch, inject } = profile;
  const conversation = beginning.kind === 'continue' ? null : beginning.conversation;
  const known: PlaceValues = conversation === null ? values : { ...values, conversation };
  const begin = beginWords(beginning, launch);
  const fits = prompt !== null && fitsCommandLine(prompt) && !goesAside(profile, prompt);
  const prompted = beginning.kind === 'new' && launch.prompt !== null && fits;
  const words = [
    ...fillWords(begin ?? [], known),
    ...(prompted ? fillWords(launch.prompt ?? [], { ...known, prompt }) : []),
    ...fillWords(inject.args, known),
  ];
  const env = Object.entries(inject.env).flatMap(([name, value]) => {
    const filled = fillWord(value, known);
    return filled === null ? [] : [[name, filled] as const];
  });
  const files = Object.entries(inject.files).map(([name, value]) => [name, fileText(value, known)] as const);
  return { words, env: Object.fromEntries(env), files: Object.fromEntries(files), prompted };
}

function beginWords(beginning: Beginning, launch: Profile['launch']): readonly string[] | null {
  switch (beginning.kind) {
    case 'new':
      return beginning.conversation === null ? null : launch.begin;
    case 'resume':
      return launch.resume;
    case 'continue':
      return launch.continue;
  }
}

function fileText(value: Json, values: PlaceValues): string {
  return typeof value === 'string'
    ? (fillWord(value, values) ?? '')
    : `${JSON.stringify(filled(value, values), null, 1)}\n`;
}

function filled(value: Json, values: PlaceValues): Json {
  if (typeof value === 'string') return fillWord(value, values) ?? '';
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item as Json, values)]));
}
