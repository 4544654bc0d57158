import { nearestNames } from '../../core/nearest.ts';
import { normalizeKeyName } from '../input/key-names.ts';
import type { Binding } from './binding.ts';

export type KeyOverrides = Readonly<Record<string, string | readonly string[]>>;

/** One line: which entry of the config's `keys`, what is wrong with it, what to write. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
}

/**
 * The table with a person's own keys: `{ID: KEY}` or `{ID: [KEY, …]}`; an empty list takes a command's keys away.
 * @throws KeysError for an unknown command or key, and where two commands would have one key at the same moment
 */
export function applyOverrides(table: readonly Binding[], overrides: KeyOverrides): readonly Binding[] {
  const known = table.map((binding) => binding.id);
  for (const id of Object.keys(overrides)) {
    if (known.includes(id)) continue;
    const near = nearestNames(id, known).join(', ');
    throw new KeysError(`keys.${id}: no such command${near ? `; perhaps ${near}` : ''}`);
  }
  const changed = table.map((binding) => {
    if (!Object.hasOwn(overrides, binding.id)) return binding;
    const wanted = overrides[binding.id]!;
    const keys = (typeof wanted === 'string' ? [wanted] : wanted).map((key) => keyOr(binding.id, key));
    return { ...binding, keys };
  });
  refuseConflicts(changed, overrides);
  return changed;
}

function keyOr(id: string, text: string): string {
  const key = normalizeKeyName(text);
  if (key !== null) return key;
  throw new KeysError(`keys.${id}: "${text}" is no key; write a character, or for example Ctrl+x, Alt+Enter, PgUp, F5`);
}

function refuseConflicts(table: readonly Binding[], overrides: KeyOverrides): void {
  for (const conflict of keyConflicts(table)) {
    const own = Object.hasOwn(overrides, conflict.first) ? conflict.first : conflict.second;
    const other = own === conflict.first ? conflict.second : conflict.first;
    throw new KeysError(`keys.${own}: ${conflict.key} is ${other}'s already; give ${other} another key, or none: []`);
  }
}

export interface KeyConflict {
  readonly key: string;
  readonly first: string;
  readonly second: string;
}

/** Two commands on one key in one context: only the first could ever run. */
export function keyConflicts(table: readonly Binding[]): KeyConflict[] {
  const taken = new Map<string, string>();
  const conflicts: KeyConflict[] = [];
  for (const binding of table) {
    for (const place of binding.when.flatMap((context) => binding.keys.map((key) => `${context} ${key}`))) {
      const first = taken.get(place);
      if (first !== undefined) conflicts.push({ key: place.slice(place.indexOf(' ') + 1), first, second: binding.id });
      taken.set(place, binding.id);
    }
  }
  return conflicts;
}

/** The chords that leave pane mode, as help and footer show them. The terminal's input acts on them. */
export function withExitChords(table: readonly Binding[], chords: readonly string[]): readonly Binding[] {
  return table.map((binding) => (binding.id === 'leave-pane' ? { ...binding, keys: chords } : binding));
}
