import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-sync-')));
const repo = join(folder, 'repo');
const bin = join(folder, 'bin');
for (const path of [join(repo, '.git'), bin]) mkdirSync(path, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLAN = `version: 1
name: two
agents: [{ id: ana, command: [sh] }]
tasks: [{ id: a, title: "The parser", agent: ana, estimateHours: 1 }]
`;

/** @param github of the plan; @param gh what the program of that name does, in JavaScript; null: there is none */
function sync(github: string, gh: string | null, ...args: string[]) {
  writeFileSync(join(repo, 'llmctl.yaml'), PLAN + github);
  rmSync(join(bin, 'gh'), { force: true });
  if (gh !== null) writeFileSync(join(bin, 'gh'), `#!${process.execPath}\n${gh}`, { mode: 0o755 });
  const env = { PATH: `${bin}:${dirname(process.execPath)}`, HOME: folder };
  return spawnSync(process.execPath, [MAIN, 'github', 'sync', ...args], { cwd: repo, env, encoding: 'utf8' });
}

/** Nothing is there, and nothing may be changed. */
const EMPTY = `if (process.argv.includes('--method')) process.exit(9);
console.log(process.argv[2] === 'repo' ? '{"nameWithOwner":"o/r"}' : '[]');`;

describe('llmctl github sync', () => {
  it('says with --dry-run what it would do, and does nothing', () => {
    const ran = sync('github: {issues: tasks, labels: [{name: core}]}\n', EMPTY, '--dry-run');
    expect(ran).toMatchObject({
      status: 0,
      stderr: '',
      stdout: 'create label core\ncreate issue The parser\no/r: 2 changes to make, 0 there already\n',
    });
    const json = sync('github: {issues: tasks}\n', EMPTY, '--dry-run', '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      ok: true,
      dryRun: true,
      repo: 'o/r',
      looked: true,
      kept: 0,
      steps: [{ do: 'create-issue', text: 'issue The parser', url: null }],
    });
  });

  it('says with --dry-run all that the plan wants where nobody can look', () => {
    const ran = sync('github: {issues: tasks, labels: [{name: core}]}\n', null, '--dry-run');
    expect(ran).toMatchObject({
      status: 0,
      stdout: 'create label core\ncreate issue The parser\n2 changes to make where nothing is there yet\n',
      stderr: expect.stringMatching(/^llmctl: warning: nobody could look .*: gh is not on the PATH.*\n$/),
    });
    const json = sync('github: {issues: tasks, repo: o/r}\n', null, '--dry-run', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, repo: 'o/r', looked: false, steps: [{}] });
    expect(sync('github: {issues: tasks, repo: "a b"}\n', null, '--dry-run').status).toBe(1);
  });

  it('says in one line why not', () => {
    expect(sync('', EMPTY)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/llmctl\.yaml has no "github": write/),
    });
    expect(sync('github: {issues: tasks}\n', null)).toMatchObject({
      status: 1,
      stdout: '',
      stderr:
        'llmctl: gh is not on the PATH: install the GitHub CLI from https://cli.github.com, then `gh auth login`\n',
    });
    expect(sync('github: {issues: tasks}\n', 'process.exit(4)')).toMatchObject({
      status: 1,
      stderr: 'llmctl: gh is not logged in: run `gh auth login`\n',
    });
    const late = sync('github: {issues: tasks, labels: [{name: core}]}\n', EMPTY);
    expect(late).toMatchObject({ status: 1, stderr: 'llmctl: label core: gh: ended with status 9\n' });
    expect(sync('github: {issues: all}\n', EMPTY).stderr).toMatch(/^llmctl: llmctl\.yaml:5:\d+: /);
  });
});
