import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examine, worstState } from './examine.ts';
import type { DoctorFacts, DoctorRow } from './model.ts';
import { atLeast, hooksRow, nodeRow } from './programs.ts';
import { filesRow, folderRows, freezerRow, inotifyRow } from './system.ts';
import { colourRow, localeRow, multiplexerRow, terminalRow } from './terminal.ts';

let folder = '';
let facts: DoctorFacts;
const withEnv = (env: Record<string, string>, size: [number, number] | null = [120, 40]): DoctorFacts => ({
  ...facts,
  env,
  terminal: size && { cols: size[0], rows: size[1] },
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmctl-doctor-'));
  mkdirSync(join(folder, 'bin'));
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    XDG_RUNTIME_DIR: join(folder, 'run'),
    XDG_STATE_HOME: join(folder, 'state'),
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    SHELL: '/bin/sh',
  };
  facts = { env, terminal: { cols: 120, rows: 40 }, repo: folder };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the doctor', () => {
  /** A program of this name that says this version, and keeps what it was asked. */
  const place = (name: string, version: string): string => {
    const file = join(folder, 'bin', name);
    writeFileSync(file, `#!/bin/sh\necho "$@" >> ${join(folder, 'asked')}\necho "${version}"\n`);
    chmodSync(file, 0o755);
    return file;
  };

  it('looks at everything, asks agents for their version alone, makes nothing', async () => {
    const claude = place('claude', '2.1.328 (Claude Code)');
    const rows = await examine({ ...facts, env: { ...facts.env, ANTHROPIC_API_KEY: 'x' } });
    const byName = new Map(rows.map((row) => [row.name, row]));
    expect(byName.get('profile claude')).toEqual({
      name: 'profile claude',
      state: 'ok',
      text: `2.1.328, ${claude}`,
      remedy: '',
    });
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('--version\n');
    for (const name of ['node', 'git', 'terminals', 'orphans', 'sockets', 'state', 'terminal', 'profile shell']) {
      expect([name, byName.get(name)?.state]).toEqual([name, 'ok']);
    }
    expect([existsSync(join(folder, 'run')), existsSync(join(folder, 'state'))]).toEqual([false, false]);
    for (const row of rows) expect(row.state === 'ok' || row.remedy !== '').toBe(true);
  });

  it.each<[string, string, Record<string, string>, RegExp, RegExp]>([
    ['claude', '2.0.5', { ANTHROPIC_API_KEY: 'x' }, /older than any that was tried \(2\.1\.328\)/, /npm install/],
    ['codex', 'codex-cli 0.169.0', {}, /no sign that anybody is logged in/, /codex login/],
    ['gemini', 'what?', { GEMINI_API_KEY: 'x' }, /does not say which version/, /gemini --version/],
  ])('says of %s what is wrong with it and what to do', async (name, version, env, text, remedy) => {
    place(name, version);
    const rows = await examine({ ...facts, env: { ...facts.env, ...env } });
    const row = rows.find((one) => one.name === `profile ${name}`);
    expect(row).toMatchObject({
      state: 'warn',
      text: expect.stringMatching(text),
      remedy: expect.stringMatching(remedy),
    });
  });

  it('says of a newer one which was tried, and takes a login from its file', async () => {
    mkdirSync(join(folder, '.codex'));
    writeFileSync(join(folder, '.codex/auth.json'), '{}');
    place('codex', 'codex-cli 1.0.0');
    const rows = await examine(facts);
    const row = rows.find((one) => one.name === 'profile codex');
    expect(row).toMatchObject({ state: 'ok', text: expect.stringMatching(/^1\.0\.0, .*\(tried: 0\.169\.0\)$/) });
  });

  it('names what is missing', async () => {
    const rows = await examine({ ...facts, env: { ...facts.env, PATH: '/nonexistent' } });
    expect(worstState(rows)).toBe('fail');
    expect(rows.find((row) => row.name === 'git')).toMatchObject({ state: 'fail' });
    expect(rows.find((row) => row.name === 'profile codex')).toMatchObject({
      state: 'warn',
      remedy: 'npm install -g @openai/codex',
    });
  });

  it('says where hooks take longer than they need to, and what to do', async () => {
    expect(await hooksRow(folder)).toMatchObject({
      name: 'hooks',
      state: 'warn',
      remedy: expect.stringContaining(`"node ${folder}/native/build.mjs"`),
    });
  });

  it('compares versions by number', () => {
    expect([atLeast('2.39.5', [2, 38]), atLeast('2.9', [2, 38]), atLeast('3.0', [2, 38])]).toEqual([true, false, true]);
    expect([nodeRow('v20.19.0').state, nodeRow('v22.22.0').state, nodeRow('v24.0.0').state]).toEqual([
      'fail',
      'ok',
      'ok',
    ]);
  });

  it.each<[Record<string, string>, [number, number] | null, DoctorRow['state']]>([
    [{ TERM: 'xterm-256color' }, [120, 40], 'ok'],
    [{ TERM: 'xterm-256color' }, [70, 20], 'warn'],
    [{ TERM: 'xterm-256color' }, [39, 24], 'fail'],
    [{ TERM: 'dumb' }, [120, 40], 'fail'],
    [{}, [120, 40], 'fail'],
    [{}, null, 'ok'],
  ])('a terminal with %j and %j is %s', (env, size, state) => {
    expect(terminalRow(withEnv(env, size)).state).toBe(state);
  });

  it('reads colours, locale and multiplexer from the environment', () => {
    expect(colourRow(withEnv({ COLORTERM: 'truecolor' })).text).toBe('16 million');
    expect(colourRow(withEnv({ TERM: 'screen-256color' })).text).toMatch(/^256/);
    expect(colourRow(withEnv({ TERM: 'linux' })).state).toBe('warn');
    expect(colourRow(withEnv({ NO_COLOR: '1', COLORTERM: 'truecolor' })).text).toMatch(/NO_COLOR/);
    expect(localeRow(withEnv({ LANG: 'en_US.UTF-8' })).state).toBe('ok');
    expect(localeRow(withEnv({ LC_ALL: 'C', LANG: 'en_US.UTF-8' })).state).toBe('warn');
    expect(multiplexerRow(withEnv({ TMUX: '/tmp/x', SSH_CONNECTION: 'a b' })).text).toMatch(/inside tmux, over SSH/);
  });

  it('reads the limits of the system', () => {
    mkdirSync(join(folder, 'inotify'));
    writeFileSync(join(folder, 'inotify/max_user_watches'), '8192\n');
    writeFileSync(join(folder, 'inotify/max_user_instances'), '128\n');
    expect(inotifyRow(join(folder, 'inotify'))).toMatchObject({
      state: 'warn',
      text: '8192 inotify watches, 128 instances',
    });
    expect(inotifyRow(join(folder, 'none')).state).toBe('ok');
    expect(filesRow('Max open files            256                  4096                 files').state).toBe('warn');
    expect(filesRow('Max open files            unlimited            unlimited            files').state).toBe('ok');
  });

  it('tells a delegated control group from others', () => {
    mkdirSync(join(folder, 'cg/mine'), { recursive: true });
    writeFileSync(join(folder, 'cg/cgroup.controllers'), 'cpu pids');
    writeFileSync(join(folder, 'cg/mine/cgroup.procs'), '');
    expect(freezerRow('0::/mine', join(folder, 'cg')).text).toMatch(/delegated cgroup v2 with a freezer/);
    expect(freezerRow('0::/other', join(folder, 'cg')).text).toMatch(/process by process/);
    expect(freezerRow('1:cpu:/', join(folder, 'cg')).text).toMatch(/no cgroup v2/);
  });

  it('refuses a folder of sockets that others may write to', () => {
    mkdirSync(join(folder, 'run/llmctl'), { recursive: true });
    chmodSync(join(folder, 'run/llmctl'), 0o777);
    expect(folderRows(facts)[0]).toMatchObject({ name: 'sockets', state: 'fail' });
  });
});
