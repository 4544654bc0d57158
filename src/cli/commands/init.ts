/** init: looks at what is here and writes a plan that works as it stands. */
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { loadProfiles } from '../../adapters/profiles/load.ts';
import { findPlan, parsePlan } from '../../adapters/planfile/load.ts';
import { problemLine } from '../../core/plan/model.ts';
import type { CommandLine } from '../define.ts';
import { CliError } from '../errors.ts';
import { ensureGit, shortest } from '../prepare.ts';

/** Profiles that stand for no coding agent of a person's. */
const NO_CLI = new Set(['shell', 'demo']);

export async function init({ context, options }: CommandLine): Promise<void> {
  const existing = await findPlan(context.repo.root);
  if (existing !== null && options.force !== true) {
    throw new CliError(`${shortest(existing, context.cwd)} is there already: --force writes over it`);
  }
  await ensureGit(context);
  const { root } = context.repo;
  const { byId } = await loadProfiles();
  const clis = [...byId.values()].flatMap(({ id, command }) =>
    !NO_CLI.has(id) && onPath(command[0] ?? '') ? [id] : [],
  );
  const checks = guessChecks(root);
  const text = planText(basename(root), clis, checks);
  const file = existing ?? join(root, 'llmctl.yaml');
  const checked = parsePlan(text, 'llmctl.yaml');
  if (!checked.ok) throw new CliError(`the plan would be wrong: ${checked.problems.map(problemLine).join('; ')}`);
  writeFileSync(file, text);
  const found = clis.length === 0 ? 'no agent CLI on the PATH, so a shell stands in' : `found ${clis.join(', ')}`;
  context.answer(
    { ok: true, plan: file, agents: clis.length === 0 ? ['shell'] : clis, health: Object.fromEntries(checks) },
    `wrote ${shortest(file, context.cwd)} (${found}): say what each agent shall do in its prompt, then \`llmctl tui\``,
  );
}

/** @returns the program's absolute path, null where PATH has none */
export function onPath(name: string, path = process.env.PATH ?? ''): string | null {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this one.
    }
  }
  return null;
}

/** Build and test commands, from what the repository is made with. */
function guessChecks(root: string): [name: string, command: string][] {
  const has = (name: string): boolean => existsSync(join(root, name));
  if (has('package.json')) {
    const scripts = npmScripts(join(root, 'package.json'));
    const checks: [string, string][] = [];
    if (scripts.includes('build')) checks.push(['build', 'npm run build']);
    if (scripts.includes('test')) checks.push(['test', 'npm test']);
    return checks;
  }
  if (has('Cargo.toml'))
    return [
      ['build', 'cargo build'],
      ['test', 'cargo test'],
    ];
  if (has('go.mod'))
    return [
      ['build', 'go build ./...'],
      ['test', 'go test ./...'],
    ];
  if (has('pyproject.toml') || has('setup.py')) return [['test', 'python -m pytest']];
  if (has('Makefile')) return [['build', 'make']];
  return [];
}

function npmScripts(file: string): string[] {
  try {
    const parsed = JSON.parse(readFileSync(file, 'utf8')) as { scripts?: Record<string, unknown> };
    return Object.keys(parsed.scripts ?? {});
  } catch {
    return [];
  }
}

function planText(name: string, clis: readonly string[], checks: readonly [string, string][]): string {
  const agents =
    clis.length === 0
      ? ['  - id: shell', '    profile: shell']
      : clis.flatMap((cli) => [`  - id: ${cli}`, `    profile: ${cli}`, '    # prompt: What it shall do first.']);
  const health = checks.length === 0 ? [] : ['health:', ...checks.map(([check, command]) => `  ${check}: ${command}`)];
  const head = [
    '# The plan of this repository: see `llmctl plan check`.',
    'version: 1',
    `name: ${JSON.stringify(name)}`,
  ];
  return [...head, ...health, 'agents:', ...agents, ''].join('\n');
}
