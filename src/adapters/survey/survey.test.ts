import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checksOf } from '../../core/plan/first/finding.ts';
import { firstPlan } from '../../core/plan/first/first-plan.ts';
import { parsePlan } from '../planfile/load.ts';
import { survey } from './survey.ts';

type Files = Readonly<Record<string, string>>;

const folder = mkdtempSync(join(tmpdir(), 'llmctl-survey-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

function repository(files: Files): string {
  const root = join(folder, String(count++));
  mkdirSync(root);
  execFileSync('git', ['init', '--quiet', root]);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** What is found, and the plan that comes of it, checked as `plan check` does. */
async function look(files: Files, agents: readonly string[] = ['claude']) {
  const found = await survey(repository(files));
  const text = firstPlan('project', found, agents);
  const parsed = parsePlan(text, 'llmctl.yaml');
  expect(parsed).toMatchObject({ ok: true, warnings: [] });
  if (!parsed.ok) throw new Error(text);
  const checks = Object.fromEntries(checksOf(found).map(({ name, run }) => [name, run]));
  expect(Object.fromEntries(parsed.plan.health.map(({ name, run }) => [name, run]))).toEqual(
    Object.fromEntries(Object.entries(checks).map(([name, line]) => [name, { kind: 'shell', line }])),
  );
  return { found, text, checks, plan: parsed.plan };
}

const scripts = (lines: Files, more = {}): string => JSON.stringify({ scripts: lines, ...more });
const job = (...runs: readonly string[]): string =>
  JSON.stringify({ jobs: { one: { steps: [{ uses: 'actions/checkout@v4' }, ...runs.map((run) => ({ run }))] } } });

describe('how a repository is built and tested', () => {
  it.each<[string, Files, Files]>([
    ['nothing', { 'README.md': 'hello' }, {}],
    [
      'npm scripts',
      { 'package.json': scripts({ build: 'tsc', test: 'vitest', lint: 'x', typecheck: 'tsc --noEmit' }) },
      { build: 'npm run build', test: 'npm test', lint: 'npm run lint', types: 'npm run typecheck' },
    ],
    [
      'the test script of npm init',
      { 'package.json': scripts({ test: 'echo "Error: no test specified" && exit 1' }) },
      {},
    ],
    ['pnpm', { 'package.json': scripts({ test: 'x' }), 'pnpm-lock.yaml': '' }, { test: 'pnpm run test' }],
    ['yarn', { 'package.json': scripts({ build: 'x' }), 'yarn.lock': '' }, { build: 'yarn run build' }],
    ['bun', { 'package.json': scripts({ build: 'x' }), 'bun.lock': '' }, { build: 'bun run build' }],
    [
      'workspaces without scripts of their own',
      { 'package.json': scripts({}, { workspaces: ['packages/*'] }), 'package-lock.json': '{}' },
      { build: 'npm run build --workspaces --if-present', test: 'npm run test --workspaces --if-present' },
    ],
    [
      'a package.json that is none',
      { 'package.json': '{"scripts": [7,', Makefile: 'test:\n\ttrue\n' },
      { build: 'make', test: 'make test' },
    ],
    [
      'make',
      { Makefile: 'CC := gcc\nall: a.o\n\tcc\na.o b.o: a.c\n\tcc\ntest check::\n\ttrue\n.PHONY: build\n' },
      { build: 'make all', test: 'make test' },
    ],
    ['cargo', { 'Cargo.toml': '[package]\nname = "x"\n' }, { build: 'cargo build', test: 'cargo test' }],
    [
      'a cargo workspace',
      { 'Cargo.toml': '[workspace]\nmembers = ["a"]\n' },
      { build: 'cargo build --workspace', test: 'cargo test --workspace' },
    ],
    ['make over cargo', { 'Cargo.toml': '', Makefile: 'test:\n\tcargo test\n' }, { build: 'make', test: 'make test' }],
    ['go', { 'go.mod': 'module x' }, { build: 'go build ./...', test: 'go test ./...' }],
    ['pytest', { 'pyproject.toml': '[tool.pytest.ini_options]\n' }, { test: 'python -m pytest' }],
    [
      'uv and ruff',
      { 'pyproject.toml': '[project]\ndependencies = ["pytest"]\n[tool.ruff]\n', 'uv.lock': '' },
      { test: 'uv run pytest', lint: 'uv run ruff check' },
    ],
    ['unittest', { 'setup.py': '', 'tests/test_a.py': '' }, { test: 'python -m unittest discover' }],
    ['python without tests', { 'requirements.txt': 'flask' }, {}],
    [
      'cmake',
      { 'CMakeLists.txt': 'project(x)\nenable_testing()\n' },
      { build: 'cmake -S . -B build && cmake --build build', test: 'ctest --test-dir build --output-on-failure' },
    ],
    [
      'CI alone',
      {
        '.github/workflows/ci.yml': job(
          'sudo apt-get install build-essential',
          './configure\n./x build --all',
          'bazel test //...',
        ),
        '.github/workflows/a.txt': 'no',
      },
      { build: './x build --all', test: 'bazel test //...' },
    ],
    [
      'CI lines that mean nothing here',
      { '.github/workflows/ci.yml': job('make test TARGET=${{ matrix.target }}', 'npm run build |', 'git push build') },
      {},
    ],
    ['CI that is no YAML', { '.github/workflows/ci.yml': 'jobs: [\n&a *a: {' }, {}],
    [
      'a line with a colon and a hash',
      { '.github/workflows/ci.yml': job('run: test #all, "x"') },
      { test: 'run: test #all, "x"' },
    ],
  ])('%s', async (_, files, expected) => {
    expect((await look(files)).checks).toEqual(expected);
  });

  it('takes the surest for each, and says where it is from', async () => {
    const { found, text } = await look({
      'package.json': scripts({ build: 'x' }),
      Makefile: 'build:\n\ttrue\ntest:\n\ttrue\n',
      'go.mod': 'module x',
    });
    expect(checksOf(found).map(({ run, from }) => [run, from])).toEqual([
      ['npm run build', 'package.json'],
      ['make test', 'Makefile'],
    ]);
    expect(text).toContain('  build: npm run build # from package.json\n');
  });
});

describe('a first plan', () => {
  it('makes worktrees usable: what git leaves out is copied, what is locked is installed', async () => {
    const { plan } = await look({
      'package.json': scripts({ build: 'x', test: 'y', lint: 'z' }),
      'package-lock.json': '{}',
      'CHANGELOG.md': '',
      '.gitignore': '.env*\n!.env.example\nnode_modules/\n',
      '.env': 'A=1',
      '.env.local': 'A=2',
      '.env.example': 'A=',
    });
    expect(plan.workspace).toMatchObject({
      kind: 'worktree',
      copy: ['.env', '.env.local'],
      setup: [{ run: 'npm ci', creates: 'node_modules' }],
    });
    expect(plan.overlaps.rules).toMatchObject([
      { match: 'package-lock.json', policy: 'lock' },
      { match: 'CHANGELOG.md', driver: 'union' },
    ]);
    expect(plan.integration.checks).toEqual(['build', 'test']);
    expect(plan.agents.map(({ id, profile }) => [id, profile])).toEqual([['claude', 'claude']]);
  });

  it('has a shell where no agent is, and one entry for each that is', async () => {
    expect((await look({}, [])).plan.agents).toMatchObject([{ id: 'shell', profile: 'shell' }]);
    expect((await look({}, ['claude', 'codex'])).plan.agents).toMatchObject([{ id: 'claude' }, { id: 'codex' }]);
  });

  it.each(['plain', '2024', 'true', '- x', "it's: #1", '…', '"'])('is named as its folder: %j', (name) => {
    const parsed = parsePlan(firstPlan(name, { findings: [], copy: [], union: [] }, []), 'llmctl.yaml');
    expect(parsed).toMatchObject({ ok: true, plan: { name } });
  });

  it('keeps to itself what a repository names oddly', async () => {
    const from = 'a\nagents: []\n# ';
    const finding = { from, build: 'x: y\n#', test: null, more: [], reflink: ['a, b'], lockfiles: ['{}'], setup: [] };
    const parsed = parsePlan(firstPlan('x', { findings: [finding], copy: ['.env, b'], union: [] }, []), 'llmctl.yaml');
    expect(parsed).toMatchObject({ ok: true, plan: { workspace: { copy: ['.env, b'], reflink: ['a, b'] } } });
  });
});
