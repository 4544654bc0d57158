/** Drives a rehearsal to its end: answers in a person's place, starts again who was lost, and says when nothing moves any more. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LlmctlError } from '../../client/error.ts';
import type { RoomConnection } from '../../client/room.ts';
import type { ClientCommand } from '../../core/model/commands.ts';
import type { State } from '../../core/model/state.ts';
import { own } from '../../core/model/work.ts';
import type { Seed } from '../../core/rehearse/chance.ts';
import { openWork } from '../../core/rehearse/end.ts';
import { answersTo, MOST_FAILURES, type Answer } from '../../core/rehearse/person.ts';
import { mishapOf } from '../../core/rehearse/mishaps.ts';
import { taskMs } from '../../core/rehearse/pace.ts';
import { planIndex } from '../../core/schedule/plan-index.ts';

export interface DriveParts {
  readonly room: RoomConnection;
  readonly seed: Seed;
  readonly speed: number;
  readonly say: (line: string) => void;
  /** The person wants it to end. */
  readonly stop: AbortSignal;
}

/** Time itself is waited for: the end of what persons do, and silence. */
const LOOK_MS = 200;
/** An agent that hangs by the script is noticed soon; any other gets the benefit of a slow machine. */
const HANG_MS = 1_500;
const SILENCE_MS = 60_000;
/** Nothing at all moved for so long: it won't any more. */
const STALL_MS = 120_000;
/** What was refused may be right a moment later. */
const AGAIN_MS = 1_000;

export class Drive {
  readonly #parts: DriveParts;
  readonly #answered = new Map<string, number>();
  readonly #refusedGates = new Set<string>();
  /** Tasks whose agent hung, and was started again. */
  readonly #woken = new Set<string>();
  readonly #failures = new Map<string, number>();
  /** Task → where it stood, and since when it does. */
  readonly #stands = new Map<string, { readonly mark: string; readonly at: number }>();
  #moved = performance.now();

  constructor(parts: DriveParts) {
    this.#parts = parts;
  }

  /** @returns why the plan did not run to its end; '' where it did */
  async run(): Promise<string> {
    const { room, stop } = this.#parts;
    for (;;) {
      const reason = this.#look();
      if (reason !== null) return reason;
      const moved = new AbortController();
      const off = room.onChange(() => moved.abort());
      const signal = AbortSignal.any([moved.signal, stop]);
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
      off();
    }
  }

  /** null: it goes on. */
  #look(): string | null {
    const { room, stop } = this.#parts;
    if (stop.aborted) return 'it was interrupted';
    const connection = room.connection();
    if (connection.state === 'ended') return `the session ended: ${connection.reason}`;
    if (connection.state !== 'live') return null;
    const state = room.state();
    this.#follow(state);
    if (openWork(state).length === 0) return '';
    for (const [task, times] of this.#failures) {
      if (times > MOST_FAILURES) return `task ${task} failed ${times} times: ${own(state.work!.tasks, task)!.reason}`;
    }
    const now = performance.now();
    if (now - this.#moved > STALL_MS) return `nothing moves any more: ${openWork(state)[0]!}`;
    for (const answer of this.#answers(state)) this.#give(answer, now);
    return null;
  }

  #answers(state: State): readonly Answer[] {
    const { seed, speed } = this.#parts;
    const terms = { seed, speed, now: Date.now(), refused: (gate: string) => this.#refusedGates.has(gate) };
    return [...answersTo(state, terms), ...this.#silent(state)];
  }

  #give({ about, command }: Answer, now: number): void {
    const before = this.#answered.get(about);
    if (before !== undefined && now - before < AGAIN_MS) return;
    // Until it is known what became of it.
    this.#answered.set(about, Number.POSITIVE_INFINITY);
    void this.#ask(about, command);
  }

  async #ask(about: string, command: ClientCommand): Promise<void> {
    try {
      await this.#parts.room.command(command);
      if (command.type === 'gate.fail') this.#refusedGates.add(command.gate);
    } catch (error) {
      if (!(error instanceof LlmctlError)) throw error;
      this.#answered.set(about, performance.now());
    }
  }

  /** Notes what moved since the last look, and tells it. */
  #follow({ work, landings, rounds }: State): void {
    if (work === null) return;
    const now = performance.now();
    const stand = (name: string, mark: string, said: string): void => {
      const known = this.#stands.get(name);
      if (known?.mark === mark) return;
      this.#stands.set(name, { mark, at: now });
      this.#moved = now;
      if (said !== '' && known !== undefined) this.#parts.say(said);
    };
    for (const [id, task] of Object.entries(work.tasks)) {
      const { stage, progress, brief, attempts, agent, reason } = task;
      const known = this.#stands.get(`stage ${id}`);
      if (stage === 'failed' && known?.mark !== `failed ${task.since}`) {
        this.#failures.set(id, (this.#failures.get(id) ?? 0) + 1);
      }
      stand(`task ${id}`, [stage, progress, brief, attempts, task.since].join(' '), '');
      const why = (stage === 'failed' || stage === 'blocked') && reason !== '' ? `: ${reason}` : '';
      stand(`stage ${id}`, `${stage} ${task.since}`, `task ${id} ${stage}${agent === null ? '' : ` (${agent})`}${why}`);
    }
    for (const [id, { state, retries, asked, reason }] of Object.entries(work.gates)) {
      const said = state === 'pending' ? '' : `gate ${id} ${state}${reason === '' ? '' : `: ${reason}`}`;
      stand(`gate ${id}`, [state, retries, asked].join(' '), said);
    }
    for (const { id, agent, state, reason } of landings) {
      stand(`landing ${id}`, state, state === 'failed' ? `the work of ${agent} did not land: ${reason}` : '');
    }
    for (const { id, sides, phase, paths } of Object.values(rounds)) {
      const told = phase === 'needs-person' || phase === 'resolved' || phase === 'failed' || phase === 'deferred';
      const pair = sides.map(({ agent }) => agent).join(' and ');
      stand(`round ${id}`, phase, told ? `${pair} in ${paths.join(', ')}: ${phase}` : '');
    }
  }

  /** Agents that should be at work and aren't heard of. */
  #silent(state: State): readonly Answer[] {
    const { seed, speed } = this.#parts;
    const { work } = state;
    return Object.entries(work?.tasks ?? {}).flatMap(([id, task]): Answer[] => {
      const agent = task.agent === null ? undefined : own(state.agents, task.agent);
      const since = this.#stands.get(`task ${id}`)?.at;
      if (task.stage !== 'running' || !agent || since === undefined || agent.status.state === 'paused') return [];
      const planned = planIndex(work!.plan).tasks.get(id)!;
      const hangs = mishapOf(seed, work!.plan, planned) === 'hangs' && task.progress > 0 && !this.#woken.has(id);
      const limit = (hangs ? HANG_MS : SILENCE_MS) + taskMs(work!.plan, planned, speed);
      if (performance.now() - since < limit) return [];
      this.#woken.add(id);
      return [
        {
          about: `silent ${id} ${task.since} ${task.attempts} ${agent.restarts}`,
          command: { type: 'agent.restart', agent: agent.spec.id },
        },
      ];
    });
  }
}
