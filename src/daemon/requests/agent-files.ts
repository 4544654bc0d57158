/** What agents ask and tell about files: by their hooks, by MCP, by `llmctl report`. */
import type { Agent, AgentId } from '../../core/model/agent.ts';
import type { Command } from '../../core/model/commands.ts';
import { heldBy } from '../../core/overlap/holders.ts';
import { policyFor } from '../../core/overlap/policy.ts';
import { oneLine } from '../../core/text.ts';
import type { ClaimReply, MayWriteReply, Request } from '../../protocol/messages.ts';
import type { Room } from '../room.ts';
import { refused } from './failure.ts';
import { claimedPaths, mayWrite, pathOfAgent } from './hooks.ts';

/** Who else wants to hear of it. Paths are relative to the agent's tree. */
export interface FileListeners {
  readonly wrote: (agent: string, path: string) => void;
  readonly claimed: (agent: string, paths: readonly string[]) => void;
}

/** From the question to the write there may be a person who is asked; who is refused says nothing. */
const PROMISE_MS = 60_000;

type About = Extract<Request, { readonly method: 'mayWrite' | 'wrote' | 'claim' | 'release' }>;

export class AgentFiles {
  readonly #room: Pick<Room, 'state' | 'dispatch'>;
  readonly #heard: FileListeners;
  readonly #now: () => number;
  /** By path: who was told that it may write there. */
  readonly #promises = new Map<string, { readonly agent: AgentId; readonly until: number }>();

  /** @param now in milliseconds, of a clock that nobody sets */
  constructor(room: Pick<Room, 'state' | 'dispatch'>, heard: FileListeners, now = (): number => performance.now()) {
    this.#room = room;
    this.#heard = heard;
    this.#now = now;
  }

  /**
   * @param agent it speaks for itself
   * @throws RequestError
   */
  answer(agent: Agent, request: About): MayWriteReply | ClaimReply | Record<string, never> {
    switch (request.method) {
      case 'mayWrite':
        return this.#promised(agent, request.path, mayWrite(this.#room.state, agent, request.path));
      case 'wrote':
        this.#wrote(agent, request.path);
        return {};
      case 'claim': {
        const paths = claimedPaths(this.#room.state, agent, request.paths);
        const held = this.#hold(agent, { type: 'agent.claim', agent: agent.spec.id, paths });
        this.#heard.claimed(agent.spec.id, paths);
        return held;
      }
      case 'release': {
        const paths = request.paths === null ? null : claimedPaths(this.#room.state, agent, request.paths);
        return this.#hold(agent, { type: 'agent.release', agent: agent.spec.id, paths });
      }
    }
  }

  /**
   * A yes to one is a no to the next until the first has written, or after a while has not: two that ask one after the other would
   * both be told to go on.
   */
  #promised(agent: Agent, file: string, reply: MayWriteReply): MayWriteReply {
    const path = pathOfAgent(this.#room.state, agent, file);
    // Who holds it has it, whatever was promised before.
    if (!reply.allowed || reply.holder === agent.spec.id || path === null) return reply;
    if (policyFor(this.#room.state.mergePolicy, path) !== 'lock') return reply;
    const now = this.#now();
    const known = this.#promises.get(path);
    if (known !== undefined && known.until > now && known.agent !== agent.spec.id) {
      const reason = `${oneLine(path, 200)} is about to be written by ${known.agent} (policy: lock): leave it alone until it is free, and do something else meanwhile`;
      return { allowed: false, holder: known.agent, reason };
    }
    this.#promises.set(path, { agent: agent.spec.id, until: now + PROMISE_MS });
    return reply;
  }

  #wrote(agent: Agent, file: string): void {
    const path = pathOfAgent(this.#room.state, agent, file);
    if (path === null) return;
    this.#promises.delete(path);
    this.#room.dispatch({ type: 'path.touched', toucher: agent.spec.id, path });
    this.#heard.wrote(agent.spec.id, path);
  }

  #hold(agent: Agent, command: Extract<Command, { type: 'agent.claim' | 'agent.release' }>): ClaimReply {
    const outcome = this.#room.dispatch(command);
    if (!outcome.ok) throw refused(outcome.refusal);
    return { held: heldBy(this.#room.state, agent.spec.id) };
  }
}
