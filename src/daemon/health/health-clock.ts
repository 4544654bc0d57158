/** When checks run by themselves: some time after the last change, and every so often. */
import { DEFAULT_EVERY_MS, DEFAULT_QUIET_MS, type PlanHealth } from '../../core/plan/model.ts';

export class HealthClock {
  readonly #checks: ReadonlyMap<string, PlanHealth>;
  readonly #run: (name: string) => void;
  readonly #quiet = new Map<string, NodeJS.Timeout>();
  readonly #every: NodeJS.Timeout[] = [];

  constructor(checks: ReadonlyMap<string, PlanHealth>, run: (name: string) => void) {
    this.#checks = checks;
    this.#run = run;
  }

  start(): void {
    for (const { name, on, everyMs = DEFAULT_EVERY_MS } of this.#checks.values()) {
      if (on?.includes('schedule')) this.#every.push(setInterval(() => this.#run(name), everyMs).unref());
    }
  }

  /** Files in the repository changed. What looks at the integration branch has nothing to do with them. */
  changed(): void {
    for (const { name, on, quietMs = DEFAULT_QUIET_MS, place } of this.#checks.values()) {
      if (!on?.includes('change') || place !== undefined) continue;
      clearTimeout(this.#quiet.get(name));
      this.#quiet.set(name, setTimeout(() => this.#run(name), quietMs).unref());
    }
  }

  stop(): void {
    for (const timer of this.#every) clearInterval(timer);
    for (const timer of this.#quiet.values()) clearTimeout(timer);
  }
}
