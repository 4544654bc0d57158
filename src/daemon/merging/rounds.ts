/** Carries out the steps of rounds: what the core says is next is done, and what came of it goes back as a fact. */
import { RoundSteps } from '../../adapters/git/round-steps.ts';
import { undoRound, type Undone } from '../../adapters/git/undo.ts';
import { toldAs } from '../../core/agents/told.ts';
import { nextStep, type RoundStep } from '../../core/merge/next-step.ts';
import { awaitsPerson, isOver, type Round, type RoundEvent } from '../../core/merge/round.ts';
import { COORDINATOR, type Actor, type AgentId } from '../../core/model/agent.ts';
import { activeRounds, roundWith } from '../../core/select/overlaps.ts';
import { showControls } from '../../core/text.ts';
import type { Busy } from '../busy.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';
import { briefFor } from './briefs.ts';
import type { Guards } from './guards.ts';
import { regenerated } from './regenerate.ts';
import type { Stillness } from './stillness.ts';
import type { Tree } from './tree.ts';
import type { Trees } from './trees.ts';
import { verifyRound, type Verify } from './verify-round.ts';

type Fact = Exclude<RoundEvent, { readonly type: 'round.detected' }>;

export interface RoundsParts {
  readonly room: Room;
  readonly trees: Trees;
  readonly stillness: Stillness;
  readonly guards: Guards;
  readonly busy: Busy;
  readonly verify: Verify;
  /** Resolves when what an agent was told no longer depends on this process. */
  readonly handedOver: (agent: AgentId) => Promise<void>;
  /** A worktree was written to: what was seen of it is old. */
  readonly onWritten: (agent: AgentId) => void;
}

/** A round is over in half a second; one that hangs must not keep a session from ending. */
const FINISH_MS = 10_000;

export class Rounds {
  readonly #parts: RoundsParts;
  readonly #running = new Set<string>();
  readonly #steps = new Map<string, RoundSteps>();
  readonly #waits = new Map<string, NodeJS.Timeout>();
  readonly #settledByRule = new Set<string>();
  readonly #words = new Map<string, Promise<string | null>>();

  constructor(parts: RoundsParts) {
    this.#parts = parts;
  }

