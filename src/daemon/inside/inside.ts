/** What goes on between llmctl and the CLIs that run in its panes, beside what they print. */
import { loadProfiles } from '../../adapters/profiles/load.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { Event } from '../../core/model/events.ts';
import type { MayWriteReply } from '../../protocol/messages.ts';
import { log } from '../log.ts';
import type { Panes } from '../panes.ts';
import type { AgentFiles } from '../requests/agent-files.ts';
import type { Room } from '../room.ts';
import { Answerer } from './answerer.ts';
import { ApiDesk } from './api-desk.ts';
import { HookDesk } from './hook-desk.ts';
import { Proofs } from './proofs.ts';

export interface InsideParts {
  readonly room: Room;
  readonly panes: Panes;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: () => AgentFiles;
}

export class Inside {
  readonly hooks: HookDesk;
  readonly answerer: Answerer;
  readonly proofs = new Proofs();
  readonly #parts: InsideParts;
  readonly #apis: ApiDesk;

  constructor(parts: InsideParts) {
    this.#parts = parts;
    const { room, files } = parts;
    this.hooks = new HookDesk({
      room,
      mayWrite: (agent, path) =>
        files().answer(agent, { method: 'mayWrite', agent: agent.spec.id, path }) as MayWriteReply,
      wrote: (agent, path) => void files().answer(agent, { method: 'wrote', agent: agent.spec.id, path }),
      heard: (agent, moment) => this.proofs.take(agent, moment),
    });
    this.#apis = new ApiDesk({ room, heard: (agent, moment) => this.proofs.take(agent, moment) });
    this.answerer = new Answerer({
      room,
      waiters: this.hooks.waiters,
      api: (permission, verdict, reason) => this.#apis.answer(permission, verdict, reason),
      keys: () => Promise.resolve('nothing is known of its dialogs'),
    });
  }

  heard(event: Event): void {
    if (event.type === 'agent.started') this.#follow(event.agent);
    if (event.type !== 'agent.exited' && event.type !== 'agent.removed') return;
    this.#apis.forget(event.agent);
    this.proofs.forget(event.agent);
  }

  /** Agents that run since before this daemon. */
  recover(): void {
    for (const agent of Object.keys(this.#parts.room.state.agents)) this.#follow(agent);
  }

  stop(): void {
    this.#apis.stop();
  }

  #follow(id: AgentId): void {
    if (this.#parts.room.state.agents[id]?.run?.begun?.port === undefined) return;
    this.#followApi(id).catch((error: Error) => log(`profiles: ${error.message}`));
  }

  async #followApi(id: AgentId): Promise<void> {
    const { room, env } = this.#parts;
    const agent = room.state.agents[id];
    const port = agent?.run?.begun?.port;
    if (agent === undefined || port === undefined) return;
    const { byId } = await loadProfiles(env);
    const api = byId.get(agent.spec.profile)?.api ?? null;
    // It may have ended meanwhile.
    if (api !== null && room.state.agents[id]?.run?.token === agent.run?.token) this.#apis.follow(id, api, port);
  }
}
