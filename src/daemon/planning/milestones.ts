/** Commits and tags milestones as the plan has it. */
import { recordMilestone, tagCommit, type Recorded } from '../../adapters/git/milestone.ts';
import { Git } from '../../adapters/git/plumb.ts';
import { gitDirs } from '../../adapters/git/repo.ts';
import { own } from '../../core/model/work.ts';
import { milestoneMessage } from '../../core/plan/prompt/milestone.ts';
import { planIndex } from '../../core/schedule/plan-index.ts';
import type { Room } from '../room.ts';

export interface MilestonesParts {
  readonly room: Room;
  readonly repo: string;
}

export class Milestones {
  readonly #parts: MilestonesParts;

  constructor(parts: MilestonesParts) {
    this.#parts = parts;
  }

  /** Never rejects: what went wrong is an alert. */
  async record(id: string): Promise<void> {
    const { room } = this.#parts;
    const cause = `milestone:${id}`;
    try {
      const recorded = await this.#record(id);
      if (recorded === null) return;
      room.dispatch({ type: 'milestone.committed', milestone: id, commit: recorded.commit });
      if (recorded.untagged === null) room.dispatch({ type: 'alert.over', cause });
      else this.#tell(cause, `milestone ${id} is reached, without its tag: ${recorded.untagged}`);
    } catch (error) {
      this.#tell(cause, `milestone ${id} is reached, but could not be recorded: ${(error as Error).message}`);
    }
  }

  /** null where the plan has nothing to record. @throws Error with one line */
  async #record(id: string): Promise<Recorded | null> {
    const { room, repo } = this.#parts;
    const { work, session, landings } = room.state;
    const planned = work && planIndex(work.plan).milestones.get(id);
    const reachedAt = work ? own(work.milestones, id)?.reachedAt : null;
    if (!planned?.commit || !work || reachedAt == null) return null;
    const dirs = await gitDirs(repo);
    if (dirs === null) return null;
    const git = new Git({ dir: dirs.top, gitDir: dirs.gitDir, commonDir: dirs.commonDir });
    const { tag } = planned.commit;
    if (landings.some(({ state }) => state === 'landed') && session.integration) {
      const message = milestoneMessage(work.plan, planned);
      const done = await recordMilestone(git, { id, branch: session.integration, message, tag, at: reachedAt });
      if (!done.ok) throw new Error(done.reason);
      return done;
    }
    // All work in what is checked out: to commit there is theirs.
    if (tag === null) return null;
    const done = await tagCommit(git, tag, await git.line(['rev-parse', '--verify', 'HEAD^{commit}']));
    if (!done.ok) throw new Error(done.reason);
    return done;
  }

  #tell(cause: string, text: string): void {
    this.#parts.room.dispatch({ type: 'alert', level: 'warn', text, agent: null, cause });
  }
}
