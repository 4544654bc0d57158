/** One profile of a person's own. */
import type { Problem } from '../../core/plan/model.ts';
import { MapReader, readText, shorten } from '../../core/plan/reader.ts';
import { ProblemList, treeKindName } from '../../core/plan/tree.ts';
import type { Tree } from '../../core/plan/tree.ts';
import { readTextFile } from '../planfile/read-text.ts';
import { parseYaml } from '../planfile/yaml-tree.ts';
import type { Profile } from './model.ts';

const PROFILE_ID = /^[a-z0-9][a-z0-9._-]{0,39}$/i;

export interface ReadProfile {
  readonly profile: Profile | null;
  readonly problems: readonly Problem[];
}

/** @param id the file's name without its ending */
export async function readProfile(path: string, id: string): Promise<ReadProfile> {
  const read = await readTextFile(path, 'the profile');
  if (!read.ok) return { profile: null, problems: read.problems };
  const parsed = parseYaml(read.text, path);
  if (!parsed.tree) return { profile: null, problems: [...read.problems, ...parsed.problems] };
  const problems = new ProblemList(path);
  const profile = profileOf(parsed.tree, id, problems);
  return { profile: problems.hasErrors ? null : profile, problems: [...read.problems, ...problems.all()] };
}

function profileOf(tree: Tree, id: string, problems: ProblemList): Profile | null {
  if (!PROFILE_ID.test(id)) {
    problems.error(
      tree.at,
      `"${shorten(id)}" can't name a profile; name the file with letters, digits, ".", "_" and "-"`,
    );
  }
  if (tree.kind !== 'map') {
    const remedy = 'write "command: [\\"my-agent\\"]", for example';
    problems.error(tree.at, `a profile is a map of keys, not ${treeKindName(tree)}; ${remedy}`);
    return null;
  }
  const reader = new MapReader(tree, `profile "${shorten(id)}"`, problems);
  const command = reader.argv('command');
  if (!command && !reader.take('command')) {
    problems.error(tree.at, `${reader.what} has no command; write "command: [\\"my-agent\\"]"`);
  }
  const profile: Profile = {
    id,
    title: reader.text('title', { max: 40 }) ?? id,
    command: command ?? [],
    briefing: readBriefing(reader, problems),
    interrupt: readKeyNames(reader, problems),
    install: reader.text('install', { max: 300 }) ?? '',
    from: 'person',
  };
  reader.finish(['states', 'screen', 'resume', 'hooks', 'env']);
  return profile;
}

function readBriefing(reader: MapReader, problems: ProblemList): Profile['briefing'] {
  const text = reader.text('briefing');
  if (text === null || text === 'paste-enter') return 'paste-enter';
  if (text === 'none') return 'none';
  const at = reader.entry('briefing')!.value.at;
  problems.error(at, `"briefing" of ${reader.what} can't be "${shorten(text)}"; write paste-enter or none`);
  return 'none';
}

function readKeyNames(reader: MapReader, problems: ProblemList): readonly string[] {
  const tree = reader.take('interrupt');
  if (!tree) return ['C-c'];
  const items = tree.kind === 'list' ? tree.items : [tree];
  return items.flatMap((item) => {
    const key = readText(item, `"interrupt" of ${reader.what}`, problems, { max: 20 });
    return key === null ? [] : [key];
  });
}
