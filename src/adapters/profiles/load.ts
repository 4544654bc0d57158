/** All profiles: llmctl's own, and a person's from $XDG_CONFIG_HOME/llmctl/profiles/*.yaml, which come first. */
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { didYouMean, nearestNames } from '../../core/nearest.ts';
import type { Problem } from '../../core/plan/model.ts';
import { fillWords } from '../../core/profile/fill.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { configFolder } from '../config/load.ts';
import { distFile } from '../paths/dist.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface Profiles {
  readonly byId: ReadonlyMap<string, Profile>;
  /** What is wrong with a person's own; those are left out. */
  readonly problems: readonly Problem[];
}

/**
 * Never throws. Without profiles of a person's own it loads no YAML.
 * @param env the person's: its SHELL is what the profile `shell` starts
 */
export async function loadProfiles(env: Env = process.env): Promise<Profiles> {
  const own = await ownProfiles();
  const byId = new Map(own.profiles.map((profile) => [profile.id, placed(profile, env)]));
  const problems: Problem[] = [...own.problems];
  for (const { path, id } of await personalFiles(env)) {
    const { readProfile } = await import('./read.ts');
    const read = await readProfile(path, id, 'person', byId);
    problems.push(...read.problems);
    if (read.profile) byId.set(id, placed(read.profile, env));
  }
  return { byId, problems };
}

interface OwnProfiles {
  readonly profiles: readonly Profile[];
  readonly problems: readonly Problem[];
}

/** Checked when llmctl was built, and kept as JSON; run from src/ they are read from their files. */
async function ownProfiles(): Promise<OwnProfiles> {
  const here = dirname(fileURLToPath(import.meta.url));
  if (!existsSync(join(here, 'claude.yaml'))) {
    const profiles = JSON.parse(await readFile(distFile('profiles.json'), 'utf8')) as readonly Profile[];
    return { profiles, problems: [] };
  }
  const { readOwnProfiles } = await import('./read.ts');
  return readOwnProfiles(here);
}

/** Folder of a person's own profiles; it need not be there. */
export function profileFolder(env: Env): string {
  return join(configFolder(env), 'profiles');
}

async function personalFiles(env: Env): Promise<readonly { readonly path: string; readonly id: string }[]> {
  const folder = profileFolder(env);
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.')).sort();
  return files.map((name) => ({ path: join(folder, name), id: name.replace(/\.ya?ml$/, '') }));
}

function placed(profile: Profile, env: Env): Profile {
  const values = { shell: shellOf(env), node: process.execPath, dist: dirname(distFile('x')) };
  return { ...profile, command: fillWords(profile.command, values) };
}

function shellOf(env: Env): string {
  const shell = env['SHELL'];
  return shell?.startsWith('/') ? shell : 'bash';
}

export type ResolvedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly reason: string; readonly nearest: readonly string[] };

/** For a program to be started. `reason` is one line that names what there is. */
export function resolveProfile(profiles: Profiles, id: string): ResolvedProfile {
  const known = launchable(profiles).map((profile) => profile.id);
  const profile = profiles.byId.get(id);
  if (profile && known.includes(id)) return { ok: true, profile };
  const near = didYouMean(id, known);
  const remedy = near === '' ? `; there are ${known.join(', ')}` : near;
  return { ok: false, reason: `there is no profile "${id}"${remedy}`, nearest: nearestNames(id, known) };
}

/** Those that have a program. */
export function launchable({ byId }: Profiles): readonly Profile[] {
  return [...byId.values()].filter(({ command }) => command.length > 0);
}
