import type { ProfileChoice, Room } from '../app/room.ts';
import type { Binding } from '../keys/binding.ts';
import { fuzzyFilter } from '../keys/fuzzy.ts';

/** Commands that the palette offers, best answer to the query first. */
export function paletteEntries(room: Room, query: string): readonly Binding[] {
  const offered = room.table.filter((binding) => binding.when.includes('control') && binding.palette !== false);
  return fuzzyFilter(query, offered, (binding) => ({
    name: `${binding.title} ${binding.id}`,
    words: binding.description,
  }));
}

/** What a new agent may run: one of the profiles, or what was typed as a command. */
export type LaunchEntry =
  | { readonly kind: 'profile'; readonly profile: ProfileChoice }
  | { readonly kind: 'command'; readonly command: string };

export function launchEntries(room: Room, text: string): readonly LaunchEntry[] {
  const profiles = fuzzyFilter(text, room.profiles, (profile) => ({ name: profile.name, words: profile.description }));
  const entries = profiles.map((profile): LaunchEntry => ({ kind: 'profile', profile }));
  const command = text.trim();
  if (command === '') return entries;
  // A name typed in full means the profile; anything else is first of all a command.
  const exact = profiles[0]?.name === command;
  const own: LaunchEntry = { kind: 'command', command };
  return exact ? [...entries, own] : [own, ...entries];
}