  /** Something happened to the round: goes on with it as far as it goes. */
  step(id: string): void {
    if (this.#running.has(id)) return;
    this.#running.add(id);
    this.#parts.busy
      .during(() => this.#drive(id))
      .catch((error: Error) => {
        log(`round ${id}: ${error.stack ?? error.message}`);
        this.#tell({ type: 'round.failed', round: id, reason: error.message, moved: false });
      })
      .finally(() => {
        this.#running.delete(id);
        // What came while it ended.
        const round = this.#round(id);
        if (round && this.#isDue(round)) this.step(id);
      });
  }

  /** A person's word is awaited: after `ms` the round is put off. */
  awaitPerson(id: string, ms: number): void {
    if (this.#waits.has(id)) return;
    const timer = setTimeout(() => {
      this.#waits.delete(id);
      const round = this.#round(id);
      if (!round || round.phase !== 'needs-person' || !awaitsPerson(round)) return;
      const reason = `nobody decided within ${Math.round(ms / 1000)} s`;
      this.#tell({ type: 'round.deferred', round: id, reason, by: COORDINATOR });
    }, ms);
    this.#waits.set(id, timer.unref());
  }

  /**
   * After a start, before anything else may stop an agent: a pause of llmctl's own that no round stands behind is of something
   * that the daemon ended in the middle of, and that is over.
   */
  async letGoOfStrays(): Promise<void> {
    const { room, stillness } = this.#parts;
    for (const { spec, status } of Object.values(room.state.agents)) {
      const ours = status.state === 'paused' && status.by?.kind === 'coordinator';
      if (ours && roundWith(room.state, spec.id) === null) await stillness.go(spec.id);
    }
  }

  /** After a start: rounds that were under way go on; what stood still must be proven once more. */
  async recover(): Promise<void> {
    const rounds = activeRounds(this.#parts.room.state);
    for (const { id, sides } of rounds) {
      for (const { agent } of sides) {
        const tree = this.#parts.trees.of(agent);
        if (tree) await this.#parts.guards.hold(id, tree, false);
      }
    }
    await this.#parts.guards.remind(this.#parts.room.state, this.#parts.trees, Date.now());
    for (const { id } of rounds) this.#tell({ type: 'round.recovered', round: id });
  }

  /** Takes a round back in both worktrees. @throws Error with one line */
  async undo(id: string, by: Actor): Promise<Undone> {
    const round = this.#round(id);
    if (!round) throw new Error(`no merge has the id ${id}`);
    const { scratch, worktrees, trees } = this.#pair(round);
    const { guards } = this.#parts;
    const takeBack = async () => {
      const undone = await undoRound(id, scratch, worktrees);
      for (const tree of trees) await guards.accept(tree);
      for (const tree of trees) this.#written(round, tree);
      if (undone.ok) this.#tell({ type: 'round.undone', round: id, by });
      return undone;
    };
    const done = await guards.during(trees[0], () => guards.during(trees[1], takeBack));
    if (!done.ok) throw new Error(done.reason);
    const { room } = this.#parts;
    const paths = round.merged.concat(round.conflicts).map((path) => showControls(path));
    for (const { agent } of trees) {
      const words = `llmctl: the merge of ${paths.join(', ')} was undone by ${by.name}. Read these files again before you go on.`;
      room.dispatch({
        type: 'agent.send',
        agent,
        text: toldAs(room.state.agents[agent], words),
        enter: true,
        by: COORDINATOR,
      });
    }
    return done;
  }

  /** What was merged of a round that waits for a person: for a screen that shows the conflict. */
  steps(id: string): RoundSteps | undefined {
    return this.#steps.get(id);
  }

  /** Before a session ends: what waits for a person is put off, what is under way comes to its end. */
  async finish(): Promise<void> {
    const { room } = this.#parts;
    for (const round of activeRounds(room.state)) {
      if (round.phase !== 'needs-person') continue;
      this.#tell({ type: 'round.deferred', round: round.id, reason: 'the session ends', by: COORDINATOR });
    }
    const late = new Promise<void>((done) => void setTimeout(done, FINISH_MS).unref());
    await Promise.race([late, room.until((state) => activeRounds(state).length === 0)]);
  }

  stop(): void {
    for (const timer of this.#waits.values()) clearTimeout(timer);
  }

  async #drive(id: string): Promise<void> {
    for (let round = this.#round(id); round && !isOver(round); round = this.#round(id)) {
      const { seq } = this.#parts.room.state;
      const facts = await this.#carryOut(round, nextStep(round));
      for (const fact of facts) this.#tell(fact);
      if (facts.length === 0 || this.#parts.room.state.seq === seq) break;
    }
    const round = this.#round(id);
    if (!round || isOver(round)) this.#forget(id);
    // Of one that is gone there was nobody to let go on.
    if (round && isOver(round)) for (const { agent } of round.sides) this.#parts.guards.letGo(id, agent);
  }

  #isDue(round: Round): boolean {
    const step = nextStep(round).do;
    return step !== 'nothing' && step !== 'ask';
  }

  async #carryOut(round: Round, step: RoundStep): Promise<readonly Fact[]> {
    const { id } = round;
    switch (step.do) {
      case 'nothing':
        return [];
      case 'pause':
        return this.#pause(round, step.agents);
      case 'verify':
        return verifyRound(round, step.check, this.#pair(round).trees, this.#parts.verify);
      case 'ask':
        return this.#byRule(round);
      case 'tell': {
        await Promise.all(step.agents.map((agent) => this.#brief(round, agent)));
        return step.agents.map((agent) => ({ type: 'round.told', round: id, agent }));
      }
      case 'resume': {
        await this.#resume(round, step.agents);
        return step.agents.map((agent) => ({ type: 'round.resumed', round: id, agent }));
      }
      default: {
        // What was planned says what there is to tell: worked out beside the writing, not after it.
        if (step.do === 'apply') for (const { agent } of round.sides) void this.#wordsFor(round, agent);
        const facts = await this.#stepsOf(round).carryOut(round);
        if (step.do === 'apply' || step.do === 'roll-back')
          for (const tree of this.#pair(round).trees) this.#written(round, tree);
        return facts.filter((fact): fact is Fact => fact.type !== 'round.detected');
      }
    }
  }

  async #pause(round: Round, agents: readonly AgentId[]): Promise<readonly Fact[]> {
    const { trees } = this.#pair(round);
    // What is read of the worktrees now need not be read while they stand still.
    const warming = this.#stepsOf(round).warm();
    const stopped = await Promise.all(
      agents.map(async (agent) => {
        const tree = trees.find((one) => one.agent === agent)!;
        return { agent, ...(await this.#parts.stillness.stop(tree)) };
      }),
    );
    await warming;
    const facts: Fact[] = [];
    for (const one of stopped) {
      if (one.how === 'gone') facts.push({ type: 'round.gone', round: round.id, agent: one.agent });
      else if (one.how === 'paused') {
        facts.push({ type: 'round.paused', round: round.id, agent: one.agent, before: one.before });
      } else facts.push({ type: 'round.failed', round: round.id, reason: one.reason, moved: false });
    }
    if (facts.every((fact) => fact.type !== 'round.failed'))
      for (const tree of trees) await this.#parts.guards.hold(round.id, tree, !round.planned);
    return facts;
  }

  /** Generated files are made anew instead of asked about; once a round, for it may not help. */
  async #byRule(round: Round): Promise<readonly Fact[]> {
    if (this.#settledByRule.has(round.id)) return [];
    this.#settledByRule.add(round.id);
    const { trees } = this.#pair(round);
    const settled = await regenerated(this.#parts.room.state.mergePolicy, round, this.#stepsOf(round).result, trees[0]);
    return settled.length === 0 ? [] : [{ type: 'round.settled', round: round.id, settled, by: COORDINATOR }];
  }

  #wordsFor(round: Round, agent: AgentId): Promise<string | null> {
    const key = `${round.id} ${agent}`;
    const known = this.#words.get(key);
    if (known) return known;
    const words = briefFor(this.#parts.room.state, round, this.#pair(round).trees, agent);
    words.catch(() => {});
    this.#words.set(key, words);
    return words;
  }

  async #brief(round: Round, agent: AgentId): Promise<void> {
    const { room } = this.#parts;
    const text = await this.#wordsFor(round, agent);
    if (text === null) return;
    room.dispatch({ type: 'agent.send', agent, text, enter: true, by: COORDINATOR });
    await this.#parts.handedOver(agent);
  }

  async #resume(round: Round, agents: readonly AgentId[]): Promise<void> {
    const { trees } = this.#pair(round);
    const go = async (agent: AgentId): Promise<void> => {
      const tree = trees.find((one) => one.agent === agent)!;
      if (round.outcome === 'merged') {
        const kept = await tree.guard.remember(round.id);
        if (!kept.ok) log(`stale guard of ${agent}: ${kept.reason}`);
      }
      await this.#parts.stillness.go(agent);
      this.#parts.guards.letGo(round.id, agent);
    };
    await Promise.all(agents.map(go));
  }

  /** Said at once: until the watcher hears of it, one side's next look would show what it was, and an overlap that is none. */
  #written({ scope, merged, conflicts }: Round, tree: Tree): void {
    tree.epoch++;
    tree.changed(scope === 'tree' ? 'all' : new Set([...merged, ...conflicts]));
    this.#parts.onWritten(tree.agent);
  }

  #stepsOf(round: Round): RoundSteps {
    const known = this.#steps.get(round.id);
    if (known) return known;
    const { scratch, worktrees, trees } = this.#pair(round);
    const steps = new RoundSteps({ scratch, worktrees, snapshots: [trees[0].keeps, trees[1].keeps] });
    this.#steps.set(round.id, steps);
    return steps;
  }

  /** @throws Error where one of them has no worktree any more */
  #pair(round: Round) {
    const [a, b] = round.sides.map(({ agent }) => this.#parts.trees.of(agent));
    const missing = round.sides[a ? 1 : 0].agent;
    if (!a || !b) throw new Error(`the worktree of ${missing} is gone`);
    const trees: readonly [Tree, Tree] = [a, b];
    return { trees, worktrees: [a.worktree, b.worktree] as const, scratch: a.scratch };
  }

  #round(id: string): Round | undefined {
    return this.#parts.room.state.rounds[id];
  }

  #tell(fact: Fact): void {
    this.#parts.room.dispatch({ type: 'round.fact', fact });
  }

  #forget(id: string): void {
    this.#steps.delete(id);
    this.#settledByRule.delete(id);
    for (const key of this.#words.keys()) if (key.startsWith(`${id} `)) this.#words.delete(key);
    clearTimeout(this.#waits.get(id));
    this.#waits.delete(id);
  }
}
