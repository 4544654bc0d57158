/** Carries out the landing queue: what the core says is next is merged, tested, moved or refused. */
import { randomBytes } from 'node:crypto';
import { openIntegration, moveIntegration, tipOf, type Integration } from '../../adapters/git/integration.ts';
import { landCommit } from '../../adapters/git/land-commit.ts';
import { branchTip, headOf } from '../../adapters/git/head.ts';
import { Git } from '../../adapters/git/plumb.ts';
import { gitDirs } from '../../adapters/git/repo.ts';
import type { Scratch } from '../../adapters/git/scratch.ts';
import { isOpen, type Landing } from '../../core/landing/landing.ts';
import { landingMessage, workMessage } from '../../core/landing/message.ts';
import { nextTest, type LandingStep } from '../../core/landing/next-test.ts';
import {
  NO_RESULTS,
  evolveResults,
  setKey,
  type LandingResults,
  type ResultEvent,
} from '../../core/landing/results.ts';
import type { Actor, Agent, AgentId } from '../../core/model/agent.ts';
import type { Command } from '../../core/model/commands.ts';
import { own } from '../../core/model/work.ts';
import type { PlanIntegration } from '../../core/plan/model.ts';
import { showControls } from '../../core/text.ts';
import type { Busy } from '../busy.ts';
import { Lanes } from '../lanes.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';
import type { Forwarding } from './forwarding.ts';
import { freeLanded } from './landed-locks.ts';
import type { LandingChecks } from './landing-checks.ts';
import { mergeSet } from './merge-set.ts';
import { renewed } from './renewed.ts';
import type { Stillness } from './stillness.ts';
import type { Tree } from './tree.ts';
import type { Trees } from './trees.ts';

export interface LandingsParts {
  readonly room: Room;
  readonly trees: Trees;
  readonly stillness: Stillness;
  readonly busy: Busy;
  readonly checks: LandingChecks;
  readonly forwarding: Forwarding;
  readonly repo: string;
  readonly base: string | null;
  readonly integration: PlanIntegration;
}

/** The integration branch, where it is. */
export interface Branch {
  readonly git: Git;
  readonly scratch: Scratch;
  readonly tip: string;
}

type Fact = Extract<Command, { type: 'landing.fact' }>['fact'];

export class Landings {
  readonly #parts: LandingsParts;
  #results: LandingResults = NO_RESULTS;
  #driving = false;
  /** What moves the branch, or has to know where it is: one after the other. */
  readonly #turns = new Lanes();
  /** Landing → whether its commit holds work that stands in no commit of the agent's own. */
  readonly #uncommitted = new Set<string>();
  #opened: Integration | null = null;
  #repo: Promise<Git> | null = null;

  constructor(parts: LandingsParts) {
    this.#parts = parts;
  }

  /**
   * Queues what the agent has now, and waits until it has landed.
   * @returns the landing as it ended
   * @throws Error with one line where it can't even be queued
   */
  async land(id: string, by: Actor): Promise<Landing> {
    const { room, trees } = this.#parts;
    const tree = trees.of(id);
    const agent = room.state.agents[id];
    if (!tree || !agent) throw new Error(`agent ${id} has no worktree`);
    const landing = randomBytes(4).toString('hex');
    const commit = await this.#commit(tree, agent, landing);
    const asked = room.dispatch({ type: 'landing.ready', agent: id, landing, commit, by });
    if (!asked.ok) throw new Error(asked.refusal.refused);
    const find = (): Landing | undefined => room.state.landings.find((one) => one.id === landing);
    await room.until(() => !find() || !isOpen(find()!));
    return find()!;
  }

