/** Puts the pinned CLIs into a cache, once for all checkouts. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { PINNED, type PinnedCli } from './versions.ts';

const INSTALL_MS = 600_000;

/** $LLMCTL_AGENTS_CACHE, else below the person's cache. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return env.LLMCTL_AGENTS_CACHE ?? join(cache, 'llmctl/agents');
}

/** The program of an installed CLI; null where it isn't there. */
export function programOf({ id, version }: PinnedCli): string | null {
  const path = join(cacheFolder(), `${id}-${version}`, 'node_modules/.bin', id);
  return existsSync(path) ? path : null;
}

/** @returns one line for each that could not be installed */
export function installAll(): readonly string[] {
  return PINNED.flatMap((cli) => {
    if (programOf(cli) !== null) return [];
    const trouble = install(cli);
    return trouble === null ? [] : [`${cli.name}@${cli.version} could not be installed: ${trouble}`];
  });
}

function install(cli: PinnedCli): string | null {
  const folder = join(cacheFolder(), `${cli.id}-${cli.version}`);
  mkdirSync(folder, { recursive: true });
  // What fetches or links the CLI's own binary may run; native modules that it does without may not.
  const allowScripts = { [cli.name]: true };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts }));
  const npm = ['install', `${cli.name}@${cli.version}`, '--no-audit', '--no-fund', '--save-exact', '--loglevel=error'];
  console.log(`installing ${cli.name}@${cli.version} into ${folder}`);
  try {
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` };
    execFileSync('npm', npm, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'], timeout: INSTALL_MS });
    return programOf(cli) === null ? 'its package has no program of that name' : null;
  } catch (error) {
    const { stderr, message } = error as { readonly stderr?: Buffer; readonly message: string };
    return trouble(stderr?.toString() ?? '') || message.split('\n')[0]!;
  }
}

/** What npm says went wrong, without its prefix and its log's name. */
function trouble(stderr: string): string {
  const said = stderr
    .split('\n')
    .filter((line) => line.startsWith('npm error'))
    .map((line) => line.slice('npm error'.length).trim())
    .filter((line) => line !== '' && !line.startsWith('A complete log'));
  return said.slice(0, 3).join('; ');
}
