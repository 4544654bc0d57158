/** Commands from clients: those that take time are answered when they are done. */
import type { Actor, Agent, AgentId } from '../../core/model/agent.ts';
import type { Landing } from '../../core/landing/landing.ts';
import type { ClientCommand } from '../../core/model/commands.ts';
import { own } from '../../core/model/work.ts';
import { roundWith } from '../../core/select/overlaps.ts';
import type { Effects } from '../effects/effects.ts';
import { keysToBytes } from '../keys.ts';
import { Lanes } from '../lanes.ts';
import type { Panes } from '../panes.ts';
import type { Settled } from '../../core/merge/round.ts';
import type { Room } from '../room.ts';
import { RequestError, refused } from './failure.ts';

export type RollbackCommand = Extract<ClientCommand, { type: 'landing.rollback' }>;

export interface CommandParts {
  readonly room: Room;
  readonly panes: Panes;
  readonly effects: Effects;
  /** Resolves when the check of that name runs no longer. */
  readonly healthDone: (name: string) => Promise<void>;
  readonly down: (by: Actor) => Promise<void>;
  /** Why a choice in a conflict can't be carried out, on one line; null where it can. */
  readonly whyNot: (overlap: string, settled: readonly Settled[]) => Promise<string | null>;
  /** Queues an agent's work and waits for its end. Rejects with one line. */
  readonly land: (agent: AgentId, by: Actor) => Promise<Landing>;
  /** Brings an agent forward to what has landed. Rejects with one line. */
  readonly forward: (agent: AgentId) => Promise<void>;
  /** Takes a landing out of the integration branch, or puts it back. Rejects with one line. */
  readonly rollBack: (command: RollbackCommand, by: Actor) => Promise<void>;
  /** Finds whose landing broke a check. Rejects with one line. */
  readonly blame: (name: string | null) => Promise<void>;
  /** Takes a merge back. Rejects with one line. */
  /** Resolves when llmctl itself holds the agent no longer. */
  readonly free: (agent: AgentId) => Promise<void>;
  readonly undo: (round: string, by: Actor) => Promise<void>;
}

export class Commands {
  readonly #parts: CommandParts;
  /** Two requests for one agent are done one after the other. */
  readonly #lanes = new Lanes();

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  /**
   * @returns the number of the last event
   * @throws RequestError
   */
  async run(command: ClientCommand, by: Actor): Promise<number> {
    await this.#act(command, by);
    return this.#parts.room.state.seq;
  }

