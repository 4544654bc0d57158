/** Runs the checks that guard the integration branch, on a merged tree in a working tree of its own. */
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HealthRunner, type HealthOutcome } from '../../adapters/build/runner.ts';
import { copyIncluded } from '../../adapters/git/copy-included.ts';
import { LandingTree } from '../../adapters/git/landing-tree.ts';
import { cloneFolders } from '../../adapters/git/reflink.ts';
import { updateSubmodules } from '../../adapters/git/submodules.ts';
import type { Checked } from '../../core/landing/results.ts';
import {
  DEFAULT_HEALTH_TIMEOUT_MS,
  type PlanHealth,
  type PlanIntegration,
  type PlanWorkspace,
} from '../../core/plan/model.ts';
import type { Room } from '../room.ts';

export interface LandingChecksParts {
  readonly room: Room;
  readonly repo: string;
  readonly logs: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly health: ReadonlyMap<string, PlanHealth>;
  readonly workspace: PlanWorkspace;
  readonly integration: PlanIntegration;
}

export class LandingChecks {
  readonly #parts: LandingChecksParts;
  readonly #tree: LandingTree;
  #runner: HealthRunner | null = null;
  #last: readonly HealthOutcome[] = [];

  constructor(parts: LandingChecksParts) {
    this.#parts = parts;
    this.#tree = new LandingTree(parts.repo);
  }

  /** All of them, one after the other, up to the first that fails. @throws Error where there is nothing to run them in */
  async run(commit: string): Promise<Checked> {
    const checks = this.#checks();
    this.#last = [];
    if (checks.length === 0) return { green: true, firstError: null };
    const out = await this.#tree.checkout(commit);
    if (!out.ok) throw new Error(out.reason);
    await this.#furnish(out.dir, out.made === 'new');
    const outcomes: HealthOutcome[] = [];
    for (const check of [...this.#setUp(), ...checks]) {
      const outcome = await this.#one(check, out.dir);
      if (outcome.state !== 'green') return { green: false, firstError: errorOf(outcome, out.dir) };
      outcomes.push(outcome);
    }
    this.#last = outcomes.filter(({ name }) => this.#parts.health.has(name));
    return { green: true, firstError: null };
  }

  /** What was tested last is on the branch: that is how the project stands. */
  passed(commit: string): void {
    for (const { name, ms, tail } of this.#last) {
      this.#parts.room.dispatch({ type: 'health.result', name, state: 'green', ms, commit, firstError: '', tail });
    }
    this.#last = [];
  }

  async stop(): Promise<void> {
    await this.#runner?.stop();
  }

  #checks(): readonly PlanHealth[] {
    const { health, integration } = this.#parts;
    const names = integration.checks ?? [...health.keys()];
    return names.flatMap((name) => health.get(name) ?? []);
  }

  /** Set-up commands again for each tree: what one of them changes is what they are about. They know themselves what is done. */
  #setUp(): readonly PlanHealth[] {
    return this.#parts.workspace.setup.map(({ run }, i) => ({
      name: `set-up-${i + 1}`,
      run: { kind: 'shell', line: run },
      timeoutMs: DEFAULT_HEALTH_TIMEOUT_MS,
    }));
  }

  /** What git does not bring. A mark says that it got to its end: a crash may have left the tree half furnished. */
  async #furnish(dir: string, anew: boolean): Promise<void> {
    const { repo, workspace } = this.#parts;
    const mark = `${dir}.furnished`;
    if (anew || !(await stat(mark).catch(() => null))) {
      await copyIncluded(repo, dir, workspace.copy);
      await cloneFolders(repo, dir, workspace.reflink);
      await writeFile(mark, '');
    }
    if (!(await stat(join(dir, '.gitmodules')).catch(() => null))) return;
    const done = await updateSubmodules(dir);
    if (!done.ok) throw new Error(`the submodules could not be checked out to test them: ${done.reason}`);
  }

  async #one(check: PlanHealth, dir: string): Promise<HealthOutcome> {
    const { logs, env } = this.#parts;
    this.#runner ??= new HealthRunner({ repo: dir, logs: `${logs}/landing`, env, head: () => '' });
    const started = this.#runner.start({ name: check.name, command: check.run, timeoutMs: check.timeoutMs });
    if (!started.ok) throw new Error(started.reason);
    return started.outcome;
  }
}

/** Paths as they are in the repository, not in the tree that was tested. */
function errorOf({ name, error, firstError }: HealthOutcome, dir: string): Checked['firstError'] {
  const plain = (text: string): string => text.replaceAll(`${dir}/`, '');
  if (error === null) return { text: plain(`${name}: ${firstError}`), file: null, line: null, column: null };
  return { ...error, text: plain(`${name}: ${error.text}`), file: error.file === null ? null : plain(error.file) };
}
