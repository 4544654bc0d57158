/** What goes on between llmctl and the CLIs that run in its panes, beside what they print. */
import type { AgentId } from '../../core/model/agent.ts';
import type { MayWriteReply } from '../../protocol/messages.ts';
import type { EvidenceKeeper } from '../evidence/keeper.ts';
import type { Panes } from '../panes.ts';
import type { AgentFiles } from '../requests/agent-files.ts';
import type { Room } from '../room.ts';
import { Answerer } from './answerer.ts';
import { HookDesk } from './hook-desk.ts';
import type { Launched } from './launch.ts';

export interface InsideParts {
  readonly room: Room;
  readonly panes: Panes;
  readonly files: () => AgentFiles;
  readonly evidence: () => EvidenceKeeper;
}

export class Inside {
  readonly hooks: HookDesk;
  readonly answerer: Answerer;
  readonly #launched = new Map<AgentId, Launched>();

  constructor({ room, files, evidence }: InsideParts) {
    this.hooks = new HookDesk({
      room,
      mayWrite: (agent, path) =>
        files().answer(agent, { method: 'mayWrite', agent: agent.spec.id, path }) as MayWriteReply,
      wrote: (agent, path) => void files().answer(agent, { method: 'wrote', agent: agent.spec.id, path }),
      heard: () => {},
      evident: (agent, name, said) => void evidence().event(agent, 'hook', name, said),
    });
    this.answerer = new Answerer({
      room,
      waiters: this.hooks.waiters,
      api: () => Promise.resolve(false),
      keys: () => Promise.resolve('nothing is known of its dialogs'),
    });
  }

  launched(agent: AgentId, launched: Launched): void {
    this.#launched.set(agent, launched);
  }
}
