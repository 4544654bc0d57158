/** A person's settings as the command line uses them: what is wrong is told with its place, the defaults stand for it. */
import { loadConfig } from '../adapters/config/load.ts';
import { launchable, loadProfiles } from '../adapters/profiles/load.ts';
import type { Config } from '../core/config/model.ts';
import { problemLine, type Problem } from '../core/plan/model.ts';
import { BINDINGS } from '../tui/keys/bindings.ts';
import { applyOverrides, KeysError } from '../tui/keys/overrides.ts';

export interface Settings {
  /** Its `keys` hold only what the table of bindings takes. */
  readonly config: Config;
  readonly profiles: readonly { readonly name: string; readonly description: string }[];
  readonly problems: readonly Problem[];
}

export async function loadSettings(): Promise<Settings> {
  const [loaded, profiles] = await Promise.all([loadConfig(), loadProfiles()]);
  const problems: Problem[] = [...loaded.problems, ...profiles.problems];
  const keys: Record<string, readonly string[]> = {};
  for (const [id, wanted] of Object.entries(loaded.config.keys)) {
    try {
      applyOverrides(BINDINGS, { ...keys, [id]: wanted });
      keys[id] = wanted;
    } catch (error) {
      if (!(error instanceof KeysError)) throw error;
      const place = loaded.keyPlaces.get(id) ?? { line: 1, column: 1 };
      problems.push({ severity: 'error', message: error.message, file: loaded.path, ...place });
    }
  }
  return {
    config: { ...loaded.config, keys },
    profiles: launchable(profiles).map(({ id, title }) => ({ name: id, description: title })),
    problems,
  };
}

/** Lines for people, one for each thing wrong. */
export function problemLines(settings: Settings): string[] {
  return settings.problems.map(problemLine);
}
