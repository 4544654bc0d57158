/** Carries effects out. What comes of them goes back to the room as observations; nothing here decides anything. */
import type { TreeReply } from '../../protocol/ptyhost.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { Effect } from '../../core/model/effects.ts';
import { STOP_GRACE_MS } from '../../core/react.ts';
import type { Busy } from '../busy.ts';
import { Lanes } from '../lanes.ts';
import { log } from '../log.ts';
import type { Panes } from '../panes.ts';
import type { Answerer } from '../inside/answerer.ts';
import type { Planning } from '../planning/planning.ts';
import type { Room } from '../room.ts';
import type { Briefer } from './brief.ts';
import type { Watching } from '../watching/watching.ts';
import type { Spawner } from './spawn.ts';

export interface EffectParts {
  readonly room: Room;
  readonly panes: Panes;
  readonly busy: Busy;
  readonly spawner: Spawner;
  readonly briefer: Briefer;
  /** Resolves when it has ended so, or is not going to. */
  readonly endByKeys: (agent: AgentId) => Promise<void>;
  /** Runs a check of that name and tells its result. */
  readonly runHealth: (name: string) => Promise<void>;
  readonly exit: () => void;
  readonly land: () => void;
  readonly consider: (overlap: string, ms: number) => void;
  readonly planning: () => Planning;
  readonly watching: () => Watching;
  readonly answerer: () => Answerer;
  readonly stillness: () => { hold(agent: AgentId): Promise<void>; letGo(agent: AgentId): Promise<void> };
  readonly rounds: () => { step(id: string): void; awaitPerson(id: string, ms: number): void };
}

export class Effects {
  readonly #parts: EffectParts;
  /** Start, pause, resume, stop of one agent never overlap. */
  readonly #lanes = new Lanes();
  readonly #backoffs = new Map<AgentId, NodeJS.Timeout>();

  constructor(parts: EffectParts) {
    this.#parts = parts;
  }

  perform(effect: Effect): void {
    switch (effect.type) {
      case 'pty.spawn':
        this.#cancelBackoff(effect.agent);
        return this.#lane(effect.agent, () => this.#parts.spawner.spawn(effect.agent));
      case 'pty.brief':
        return this.#brief(effect);
      case 'pty.forget':
        this.#cancelBackoff(effect.agent);
        return this.#lane(effect.agent, () => this.#parts.panes.forget(effect.agent));
      case 'tree.pause':
        return this.#lane(effect.agent, () => this.#pause(effect));
      case 'tree.resume':
        return this.#lane(effect.agent, () => this.#resume(effect));
      case 'tree.stop':
        return this.#lane(effect.agent, () => this.#stop(effect));
      case 'timer.backoff':
        return this.rearm(effect.agent, effect.ms);
      case 'health.run':
        return this.#background(() => this.#parts.runHealth(effect.name));
      case 'agents.hold':
        return this.#each(effect.agents, (agent) => this.#parts.stillness().hold(agent));
      case 'agents.release':
        return this.#each(effect.agents, (agent) => this.#parts.stillness().letGo(agent));
      case 'overlap.consider':
        return this.#parts.consider(effect.overlap, effect.ms);
      case 'round.step':
        return this.#parts.rounds().step(effect.round);
      case 'round.await':
        return this.#parts.rounds().awaitPerson(effect.round, effect.ms);
      case 'landing.step':
        return this.#parts.land();
      case 'task.brief':
        return this.#parts.planning().brief(effect);
      case 'task.verify':
        return this.#parts.planning().verify(effect);
      case 'task.land':
        return this.#parts.planning().land(effect);
      case 'gate.run':
        return this.#parts.planning().gate(effect);
      case 'milestone.record':
        return this.#parts.planning().milestone(effect.milestone);
      case 'emergency.do':
        return this.#parts.watching().step(effect);
      case 'brief.prove':
        return this.#background(() => this.#parts.briefer.prove(effect.agent));
      case 'permission.tell': {
        const { permission, verdict, reason } = effect;
        return this.#background(() => this.#parts.answerer().tell(permission, verdict, reason));
      }
      case 'sync.hold':
        return this.#parts.watching().syncs.hold(effect);
      case 'session.exit':
        return this.#parts.exit();
    }
  }

