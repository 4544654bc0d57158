/** Keeps the session's plan as its file has it: an edit is taken up, one that is wrong is told and changes nothing. */
import { PlanWatch } from '../../adapters/planfile/watch-plan.ts';
import type { Plan } from '../../core/plan/model.ts';
import { log } from '../log.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { applyPlan, failureRules, readPlan, type SessionPlan } from '../plan.ts';
import type { Room } from '../room.ts';

export interface PlanKeeperParts {
  readonly room: Room;
  readonly repo: string;
  readonly named: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly git: boolean;
  /** Another plan is in force. */
  readonly onApplied: () => void;
}

/** Parts that the daemon was put together with. */
const FIXED: readonly (keyof Plan)[] = ['base', 'workspace', 'integration'];
const CAUSE = 'plan-fixed';

export class PlanKeeper {
  readonly #parts: PlanKeeperParts;
  /** Its map of checks is what all parts of the daemon look into. */
  readonly #first: SessionPlan;
  /** The last good one. */
  #now: SessionPlan;
  readonly #watch: PlanWatch;
  #reading: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: PlanKeeperParts, first: SessionPlan) {
    this.#parts = parts;
    this.#first = first;
    this.#now = first;
    this.#watch = new PlanWatch(() => this.#again());
  }

  start(): void {
    this.#watch.follow(this.#first.files);
  }

  stop(): void {
    this.#stopped = true;
    this.#watch.stop();
  }

  /** A person edited one: what failures are may be another thing now. */
  profilesChanged(profiles: ReadonlyMap<string, Profile>): void {
    if (this.#now.plan === null) return;
    const failures = failureRules(this.#now.plan, this.#now.agents, profiles);
    const { health } = this.#first;
    for (const [name, check] of health) health.set(name, { ...check, failures });
  }

  #again(): void {
    this.#reading = this.#reading.then(() => this.#read()).catch((error: Error) => log(`plan: ${error.message}`));
  }

  async #read(): Promise<void> {
    const { room, repo, env, git } = this.#parts;
    const named = this.#parts.named ?? this.#first.path;
    const next = await readPlan(repo, named, env, git);
    if (this.#stopped) return;
    this.#watch.follow(next.files);
    if (next.plan !== null) {
      this.#now = next;
      const { health } = this.#first;
      health.clear();
      for (const [name, check] of next.health) health.set(name, check);
      this.#tellFixed(next.plan);
    }
    applyPlan(room, next);
    this.#parts.onApplied();
  }

  #tellFixed(plan: Plan): void {
    const { room } = this.#parts;
    const before = this.#first.plan;
    const other = FIXED.filter((key) => before !== null && JSON.stringify(before[key]) !== JSON.stringify(plan[key]));
    if (other.length === 0) {
      room.dispatch({ type: 'alert.over', cause: CAUSE });
      return;
    }
    const text = `${other.join(', ')} of the plan changed: that counts from the next start of the session on`;
    room.dispatch({ type: 'alert', level: 'info', text, agent: null, cause: CAUSE });
  }
}
