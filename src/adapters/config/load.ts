/** Settings from $XDG_CONFIG_HOME/llmctl/config.yaml. */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { DEFAULT_CONFIG } from '../../core/config/model.ts';
import type { ValidatedConfig } from '../../core/config/validate.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface LoadedConfig extends ValidatedConfig {
  /** Absolute; it need not exist. */
  readonly path: string;
}

/** Folder of settings, profiles and themes of a person's own. */
export function configFolder(env: Env = process.env): string {
  const base = env['XDG_CONFIG_HOME'];
  // The XDG specification ignores relative paths.
  const folder = base && isAbsolute(base) ? base : join(env['HOME'] || homedir(), '.config');
  return join(folder, 'llmctl');
}

/**
 * Never throws: what is wrong comes back in `problems`, and the defaults stand for it. Where there is no file this costs
 * one stat and loads no YAML.
 */
export async function loadConfig(env: Env = process.env): Promise<LoadedConfig> {
  const path = join(configFolder(env), 'config.yaml');
  const found = await stat(path).catch(() => null);
  if (!found) return { path, config: DEFAULT_CONFIG, problems: [], keyPlaces: new Map() };
  const { readConfigFile } = await import('./read.ts');
  return { path, ...(await readConfigFile(path)) };
}