  /** Resolves when nothing is being done to the agent. */
  async settled(agent: AgentId): Promise<void> {
    // Effects begin in a turn of their own.
    await Promise.resolve();
    await this.#lanes.settled(agent);
  }

  allSettled(): Promise<void> {
    return this.#lanes.allSettled();
  }

  /** The agent is to be started again after `ms`; an earlier timer of it is off. */
  rearm(agent: AgentId, ms: number): void {
    this.#cancelBackoff(agent);
    const timer = setTimeout(() => {
      this.#backoffs.delete(agent);
      this.#parts.room.dispatch({ type: 'backoff.over', agent });
    }, ms);
    this.#backoffs.set(agent, timer.unref());
  }

  #cancelBackoff(agent: AgentId): void {
    clearTimeout(this.#backoffs.get(agent));
    this.#backoffs.delete(agent);
  }

  /** What the agent is told survives this process, or waits for a person. */
  handedOver(agent: AgentId): Promise<void> {
    return this.#parts.briefer.handedOver(agent);
  }

  #brief({ agent, text, enter, gentle }: Extract<Effect, { type: 'pty.brief' }>): void {
    const { room, briefer } = this.#parts;
    const first = room.state.agents[agent]?.spec.prompt === text;
    this.#background(() => briefer.brief({ agent, text, enter, first, gentle }));
  }

  async #pause({ agent, by }: Extract<Effect, { type: 'tree.pause' }>): Promise<void> {
    const reply = await this.#tree(agent, (pane) => this.#parts.panes.host.pause(pane));
    const { processes, ms, reason } = reply;
    if (reply.ok) this.#parts.room.dispatch({ type: 'tree.paused', agent, processes, ms, by });
    else this.#parts.room.dispatch({ type: 'tree.pause-failed', agent, reason });
  }

  async #resume({ agent, by }: Extract<Effect, { type: 'tree.resume' }>): Promise<void> {
    const { ok, reason } = await this.#tree(agent, (pane) => this.#parts.panes.host.resume(pane));
    this.#parts.room.dispatch(ok ? { type: 'tree.resumed', agent, by } : { type: 'tree.failed', agent, reason });
  }

  async #stop({ agent, graceMs }: Extract<Effect, { type: 'tree.stop' }>): Promise<void> {
    await this.#parts.endByKeys(agent).catch((error: Error) => log(`agent ${agent}: ${error.message}`));
    const { ok, reason } = await this.#tree(agent, (pane) => this.#parts.panes.host.stop(pane, graceMs));
    if (!ok) this.#parts.room.dispatch({ type: 'tree.failed', agent, reason });
  }

  /** Ends what an ended program of the agent's left running; that there is nothing to end is fine. */
  sweep(agent: AgentId): Promise<void> {
    return this.#lanes.run(agent, async () => {
      await this.#tree(agent, (pane) => this.#parts.panes.host.stop(pane, STOP_GRACE_MS));
    });
  }

  async #tree(agent: AgentId, ask: (pane: number) => Promise<TreeReply>): Promise<TreeReply> {
    const pane = this.#parts.room.state.agents[agent]?.pane;
    const failed = (reason: string): TreeReply => ({ ok: false, processes: 0, ms: 0, reason });
    if (pane === undefined) return failed('the agent is gone');
    try {
      return await ask(pane);
    } catch (error) {
      return failed((error as Error).message);
    }
  }

  #each(agents: readonly AgentId[], task: (agent: AgentId) => Promise<void>): void {
    for (const agent of agents) this.#background(() => task(agent));
  }

  #lane(agent: AgentId, task: () => Promise<void>): void {
    this.#background(() => this.#lanes.run(agent, task));
  }

  #background(task: () => Promise<void>): void {
    this.#parts.busy.during(task).catch((error: Error) => log(`effect failed: ${error.stack ?? error.message}`));
  }
}
