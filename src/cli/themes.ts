/** Finds a theme's file: a person's own folder first, then those that come with llmctl. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFolder } from '../adapters/config/load.ts';
import { packageRoot } from '../adapters/paths/dist.ts';
import { nearestNames } from '../core/nearest.ts';
import { CliError } from './errors.ts';

export interface ThemeFile {
  readonly name: string;
  readonly json: string;
}

/**
 * @param name as asked for; null: what suits the terminal
 * @throws CliError naming the themes there are
 */
export function findTheme(name: string | null, env: Readonly<Record<string, string | undefined>>): ThemeFile {
  const wanted = name ?? (sixteenColours(env) ? 'terminal16' : 'dark');
  const folders = [join(configFolder(env), 'themes'), join(packageRoot(), 'themes')];
  const known = [...new Set(folders.flatMap(namesIn))];
  const folder = folders.find((each) => namesIn(each).includes(wanted));
  if (folder !== undefined) return { name: wanted, json: readFileSync(join(folder, `${wanted}.json`), 'utf8') };
  const near = nearestNames(wanted, known);
  throw new CliError(
    `there is no theme '${wanted}': ${near.length > 0 ? `did you mean ${near.join(', ')}?` : `there are ${known.join(', ')}`}`,
  );
}

/** The Linux console and its kin: more colours would be guessed from sixteen, badly. */
function sixteenColours({ TERM = '', COLORTERM = '' }: Readonly<Record<string, string | undefined>>): boolean {
  return (
    COLORTERM === '' && !/256|direct|kitty|ghostty|alacritty|foot|wezterm/.test(TERM) && /^(linux|vt|ansi)/.test(TERM)
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));
  } catch {
    return [];
  }
}
