/** Takes what hooks of agents' CLIs tell and ask. */
import { momentOf, type Moment } from '../../core/agents/hook-moment.ts';
import type { Agent, AgentId } from '../../core/model/agent.ts';
import type { PermissionAsk } from '../../core/model/permission.ts';
import { askOf } from '../../core/permission/ask.ts';
import { judge } from '../../core/permission/judge.ts';
import { oneLine } from '../../core/text.ts';
import { pathOfAgent } from '../requests/hooks.ts';
import type { Room } from '../room.ts';
import type { Counts } from './counts.ts';
import { fields, type Fields } from './fields.ts';
import { statusLine } from './figures.ts';
import type { HookFired, HookReply } from './fired.ts';
import { Waiters } from './waiters.ts';

export interface HookDeskParts {
  readonly room: Room;
  /** Under the `lock` policy only one may write a file. */
  readonly mayWrite: (agent: Agent, file: string) => { readonly allowed: boolean; readonly reason: string };
  readonly wrote: (agent: Agent, file: string) => void;
  readonly counts: Pick<Counts, 'told' | 'look'>;
  /** A hook fired that proves what it is called after. */
  readonly heard: (agent: AgentId, moment: Moment, said: Fields) => void;
  /** What the profile's rules make of a hook for the agent's state. */
  readonly evident: (agent: AgentId, name: string, said: Fields) => void;
}

/** To the hook itself, while it waits for its answer. */
export interface HookLine {
  /** A person is asked: it is to wait for as long as that takes. */
  waits(): void;
  /** What is to be done when it goes away first. */
  gone(act: () => void): void;
}

const NOTHING: HookReply = { verdict: null, reason: '' };

export class HookDesk {
  readonly #parts: HookDeskParts;
  readonly waiters = new Waiters();

  constructor(parts: HookDeskParts) {
    this.#parts = parts;
  }

  /** @returns at once, but for a permission that a person has to give */
  async answer(agent: Agent, fired: HookFired, line: HookLine): Promise<HookReply> {
    const { said, name } = fired;
    const moment = momentOf(name);
    if (said === null) return this.#malformed(agent, fired);
    this.#conversation(agent, said);
    if (moment === null) return NOTHING;
    const used = this.#parts.counts.told(agent.spec.id, 'hook', name, said);
    if (moment === 'figures') return { verdict: null, reason: statusLine(agent.spec.name, used) };
    this.#parts.heard(agent.spec.id, moment, said);
    if (moment === 'asks') return this.#asks(agent, fired, said, line);
    const denied = moment === 'before-tool' ? this.#denied(agent, fired, said) : null;
    if (denied) return denied;
    if (moment === 'after-tool') for (const file of fired.files) this.#parts.wrote(agent, file);
    if (moment === 'notice') this.#notice(agent, said);
    else if (moment !== 'before-tool' && moment !== 'began') this.#over(agent, moment);
    if (moment === 'after-tool' || moment === 'turn-over') void this.#parts.counts.look(agent.spec.id);
    // What it asks for is told as a permission: a rule may have answered already.
    if (moment !== 'notice') this.#parts.evident(agent.spec.id, name, said);
    return NOTHING;
  }

  #malformed(agent: Agent, { name, wrong }: HookFired): HookReply {
    const { id, profile } = agent.spec;
    const hook = `its hook ${oneLine(name, 60) || '(no name)'}`;
    const text = `agent ${id}: ${hook} got no JSON (${oneLine(wrong, 160)}): look at the hooks of its profile ${profile}`;
    this.#parts.room.dispatch({ type: 'alert', level: 'warn', text, agent: id, cause: `hook:${id}` });
    return NOTHING;
  }

  #conversation(agent: Agent, said: Fields): void {
    const { session_id: id, transcript_path: transcript } = said;
    if (typeof id !== 'string') return;
    const conversation = { id, transcript: typeof transcript === 'string' ? transcript : null };
    this.#parts.room.dispatch({ type: 'agent.conversation', agent: agent.spec.id, conversation });
  }

  /** A plan's no, and a file that is another's, count before the CLI's own rules. */
  #denied(agent: Agent, fired: HookFired, said: Fields): HookReply | null {
    for (const file of fired.files) {
      const { allowed, reason } = this.#parts.mayWrite(agent, file);
      if (!allowed) return { verdict: 'deny', reason };
    }
    const { room } = this.#parts;
    const { id } = agent.spec;
    const ask = this.#askOf(agent, fired, said, 'hook', 'policy');
    const judgement = judge(room.state.permissions, id, ask);
    if (judgement?.verdict !== 'deny') return null;
    room.dispatch({ type: 'permission.ask', agent: id, ask });
    return judgement;
  }

  async #asks(agent: Agent, fired: HookFired, said: Fields, line: HookLine): Promise<HookReply> {
    const { room } = this.#parts;
    const { id } = agent.spec;
    const { ref, answer } = this.waiters.ask();
    line.waits();
    line.gone(() => {
      const left = this.waiters.tell(ref, NOTHING);
      if (left) room.dispatch({ type: 'permission.gone', agent: id, ref, reason: 'it was answered in its pane' });
    });
    room.dispatch({ type: 'permission.ask', agent: id, ask: this.#askOf(agent, fired, said, 'hook', ref) });
    return answer;
  }

  /** Gemini CLI asks on its screen only, and tells so. */
  #notice(agent: Agent, said: Fields): void {
    if (said.notification_type !== 'ToolPermission') return;
    const details = fields(said.details);
    const tool = TOOLS[String(details.type)] ?? String(details.type ?? '');
    const file =
      typeof details.filePath === 'string' ? pathOfAgent(this.#parts.room.state, agent, details.filePath) : null;
    const ask = askOf(tool, details, file === null ? [] : [file], 'keys', ON_SCREEN);
    this.#parts.room.dispatch({ type: 'permission.ask', agent: agent.spec.id, ask });
  }

  /** What it asked is settled, however that came: it goes on. */
  #over(agent: Agent, moment: Moment): void {
    const isTool = moment === 'after-tool';
    // A hook that still waits may be of another tool that runs beside this one.
    const [ref, reason] = isTool ? [ON_SCREEN, 'it was answered in its pane'] : [null, 'its turn is over'];
    this.#parts.room.dispatch({ type: 'permission.gone', agent: agent.spec.id, ref, reason });
  }

  #askOf(agent: Agent, fired: HookFired, said: Fields, via: PermissionAsk['via'], ref: string): PermissionAsk {
    const { state } = this.#parts.room;
    const paths = fired.files.map((file) => pathOfAgent(state, agent, file) ?? file);
    return askOf(String(said.tool_name ?? ''), fields(said.tool_input), paths, via, ref);
  }
}

/** Name of the one question that a screen can show. */
export const ON_SCREEN = 'screen';

/** Kinds of Gemini's dialogs, as tools. */
const TOOLS: Readonly<Record<string, string>> = { edit: 'replace', exec: 'run_shell_command', info: 'web_fetch' };
