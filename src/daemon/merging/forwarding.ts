/** What follows from a landing in the worktrees: the one that landed is level with it, the others get it when it suits them. */
import { absorb } from '../../adapters/git/absorb.ts';
import { finishForward, forward, isCutShort, prepareForward, type Forwarded } from '../../adapters/git/forward.ts';
import type { Landing } from '../../core/landing/landing.ts';
import { isLive, type Agent, type AgentId } from '../../core/model/agent.ts';
import { own } from '../../core/model/work.ts';
import type { Forward } from '../../core/plan/model.ts';
import { roundWith } from '../../core/select/overlaps.ts';
import { showControls } from '../../core/text.ts';
import type { Busy } from '../busy.ts';
import { Lanes } from '../lanes.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';
import type { Guards } from './guards.ts';
import type { Tree } from './tree.ts';
import type { Trees } from './trees.ts';

export interface ForwardingParts {
  readonly room: Room;
  readonly trees: Trees;
  readonly guards: Guards;
  readonly busy: Busy;
  readonly forward: Forward;
  readonly newId: () => string;
  /** A worktree was written to: what was seen of it is old. */
  readonly onWritten: (agent: AgentId) => void;
}

export class Forwarding {
  readonly #parts: ForwardingParts;
  readonly #lanes = new Lanes();
  /** Who is to get which commit as soon as it suits. */
  readonly #due = new Map<AgentId, string>();

  constructor(parts: ForwardingParts) {
    this.#parts = parts;
  }

  /** Before it is told: the agent's own branch takes over what landed of its uncommitted work. */
  async landed(landing: Landing, uncommitted: boolean): Promise<void> {
    const tree = this.#parts.trees.of(landing.agent);
    if (!tree || !uncommitted) return;
    const taken = await absorb(tree.worktree, tree.scratch, { commit: landing.commit, id: landing.id });
    if (!taken.ok) log(`landing ${landing.id}: ${taken.reason}`);
    this.#written(tree);
  }

  /** After a start: what a crash cut short is brought to its end. */
  async recover(): Promise<void> {
    for (const tree of this.#parts.trees.all()) {
      if (!(await isCutShort(tree.worktree))) continue;
      const end = async (): ReturnType<typeof finishForward> => {
        const done = await finishForward(tree.worktree, tree.scratch);
        if (done.ok && done.begun?.forwarded.kind === 'forwarded') await this.#remember(tree, done.begun.id);
        return done;
      };
      // Nothing is checked before that: what it wrote already nobody remembers yet.
      const ended = await this.#parts.guards.during(tree, end, false);
      if (!ended.ok) this.#alert(tree.agent, `what had landed was being brought to ${tree.agent}: ${ended.reason}`);
      else if (ended.begun) this.#written(tree);
    }
  }

  /** The integration branch is there now. */
  bring(tip: string): void {
    if (this.#parts.forward === 'off') return;
    for (const { agent } of this.#parts.trees.all()) this.#due.set(agent, tip);
    for (const agent of this.#due.keys()) this.suits(agent);
  }

  /** The agent's state changed: it may have come to the end of its turn. */
  suits(id: AgentId): void {
    const { room, busy } = this.#parts;
    const agent = room.state.agents[id];
    if (!this.#due.has(id) || agent === undefined || !this.#isFree(agent)) return;
    void this.#lanes.run(id, () => busy.during(() => this.#bringDue(id)));
  }

  /** By hand, whatever it is doing. @throws Error with one line */
  async now(id: AgentId, tip: string): Promise<Forwarded> {
    const tree = this.#parts.trees.of(id);
    if (!tree) throw new Error(`agent ${id} has no worktree of its own`);
    return this.#lanes.run(id, () => this.#bring(tree, tip));
  }

  #isFree(agent: Agent): boolean {
    if (roundWith(this.#parts.room.state, agent.spec.id) !== null) return false;
    if (!isLive(agent)) return agent.status.state !== 'starting';
    return agent.pending === null && (agent.status.state === 'idle' || agent.status.state === 'done');
  }

  async #bringDue(id: AgentId): Promise<void> {
    const tip = this.#due.get(id);
    const tree = this.#parts.trees.of(id);
    const agent = this.#parts.room.state.agents[id];
    if (tip === undefined || !tree || !agent || !this.#isFree(agent)) return;
    this.#due.delete(id);
    try {
      const done = await this.#bring(tree, tip);
      if (done.kind === 'conflict') {
        const paths = done.paths.map((path) => showControls(path)).join(', ');
        this.#alert(
          id,
          `what has landed can't be brought to ${id}: it conflicts in ${paths}; its next landing has to settle it`,
        );
      }
      // The branch may have moved on while it stood still for this: no state of its own changes any more that would say so.
      if (this.#due.has(id)) this.suits(id);
    } catch (error) {
      // It is tried again when its state is another.
      if (!this.#due.has(id)) this.#due.set(id, tip);
      this.#alert(id, `what has landed can't be brought to ${id} just now: ${(error as Error).message}`);
    }
  }

  /** @throws Error with one line */
  async #bring(tree: Tree, tip: string): Promise<Forwarded> {
    const { room, guards, newId } = this.#parts;
    const { agent } = tree;
    if (roundWith(room.state, agent) !== null) throw new Error(`${agent} is being merged`);
    const { worktree, scratch, keeps } = tree;
    // Whose worktree holds the branch as it was before a landing was taken out goes on without that.
    const { rebuilt, rollbacks } = room.state;
    const instead = own(rebuilt, agent);
    const done = rollbacks.findLast(({ state }) => state === 'done');
    if (done?.from === tip && instead !== undefined) throw new Error('the branch was made again just now');
    const request = { id: newId(), tip, at: Date.now(), ...(instead === undefined ? {} : { instead }) };
    const { id } = request;
    // While it still runs.
    const prepared = await prepareForward(worktree, scratch, keeps, request);
    const forwarded = await guards.during(tree, async () => {
      if (roundWith(room.state, agent) !== null) throw new Error(`${agent} is being merged`);
      const done = await forward(worktree, scratch, keeps, request, prepared);
      if (!done.ok) throw new Error(done.reason);
      if (done.forwarded.kind === 'forwarded') {
        await this.#remember(tree, id);
        this.#written(tree);
      }
      return done.forwarded;
    });
    if (instead !== undefined && forwarded.kind !== 'conflict') {
      const last = room.state.rollbacks.findLast(({ state }) => state === 'done');
      room.dispatch({
        type: 'rollback.fact',
        fact: { type: 'rollback.followed', agent, still: last === done ? null : tip },
      });
    }
    if (forwarded.kind !== 'forwarded') return forwarded;
    const { paths, head } = forwarded;
    room.dispatch({ type: 'agent.forwarded', agent, id, head, paths });
    room.dispatch({ type: 'alert.over', cause: causeOf(agent) });
    return forwarded;
  }

  async #remember(tree: Tree, id: string): Promise<void> {
    const kept = await tree.guard.remember(id);
    if (!kept.ok) log(`stale guard of ${tree.agent}: ${kept.reason}`);
  }

  #alert(agent: AgentId, text: string): void {
    this.#parts.room.dispatch({ type: 'alert', level: 'warn', text, agent, cause: causeOf(agent) });
  }

  #written(tree: Tree): void {
    tree.epoch++;
    this.#parts.onWritten(tree.agent);
  }
}

function causeOf(agent: AgentId): string {
  return `forward:${agent}`;
}
