/** Runs the commands that prove tasks and hold up gates, and says what came of them. */
import { readBaseline } from '../../adapters/build/measure.ts';
import type { HealthOutcome } from '../../adapters/build/outcome.ts';
import { HealthRunner } from '../../adapters/build/runner.ts';
import {
  DEFAULT_HEALTH_TIMEOUT_MS,
  type HealthCommand,
  type PlanHealth,
  type PlanWorkspace,
} from '../../core/plan/model.ts';
import type { CheckOutcome } from '../../core/model/work-commands.ts';
import type { ScheduledGate } from '../../core/schedule/gates.ts';
import { isRun } from '../../core/schedule/follow-gates.ts';
import type { TaskCheck } from '../../core/schedule/task-checks.ts';
import { Lanes } from '../lanes.ts';
import { CheckTree } from '../merging/check-tree.ts';

export interface CommandsParts {
  readonly repo: string;
  readonly logs: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workspace: PlanWorkspace;
}

/** Where commands run: a folder as it is, or a commit in a tree of llmctl's own. */
export type Place = { readonly dir: string } | { readonly commit: string };

/** The session is ending: what was run says nothing. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

const PURPOSE = 'plan';

export class PlanCommands {
  readonly #parts: CommandsParts;
  readonly #runners = new Map<string, HealthRunner>();
  readonly #tree: CheckTree;
  /** One thing at a time in a folder. */
  readonly #lanes = new Lanes();
  #stopped = false;

  constructor(parts: CommandsParts) {
    this.#parts = parts;
    this.#tree = new CheckTree(parts, 'gates');
  }

  /** One after the other, up to the first that fails. @throws Cancelled; Error with one line where there is nowhere to run them */
  task(name: string, checks: readonly TaskCheck[], place: Place): Promise<readonly CheckOutcome[]> {
    return this.#at(place, async (dir) => {
      const outcomes: CheckOutcome[] = [];
      for (const [index, { run, timeoutMs }] of checks.entries()) {
        const outcome = await this.#one(index, `task-${name}-${index + 1}`, run, timeoutMs, dir);
        outcomes.push(outcome);
        if (!outcome.ok) break;
      }
      return outcomes;
    });
  }

  /** All of a gate's commands, also behind one that fails: a person wants to know all of it. @throws as `task` */
  gate(gate: ScheduledGate, place: Place): Promise<readonly CheckOutcome[]> {
    return this.#at(place, async (dir) => {
      const outcomes: CheckOutcome[] = [];
      for (const [index, scheduled] of gate.checks.entries()) {
        const { check } = scheduled;
        if (!isRun(scheduled) || check.kind === 'person' || check.run === null) continue;
        const timeoutMs = check.kind === 'command' ? check.timeoutMs : DEFAULT_HEALTH_TIMEOUT_MS;
        // A colon of an implied gate is nothing for a file name.
        const name = `gate-${gate.id.replace(':', '-')}-${index + 1}`;
        const outcome = await this.#one(index, name, check.run, timeoutMs, dir);
        const baseline =
          check.kind === 'threshold' && check.baseline !== null
            ? await readBaseline([dir, this.#parts.repo], check.baseline)
            : null;
        outcomes.push({ ...outcome, baseline });
      }
      return outcomes;
    });
  }

  /** Checks of the plan, all of them: what they say of a commit. Paths are those of the repository. @throws as `task` */
  health(checks: readonly PlanHealth[], commit: string): Promise<readonly HealthOutcome[]> {
    return this.#at({ commit }, async (dir) => {
      const outcomes: HealthOutcome[] = [];
      for (const { name, run, timeoutMs } of checks) {
        const outcome = await this.#run(`health-${name}`, run, timeoutMs, dir);
        outcomes.push({ ...outcome, name, commit, firstError: outcome.firstError.replaceAll(`${dir}/`, '') });
      }
      return outcomes;
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.#tree.stop(), ...[...this.#runners.values()].map((runner) => runner.stop())]);
  }

  #at<T>(place: Place, work: (dir: string) => Promise<T>): Promise<T> {
    if ('dir' in place) return this.#lanes.run(place.dir, () => work(place.dir));
    return this.#lanes.run('', async () => {
      const { dir, setUp } = await this.#tree.open(place.commit);
      const failed = setUp.find(({ state }) => state !== 'green');
      if (failed) throw new Error(`the set-up of ${dir} failed: ${failed.firstError}`);
      return work(dir);
    });
  }

  async #one(
    index: number,
    name: string,
    command: HealthCommand,
    timeoutMs: number,
    dir: string,
  ): Promise<CheckOutcome> {
    const { state, firstError, tail } = await this.#run(name, command, timeoutMs, dir);
    const reason = firstError.replaceAll(`${dir}/`, '');
    return { index, ok: state === 'green', reason, output: tail, baseline: null };
  }

  async #run(name: string, command: HealthCommand, timeoutMs: number, dir: string): Promise<HealthOutcome> {
    if (this.#stopped) throw new Cancelled();
    const started = this.#runner(dir).start({ name, command, timeoutMs });
    if (!started.ok) throw new Error(started.reason);
    const outcome = await started.outcome;
    if (outcome.state === 'unknown') throw new Cancelled();
    return outcome;
  }

  #runner(dir: string): HealthRunner {
    const known = this.#runners.get(dir);
    if (known) return known;
    const { logs, env } = this.#parts;
    const runner = new HealthRunner({ repo: dir, logs: `${logs}/plan`, env, head: () => '', purpose: PURPOSE });
    this.#runners.set(dir, runner);
    return runner;
  }
}
