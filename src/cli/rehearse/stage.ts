/** Sets a rehearsal up: the plan with its stand-ins, in a throw-away repository that has what its tasks begin with. */
import { join } from 'node:path';
import { distFile } from '../../adapters/paths/dist.ts';
import { sessionPaths, type SessionPaths } from '../../adapters/paths/session.ts';
import { loadPlan, readPlanTree } from '../../adapters/planfile/load.ts';
import { planYaml } from '../../adapters/planfile/write-plan.ts';
import { problemLine, type Plan } from '../../core/plan/model.ts';
import type { Seed } from '../../core/rehearse/chance.ts';
import { firstFiles } from '../../core/rehearse/files.ts';
import { meetingsOf } from '../../core/rehearse/meetings.ts';
import { defaultSpeed } from '../../core/rehearse/pace.ts';
import { rehearsedPlan, type CommandUse } from '../../core/rehearse/stand-in.ts';
import { CliError } from '../errors.ts';
import { commitFiles, deleteScratch, makeScratch, type Scratch } from '../scratch/scratch.ts';

export interface Stage {
  readonly scratch: Scratch;
  readonly paths: SessionPaths;
  /** As it is rehearsed. */
  readonly plan: Plan;
  readonly planFile: string;
  readonly speed: number;
  /** Commands that something stands in for. */
  readonly commands: number;
}

export interface StageOptions {
  /** Absolute path of the plan. */
  readonly path: string;
  /** As the person typed it. */
  readonly shown: string;
  readonly seed: Seed;
  /** null: so that it takes some seconds. */
  readonly speed: number | null;
  readonly keep: boolean;
}

const PLAN = 'llmctl.yaml';

/** @throws CliError with the first thing that is wrong with the plan, or where there is nothing to rehearse in it */
export async function setStage({ path, shown, seed, speed: wanted, keep }: StageOptions): Promise<Stage> {
  const written = await mustLoad(path, shown);
  if (written.tasks.length === 0) throw new CliError(`${shown} has no tasks: there is nothing to rehearse`);
  const speed = wanted ?? defaultSpeed(written);
  const scratch = await makeScratch({ kind: 'rehearsal', name: 'scratch', commits: [], keep });
  try {
    return await fill(scratch, { path, written, seed, speed });
  } catch (error) {
    await deleteScratch(scratch);
    throw error;
  }
}

interface Play {
  readonly path: string;
  readonly written: Plan;
  readonly seed: Seed;
  readonly speed: number;
}

async function fill(scratch: Scratch, { path, written, seed, speed }: Play): Promise<Stage> {
  let commands = 0;
  const { tree, sources } = await readPlanTree(path);
  const texts = new Map([...sources].map(([name, { text }]) => [name, text]));
  const seeded = seed === null ? [] : ['--seed', String(seed)];
  // Beside the repository, where nobody's work gets to.
  const marks = join(scratch.folder, 'marks');
  const standIns = {
    agent: [process.execPath, distFile('rehearse-agent.js'), '--speed', String(speed), '--marks', marks, ...seeded],
    command: (use: CommandUse) => [process.execPath, distFile('rehearse-check.js'), ...asked(use), ...seeded],
  };
  const out = rehearsedPlan(tree!, written, texts, standIns, () => commands++);
  const text = planYaml(out, [
    `${written.name} as it is rehearsed: programs stand in for its agents and its commands.`,
  ]);
  await commitFiles(scratch.repo, { message: 'The plan as it is rehearsed', files: new Map([[PLAN, text]]) });
  const planFile = join(scratch.repo, PLAN);
  const plan = await mustLoad(planFile, planFile);
  const files = firstFiles(plan, meetingsOf(seed, plan));
  if (files.size > 0) await commitFiles(scratch.repo, { message: 'What its tasks begin with', files });
  return { scratch, paths: sessionPaths(scratch.repo), plan, planFile, speed, commands };
}

/** What a command's stand-in is asked. */
function asked(use: CommandUse): readonly string[] {
  const figure = (name: string, value: number | null): string[] => (value === null ? [] : [`--${name}=${value}`]);
  switch (use.of) {
    case 'build':
      return ['build'];
    case 'task':
      return ['task', '--id', use.id];
    case 'gate':
      return ['gate', '--id', use.id, '--at', String(use.at), ...figure('good', use.good), ...figure('bad', use.bad)];
  }
}

async function mustLoad(path: string, shown: string): Promise<Plan> {
  const loaded = await loadPlan(path);
  if (loaded.ok) return loaded.plan;
  const first = loaded.problems.find(({ severity }) => severity === 'error')!;
  throw new CliError(problemLine(first.file === path ? { ...first, file: shown } : first));
}
