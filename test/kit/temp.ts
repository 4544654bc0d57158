/** A place of its own for each scenario: a home, XDG folders and a git repository with real commits. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const LLMCTL = join(PROJECT, 'bin/llmctl.js');

export interface Place {
  /** Everything below is in here; its name marks every process that the scenario starts. */
  readonly dir: string;
  readonly home: string;
  readonly repo: string;
  readonly runtime: string;
  readonly state: string;
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface PlaceOptions {
  /** Files of the first commit, by path; folders are made. */
  readonly files?: Readonly<Record<string, string>>;
  /** False for a plain folder. */
  readonly git?: boolean;
  /** Contents of config.yaml. */
  readonly config?: string;
  /** Name of the repository's folder. */
  readonly name?: string;
}

/** Short on purpose: a socket's path may have 107 bytes. */
export function makePlace(options: PlaceOptions = {}): Place {
  const dir = mkdtempSync(join(tmpdir(), 'llt-'));
  const at = (name: string): string => join(dir, name);
  const place: Place = {
    dir,
    home: at('home'),
    repo: join(dir, options.name ?? 'repo'),
    runtime: at('run'),
    state: at('state'),
    config: at('config'),
    env: environment(dir),
  };
  for (const path of [place.home, place.repo, place.state, join(place.config, 'llmctl')]) {
    mkdirSync(path, { recursive: true });
  }
  mkdirSync(place.runtime, { mode: 0o700 });
  if (options.config !== undefined) writeFileSync(join(place.config, 'llmctl/config.yaml'), options.config);
  writeFiles(place.repo, options.files ?? { 'README.md': '# scratch\n' });
  if (options.git !== false) makeRepository(place);
  return place;
}

export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

export function git(place: Place, ...args: string[]): string {
  return execFileSync('git', args, { cwd: place.repo, env: place.env, encoding: 'utf8' });
}

export function removePlace(place: Place): void {
  rmSync(place.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

function makeRepository(place: Place): void {
  git(place, 'init', '-q', '-b', 'main');
  git(place, 'add', '-A');
  git(place, 'commit', '-q', '--allow-empty', '-m', 'First');
  writeFileSync(join(place.repo, 'notes.txt'), 'one\n');
  git(place, 'add', 'notes.txt');
  git(place, 'commit', '-q', '-m', 'Second');
}

/** Nothing of the person who runs the tests leaks in: no editor, no git settings, no terminal, no colour wishes. */
function environment(dir: string): Record<string, string> {
  const who = { NAME: 'Test Person', EMAIL: 'test@example.invalid' };
  return {
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? '/usr/bin:/bin'}`,
    HOME: join(dir, 'home'),
    XDG_RUNTIME_DIR: join(dir, 'run'),
    XDG_STATE_HOME: join(dir, 'state'),
    XDG_CONFIG_HOME: join(dir, 'config'),
    XDG_CACHE_HOME: join(dir, 'cache'),
    TMPDIR: join(dir, 'home'),
    USER: 'tester',
    LOGNAME: 'tester',
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
    LLMCTL_TEST_DIR: dir,
  };
}