  /** What the agent has now, as a commit. @throws Error with one line */
  async #commit(tree: Tree, agent: Agent, landing: string): Promise<string> {
    // The first look at everything, while it still runs.
    await tree.keeps.take();
    const made = await this.#parts.stillness.during(tree, () =>
      landCommit(tree.worktree, tree.scratch, { message: workMessage(agent), at: Date.now(), snapshots: tree.keeps }),
    );
    if (!made.ok) throw new Error(made.reason);
    if (made.uncommitted) this.#uncommitted.add(landing);
    else this.#uncommitted.delete(landing);
    return made.commit;
  }

  /** While nothing lands: the branch stays where it is until `task` moves it. */
  alone<T>(task: (branch: Branch) => Promise<T>): Promise<T> {
    return this.#turns.run('branch', async () => task(await this.branch()));
  }

  /** As it is now; it may move at once. @throws Error where there is none */
  async branch(): Promise<Branch> {
    const { git, scratch } = await this.#tools();
    const tip = await tipOf(git, this.#parts.integration.branch);
    if (tip === null) throw new Error(`there is no branch ${this.#parts.integration.branch}`);
    return { git, scratch, tip };
  }

  /** Something happened to the queue: goes on with it as far as it goes. */
  step(): void {
    if (this.#driving) return;
    this.#driving = true;
    this.#parts.busy
      .during(() => this.#drive())
      .catch((error: Error) => this.#failAll(error.message))
      .finally(() => {
        this.#driving = false;
        if (this.#parts.room.state.landings.some(isOpen)) this.step();
      });
  }

  /** Where new branches begin: with what has landed, as soon as anything has; null: at what is checked out. */
  async startAt(): Promise<string | null> {
    const { base, integration, room } = this.#parts;
    if (!room.state.landings.some(({ state }) => state === 'landed')) return base;
    return (await branchTip(await this.repository(), integration.branch)) ?? base;
  }

  /** Commit that the work of all is measured and tested at; null where there is none. */
  async tip(): Promise<string | null> {
    return this.#tipIn(await this.repository());
  }

  /**
   * What agents' branches are measured against: the integration branch, before its first landing what it will begin from.
   * @returns null where there is neither
   */
  async measure(tree: Tree): Promise<string | null> {
    return this.#tipIn(new Git(tree.worktree));
  }

  async #tipIn(git: Git): Promise<string | null> {
    const { base, integration } = this.#parts;
    const tip = await branchTip(git, integration.branch);
    if (tip !== null) return tip;
    return base === null ? headOf(await this.repository()) : branchTip(git, base);
  }

  /** Brings one agent forward to the integration branch now. @throws Error with one line */
  async forward(agent: AgentId): Promise<void> {
    const { git } = await this.#open();
    const tip = await tipOf(git, this.#parts.integration.branch);
    if (tip === null) throw new Error('there is no integration branch');
    const done = await this.#parts.forwarding.now(agent, tip);
    if (done.kind === 'conflict')
      throw new Error(`it conflicts in ${done.paths.map((path) => showControls(path)).join(', ')}`);
  }

  async #drive(): Promise<void> {
    const { room } = this.#parts;
    while (room.state.landings.some(isOpen)) {
      if (!(await this.#turns.run('branch', () => this.#turn()))) return;
    }
  }

  /** @returns false where nothing is left to do */
  async #turn(): Promise<boolean> {
    const { room, integration } = this.#parts;
    const { git, scratch } = await this.#tools();
    const tip = await tipOf(git, integration.branch);
    if (tip === null) {
      this.#opened = null;
      return true;
    }
    for (const landing of room.state.landings.filter(isOpen)) await this.#renew(landing, tip);
    this.#result({ type: 'landing.tip', tip });
    const step = nextTest(room.state.landings, this.#results);
    if (step.do === 'nothing') return false;
    await this.#carryOut(step, git, scratch);
    return true;
  }

  /** Whose work holds a landing that was taken out would bring that back: it is brought forward first. */
  async #renew(landing: Landing, tip: string): Promise<void> {
    const { room, trees, forwarding, integration } = this.#parts;
    if (own(room.state.rebuilt, landing.agent) === undefined) return;
    const [tree, agent] = [trees.of(landing.agent), room.state.agents[landing.agent]];
    const commit = async (): Promise<string> => {
      if (!tree || !agent) throw new Error('it has no worktree any more');
      return this.#commit(tree, agent, landing.id);
    };
    this.#tell(await renewed({ room, forwarding, branch: integration.branch, commit }, landing, tip));
  }

  async #carryOut(step: LandingStep, git: Git, scratch: Scratch): Promise<void> {
    switch (step.do) {
      case 'merge': {
        const { room, integration } = this.#parts;
        const set = step.landings.map((id) => this.#landing(id));
        const merged = await mergeSet({ git, scratch, tip: this.#results.tip }, set, (landing) => {
          const agent = room.state.agents[landing.agent];
          return agent ? landingMessage(integration.message, agent) : `work of ${landing.agent}`;
        });
        return this.#result({ type: 'landing.merged', tip: this.#results.tip, landings: step.landings, merged });
      }
      case 'check': {
        this.#tell({ type: 'landing.testing', landings: step.landings });
        const checked = await this.#parts.checks.run(step.commit);
        return this.#result({ type: 'landing.checked', tree: step.tree, checked });
      }
      case 'land':
        return this.#land(step, git);
      case 'fail': {
        const { landing, fault, partner, reason, firstError } = step;
        // Who asks again wants it tested again.
        const merged = this.#results.merged[setKey([landing])];
        if (merged?.kind === 'tree') this.#result({ type: 'landing.forgotten', tree: merged.tree });
        return this.#tell({ type: 'landing.failed', landing, fault, partner, reason, firstError });
      }
      case 'withdraw':
        return this.#tell({ type: 'landing.withdrawn', landing: step.landing, reason: step.reason });
      case 'nothing':
        return;
      default:
        return step satisfies never;
    }
  }

  async #land(step: Extract<LandingStep, { do: 'land' }>, git: Git): Promise<void> {
    const { integration, checks, forwarding } = this.#parts;
    const from = this.#results.tip;
    const to = step.commits.at(-1)!;
    // Only the last of them was tested as it stands: the branch goes there in one move.
    const before = step.landings.map((id, i) => ({ id, from: i === 0 ? from : step.commits[i - 1]! }));
    const [first, ...others] = before;
    const moved = await moveIntegration(git, { branch: integration.branch, from, to, id: first!.id, others });
    // The branch is elsewhere by now: the next turn merges and tests anew.
    if (!moved.ok && moved.moved) return;
    if (!moved.ok) {
      const failed = { fault: 'error', partner: null, reason: moved.reason, firstError: null } as const;
      for (const id of step.landings) this.#tell({ type: 'landing.failed', landing: id, ...failed });
      return;
    }
    this.#result({ type: 'landing.tip', tip: to });
    for (const [i, id] of step.landings.entries()) {
      await forwarding.landed(this.#landing(id), this.#uncommitted.delete(id));
      this.#tell({ type: 'landing.landed', landing: id, merge: step.commits[i]! });
      await this.#freeLocks(id, before[i]!.from, step.commits[i]!, git);
    }
    checks.passed(to);
    forwarding.bring(to);
  }

  async #freeLocks(id: string, from: string, merge: string, git: Git): Promise<void> {
    const { room, trees } = this.#parts;
    const { agent } = this.#landing(id);
    await freeLanded(room, git, { agent, tree: trees.of(agent), from, merge }).catch((error: Error) =>
      log(`locks of ${agent}: ${error.message}`),
    );
  }

  async #tools(): Promise<{ readonly git: Git; readonly scratch: Scratch }> {
    const { git } = await this.#open();
    return { git, scratch: await this.#parts.trees.scratch(git.dirs.commonDir) };
  }

  async repository(): Promise<Git> {
    this.#repo ??= gitDirs(this.#parts.repo).then((dirs) => {
      if (dirs === null) throw new Error(`${this.#parts.repo} is in no git repository`);
      return new Git({ dir: dirs.top, gitDir: dirs.gitDir, commonDir: dirs.commonDir });
    });
    return this.#repo;
  }

  async #open(): Promise<Integration> {
    if (this.#opened) return this.#opened;
    const { repo, base, integration } = this.#parts;
    const opened = await openIntegration(repo, { branch: integration.branch, base });
    if (!opened.ok) throw new Error(opened.reason);
    this.#opened = opened;
    return opened;
  }

  #landing(id: string): Landing {
    const found = this.#parts.room.state.landings.find((one) => one.id === id);
    if (!found) throw new Error(`no landing has the id ${id}`);
    return found;
  }

  /** Nothing could be tested: said once for each, instead of trying for ever. */
  #failAll(reason: string): void {
    log(`landing: ${reason}`);
    for (const { id } of this.#parts.room.state.landings.filter(isOpen)) {
      this.#tell({ type: 'landing.failed', landing: id, fault: 'error', partner: null, reason, firstError: null });
    }
  }

  #result(event: ResultEvent): void {
    this.#results = evolveResults(this.#results, event);
  }

  #tell(fact: Fact): void {
    this.#parts.room.dispatch({ type: 'landing.fact', fact });
  }
}