  async #act(command: ClientCommand, by: Actor): Promise<void> {
    switch (command.type) {
      case 'agent.add':
        return this.#lane(command.agent.id, () => this.#add(command, by));
      case 'agent.pause':
        return this.#lane(command.agent, () => this.#steer(command, by, (agent) => agent?.status.state === 'paused'));
      case 'agent.resume':
        return this.#lane(command.agent, () => this.#resume(command, by));
      case 'agent.restart':
        return this.#lane(command.agent, () => this.#restart(command, by));
      case 'agent.stop':
        return this.#lane(command.agent, () => this.#stop(command, by));
      case 'agent.remove':
        return this.#lane(command.agent, () => this.#remove(command.agent, by));
      case 'agent.keys':
        return this.#keys(command.agent, command.keys, by);
      case 'health.run':
        this.#dispatch(command, by);
        return this.#parts.healthDone(command.name);
      case 'session.end':
        return this.#parts.down(by);
      case 'agent.send':
      case 'agent.report':
      case 'todo.add':
      case 'todo.check':
      case 'todo.remove':
      case 'alert.clear':
      case 'alert.ack':
      case 'emergency.start':
      case 'emergency.go':
      case 'emergency.skip':
      case 'emergency.stop':
      case 'health.send':
      case 'overlap.merge':
      case 'overlap.defer':
      case 'lock.free':
      case 'landing.withdraw':
      case 'task.start':
      case 'task.fail':
      case 'task.retry':
      case 'task.assign':
      case 'gate.pass':
      case 'gate.fail':
      case 'gate.waive':
      case 'schedule.hold':
      case 'permission.answer':
        return this.#dispatch(command, by);
      case 'overlap.settle': {
        const why = await this.#parts.whyNot(command.overlap, command.settled);
        if (why !== null) throw new RequestError('invalid', why);
        return this.#dispatch(command, by);
      }
      case 'sync.hold': {
        const { room } = this.#parts;
        const before = room.state.watch.syncs[command.point];
        this.#dispatch(command, by);
        return room.until(({ watch }) => watch.syncs[command.point] !== before);
      }
      case 'task.done':
        this.#dispatch(command, by);
        return this.#taskDone(command.task);
      case 'gate.run':
        this.#dispatch(command, by);
        return this.#gateDone(command.gate);
      case 'agent.land':
        return this.#land(command, by);
      case 'agent.forward':
        this.#dispatch(command, by);
        return this.#parts.forward(command.agent).catch((error: Error) => {
          throw new RequestError('failed', `${command.agent} can't be brought forward: ${error.message}`);
        });
      case 'landing.rollback':
        this.#dispatch(command, by);
        return this.#parts.rollBack(command, by).catch((error: Error) => {
          const what = command.undo ? 'put back' : 'taken out';
          throw new RequestError('failed', `${command.landing} can't be ${what}: ${error.message}`);
        });
      case 'health.blame':
        this.#dispatch(command, by);
        return this.#parts.blame(command.name).catch((error: Error) => {
          throw new RequestError('failed', `who broke it can't be told: ${error.message}`);
        });
      case 'round.undo':
        this.#dispatch(command, by);
        return this.#parts.undo(command.round, by).catch((error: Error) => {
          throw new RequestError('failed', `merge ${command.round} can't be undone: ${error.message}`);
        });
    }
  }

  /** What was said to be done has been proved and has landed, or has not. */
  async #taskDone(id: string): Promise<void> {
    const { room } = this.#parts;
    const find = () => (room.state.work === null ? undefined : own(room.state.work.tasks, id));
    await room.until(() => {
      const stage = find()?.stage;
      return stage !== 'verifying' && stage !== 'landing';
    });
    const task = find();
    if (task && task.stage !== 'done') throw new RequestError('failed', `task ${id} is ${task.stage}: ${task.reason}`);
  }

  /** Its commands run no longer. */
  async #gateDone(id: string): Promise<void> {
    const { room } = this.#parts;
    const find = () => (room.state.work === null ? undefined : own(room.state.work.gates, id));
    await room.until(() => find()?.state !== 'running');
    const gate = find();
    const failed = gate?.state === 'failed' || (gate?.state === 'pending' && gate.retries > 0 && !gate.asked);
    if (gate && failed) throw new RequestError('failed', `gate ${id} has failed: ${gate.reason}`);
  }

  async #land(command: Extract<ClientCommand, { type: 'agent.land' }>, by: Actor): Promise<void> {
    this.#dispatch(command, by);
    const { agent } = command;
    const landing = await this.#parts.land(agent, by).catch((error: Error) => {
      throw new RequestError('failed', `the work of ${agent} can't land: ${error.message}`);
    });
    if (landing.state === 'failed')
      throw new RequestError('failed', `the work of ${agent} did not land: ${landing.reason}`);
  }

  async #add(command: Extract<ClientCommand, { type: 'agent.add' }>, by: Actor): Promise<void> {
    this.#dispatch(command, by);
    await this.#started(command.agent.id, command.start);
  }

  /** A round says no at once; what else of llmctl's own holds an agent is over in a moment. */
  async #resume(command: Extract<ClientCommand, { type: 'agent.resume' }>, by: Actor): Promise<void> {
    const { room, free } = this.#parts;
    if (roundWith(room.state, command.agent) === null) await free(command.agent);
    await this.#steer(command, by, (agent) => agent?.status.state !== 'paused');
  }

  async #restart(command: ClientCommand & { readonly agent: AgentId }, by: Actor): Promise<void> {
    this.#dispatch(command, by);
    await this.#started(command.agent, true);
  }

  async #started(id: AgentId, wanted: boolean): Promise<void> {
    await this.#parts.effects.settled(id);
    const agent = this.#agent(id);
    // A program that has ended by now did start: how it ended stands in its state.
    if (!wanted || agent === undefined || agent.run !== null || agent.exit !== null) return;
    if (agent.status.state === 'failed') throw new RequestError('failed', `agent ${id}: ${agent.status.reason}`);
  }

  async #steer(
    command: ClientCommand & { readonly agent: AgentId },
    by: Actor,
    done: (agent: Agent | undefined) => boolean,
  ): Promise<void> {
    const { agent: id } = command;
    const from = this.#parts.room.state.seq;
    this.#dispatch(command, by);
    await this.#parts.effects.settled(id);
    const agent = this.#agent(id);
    if (done(agent)) return;
    const verb = command.type.slice('agent.'.length);
    if (agent !== undefined && agent.run === null) {
      throw new RequestError('not-running', `can't ${verb} agent ${id}: it ended meanwhile (${agent.status.reason})`);
    }
    throw new RequestError('failed', `can't ${verb} agent ${id}: ${this.#whyNot(id, from)}`);
  }

  /** A program that has ended may have left others running: a stop ends those too. */
  async #stop(command: Extract<ClientCommand, { type: 'agent.stop' }>, by: Actor): Promise<void> {
    const ended = this.#agent(command.agent)?.run === null;
    await this.#steer(command, by, (agent) => !agent?.run);
    if (ended) await this.#parts.effects.sweep(command.agent);
  }

  async #remove(id: AgentId, by: Actor): Promise<void> {
    const agent = this.#agent(id);
    if (agent !== undefined && (agent.run !== null || agent.status.state === 'starting')) {
      await this.#parts.effects.settled(id);
      await this.#steer({ type: 'agent.stop', agent: id }, by, (now) => !now?.run);
    }
    this.#dispatch({ type: 'agent.remove', agent: id }, by);
    await this.#parts.effects.settled(id);
  }

  async #keys(id: AgentId, keys: readonly string[], by: Actor): Promise<void> {
    this.#dispatch({ type: 'agent.keys', agent: id, keys }, by);
    const pane = this.#parts.panes.of(id);
    if (pane === undefined) throw new RequestError('not-running', `agent ${id} has no terminal`);
    // Names are checked before anything waits.
    const named = keysToBytes(keys, { flags: 0, kittyFlags: 0 });
    if (!named.ok) throw new RequestError('invalid', named.error);
    const bytes = keysToBytes(keys, await this.#parts.panes.modes(pane.pane));
    if (bytes.ok) this.#parts.panes.write(pane.pane, Buffer.from(bytes.bytes));
  }

  #whyNot(id: AgentId, from: number): string {
    const events = this.#parts.room.journal.recent().filter(({ seq }) => seq > from);
    const failed = events.findLast(({ event }) => event.type === 'agent.pause-failed' && event.agent === id);
    return failed?.event.type === 'agent.pause-failed' ? failed.event.reason : 'the ptyhost did not do it';
  }

  #agent(id: AgentId): Agent | undefined {
    const { agents } = this.#parts.room.state;
    return Object.hasOwn(agents, id) ? agents[id] : undefined;
  }

  #dispatch(command: ClientCommand, by: Actor): void {
    const outcome = this.#parts.room.dispatch({ ...command, by });
    if (!outcome.ok) throw refused(outcome.refusal);
  }

  #lane(agent: AgentId, task: () => Promise<void>): Promise<void> {
    return this.#lanes.run(agent, task);
  }
}
