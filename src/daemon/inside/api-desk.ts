/** What CLIs with an API of their own tell and ask through it: opencode's events, as its `/doc` describes them. */
import { followEvents, getJson, post, type ApiEvent } from '../../adapters/agent-api/events.ts';
import type { Moment } from '../../core/agents/hook-moment.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { Permission, Verdict } from '../../core/model/permission.ts';
import { askOf } from '../../core/permission/ask.ts';
import { fillWord } from '../../core/profile/fill.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { pathOfAgent } from '../requests/hooks.ts';
import type { Room } from '../room.ts';
import { fields, text, type Fields } from './fields.ts';
import { fillOf, windowsOf, type Windows } from './windows.ts';

type Api = NonNullable<Profile['api']>;

interface Followed {
  readonly api: Api;
  readonly port: number;
  readonly auth: string | null;
  readonly stop: () => void;
  /** Asked for once; of no model where that is not known. */
  readonly windows: () => Promise<Windows>;
}

export interface ApiDeskParts {
  readonly room: Room;
  readonly heard: (agent: AgentId, moment: Moment) => void;
  /** What the profile's rules make of an event for the agent's state. */
  readonly evident: (agent: AgentId, type: string, said: Fields) => void;
  /** It may say what was used. */
  readonly counted: (agent: AgentId, type: string, said: Fields) => void;
}

export class ApiDesk {
  readonly #parts: ApiDeskParts;
  readonly #followed = new Map<AgentId, Followed>();

  constructor(parts: ApiDeskParts) {
    this.#parts = parts;
  }

  /** @param secret of this run of the agent */
  follow(agent: AgentId, api: Api, port: number, secret: string): void {
    this.forget(agent);
    const url = fillWord(api.events, { port: String(port) });
    if (url === null) return;
    const auth = api.auth === null ? null : fillWord(api.auth, { secret });
    const stop = followEvents(url, auth, (event) => this.#take(agent, event));
    let asked: Promise<Windows> | null = null;
    const models = api.models === null ? null : fillWord(api.models, { port: String(port) });
    const ask = async (): Promise<Windows> => windowsOf(models === null ? null : await getJson(models, auth));
    this.#followed.set(agent, { api, port, auth, stop, windows: () => (asked ??= ask()) });
  }

  /** Its program has ended. */
  forget(agent: AgentId): void {
    this.#followed.get(agent)?.stop();
    this.#followed.delete(agent);
  }

  stop(): void {
    for (const { stop } of this.#followed.values()) stop();
  }

  /** @returns false where it can't be told this way */
  async answer({ agent, ref }: Permission, verdict: Verdict, reason: string): Promise<boolean> {
    const known = this.#followed.get(agent);
    if (!known?.api.answer || !/^[\w.-]+$/.test(ref)) return false;
    const url = fillWord(known.api.answer.replace('{id}', ref), { port: String(known.port) });
    // "always" of its own would hold for other sessions too: what is alike is llmctl's to know.
    const reply = verdict === 'deny' ? 'reject' : 'once';
    return url !== null && post(url, known.auth, { reply, ...(reason === '' ? {} : { message: reason }) });
  }

  #take(agent: AgentId, { type, properties }: ApiEvent): void {
    // What it asks for is told as a permission: a rule may have answered already.
    if (type !== 'permission.asked') this.#parts.evident(agent, type, properties);
    this.#parts.counted(agent, type, properties);
    switch (type) {
      case 'server.connected':
        return this.#parts.heard(agent, 'began');
      case 'permission.asked':
        return this.#asked(agent, properties);
      case 'permission.replied': {
        const ref = text(properties.requestID) || text(properties.permissionID);
        return this.#tell({ type: 'permission.gone', agent, ref, reason: 'it was answered in its pane' });
      }
      case 'session.created':
      case 'session.updated':
        return this.#session(agent, fields(properties.info));
      case 'message.updated':
        return void this.#context(agent, fields(properties.info));
      case 'session.status':
        return this.#status(agent, text(fields(properties.status).type));
    }
  }

  #asked(agent: AgentId, asked: ApiEvent['properties']): void {
    const { state } = this.#parts.room;
    const known = state.agents[agent];
    const details = fields(asked.metadata);
    if (known === undefined) return;
    const file = text(details.filepath);
    const paths = file === '' ? [] : [pathOfAgent(state, known, file) ?? file];
    const patterns = Array.isArray(asked.patterns) ? asked.patterns.filter((one) => typeof one === 'string') : [];
    const input = { command: patterns.join(' && '), description: patterns.join(' '), ...details };
    const ask = askOf(text(asked.permission), input, paths, 'api', text(asked.id));
    this.#tell({ type: 'permission.ask', agent, ask });
  }

  #session(agent: AgentId, info: ApiEvent['properties']): void {
    // Those of its own helpers count into it.
    if (text(info.parentID) !== '') return;
    const id = text(info.id);
    if (id === '') return;
    this.#tell({ type: 'agent.conversation', agent, conversation: { id, transcript: null } });
  }

  async #context(agent: AgentId, message: Fields): Promise<void> {
    // Its own helpers have contexts of their own.
    const isOwn = this.#parts.room.state.agents[agent]?.conversation?.id === message.sessionID;
    const fill = isOwn ? fillOf(message) : null;
    const known = this.#followed.get(agent);
    const window = fill === null ? undefined : (await known?.windows())?.get(fill.model);
    if (fill === null || window === undefined || this.#followed.get(agent) !== known) return;
    const contextUsed = (100 * fill.tokens) / window;
    this.#tell({ type: 'agent.usage', agent, usage: { tokens: null, costUsd: null, contextUsed, model: null } });
  }

  #status(agent: AgentId, status: string): void {
    if (status === 'busy') this.#parts.heard(agent, 'prompt');
    if (status === 'idle') this.#tell({ type: 'permission.gone', agent, ref: null, reason: 'its turn is over' });
  }

  #tell(command: Parameters<Room['dispatch']>[0]): void {
    this.#parts.room.dispatch(command);
  }
}
