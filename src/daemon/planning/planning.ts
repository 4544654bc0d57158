/** Carries out what the plan's work wants done: briefs, proofs, landings, gates. What comes of it goes back to the room. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isOpen } from '../../core/landing/landing.ts';
import { isLive } from '../../core/model/agent.ts';
import type { Effect } from '../../core/model/effects.ts';
import { own } from '../../core/model/work.ts';
import type { CheckOutcome } from '../../core/model/work-commands.ts';
import type { PlanWorkspace } from '../../core/plan/model.ts';
import { briefText } from '../../core/schedule/briefing.ts';
import { planIndex } from '../../core/schedule/plan-index.ts';
import { taskChecks } from '../../core/schedule/task-checks.ts';
import { roundWith } from '../../core/select/overlaps.ts';
import { oneLine } from '../../core/text.ts';
import type { Busy } from '../busy.ts';
import type { Briefer } from '../effects/brief.ts';
import { log } from '../log.ts';
import type { Merging } from '../merging/merging.ts';
import type { Room } from '../room.ts';
import { Cancelled, PlanCommands, type Place } from './commands.ts';
import { Machine } from './machine.ts';
import { Milestones } from './milestones.ts';

export interface PlanningParts {
  readonly room: Room;
  readonly busy: Busy;
  readonly briefer: Briefer;
  readonly merging: () => Merging;
  readonly repo: string;
  readonly logs: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workspace: PlanWorkspace;
}

type Of<T extends Effect['type']> = Extract<Effect, { readonly type: T }>;

export class Planning {
  readonly #parts: PlanningParts;
  readonly #commands: PlanCommands;
  readonly #milestones: Milestones;
  readonly #machine: Machine;

  constructor(parts: PlanningParts) {
    this.#parts = parts;
    this.#commands = new PlanCommands(parts);
    this.#milestones = new Milestones({ ...parts, commands: this.#commands });
    this.#machine = new Machine(parts.room);
  }

  /** What landed before comes first: the task is about the project as it is now. */
  brief({ task, agent, text }: Of<'task.brief'>): void {
    const { room, briefer } = this.#parts;
    this.#background(async () => {
      await this.#bringForward(agent);
      await briefer.brief({ agent, text, enter: true, first: true, gentle: true });
      room.dispatch({ type: 'task.told', task });
    });
  }

  verify({ task: id, run }: Of<'task.verify'>): void {
    const { room } = this.#parts;
    this.#background(async () => {
      const { work } = room.state;
      const task = work && planIndex(work.plan).tasks.get(id);
      if (!task) return;
      const outcomes = await this.#outcomes(async () => {
        const agent = own(work.tasks, id)?.agent ?? null;
        return this.#commands.task(id, taskChecks(work.plan, task), await this.#placeOf(agent));
      });
      if (outcomes) room.dispatch({ type: 'task.checked', task: id, run, outcomes });
    });
  }

  gate({ gate: id, run }: Of<'gate.run'>): void {
    const { room } = this.#parts;
    this.#background(async () => {
      const { work } = room.state;
      const gate = work && planIndex(work.plan).gates.get(id);
      if (!gate) return;
      const outcomes = await this.#outcomes(async () => this.#commands.gate(gate, await this.#placeOf(null)));
      if (outcomes) room.dispatch({ type: 'gate.checked', gate: id, run, outcomes });
    });
  }

  /** The integration branch has moved. */
  branchMoved(): void {
    this.#background(() => this.#milestones.again());
  }

  milestone(id: string): void {
    this.#background(() => this.#milestones.record(id));
  }

  land({ task, agent, by }: Of<'task.land'>): void {
    const { room, merging } = this.#parts;
    this.#background(async () => {
      // Its worktree is being written to.
      await room.until((state) => roundWith(state, agent) === null);
      try {
        await quietly(() => merging().landings.land(agent, by));
      } catch (error) {
        room.dispatch({ type: 'task.unlandable', task, reason: (error as Error).message });
      }
    });
  }

  /** How the machine stands counts from the first task on. */
  look(): void {
    this.#machine.start();
  }

  /** After a start: what the last daemon was in the middle of is done again; nothing that was told is told twice. */
  recover(): void {
    const { room } = this.#parts;
    room.dispatch({ type: 'schedule.limit', cause: ENDING, reason: null });
    const { work, agents, landings } = room.state;
    if (work === null) return;
    for (const [id, task] of Object.entries(work.tasks)) {
      const { agent: name, run } = task;
      if (task.stage === 'verifying' && run !== null) this.verify({ type: 'task.verify', task: id, run });
      if (name === null) continue;
      const queued = landings.some((one) => one.task === id && (isOpen(one) || one.requestedAt >= task.since));
      if (task.stage === 'landing' && !queued) {
        this.land({ type: 'task.land', task: id, agent: name, by: task.by ?? { kind: 'coordinator', name: 'llmctl' } });
      }
      const agent = own(agents, name);
      const planned = planIndex(work.plan).tasks.get(id);
      if (task.brief !== 'sending' || !agent || !isLive(agent) || !planned) continue;
      this.brief({ type: 'task.brief', task: id, agent: name, text: briefText(work, planned, task, agent) });
    }
    for (const [id, { reachedAt, recorded }] of Object.entries(work.milestones)) {
      if (reachedAt !== null && !recorded) this.milestone(id);
    }
    for (const [id, { state, run }] of Object.entries(work.gates)) {
      if (state === 'running' && run !== null) this.gate({ type: 'gate.run', gate: id, run });
    }
  }

  /** The session ends: nothing new is started from now on. */
  ending(): void {
    this.#parts.room.dispatch({ type: 'schedule.limit', cause: ENDING, reason: 'the session is ending' });
  }

  async stop(): Promise<void> {
    this.#machine.stop();
    await this.#commands.stop();
  }

  /** Where what somebody did is to be found. @param agent null: the work of all */
  async #placeOf(agent: string | null): Promise<Place> {
    const { room, repo, merging } = this.#parts;
    const doer = agent === null ? undefined : own(room.state.agents, agent);
    if (doer) return { dir: doer.spec.cwd };
    const apart = Object.values(room.state.agents).some(({ spec }) => spec.worktree);
    const tip = apart ? await merging().landings.tip() : null;
    return tip === null ? { dir: repo } : { commit: tip };
  }

  /** null: the session is ending, and nothing is known. */
  async #outcomes(run: () => Promise<readonly CheckOutcome[]>): Promise<readonly CheckOutcome[] | null> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof Cancelled) return null;
      const reason = oneLine((error as Error).message, 300);
      log(`plan: ${reason}`);
      return [{ index: 0, ok: false, reason, output: [], baseline: null }];
    }
  }

  async #bringForward(agent: string): Promise<void> {
    const { room, merging } = this.#parts;
    const { landings, forwarding } = merging();
    const landed = room.state.landings.some(({ state }) => state === 'landed');
    if (!landed || forwarding === 'off' || room.state.agents[agent]?.tree == null) return;
    try {
      await landings.forward(agent);
    } catch (error) {
      const text = `what has landed can't be brought to ${agent}: ${(error as Error).message}`;
      room.dispatch({ type: 'alert', level: 'warn', text, agent, cause: `forward:${agent}` });
    }
  }

  #background(task: () => Promise<void>): void {
    this.#parts.busy.during(task).catch((error: Error) => log(`plan: ${error.stack ?? error.message}`));
  }
}

const ENDING = 'ending';

/** A git command of the agent's own is over in a moment: no person has to be asked for that. */
const GIT_TRIES = 8;
const GIT_AGAIN_MS = 400;

async function quietly<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= GIT_TRIES || !(error as Error).message.includes('git is at work')) throw error;
      await sleep(GIT_AGAIN_MS);
    }
  }
}
