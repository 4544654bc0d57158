/** Profiles out of files. */
import { join } from 'node:path';
import type { Problem } from '../../core/plan/model.ts';
import { ProblemList } from '../../core/plan/tree.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { GENERIC_PROFILE, profileOf } from '../../core/profile/read.ts';
import { readTextFile } from '../planfile/read-text.ts';
import { parseYaml } from '../planfile/yaml-tree.ts';

export interface ReadProfile {
  readonly profile: Profile | null;
  readonly problems: readonly Problem[];
}

/**
 * @param id the file's name without its ending
 * @param known what it may extend
 */
export async function readProfile(
  path: string,
  id: string,
  from: Profile['from'],
  known: ReadonlyMap<string, Profile>,
): Promise<ReadProfile> {
  const read = await readTextFile(path, 'the profile');
  if (!read.ok) return { profile: null, problems: read.problems };
  const parsed = parseYaml(read.text, path);
  if (!parsed.tree) return { profile: null, problems: [...read.problems, ...parsed.problems] };
  const problems = new ProblemList(path);
  const profile = profileOf(parsed.tree, id, from, known, problems);
  return { profile, problems: [...read.problems, ...problems.all()] };
}

/** The order that they are offered in. */
const OWN = [GENERIC_PROFILE, 'shell', 'demo', 'claude', 'codex', 'gemini', 'opencode', 'aider'];

/** Those that come with llmctl. @param folder where their files are */
export async function readOwnProfiles(
  folder: string,
): Promise<{ readonly profiles: readonly Profile[]; readonly problems: readonly Problem[] }> {
  const known = new Map<string, Profile>();
  const problems: Problem[] = [];
  for (const id of OWN) {
    const read = await readProfile(join(folder, `${id}.yaml`), id, 'llmctl', known);
    problems.push(...read.problems);
    if (read.profile) known.set(id, read.profile);
  }
  return { profiles: [...known.values()], problems };
}
