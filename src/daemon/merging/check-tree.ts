/** A working tree of llmctl's own: made exactly like a commit, furnished as agents' trees are, to run commands in. */
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requestOf, type HealthOutcome } from '../../adapters/build/outcome.ts';
import { HealthRunner, type OutputSink } from '../../adapters/build/runner.ts';
import { copyIncluded } from '../../adapters/git/copy-included.ts';
import { LandingTree } from '../../adapters/git/landing-tree.ts';
import { cloneFolders } from '../../adapters/git/reflink.ts';
import { updateSubmodules } from '../../adapters/git/submodules.ts';
import { DEFAULT_HEALTH_TIMEOUT_MS, type PlanHealth, type PlanWorkspace } from '../../core/plan/model.ts';

export interface CheckTreeParts {
  readonly repo: string;
  readonly logs: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workspace: PlanWorkspace;
  /** Who looks on. */
  readonly output?: OutputSink;
}

export class CheckTree {
  readonly #parts: CheckTreeParts;
  readonly #name: string;
  readonly #tree: LandingTree;
  #runner: HealthRunner | null = null;

  /** @param name of its folder below `.llmctl`, and of that of its logs */
  constructor(parts: CheckTreeParts, name: string) {
    this.#parts = parts;
    this.#name = name;
    this.#tree = new LandingTree(parts.repo, name);
  }

  /**
   * One at a time: not while something runs in it.
   * @returns its folder, and what the set-up came to, up to the first that fails
   * @throws Error where there is none to be had
   */
  async open(commit: string): Promise<{ readonly dir: string; readonly setUp: readonly HealthOutcome[] }> {
    const out = await this.#tree.checkout(commit);
    if (!out.ok) throw new Error(out.reason);
    const { dir, made } = out;
    await this.#furnish(dir, made === 'new');
    return { dir, setUp: await this.runAll(this.#setUp(), dir) };
  }

  /** One after the other, up to the first that fails. */
  async runAll(checks: readonly PlanHealth[], dir: string): Promise<readonly HealthOutcome[]> {
    const outcomes: HealthOutcome[] = [];
    for (const check of checks) {
      const outcome = await this.run(check, dir);
      outcomes.push(outcome);
      if (outcome.state !== 'green') break;
    }
    return outcomes;
  }

  /** @throws Error where the session is ending */
  async run(check: PlanHealth, dir: string): Promise<HealthOutcome> {
    const { repo, logs, env, output } = this.#parts;
    const folder = `${logs}/${this.#name}`;
    this.#runner ??= new HealthRunner({ repo: dir, logs: folder, env, head: () => '', fallback: repo, output });
    const started = this.#runner.start(requestOf(check));
    if (!started.ok) throw new Error(started.reason);
    return started.outcome;
  }

  /** One check, on any commit. Paths in what it says are those of the repository. @throws Error where it can't run at all */
  async judge(check: PlanHealth, commit: string): Promise<HealthOutcome> {
    const { dir, setUp } = await this.open(commit);
    const stopped = setUp.find(({ state }) => state !== 'green');
    if (stopped) throw new Error(`${stopped.name}: ${stopped.firstError}`);
    const outcome = await this.run(check, dir);
    const plain = (text: string): string => text.replaceAll(`${dir}/`, '');
    return { ...outcome, commit, firstError: plain(outcome.firstError), tail: outcome.tail.map(plain) };
  }

  /** What runs under that name ends; its outcome is `unknown`. */
  async cancel(name: string): Promise<void> {
    await this.#runner?.cancel(name);
  }

  async stop(): Promise<void> {
    await this.#runner?.stop();
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

  /** Set-up commands again for each tree: what one of them changes is what they are about. They know themselves what is done. */
  #setUp(): readonly PlanHealth[] {
    return this.#parts.workspace.setup.map(({ run }, i) => ({
      name: `set-up-${i + 1}`,
      run: { kind: 'shell', line: run },
      timeoutMs: DEFAULT_HEALTH_TIMEOUT_MS,
    }));
  }
}
