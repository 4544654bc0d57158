/** Commits and tags milestones as the plan has it, with the figures that the plan's checks give on what is recorded. */
import { filesOf, recordMilestone, tagCommit, uncommitted, type Recorded } from '../../adapters/git/milestone.ts';
import { treeOf } from '../../adapters/git/objects.ts';
import { Git } from '../../adapters/git/plumb.ts';
import { gitDirs } from '../../adapters/git/repo.ts';
import { own, type Work } from '../../core/model/work.ts';
import { milestoneMessage } from '../../core/plan/prompt/milestone.ts';
import type { PlanMilestone } from '../../core/plan/sections/stages.ts';
import {
  isOwnFile,
  milestoneChecks,
  milestoneFigures,
  type CheckFigures,
} from '../../core/records/milestone-figures.ts';
import { planIndex } from '../../core/schedule/plan-index.ts';
import { oneLine } from '../../core/text.ts';
import type { Room } from '../room.ts';
import { Cancelled, type PlanCommands } from './commands.ts';

export interface MilestonesParts {
  readonly room: Room;
  readonly repo: string;
  readonly commands: PlanCommands;
}

export class Milestones {
  readonly #parts: MilestonesParts;
  /** One after the other: each has the one before it as its parent. */
  #last: Promise<void> = Promise.resolve();
  /** Reached, and something was in the way of the record. */
  readonly #open = new Set<string>();

  constructor(parts: MilestonesParts) {
    this.#parts = parts;
  }

  /** Never rejects: what went wrong is an alert. */
  record(id: string): Promise<void> {
    this.#last = this.#last.then(() => this.#try(id));
    return this.#last;
  }

  /** The branch is elsewhere: what was in the way may be gone. Never rejects. */
  async again(): Promise<void> {
    // A try that fails again puts it back.
    const open = Array.from(this.#open);
    for (const id of open) await this.record(id);
  }

  async #try(id: string): Promise<void> {
    const { room } = this.#parts;
    const cause = `milestone:${id}`;
    try {
      const recorded = await this.#record(id);
      this.#open.delete(id);
      if (recorded === null) return;
      room.dispatch({ type: 'milestone.committed', milestone: id, commit: recorded.commit });
      if (recorded.untagged === null) room.dispatch({ type: 'alert.over', cause });
      else this.#tell(cause, `milestone ${id} is reached, without its tag: ${recorded.untagged}`);
    } catch (error) {
      // The session is ending: the next one begins it anew.
      if (error instanceof Cancelled) return;
      this.#open.add(id);
      this.#tell(cause, `milestone ${id} is reached, but could not be recorded: ${(error as Error).message}`);
    }
  }

  /** null where the plan has nothing to record. @throws Cancelled; Error with one line */
  async #record(id: string): Promise<Recorded | null> {
    const { room, repo } = this.#parts;
    const { work, session, landings } = room.state;
    const planned = work && planIndex(work.plan).milestones.get(id);
    const known = work ? own(work.milestones, id) : undefined;
    if (!planned?.commit || !work || known?.reachedAt == null || known.recorded) return null;
    const dirs = await gitDirs(repo);
    if (dirs === null) return null;
    const git = new Git({ dir: dirs.top, gitDir: dirs.gitDir, commonDir: dirs.commonDir });
    const { tag } = planned.commit;
    if (landings.some(({ state }) => state === 'landed') && session.integration) {
      const cancelled: Cancelled[] = [];
      const done = await recordMilestone(git, {
        id,
        branch: session.integration,
        message: (tip) =>
          this.#message(git, work, planned, tip).catch((error: unknown) => {
            if (error instanceof Cancelled) cancelled.push(error);
            throw error;
          }),
        tag,
        at: known.reachedAt,
      });
      if (cancelled[0]) throw cancelled[0];
      if (!done.ok) throw new Error(done.reason);
      return done;
    }
    // All work in what is checked out: to commit there is theirs.
    if (tag === null) return null;
    const open = await uncommitted(git);
    if (open.length > 0) throw new Error(`${namesOf(open)} not committed: commit or stash that, then tag it by hand`);
    const done = await tagCommit(git, tag, await git.line(['rev-parse', '--verify', 'HEAD^{commit}']));
    if (!done.ok) throw new Error(done.reason);
    return done;
  }

  async #message(git: Git, work: Work, planned: PlanMilestone, tip: string): Promise<string> {
    const strays = (await filesOf(git, tip)).filter(isOwnFile);
    if (strays.length > 0)
      throw new Error(`${namesOf(strays)} llmctl's own and in the branch: take that out and land it`);
    return milestoneMessage(work.plan, planned, milestoneFigures(work, planned, await this.#figures(git, work, tip)));
  }

  /** Of this very tree: what is known already isn't run again. */
  async #figures(git: Git, work: Work, tip: string): Promise<readonly CheckFigures[]> {
    const { room, commands } = this.#parts;
    const checks = milestoneChecks(work.plan);
    const tree = await treeOf(git, tip);
    const known = new Map<string, CheckFigures>();
    for (const { name } of checks) {
      const check = own(room.state.health, name);
      if (!check || check.stale || (check.state !== 'green' && check.state !== 'red')) continue;
      // What was tested in the repository as it lies there may be about more than the commit it names.
      const ofBranch = check.place === 'integration' || room.state.landings.some(({ merge }) => merge === check.commit);
      if (!ofBranch || check.commit === '') continue;
      const measured = check.commit === tip ? tree : await treeOf(git, check.commit).catch(() => null);
      if (measured === tree) known.set(name, { ...check, state: check.state });
    }
    const missing = checks.filter(({ name }) => !known.has(name));
    const run = missing.length === 0 ? [] : await commands.health(missing, tip);
    return checks.flatMap(({ name }) => known.get(name) ?? run.find((one) => one.name === name) ?? []);
  }

  #tell(cause: string, text: string): void {
    this.#parts.room.dispatch({ type: 'alert', level: 'warn', text, agent: null, cause });
  }
}

/** `a.txt and 2 more are` */
function namesOf(paths: readonly string[]): string {
  const first = oneLine(paths[0]!, 100);
  return paths.length === 1 ? `${first} is` : `${first} and ${paths.length - 1} more are`;
}
