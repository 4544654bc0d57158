/** Stops an agent between two writes, never in the middle of one, and lets it go on. */
import { EventEmitter, once } from 'node:events';
import { gitBusy, pauseStill, type Still } from '../../adapters/git/quiesce.ts';
import type { PtyHostClient } from '../../adapters/ptyhost/client.ts';
import { COORDINATOR, isLive, type Agent, type AgentId } from '../../core/model/agent.ts';
import { isHeldByCheck, type Checks } from '../../core/select/held.ts';
import type { Effects } from '../effects/effects.ts';
import { Lanes } from '../lanes.ts';
import type { Room } from '../room.ts';
import type { Tree } from './tree.ts';

/** What it has to know of an agent. */
export type Stoppable = Pick<Agent, 'run' | 'status' | 'pane'>;

export interface StillnessParts {
  readonly room: Pick<Room, 'dispatch'> & {
    readonly state: Checks & { readonly agents: Readonly<Record<AgentId, Stoppable>> };
  };
  readonly panes: { readonly host: Pick<PtyHostClient, 'pause' | 'resume'> };
  readonly effects: Pick<Effects, 'settled'>;
}

export type Stopped =
  /** `before`: somebody else had paused it, and it is to stay so. */
  | { readonly how: 'paused'; readonly before: boolean }
  /** Nothing of it runs. */
  | { readonly how: 'gone' }
  | { readonly how: 'failed'; readonly reason: string };

/** A guard or a forward holds an agent for moments; on a busy machine for longer, and half of what they write must not be run. */
const HELD_MS = 30_000;

export class Stillness {
  readonly #parts: StillnessParts;
  /** A guard may want an agent to stand still that a round holds already: it goes on when the last lets go. */
  readonly #holds = new Map<AgentId, number>();
  readonly #released = new EventEmitter();
  /** Known to be between two writes, for as long as somebody holds it. */
  readonly #still = new Set<AgentId>();
  /** Stopping and going on of one agent never overlap: who stops it must not take a resume under way for stillness. */
  readonly #lanes = new Lanes();

  constructor(parts: StillnessParts) {
    this.#parts = parts;
  }

  /**
   * Ends with the agent paused and shown as such, whatever it was in the middle of after half a second. Whatever the answer, `go`
   * is owed.
   */
  stop(tree: Tree): Promise<Stopped> {
    const { agent: id } = tree;
    this.#holds.set(id, (this.#holds.get(id) ?? 0) + 1);
    return this.#lanes.run(id, () => this.#stop(tree));
  }

  async #stop(tree: Tree): Promise<Stopped> {
    const { agent: id } = tree;
    const { room, effects } = this.#parts;
    // It still counts as paused while it is being resumed: by a person, or by who held it before.
    await effects.settled(id);
    const agent = room.state.agents[id];
    if (agent === undefined || !isLive(agent)) return { how: 'gone' };
    const by = agent.status.by?.kind;
    const before = agent.status.state === 'paused' && (by !== 'coordinator' || isHeldByCheck(room.state, id));
    if (agent.status.state !== 'paused') {
      const asked = room.dispatch({ type: 'agent.pause', agent: id, by: COORDINATOR });
      if (!asked.ok) return { how: 'failed', reason: asked.refusal.refused };
      await effects.settled(id);
      const now = room.state.agents[id];
      if (now === undefined || !isLive(now)) return { how: 'gone' };
      if (now.status.state !== 'paused') return { how: 'failed', reason: `${id} could not be paused` };
    }
    // Also of one that stood already: a person's pause, or one of a daemon that was killed, may have come in the middle of a write.
    if (!this.#still.has(id)) {
      const still = await this.#settle(tree, agent);
      if (still.busy) return { how: 'failed', reason: still.busy.reason };
      this.#still.add(id);
    }
    const busy = await gitBusy(tree.worktree);
    return busy ? { how: 'failed', reason: busy.reason } : { how: 'paused', before };
  }

  /** It goes on, unless somebody else holds it or had it paused, or it ended. */
  go(id: AgentId): Promise<void> {
    const holds = (this.#holds.get(id) ?? 1) - 1;
    if (holds > 0) this.#holds.set(id, holds);
    else {
      this.#holds.delete(id);
      this.#still.delete(id);
      this.#released.emit(releaseOf(id));
    }
    return this.#lanes.run(id, () => this.#go(id));
  }

  /** A check wants it to stand still: it is paused, unless it stands already. */
  hold(id: AgentId): Promise<void> {
    return this.#lanes.run(id, async () => {
      const { room, effects } = this.#parts;
      await effects.settled(id);
      const agent = room.state.agents[id];
      if (!agent || !isLive(agent) || agent.status.state === 'paused' || !isHeldByCheck(room.state, id)) return;
      room.dispatch({ type: 'agent.pause', agent: id, by: COORDINATOR });
      await effects.settled(id);
    });
  }

  /** The check wants that no longer: it goes on, unless somebody else holds it or had it paused. */
  letGo(id: AgentId): Promise<void> {
    return this.#lanes.run(id, async () => {
      await this.#parts.effects.settled(id);
      await this.#go(id);
    });
  }

  /** Resolves when nobody holds it, or after a while: for a person who wants it to go on. */
  async free(id: AgentId): Promise<void> {
    if (!this.#holds.has(id)) return;
    await once(this.#released, releaseOf(id), { signal: AbortSignal.timeout(HELD_MS) }).catch(() => undefined);
  }

  async #go(id: AgentId): Promise<void> {
    if (this.#holds.has(id)) return;
    const { room, effects } = this.#parts;
    const agent = room.state.agents[id];
    if (agent?.status.state !== 'paused' || agent.status.by?.kind !== 'coordinator') return;
    if (isHeldByCheck(room.state, id)) return;
    room.dispatch({ type: 'agent.resume', agent: id, by: COORDINATOR });
    await effects.settled(id);
  }

  /** `work` while the agent stands still; afterwards it is as it was. @throws Error where it can't be stopped, and what `work` throws */
  async during<T>(tree: Tree, work: () => Promise<T>): Promise<T> {
    const stopped = await this.stop(tree);
    try {
      if (stopped.how === 'failed') throw new Error(stopped.reason);
      return await work();
    } finally {
      await this.go(tree.agent);
    }
  }

  /** It is paused already; only where it was caught in a write it goes on for a moment. */
  #settle(tree: Tree, agent: Stoppable): Promise<Still> {
    const { host } = this.#parts.panes;
    let first = true;
    return pauseStill(tree.worktree, {
      pause: async () => {
        if (!first) await host.pause(agent.pane);
        first = false;
      },
      resume: async () => void (await host.resume(agent.pane)),
    });
  }
}

/** An agent may be named "error", which is no ordinary event. */
function releaseOf(id: AgentId): string {
  return `released ${id}`;
}
