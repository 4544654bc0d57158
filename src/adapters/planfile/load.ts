/** Plans from disk. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan, Problem } from '../../core/plan/model.ts';
import { validatePlan } from '../../core/plan/validate.ts';
import { decodeText, readTextFile } from './read-text.ts';
import { parseYaml } from './yaml-tree.ts';

export type LoadedPlan =
  | { readonly ok: true; readonly plan: Plan; readonly warnings: readonly Problem[] }
  /** `problems` holds at least one error, and the warnings too, in the order of the file. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Where a repository's plan is looked for, in this order. */
export const PLAN_FILES = ['llmctl.yaml', join('.llmctl', 'plan.yaml')] as const;

/** Absolute path of the repository's plan; null where it has none. */
export async function findPlan(repo: string): Promise<string | null> {
  for (const name of PLAN_FILES) {
    const path = join(repo, name);
    const found = await stat(path).catch(() => null);
    if (found) return path;
  }
  return null;
}

/** Reads and checks a plan. Never throws; problems name `path` as it was given. */
export async function loadPlan(path: string): Promise<LoadedPlan> {
  const read = await readTextFile(path, 'the plan');
  return read.ok ? checkText(read.text, path, read.problems) : { ok: false, problems: read.problems };
}

/** The same for bytes at hand: standard input, an editor's buffer. */
export function parsePlan(bytes: Uint8Array | string, file: string): LoadedPlan {
  const read = decodeText(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, file, 'the plan');
  return read.ok ? checkText(read.text, file, read.problems) : { ok: false, problems: read.problems };
}

function checkText(text: string, file: string, before: readonly Problem[]): LoadedPlan {
  const parsed = parseYaml(text, file);
  if (!parsed.tree) return { ok: false, problems: [...before, ...parsed.problems] };
  const checked = validatePlan(parsed.tree, file);
  const problems = [...before, ...parsed.problems, ...checked.problems];
  return checked.plan ? { ok: true, plan: checked.plan, warnings: problems } : { ok: false, problems };
}
