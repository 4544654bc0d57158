/** Whether what was said to have landed is where it should be. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { State } from '../../core/model/state.ts';
import { own } from '../../core/model/work.ts';
import { doerOf } from '../../core/rehearse/doer.ts';
import { PART } from '../../core/rehearse/files.ts';

const execute = promisify(execFile);

/** Tasks that are done, by agents whose work lands, and of which the integration branch has nothing. */
export async function lostWork(repo: string, { work, session, agents }: State): Promise<readonly string[]> {
  if (work?.plan.integration.land !== 'done') return [];
  const done = work.plan.tasks.filter((task) => {
    const doer = doerOf(work.plan, task);
    const known = own(work.tasks, task.id);
    // What was done before the plan began left nothing here.
    return !task.done && doer !== null && own(agents, doer)?.spec.worktree && known?.stage === 'done';
  });
  if (done.length === 0) return [];
  const branch = session.integration || work.plan.integration.branch;
  const { stdout } = await execute('git', ['-C', repo, 'grep', '-h', '-E', PART.source, branch, '--'], {
    maxBuffer: 64 * 1024 * 1024,
  }).catch(() => ({ stdout: '' }));
  const there = new Set(stdout.split('\n').flatMap((line) => PART.exec(line)?.[1] ?? []));
  return done.flatMap(({ id }) => (there.has(id) ? [] : [id]));
}
