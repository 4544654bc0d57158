/** All profiles: llmctl's own, and a person's from $XDG_CONFIG_HOME/llmctl/profiles/*.yaml, which come first. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean, nearestNames } from '../../core/nearest.ts';
import type { Problem } from '../../core/plan/model.ts';
import { configFolder } from '../config/load.ts';
import { builtinProfiles } from './builtin.ts';
import type { Profile } from './model.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface Profiles {
  readonly byId: ReadonlyMap<string, Profile>;
  /** What is wrong with a person's own; those are left out. */
  readonly problems: readonly Problem[];
}

/** Never throws. Without profiles of a person's own it costs one readdir and loads no YAML. */
export async function loadProfiles(env: Env = process.env): Promise<Profiles> {
  const byId = new Map(builtinProfiles(env).map((profile) => [profile.id, profile]));
  const folder = join(configFolder(env), 'profiles');
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.')).sort();
  if (files.length === 0) return { byId, problems: [] };
  const { readProfile } = await import('./read.ts');
  const problems: Problem[] = [];
  for (const name of files) {
    const read = await readProfile(join(folder, name), name.replace(/\.ya?ml$/, ''));
    problems.push(...read.problems);
    if (read.profile) byId.set(read.profile.id, read.profile);
  }
  return { byId, problems };
}

export type ResolvedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly reason: string; readonly nearest: readonly string[] };

/** `reason` is one line that names what there is. */
export function resolveProfile(profiles: Profiles, id: string): ResolvedProfile {
  const profile = profiles.byId.get(id);
  if (profile) return { ok: true, profile };
  const known = [...profiles.byId.keys()];
  const near = didYouMean(id, known);
  const remedy = near === '' ? `; there are ${known.join(', ')}` : near;
  return { ok: false, reason: `there is no profile "${id}"${remedy}`, nearest: nearestNames(id, known) };
}
