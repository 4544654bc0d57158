/** Languages whose own tools know how to build and test: Rust, Go, Python, C and C++ with CMake. */
import { parse } from 'smol-toml';
import { NOTHING, type Finding } from '../../core/plan/first/finding.ts';
import type { TopFolder } from './files.ts';

export async function cargoFinding(top: TopFolder): Promise<Finding | null> {
  if (!top.has('Cargo.toml')) return null;
  const all = 'workspace' in toml(await top.text('Cargo.toml')) ? ' --workspace' : '';
  return {
    ...NOTHING,
    from: 'Cargo.toml',
    build: `cargo build${all}`,
    test: `cargo test${all}`,
    reflink: ['target'],
    lockfiles: top.has('Cargo.lock') ? ['Cargo.lock'] : [],
  };
}

export async function goFinding(top: TopFolder): Promise<Finding | null> {
  if (!top.has('go.mod')) return null;
  const lockfiles = top.has('go.sum') ? ['go.sum'] : [];
  return { ...NOTHING, from: 'go.mod', build: 'go build ./...', test: 'go test ./...', lockfiles };
}

interface PythonTool {
  readonly lockfile: string;
  readonly install: string;
  readonly creates: string | null;
  readonly run: string;
}

const PYTHON: readonly PythonTool[] = [
  { lockfile: 'uv.lock', install: 'uv sync --frozen', creates: '.venv', run: 'uv run ' },
  { lockfile: 'poetry.lock', install: 'poetry install', creates: null, run: 'poetry run ' },
  { lockfile: 'pdm.lock', install: 'pdm sync', creates: null, run: 'pdm run ' },
  { lockfile: 'Pipfile.lock', install: 'pipenv sync --dev', creates: null, run: 'pipenv run ' },
];

export async function pythonFinding(top: TopFolder): Promise<Finding | null> {
  const from = top.first('pyproject.toml', 'setup.py', 'setup.cfg', 'pytest.ini', 'tox.ini', 'requirements.txt');
  if (from === null) return null;
  const project = await top.text('pyproject.toml');
  const tools = toml(project)['tool'];
  const has = (name: string): boolean => typeof tools === 'object' && tools !== null && name in tools;
  const tool = PYTHON.find(({ lockfile }) => top.has(lockfile));
  const run = tool?.run ?? '';
  const said = [
    project,
    ...(await Promise.all(['setup.cfg', 'tox.ini', 'requirements.txt'].map((name) => top.text(name)))),
  ];
  const pytest =
    has('pytest') || top.has('pytest.ini') || top.has('conftest.py') || said.some((text) => /\bpytest\b/.test(text));
  const tests = top.has('tests') || top.has('test');
  const plain = tool ? 'pytest' : 'python -m pytest';
  return {
    ...NOTHING,
    from,
    test: pytest ? run + plain : tests ? `${run}python -m unittest discover` : null,
    more: has('ruff') || top.has('ruff.toml') ? [{ name: 'lint', run: `${run}ruff check` }] : [],
    setup: tool ? [{ run: tool.install, creates: tool.creates }] : [],
    lockfiles: tool ? [tool.lockfile] : [],
  };
}

export async function cmakeFinding(top: TopFolder): Promise<Finding | null> {
  if (!top.has('CMakeLists.txt')) return null;
  const text = await top.text('CMakeLists.txt');
  const tested = /^\s*(?:enable_testing|add_test|include\s*\(\s*CTest)/im.test(text);
  return {
    ...NOTHING,
    from: 'CMakeLists.txt',
    build: 'cmake -S . -B build && cmake --build build',
    test: tested ? 'ctest --test-dir build --output-on-failure' : null,
    setup: [{ run: 'cmake -S . -B build', creates: 'build' }],
  };
}

/** An unreadable one says nothing. */
function toml(text: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch {
    return {};
  }
}
