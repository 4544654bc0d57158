/** A look at a repository: how it is built and tested, and what a fresh worktree of it needs. Reads files, runs nothing of its own. */
import { runGit } from '../git/run.ts';
import type { Survey } from '../../core/plan/first/finding.ts';
import { TopFolder } from './files.ts';
import { cargoFinding, cmakeFinding, goFinding, pythonFinding } from './languages.ts';
import { makeFinding } from './make.ts';
import { nodeFinding } from './node.ts';
import { workflowFinding } from './workflows.ts';

/** Named scripts before targets before what a language has by custom; what runs elsewhere last. */
const LOOKS = [nodeFinding, makeFinding, cargoFinding, goFinding, pythonFinding, cmakeFinding, workflowFinding];

/** Settings that are a person's own and that programs miss where they are not. */
const LOCAL = /^(?:\.env(?:\..+)?|\.envrc|\.dev\.vars|local\.properties)$/;
const CHANGELOGS = ['CHANGELOG.md', 'CHANGES.md', 'CHANGELOG'];

/** @param root absolute; never rejects */
export async function survey(root: string): Promise<Survey> {
  const top = await TopFolder.read(root);
  const findings = await Promise.all(LOOKS.map((look) => look(top)));
  return {
    findings: findings.filter((finding) => finding !== null),
    copy: await leftOut(
      root,
      [...top.names].filter((name) => LOCAL.test(name)),
    ),
    union: CHANGELOGS.filter((name) => top.has(name)),
  };
}

/** Those of `names` that git ignores and does not track. */
async function leftOut(root: string, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const asked = ['ls-files', '--others', '--ignored', '--exclude-standard', '-z', '--', ...names.toSorted()];
  const ran = await runGit(root, asked);
  return ran.ok ? ran.stdout.toString('utf8').split('\0').filter(Boolean) : [];
}
