/** What GitHub Actions run here: the last to be asked, as their lines are written for another machine. */
import { parse } from 'yaml';
import { NOTHING, type Finding } from '../../core/plan/first/finding.ts';
import type { TopFolder } from './files.ts';

const FOLDER = '.github/workflows';
/** Repositories with more of them build something in the first. */
const FILES = 20;

const TEST = /(?:^|[\s/:_-])(?:tests?|check|pytest|ctest|spec|verify)(?:$|[\s:./_-])/;
const BUILD = /(?:^|[\s/:_-])(?:build|compile|make|assemble|package)(?:$|[\s:./_-])/;
/** Prepares the runner, or sends something away. */
const NEITHER =
  /\b(?:install|apt-get|apt|brew|curl|wget|docker|upload|publish|deploy|release|git|echo|export|cd|mkdir|chmod|sudo)\b/;

export async function workflowFinding(top: TopFolder): Promise<Finding | null> {
  if (!top.has('.github')) return null;
  const names = (await top.list(FOLDER)).filter((name) => /\.ya?ml$/.test(name)).sort();
  for (const name of names.slice(0, FILES)) {
    const from = `${FOLDER}/${name}`;
    const lines = runLines(await top.text(from));
    const test = lines.find((line) => TEST.test(line)) ?? null;
    const build = lines.find((line) => BUILD.test(line) && line !== test) ?? null;
    if (test !== null || build !== null) return { ...NOTHING, from, build, test };
  }
  return null;
}

/** Lines of `run:` steps that would mean the same here: alone on their line, without an expression of GitHub's. */
function runLines(text: string): readonly string[] {
  const jobs = own(parsed(text), 'jobs');
  return Object.values(asRecord(jobs)).flatMap((job) => {
    const steps = own(job, 'steps');
    if (!Array.isArray(steps)) return [];
    return steps.flatMap((step) => {
      const run = own(step, 'run');
      if (typeof run !== 'string' || own(step, 'working-directory') !== undefined) return [];
      return run
        .split('\n')
        .map((line) => line.trim())
        .filter(
          (line) => line !== '' && line.length <= 300 && !/\$\{\{|\\$|^#|[|<>]$/.test(line) && !NEITHER.test(line),
        );
    });
  });
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent', maxAliasCount: 20 });
  } catch {
    return null;
  }
}

function own(value: unknown, key: string): unknown {
  const record = asRecord(value);
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
