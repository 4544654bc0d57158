/** Checks that look at the integration branch: run in a tree of their own, the newest state first, and what follows where one is red. */
import { landedBy } from './landed-by.ts';
import { landedRed, type RedParts } from './landed-red.ts';
import { CheckTree, type CheckTreeParts } from './check-tree.ts';
import type { HealthOutcome } from '../../adapters/build/outcome.ts';
import type { PlanHealth } from '../../core/plan/model.ts';
import { Lanes } from '../lanes.ts';
import { log } from '../log.ts';

export interface BranchHealthParts extends CheckTreeParts, RedParts {
  readonly health: ReadonlyMap<string, PlanHealth>;
}

export class BranchHealth {
  readonly #parts: BranchHealthParts;
  readonly #tree: CheckTree;
  readonly #lanes = new Lanes();
  #running: { readonly name: string; readonly tip: string } | null = null;
  #stopped = false;

  constructor(parts: BranchHealthParts) {
    this.#parts = parts;
    this.#tree = new CheckTree(parts, 'health');
  }

  /** Runs a check on the branch as it is then, and tells its result. Never rejects. */
  run(check: PlanHealth): Promise<void> {
    return this.#lanes.run('tree', async () => {
      const outcome = await this.#newest(check).catch((error: Error) => unknown(check.name, error.message));
      if (this.#stopped) return;
      const { room, landings } = this.#parts;
      const touched = await landedBy(room, landings, outcome.failures);
      room.dispatch({ type: 'health.result', ...outcome, landedBy: touched });
      if (outcome.state === 'red') void landedRed(this.#parts, check.name);
    });
  }

  /** After a start: somebody stands still for a check that a daemon's death left unsettled. */
  recover(): void {
    for (const { name, held = [] } of Object.values(this.#parts.room.state.health)) {
      if (held.length > 0) void landedRed(this.#parts, name);
    }
  }

  /** The branch is elsewhere: what runs on where it was is for nothing, and what is to run after a landing does. */
  async moved(): Promise<void> {
    const { room, health, landings } = this.#parts;
    const tip = await landings.tip().catch(() => null);
    const running = this.#running;
    if (running && running.tip !== tip) await this.#tree.cancel(running.name);
    for (const { name, on } of health.values()) {
      if (on?.includes('land')) room.dispatch({ type: 'health.run', name });
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#tree.stop();
  }

  /** Begun again where the branch moved meanwhile. */
  async #newest(check: PlanHealth): Promise<HealthOutcome> {
    for (;;) {
      const tip = await this.#parts.landings.tip();
      if (tip === null) throw new Error('there is no branch to look at yet');
      const outcome = await this.#on(check, tip);
      if (this.#stopped || outcome.state !== 'unknown' || (await this.#parts.landings.tip()) === tip) return outcome;
      log(`health: ${check.name} begins again: the branch has moved`);
    }
  }

  #on(check: PlanHealth, tip: string): Promise<HealthOutcome> {
    this.#running = { name: check.name, tip };
    return this.#tree.judge(check, tip).finally(() => (this.#running = null));
  }
}

function unknown(name: string, firstError: string): HealthOutcome {
  return {
    name,
    state: 'unknown',
    ms: 0,
    commit: '',
    firstError,
    error: null,
    failures: [],
    counts: null,
    measures: [],
    left: 0,
    tail: [],
  };
}
