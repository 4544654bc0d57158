/**
 * `npm run bench -- merge [--quick] [--files N,…]`: from a write to the verdict, and how long a merge holds two agents up,
 * on generated repositories with eight worktrees. Writes bench/DATE-merge.json and prints a table.
 */
import { bursting, judging, merging, watching, type MergePlan } from './measures.ts';
import { generate } from './repository.ts';
import { BenchRoom } from './room.ts';
import { mergeTable, spreadOf, type MergeResults } from './targets.ts';

const AGENTS = 8;

export interface MergeOptions {
  readonly quick: boolean;
  readonly files: readonly number[];
}

async function measure(plan: MergePlan): Promise<MergeResults> {
  console.error(`merge: making ${plan.files} files in ${plan.agents} worktrees`);
  const repository = await generate(plan.files, plan.agents);
  try {
    const room = await BenchRoom.open(repository.worktrees);
    try {
      const watched = await watching(room, plan);
      console.error(`merge ${plan.files}: ${JSON.stringify(watched)}`);
      // First: later there are conflicts.
      const { frozen, failed } = await merging(room, repository, plan);
      const merged = { ...spreadOf('frozen', frozen), failed };
      console.error(`merge ${plan.files}: ${JSON.stringify(merged)}`);
      const { file, all, lost } = await judging(room, repository, plan);
      const judged = { ...spreadOf('file', file), ...spreadOf('all', all), lost };
      console.error(`merge ${plan.files}: ${JSON.stringify(judged)}`);
      const burst = await bursting(room, plan);
      console.error(`merge ${plan.files}: ${JSON.stringify(burst)} ${room.troubles.join('; ')}`);
      return { files: plan.files, figures: { ...watched, ...judged, ...merged, ...burst } };
    } finally {
      room.close();
    }
  } finally {
    repository.remove();
  }
}

export async function benchMerge({ quick, files }: MergeOptions): Promise<{ results: MergeResults[]; table: string }> {
  const counts = quick ? { writes: 20, rounds: 6, idleMs: 4_000 } : { writes: 120, rounds: 30, idleMs: 15_000 };
  const results: MergeResults[] = [];
  for (const size of files) results.push(await measure({ ...counts, files: size, agents: AGENTS, burst: 10_000 }));
  return { results, table: mergeTable(results) };
}
