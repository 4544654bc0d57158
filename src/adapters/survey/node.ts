/** package.json and the lock file beside it: scripts, workspaces, and the package manager. */
import { NOTHING, type Finding } from '../../core/plan/first/finding.ts';
import type { TopFolder } from './files.ts';

interface Manager {
  readonly lockfile: string;
  /** Installs exactly what the lock file has. */
  readonly install: string;
  readonly run: (script: string) => string;
  /** A script of every workspace that has it. */
  readonly everywhere: (script: string) => string;
}

const npm: Omit<Manager, 'lockfile'> = {
  install: 'npm ci',
  run: (script) => (script === 'test' ? 'npm test' : `npm run ${script}`),
  everywhere: (script) => `npm run ${script} --workspaces --if-present`,
};
const bun: Omit<Manager, 'lockfile'> = {
  install: 'bun install --frozen-lockfile',
  run: (script) => `bun run ${script}`,
  everywhere: (script) => `bun run --filter "*" ${script}`,
};

const MANAGERS: readonly Manager[] = [
  { ...npm, lockfile: 'package-lock.json' },
  { ...npm, lockfile: 'npm-shrinkwrap.json' },
  {
    lockfile: 'pnpm-lock.yaml',
    install: 'pnpm install --frozen-lockfile',
    run: (script) => `pnpm run ${script}`,
    everywhere: (script) => `pnpm -r --if-present run ${script}`,
  },
  {
    lockfile: 'yarn.lock',
    install: 'yarn install --frozen-lockfile',
    run: (script) => `yarn run ${script}`,
    everywhere: (script) => `yarn workspaces run ${script}`,
  },
  { ...bun, lockfile: 'bun.lock' },
  { ...bun, lockfile: 'bun.lockb' },
];

/** What `npm init` writes. */
const NO_TEST = /no test specified/;
const MORE: readonly (readonly [name: string, scripts: readonly string[]])[] = [
  ['lint', ['lint']],
  ['types', ['typecheck', 'type-check', 'types', 'check-types']],
];

export async function nodeFinding(top: TopFolder): Promise<Finding | null> {
  if (!top.has('package.json')) return null;
  const found = packageOf(await top.text('package.json'));
  const known = MANAGERS.find(({ lockfile }) => top.has(lockfile));
  const manager = known && (await berry(top, known));
  const use = manager ?? { ...npm, install: '' };
  const { scripts } = found;
  const named = (...names: readonly string[]): string | null => {
    const name = names.find((one) => scripts.has(one));
    return name === undefined ? null : use.run(name);
  };
  const spread = (script: string): string | null => (found.workspaces && script !== '' ? use.everywhere(script) : null);
  return {
    ...NOTHING,
    from: 'package.json',
    build: named('build', 'compile') ?? spread(found.workspaces ? 'build' : ''),
    test: named('test', 'tests') ?? spread(found.workspaces ? 'test' : ''),
    more: MORE.flatMap(([name, names]) => {
      const run = named(...names);
      return run === null ? [] : [{ name, run }];
    }),
    setup: manager ? [{ run: manager.install, creates: pnp(top) ? null : 'node_modules' }] : [],
    lockfiles: known ? [known.lockfile] : [],
  };
}

/** Yarn from version 2 on has other words for it. */
async function berry(top: TopFolder, manager: Manager): Promise<Manager> {
  if (manager.lockfile !== 'yarn.lock' || !top.has('.yarnrc.yml')) return manager;
  const everywhere = (script: string): string => `yarn workspaces foreach --all run ${script}`;
  return { ...manager, install: 'yarn install --immutable', everywhere };
}

function pnp(top: TopFolder): boolean {
  return top.has('.pnp.cjs');
}

function packageOf(text: string): { readonly scripts: ReadonlySet<string>; readonly workspaces: boolean } {
  const none = { scripts: new Set<string>(), workspaces: false };
  try {
    const parsed = JSON.parse(text) as { readonly scripts?: unknown; readonly workspaces?: unknown } | null;
    const scripts = Object.entries(asRecord(parsed?.scripts)).filter(
      ([, line]) => typeof line === 'string' && line.trim() !== '' && !NO_TEST.test(line),
    );
    return { scripts: new Set(scripts.map(([name]) => name)), workspaces: Boolean(parsed?.workspaces) };
  } catch {
    return none;
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
