import { nearestNames } from '../../core/nearest.ts';
import type { Binding } from './binding.ts';

export type KeyOverrides = Readonly<Record<string, string | readonly string[]>>;

/** One line: which entry of the config's `keys`, what is wrong with it, what to write. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
}

const NAMED = [
  'Space',
  'Enter',
  'Tab',
  'Esc',
  'Backspace',
  'Delete',
  'Insert',
  'Up',
  'Down',
  'Left',
  'Right',
  'Home',
  'End',
  'PgUp',
  'PgDn',
  ...Array.from({ length: 24 }, (_, i) => `F${i + 1}`),
];
const MODIFIERS = ['Ctrl', 'Alt', 'Shift', 'Super'];

/**
 * A key as a person writes it, as input events name it: `ctrl-x` and `C-x` become `Ctrl+x`, `Shift+a` becomes `A`.
 * @returns undefined where no such key is known
 */
export function parseKey(text: string): string | undefined {
  if ([...text].length === 1) return text === ' ' ? 'Space' : text;
  const parts = text.split(/[+-](?=.)/);
  const base = parts.pop()!;
  const modifiers = parts.map((part) => MODIFIERS.find((name) => isModifier(part, name)));
  if (modifiers.includes(undefined)) return undefined;
  const named = NAMED.find((name) => name.toLowerCase() === base.toLowerCase());
  if (!named && [...base].length !== 1) return undefined;
  const has = new Set(modifiers);
  if (!named && has.size === 1 && has.has('Shift')) return base.toUpperCase();
  const order = MODIFIERS.filter((name) => has.has(name));
  return [...order, named ?? (has.size > 0 ? base.toLowerCase() : base)].join('+');
}

function isModifier(part: string, name: string): boolean {
  const wanted = part.toLowerCase();
  if (wanted === name.toLowerCase()) return true;
  return (
    (name === 'Ctrl' && wanted === 'c') || (name === 'Alt' && wanted === 'm') || (name === 'Shift' && wanted === 's')
  );
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
  const key = parseKey(text);
  if (key !== undefined) return key;
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
