/** What goes on between llmctl and the CLIs that run in its panes, beside what they print. */
import { loadProfiles } from '../../adapters/profiles/load.ts';
import type { Moment } from '../../core/agents/hook-moment.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { Event } from '../../core/model/events.ts';
import type { UsageReader } from '../../core/profile/profile.ts';
import { askOf } from '../../core/permission/ask.ts';
import type { MayWriteReply } from '../../protocol/messages.ts';
import { log } from '../log.ts';
import type { EvidenceKeeper } from '../evidence/keeper.ts';
import type { Panes } from '../panes.ts';
import type { AgentFiles } from '../requests/agent-files.ts';
import type { Room } from '../room.ts';
import { Answerer } from './answerer.ts';
import { ApiDesk } from './api-desk.ts';
import { Counts } from './counts.ts';
import { pressAnswer } from './dialog-keys.ts';
import { HookDesk, ON_SCREEN } from './hook-desk.ts';
import { HookCalls } from './hook-calls.ts';
import { Proofs } from './proofs.ts';
import { RefusalMark } from './refusal-mark.ts';

/** Its hook, where it has one, says more than its screen, and a moment later. */
const HOOK_FIRST_MS = 1_500;

export interface InsideParts {
  readonly room: Room;
  readonly panes: Panes;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the session. */
  readonly socket: string;
  readonly files: () => AgentFiles;
  readonly evidence: () => EvidenceKeeper;
  /** Of the agent's profile: where it says what it used. */
  readonly readersOf: (agent: AgentId) => readonly UsageReader[];
  /** Who else wants to hear of every hook that ran. */
  readonly heard: (agent: AgentId, moment: Moment, said: Readonly<Record<string, unknown>>) => void;
}

export class Inside {
  readonly calls: HookCalls;
  readonly answerer: Answerer;
  readonly proofs = new Proofs();
  readonly #parts: InsideParts;
  readonly #apis: ApiDesk;
  readonly #counts: Counts;
  readonly #mark: RefusalMark;

  constructor(parts: InsideParts) {
    this.#parts = parts;
    const { room, panes, files, evidence, readersOf } = parts;
    this.#counts = new Counts({ room, readersOf });
    this.#mark = new RefusalMark(parts.socket);
    const desk = new HookDesk({
      room,
      mayWrite: (agent, path) =>
        files().answer(agent, { method: 'mayWrite', agent: agent.spec.id, path }) as MayWriteReply,
      wrote: (agent, path) => void files().answer(agent, { method: 'wrote', agent: agent.spec.id, path }),
      counts: this.#counts,
      heard: (agent, moment, said) => {
        this.proofs.take(agent, moment);
        parts.heard(agent, moment, said);
      },
      evident: (agent, name, said) => void evidence().event(agent, 'hook', name, said),
    });
    this.calls = new HookCalls(room, desk);
    this.#apis = new ApiDesk({
      room,
      heard: (agent, moment) => this.proofs.take(agent, moment),
      evident: (agent, name, said) => void evidence().event(agent, 'api', name, said),
      counted: (agent, type, said) => void this.#counts.told(agent, 'api', type, said),
    });
    const dialogs = { room, panes, dialog: (agent: AgentId) => evidence().dialog(agent) };
    this.answerer = new Answerer({
      room,
      waiters: desk.waiters,
      api: (permission, verdict, reason) => this.#apis.answer(permission, verdict, reason),
      keys: (permission, verdict, reason) => pressAnswer(dialogs, permission, verdict, reason),
    });
  }

  heard(event: Event): void {
    if (event.type === 'merge.policy' || event.type === 'permission.ruled') this.#mark.look(this.#parts.room.state);
    if (event.type === 'agent.started') this.#follow(event.agent);
    if (event.type === 'agent.state') {
      this.#dialog(event);
      // Some write the last count of a turn after the hook that tells its end.
      void this.#counts.look(event.agent);
    }
    if (event.type !== 'agent.exited' && event.type !== 'agent.removed') return;
    this.#apis.forget(event.agent);
    this.proofs.forget(event.agent);
    // What it counted last, it may have written as it ended.
    void this.#counts.look(event.agent).then(() => this.#counts.forget(event.agent));
  }

  /** Agents that run since before this daemon. */
  recover(): void {
    this.#mark.look(this.#parts.room.state);
    for (const agent of Object.keys(this.#parts.room.state.agents)) this.#follow(agent);
  }

  stop(): void {
    this.#apis.stop();
    this.#mark.remove();
  }

  /** A dialog that only its screen shows is a question, too: while it stands there. */
  #dialog({ agent, state, waitingFor, reason }: Extract<Event, { type: 'agent.state' }>): void {
    const { room, evidence } = this.#parts;
    if (state !== 'waiting') {
      room.dispatch({ type: 'permission.gone', agent, ref: ON_SCREEN, reason: 'it was answered in its pane' });
    } else if (waitingFor === 'permission') {
      const since = room.state.agents[agent]?.status.since;
      const timer = setTimeout(() => {
        const status = room.state.agents[agent]?.status;
        if (status?.state !== 'waiting' || status.since !== since || evidence().dialog(agent) === null) return;
        const asked = (status.reason || reason).replace(/^permission: /, '');
        const { text, ...ask } = askOf('', { description: asked }, [], 'keys', ON_SCREEN);
        room.dispatch({ type: 'permission.ask', agent, ask: { ...ask, text: asked || text } });
      }, HOOK_FIRST_MS);
      timer.unref();
    }
  }

  #follow(id: AgentId): void {
    if (this.#parts.room.state.agents[id]?.run?.begun?.port === undefined) return;
    this.#followApi(id).catch((error: Error) => log(`profiles: ${error.message}`));
  }

  async #followApi(id: AgentId): Promise<void> {
    const { room, env } = this.#parts;
    const agent = room.state.agents[id];
    const token = agent?.run?.token;
    const port = agent?.run?.begun?.port;
    if (agent === undefined || port === undefined || token === undefined) return;
    const { byId } = await loadProfiles(env);
    const api = byId.get(agent.spec.profile)?.api ?? null;
    // It may have ended meanwhile.
    if (api !== null && room.state.agents[id]?.run?.token === token) this.#apis.follow(id, api, port, token);
  }
}
