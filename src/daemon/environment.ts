/** The environment of agents: the person's own, without what llmctl, npm and outer terminals have put into it. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { distFile } from '../adapters/paths/dist.ts';
import { hookProgram } from '../adapters/paths/hook-program.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface AgentMarks {
  readonly socket: string;
  readonly agent: string;
  readonly task: string | null;
  /** Secret of this run: finds its processes, and proves who reports. */
  readonly token: string;
}

/** Where this very llmctl is. */
export interface Install {
  /** Folder of its package.json. */
  readonly packageRoot: string;
  /** Folder that holds a `llmctl` for agents. */
  readonly binFolder: string;
}

/** Names with these beginnings are npm's, llmctl's, or describe the terminal that the daemon was started from. */
const FOREIGN =
  /^(npm_|LLMCTL_|TMUX|ZELLIJ|KITTY_|WEZTERM_|ITERM_|ALACRITTY_|GHOSTTY_|KONSOLE_|VTE_|WT_|TERM_PROGRAM|TERM_SESSION|LC_TERMINAL|VITEST|CLAUDECODE$|CLAUDE_CODE_ENTRYPOINT$)/;
const FOREIGN_NAMES = new Set([
  'NODE_OPTIONS',
  'NODE_ENV',
  'NODE_CHANNEL_FD',
  'NODE_UNIQUE_ID',
  'INIT_CWD',
  'STY',
  'WINDOW',
  'WINDOWID',
  'TERMCAP',
  'COLUMNS',
  'LINES',
  'COLORFGBG',
  'TERMINAL_EMULATOR',
]);

/**
 * @param base the daemon's own environment
 * @param own what the agent's plan or person added; wins over `base`, not over the marks
 */
export function agentEnvironment(base: Env, own: Env, marks: AgentMarks, install: Install): Record<string, string> {
  const env: Record<string, string> = {};
  // npm exports itself as NODE and the scripts' folder.
  const underNpm = base.npm_execpath !== undefined;
  for (const [name, value] of Object.entries(base)) {
    if (value === undefined || FOREIGN.test(name) || FOREIGN_NAMES.has(name)) continue;
    if (underNpm && name === 'NODE') continue;
    env[name] = value;
  }
  for (const [name, value] of Object.entries(own)) if (value !== undefined) env[name] = value;
  return {
    ...env,
    PATH: [install.binFolder, cleanPath(env.PATH ?? DEFAULT_PATH, install.packageRoot)].join(':'),
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    TERM_PROGRAM: 'llmctl',
    LLMCTL_SOCKET: marks.socket,
    LLMCTL_AGENT: marks.agent,
    LLMCTL_TASK: marks.task ?? '',
    LLMCTL_TOKEN: marks.token,
  };
}

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/** PATH without the folders of programs that llmctl brings for itself, and without what npm puts before scripts. */
export function cleanPath(path: string, root: string): string {
  const mine = new Set<string>();
  for (let at = root; ; at = dirname(at)) {
    mine.add(join(at, 'node_modules', '.bin'));
    if (dirname(at) === at) break;
  }
  const inside = join(root, 'node_modules') + '/';
  return path
    .split(':')
    .filter((entry) => !mine.has(entry) && !entry.startsWith(inside) && !entry.endsWith('/node-gyp-bin'))
    .join(':');
}

/**
 * A folder with a `llmctl` for agents, run by the Node that runs this daemon; its hooks are run by the compiled program where there is
 * one. That is a copy: a package that is replaced under a session takes it away from nobody.
 * @returns the folder
 */
export async function makeBinFolder(stateDir: string, packageRoot: string): Promise<string> {
  const folder = join(stateDir, 'bin');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const cli = join(packageRoot, 'bin', 'llmctl.js');
  if (!existsSync(cli)) return folder;
  const node = quote(process.execPath);
  const program = await hookProgram(packageRoot);
  const hook = program === null ? `${node} ${quote(distFile('hook.js'))}` : quote(join(folder, HOOK));
  // It may be running: the new one takes its name, and the old one stays what it is.
  if (program !== null) install(join(folder, HOOK), (path) => copyFileSync(program, path));
  const script = `#!/bin/sh\n[ "$1" = hook ] && [ "$2" != --help ] && exec ${hook} "$@"\nexec ${node} ${quote(cli)} "$@"\n`;
  install(join(folder, 'llmctl'), (path) => writeFileSync(path, script));
  return folder;
}

const HOOK = 'llmctl-hook';

function install(path: string, make: (path: string) => void): void {
  const made = `${path}.${process.pid}`;
  make(made);
  chmodSync(made, 0o700);
  renameSync(made, path);
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
