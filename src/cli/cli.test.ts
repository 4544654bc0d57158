/** The command line where no session runs: exit statuses, one line, one document. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from './program.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

describe('llmctl without a session', () => {
  let folder: string;
  let repo: string;
  let plain: string;

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-cli-')));
    repo = join(folder, 'repo');
    plain = join(folder, 'plain');
    for (const path of [join(repo, '.git'), join(repo, 'deep', 'er'), plain]) mkdirSync(path, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const environment = () => ({
    PATH: process.env.PATH,
    HOME: folder,
    XDG_RUNTIME_DIR: join(folder, 'run'),
    XDG_STATE_HOME: join(folder, 'state'),
  });

  /** In this very process: starting one for each of so many lines would take a minute on a busy machine. */
  async function llmctl(args: readonly string[], cwd = repo) {
    const said = { stdout: '', stderr: '' };
    const spies = (['stdout', 'stderr'] as const).map((name) =>
      vi.spyOn(process[name], 'write').mockImplementation((text) => {
        said[name] += String(text);
        return true;
      }),
    );
    vi.spyOn(process, 'cwd').mockReturnValue(cwd);
    for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
    try {
      const status = await run(args);
      return { ...said, status, lines: said.stderr.trimEnd().split('\n').length };
    } finally {
      process.exitCode = undefined;
      for (const spy of spies) spy.mockRestore();
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
    }
  }

  it('is a process with that status and those words', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'status', '--json'], {
      cwd: repo,
      env: environment(),
      encoding: 'utf8',
    });
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false });
    expect(stderr).toMatch(/^llmctl: no session is running for .*\n$/);
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'));
    expect(await llmctl(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    [['stauts'], /unknown command 'stauts'; did you mean status\?/],
    [['agent', 'explane', 'a'], /unknown command 'explane'; did you mean explain\?/],
    [['status', '--jsno'], /unknown option '--jsno'; did you mean --json\?/],
    [['output'], /missing required argument 'agent'/],
    [['output', 'a', '--lines', 'ten'], /--lines takes a whole number/],
    [['output', 'a', '--screen', '--follow'], /exclude each other/],
    [['pause'], /name the agents to pause, or say --all/],
    [['pause', 'a', '--all'], /name the agents to pause, or say --all/],
    [['log', '--since', 'yesterday'], /--since takes/],
    [['log', '--type', 'landing.faild'], /no event is of type "landing\.faild"; did you mean "landing\.failed"/],
    [['log', '--type', 'things'], /no event is of type "things".*kinds: agent, alert/],
    [['report', 'claim'], /report claim needs the files/],
    [['report', 'ask', ' '], /report ask needs the question/],
    [['report', 'nonsense'], /Allowed choices are started, progress/],
    [['status', '--repo', '/nowhere/at/all'], /no such folder/],
    [['merge', 'x', '--take', 'C'], /Allowed choices are A, B, both, edit/],
    [['merge', 'x', '--take', 'A', '--defer'], /exclude each other/],
    [['merge', 'x', '--take', 'A', '--file', 'f'], /--file goes with --take edit/],
    [['merge', 'x', '--path', 'f'], /--path goes with --take/],
    [['merge', 'x', '--take', 'edit'], /this is no terminal: add --file FILE/],
    [['demo', '--speed', '0'], /--speed takes a number above 0/],
  ])('%j is wrong usage: 2 and one line', async (args, words) => {
    const ran = await llmctl(args);
    expect(ran.stderr).toMatch(words);
    expect(ran).toMatchObject({ status: 2, stdout: '', lines: 1 });
  });

  it.each([
    [['status']],
    [['log']],
    [['output', 'a']],
    [['send', 'a', 'hello']],
    [['keys', 'a', 'Esc']],
    [['pause', '--all']],
    [['todo', 'list']],
    [['build']],
    [['git']],
    [['diff', 'a']],
    [['overlaps']],
    [['merge', 'x']],
    [['merge', 'x', '--undo']],
    [['land', 'a']],
    [['down']],
    [['agent', 'explain', 'a']],
    [['debug', 'at', '1']],
    [['status', '--watch']],
    [['proxy']],
  ])('%j finds no session: 3 and one line', async (args) => {
    const ran = await llmctl(args);
    expect(ran.stderr).toMatch(/^llmctl: no session is running for .*repo: start one with/);
    expect(ran).toMatchObject({ status: 3, stdout: '', lines: 1 });
  });

  it('has one document on stdout with --json, also where it failed', async () => {
    const ran = await llmctl(['status', '--json']);
    expect(ran.status).toBe(3);
    expect(JSON.parse(ran.stdout)).toMatchObject({ ok: false, code: 'no-session', nearest: [] });
  });

  it.each([['task'], ['plan'], []])('has one also where no command is named: %j', async (...args) => {
    const ran = await llmctl([...args, '--json']);
    expect(ran.status).toBe(2);
    expect(JSON.parse(ran.stdout)).toMatchObject({ ok: false, code: 'usage', nearest: [] });
    expect(ran.stderr).toContain('Usage: llmctl');
  });

  it('finds the repository from a folder below, and from a worktree of an agent', async () => {
    expect((await llmctl(['status'], join(repo, 'deep', 'er'))).stderr).toContain(`for ${repo}:`);
    const worktree = join(repo, '.llmctl', 'worktrees', 'ana');
    mkdirSync(worktree, { recursive: true });
    writeFileSync(join(worktree, '.git'), 'gitdir: elsewhere\n');
    expect((await llmctl(['status'], worktree)).stderr).toContain(`for ${repo}:`);
  });

  it('names both remedies where there is no repository', async () => {
    for (const args of [['up'], ['run', 'x', '--', 'true'], ['add', '--profile', 'shell'], ['init']]) {
      const ran = await llmctl(args, plain);
      expect(ran).toMatchObject({ status: 1, lines: 1 });
      expect(ran.stderr).toMatch(/git init.*--no-git/);
    }
  });

  it('says file, line and column of a mistake in a plan before anything starts', async () => {
    writeFileSync(join(repo, 'bad.yaml'), 'version: 1\nname: x\nagents:\n  - id: a\n    profle: shell\n');
    expect(await llmctl(['up', '--plan', 'bad.yaml'])).toMatchObject({ status: 1, lines: 1 });
    expect((await llmctl(['up', '--plan', 'bad.yaml'])).stderr).toMatch(/^llmctl: bad\.yaml:\d+:\d+: /);
    const checked = await llmctl(['plan', 'check', 'bad.yaml', '--json']);
    const document = JSON.parse(checked.stdout);
    expect(checked.status).toBe(1);
    expect(document).toMatchObject({ ok: false, tasks: [], gates: [], criticalPath: { tasks: [], hours: [0, 0] } });
    expect(document.problems[0]).toMatchObject({ severity: 'error', file: 'bad.yaml', line: expect.any(Number) });
  });

  it('writes a first plan that passes its own check, and never over another', async () => {
    writeFileSync(join(repo, 'package.json'), '{"scripts": {"build": "true", "test": "true"}}');
    expect(await llmctl(['init'])).toMatchObject({ status: 0, stderr: '' });
    expect(await llmctl(['plan', 'check'])).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(repo, 'llmctl.yaml'), 'utf8')).toMatch(/build: npm run build/);
    expect(await llmctl(['init'])).toMatchObject({ status: 1 });
    rmSync(join(repo, 'llmctl.yaml'));
  });

  it('says where report belongs', async () => {
    expect(await llmctl(['report', 'done'])).toMatchObject({ status: 1, lines: 1 });
    expect((await llmctl(['report', 'progress', '101'])).status).toBe(2);
  });

  it('refuses a screen where there is no terminal', async () => {
    expect(await llmctl(['tui'])).toMatchObject({ status: 1, stdout: '', lines: 1 });
  });

  it.each([
    ['status'],
    ['output'],
    ['plan'],
    ['task'],
    ['plan', 'check'],
    ['todo', 'add'],
    ['demo'],
    ['git'],
    ['diff'],
    ['overlaps'],
    ['merge'],
    ['land'],
    ['worktrees'],
    ['hook'],
    ['mcp'],
    ['report'],
    ['github', 'sync'],
  ])('has an example in the help of %s', async (...args) => {
    const ran = await llmctl([...args, '--help']);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toMatch(/Examples:\n {2}\$ llmctl /);
  });

  it('says that worktrees stay when a session ends, and what tidies them up', async () => {
    const ran = await llmctl(['down', '--help']);
    expect(ran.stdout).toMatch(/--keep-worktrees\s+as without it: worktrees stay/);
    expect(ran.stdout).toMatch(/worktrees\s+--clean/);
  });
});
