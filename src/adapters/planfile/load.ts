/** Plans from disk. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { includedFiles, mergePart, namedFiles } from '../../core/plan/include.ts';
import type { Plan, Problem } from '../../core/plan/model.ts';
import type { PlanSource } from '../../core/plan/shape/shape.ts';
import { ProblemList } from '../../core/plan/tree.ts';
import type { Tree } from '../../core/plan/tree.ts';
import { validatePlan } from '../../core/plan/validate.ts';
import { decodeText, readTextFile } from './read-text.ts';
import { PlanFiles } from './plan-files.ts';
import { parseYaml } from './yaml-tree.ts';

/** `files`: absolute paths of the parts that it was read from, beside the plan itself. */
export type LoadedPlan =
  | { readonly ok: true; readonly plan: Plan; readonly warnings: readonly Problem[]; readonly files: readonly string[] }
  /** `problems` holds at least one error, and the warnings too, in the order of the file. */
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly files: readonly string[] };

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

/**
 * Reads and checks a plan with what it includes. Never throws; problems name `path` as it was given.
 * @param profiles ids of those that are here, to warn of others
 */
export async function loadPlan(path: string, profiles: readonly string[] | null = null): Promise<LoadedPlan> {
  const { tree, sources, problems, files } = await readPlanTree(path);
  return tree === null ? { ok: false, problems, files } : checkTree(tree, path, sources, problems, { profiles, files });
}

/** A plan as it is written, with all that it includes. */
export interface PlanTree {
  /** null where it can't be read at all. */
  readonly tree: Tree | null;
  /** Texts in files of their own, by the names that the plan has for them. */
  readonly sources: ReadonlyMap<string, PlanSource>;
  readonly problems: readonly Problem[];
  /** Absolute paths of the parts that it was read from. */
  readonly files: readonly string[];
}

/** Never throws; nothing but its form is checked. */
export async function readPlanTree(path: string): Promise<PlanTree> {
  const nothing = { tree: null, sources: new Map<string, PlanSource>(), files: [] };
  const read = await readTextFile(path, 'the plan');
  if (!read.ok) return { ...nothing, problems: read.problems };
  const parsed = parseYaml(read.text, path);
  const before = [...read.problems, ...parsed.problems];
  if (!parsed.tree) return { ...nothing, problems: before };
  const problems = new ProblemList(path);
  const files = await PlanFiles.around(path);
  const tree = await withParts(parsed.tree, files, problems);
  const sources = await namedTexts(tree, files, problems);
  return { tree, sources, problems: [...before, ...problems.all()], files: files.seen };
}

/** The same for bytes at hand, standard input or an editor's buffer: no other file is read. */
export function parsePlan(bytes: Uint8Array | string, file: string): LoadedPlan {
  const read = decodeText(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, file, 'the plan');
  if (!read.ok) return { ok: false, problems: read.problems, files: [] };
  const parsed = parseYaml(read.text, file);
  const before = [...read.problems, ...parsed.problems];
  if (!parsed.tree) return { ok: false, problems: before, files: [] };
  const problems = new ProblemList(file);
  for (const { at } of includedFiles(parsed.tree, problems)) {
    problems.error(at, 'nothing can be included here; name the plan as a file, or write its parts out');
  }
  return checkTree(parsed.tree, file, new Map(), [...before, ...problems.all()]);
}

const NOTHING_KNOWN = { profiles: null, files: [] } as const;

function checkTree(
  tree: Tree,
  file: string,
  sources: ReadonlyMap<string, PlanSource>,
  before: readonly Problem[],
  known: { readonly profiles: readonly string[] | null; readonly files: readonly string[] } = NOTHING_KNOWN,
): LoadedPlan {
  const { profiles, files } = known;
  const checked = validatePlan(tree, file, sources, { profiles });
  const problems = [...before, ...checked.problems];
  const right = checked.plan !== null && before.every(({ severity }) => severity !== 'error');
  return right && checked.plan
    ? { ok: true, plan: checked.plan, warnings: problems, files }
    : { ok: false, problems, files };
}

/** The document with what it includes; what that includes in turn is not read. */
async function withParts(tree: Tree, files: PlanFiles, problems: ProblemList): Promise<Tree> {
  if (tree.kind !== 'map') return tree;
  let whole: Tree & { kind: 'map' } = tree;
  for (const { path, at } of includedFiles(tree, problems).toReversed()) {
    const read = await files.read(path);
    if (!read.ok) {
      problems.error(at, read.why);
      continue;
    }
    const part = parseYaml(read.text, read.file, true);
    for (const problem of part.problems) problems.error({ ...problem }, problem.message);
    if (part.tree) whole = mergePart(whole, part.tree, problems);
  }
  return whole;
}

async function namedTexts(tree: Tree, files: PlanFiles, problems: ProblemList): Promise<Map<string, PlanSource>> {
  const sources = new Map<string, PlanSource>();
  for (const { path, at } of namedFiles(tree)) {
    if (sources.has(path)) continue;
    const read = await files.read(path);
    // An empty text stands in, so that one mistake is told once.
    sources.set(path, read.ok ? { text: read.text, file: read.file } : { text: '', file: path });
    if (!read.ok) problems.error(at, read.why);
  }
  return sources;
}
