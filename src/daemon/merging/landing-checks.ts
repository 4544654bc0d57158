/** Runs the checks that guard the integration branch, on a merged tree in a working tree of its own. */
import type { HealthOutcome } from '../../adapters/build/outcome.ts';
import type { Checked } from '../../core/landing/results.ts';
import type { PlanHealth, PlanIntegration } from '../../core/plan/model.ts';
import type { Room } from '../room.ts';
import { CheckTree, type CheckTreeParts } from './check-tree.ts';

export interface LandingChecksParts extends CheckTreeParts {
  readonly room: Room;
  readonly health: ReadonlyMap<string, PlanHealth>;
  readonly integration: PlanIntegration;
}

export class LandingChecks {
  readonly #parts: LandingChecksParts;
  readonly #tree: CheckTree;
  #last: readonly HealthOutcome[] = [];

  constructor(parts: LandingChecksParts) {
    this.#parts = parts;
    this.#tree = new CheckTree(parts, 'landing');
  }

  /**
   * All of them, one after the other, up to the first that fails.
   * @param also more that have to pass this time, before the others
   * @throws Error where there is nothing to run them in
   */
  async run(commit: string, also: readonly string[] = []): Promise<Checked> {
    const checks = this.#checks(also);
    this.#last = [];
    if (checks.length === 0) return { green: true, firstError: null };
    const { dir, setUp } = await this.#tree.open(commit);
    const stopped = setUp.find(({ state }) => state !== 'green');
    const outcomes = stopped ? [stopped] : await this.#tree.runAll(checks, dir);
    const failed = outcomes.find(({ state }) => state !== 'green');
    if (failed) return { green: false, firstError: errorOf(failed, dir) };
    this.#last = outcomes;
    return { green: true, firstError: null };
  }

  /** What was tested last is on the branch: that is how the project stands. */
  passed(commit: string): void {
    for (const { name, ms, tail, counts, measures } of this.#last) {
      this.#parts.room.dispatch({
        type: 'health.result',
        name,
        state: 'green',
        ms,
        commit,
        firstError: '',
        counts,
        measures,
        tail,
      });
    }
    this.#last = [];
  }

  async stop(): Promise<void> {
    await this.#tree.stop();
  }

  #checks(also: readonly string[]): readonly PlanHealth[] {
    const { health, integration } = this.#parts;
    const names = new Set([...also, ...(integration.checks ?? health.keys())]);
    return [...names].flatMap((name) => health.get(name) ?? []);
  }
}

/** Paths as they are in the repository, not in the tree that was tested. */
function errorOf({ name, error, firstError }: HealthOutcome, dir: string): Checked['firstError'] {
  const plain = (text: string): string => text.replaceAll(`${dir}/`, '');
  if (error === null) return { text: plain(`${name}: ${firstError}`), file: null, line: null, column: null };
  return { ...error, text: plain(`${name}: ${error.text}`), file: error.file === null ? null : plain(error.file) };
}
