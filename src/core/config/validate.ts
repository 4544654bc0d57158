/** Settings out of a parsed document: what is wrong is told, the rest counts. */
import type { Problem } from '../plan/model.ts';
import { MapReader, readText, shorten } from '../plan/reader.ts';
import { ProblemList, treeKindName } from '../plan/tree.ts';
import type { Place, Tree } from '../plan/tree.ts';
import { readChord } from './chord.ts';
import { DEFAULT_CONFIG } from './model.ts';
import { readNotifications } from './notifications.ts';
import type { Config } from './model.ts';

export interface ValidatedConfig {
  readonly config: Config;
  readonly problems: readonly Problem[];
  /** Where each entry of `keys` stands, for what only the table of bindings can tell about it. */
  readonly keyPlaces: ReadonlyMap<string, Place>;
}

export function validateConfig(tree: Tree, file: string): ValidatedConfig {
  const problems = new ProblemList(file);
  const keyPlaces = new Map<string, Place>();
  const config = readConfig(tree, problems, keyPlaces);
  return { config, problems: problems.all(), keyPlaces };
}

function readConfig(tree: Tree, problems: ProblemList, keyPlaces: Map<string, Place>): Config {
  if (tree.kind === 'nothing') return DEFAULT_CONFIG;
  if (tree.kind !== 'map') {
    problems.error(tree.at, `settings are a map of keys, not ${treeKindName(tree)}; write "theme: dark", for example`);
    return DEFAULT_CONFIG;
  }
  const reader = new MapReader(tree, 'the settings', problems);
  const config: Config = {
    keys: readKeys(reader, problems, keyPlaces),
    exitChord: readExitChord(reader, problems),
    theme: reader.text('theme', { max: 60 }) ?? DEFAULT_CONFIG.theme,
    defaultProfile: reader.text('defaultProfile', { max: 60 }) ?? DEFAULT_CONFIG.defaultProfile,
    scrollback: reader.wholeNumber('scrollback', 100, 100_000) ?? DEFAULT_CONFIG.scrollback,
    mouse: reader.flag('mouse') ?? DEFAULT_CONFIG.mouse,
    notify: reader.flag('notify') ?? DEFAULT_CONFIG.notify,
    notifications: readNotifications(reader, problems),
  };
  reader.finish();
  return config;
}

/** A key or a list of keys; null after a problem was noted. */
function readNames(tree: Tree, what: string, problems: ProblemList): { name: string; at: Place }[] {
  const items = tree.kind === 'list' ? tree.items : [tree];
  return items.flatMap((item) => {
    // A digit is a key like any other; YAML takes it for a number.
    const name = item.kind === 'number' ? item.source : readText(item, what, problems, { max: 40 });
    return name === null ? [] : [{ name, at: item.at }];
  });
}

function readKeys(reader: MapReader, problems: ProblemList, places: Map<string, Place>): Config['keys'] {
  const map = reader.map('keys', '"pause: Ctrl+p" under it');
  const keys = new Map<string, readonly string[]>();
  for (const { key, keyAt, value } of map?.keys() ?? []) {
    places.set(key, keyAt);
    const names = value.kind === 'nothing' ? [] : readNames(value, `a key of "${shorten(key)}"`, problems);
    const meant = value.kind !== 'nothing' && !(value.kind === 'list' && value.items.length === 0);
    // Nothing readable is left of it: the command keeps the keys it has.
    if (names.length > 0 || !meant) {
      keys.set(
        key,
        names.map((entry) => entry.name),
      );
    }
  }
  return Object.fromEntries(keys);
}

function readExitChord(reader: MapReader, problems: ProblemList): readonly string[] {
  const tree = reader.take('exitChord');
  if (!tree) return DEFAULT_CONFIG.exitChord;
  const chords: string[] = [];
  for (const { name, at } of readNames(tree, '"exitChord"', problems)) {
    const read = readChord(name);
    if (read.ok) chords.push(read.chord);
    else problems.error(at, `"${shorten(name)}" can't leave pane mode: ${read.reason}`);
  }
  return chords.length > 0 ? [...new Set(chords)] : DEFAULT_CONFIG.exitChord;
}
