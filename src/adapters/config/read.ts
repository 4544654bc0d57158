/** Reads settings that exist; loaded only then, for YAML takes longer to load than all else on the way. */
import { DEFAULT_CONFIG } from '../../core/config/model.ts';
import { validateConfig } from '../../core/config/validate.ts';
import type { ValidatedConfig } from '../../core/config/validate.ts';
import type { Problem } from '../../core/plan/model.ts';
import { readTextFile } from '../planfile/read-text.ts';
import { parseYaml } from '../planfile/yaml-tree.ts';

export async function readConfigFile(path: string): Promise<ValidatedConfig> {
  const read = await readTextFile(path, 'the settings file');
  if (!read.ok) return defaults(read.problems);
  const parsed = parseYaml(read.text, path);
  if (!parsed.tree) return defaults([...read.problems, ...parsed.problems]);
  const checked = validateConfig(parsed.tree, path);
  return { ...checked, problems: [...read.problems, ...parsed.problems, ...checked.problems] };
}

function defaults(problems: readonly Problem[]): ValidatedConfig {
  return { config: DEFAULT_CONFIG, problems, keyPlaces: new Map() };
}
