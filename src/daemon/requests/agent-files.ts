/** What agents ask and tell about files: by their hooks, by MCP, by `llmctl report`. */
import type { Agent } from '../../core/model/agent.ts';
import type { Command } from '../../core/model/commands.ts';
import { heldBy } from '../../core/overlap/holders.ts';
import type { ClaimReply, MayWriteReply, Request } from '../../protocol/messages.ts';
import type { Room } from '../room.ts';
import { refused } from './failure.ts';
import { claimedPaths, mayWrite, pathOfAgent } from './hooks.ts';

/** Who else wants to hear of it. Paths are relative to the agent's tree. */
export interface FileListeners {
  readonly wrote: (agent: string, path: string) => void;
  readonly claimed: (agent: string, paths: readonly string[]) => void;
}

type About = Extract<Request, { readonly method: 'mayWrite' | 'wrote' | 'claim' | 'release' }>;

export class AgentFiles {
  readonly #room: Room;
  readonly #heard: FileListeners;

  constructor(room: Room, heard: FileListeners) {
    this.#room = room;
    this.#heard = heard;
  }

  /**
   * @param agent it speaks for itself
   * @throws RequestError
   */
  answer(agent: Agent, request: About): MayWriteReply | ClaimReply | Record<string, never> {
    switch (request.method) {
      case 'mayWrite':
        return mayWrite(this.#room.state, agent, request.path);
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

  #wrote(agent: Agent, file: string): void {
    const path = pathOfAgent(this.#room.state, agent, file);
    if (path === null) return;
    this.#room.dispatch({ type: 'path.touched', toucher: agent.spec.id, path });
    this.#heard.wrote(agent.spec.id, path);
  }

  #hold(agent: Agent, command: Extract<Command, { type: 'agent.claim' | 'agent.release' }>): ClaimReply {
    const outcome = this.#room.dispatch(command);
    if (!outcome.ok) throw refused(outcome.refusal);
    return { held: heldBy(this.#room.state, agent.spec.id) };
  }
}
