/** Hears of every tool that an agent uses: it gets on, unless it does the same over and over. */
import type { AgentId } from '../../core/model/agent.ts';
import type { Moment } from '../../core/agents/hook-moment.ts';
import { SAME_CALLS, timesOf, toolCall, withCall, type ToolCall } from '../../core/watch/tool-calls.ts';
import type { Room } from '../room.ts';

export class Tools {
  readonly #room: Pick<Room, 'state' | 'dispatch'>;
  /** Those that were named, and go on so. */
  readonly #said = new Set<AgentId>();
  readonly #calls = new Map<AgentId, readonly ToolCall[]>();

  constructor(room: Pick<Room, 'state' | 'dispatch'>) {
    this.#room = room;
  }

  /** @param said as the CLI gave it to its hook */
  heard(agent: AgentId, moment: Moment, said: Readonly<Record<string, unknown>>): void {
    if (moment === 'began' || moment === 'prompt') this.#forget(agent);
    const call = moment === 'before-tool' ? toolCall(said) : null;
    if (call === null) return;
    const calls = withCall(this.#calls.get(agent) ?? [], call);
    this.#calls.set(agent, calls);
    const times = timesOf(calls);
    const cause = causeOf(agent);
    const shown = this.#room.state.alerts.some((alert) => alert.cause === cause);
    if (times >= SAME_CALLS) {
      if (this.#said.has(agent)) return;
      this.#said.add(agent);
      const text = `${agent} does the same over and over: ${call.words} (${times} times of the last ${calls.length})`;
      this.#room.dispatch({ type: 'alert', level: 'warn', text, agent, cause });
      return;
    }
    this.#said.delete(agent);
    if (shown) this.#room.dispatch({ type: 'alert.over', cause });
    // What it does for the third time is no news.
    if (times < SAME_CALLS / 2) this.#room.dispatch({ type: 'progress.seen', agent, kind: 'tool', text: call.words });
  }

  #forget(agent: AgentId): void {
    this.#calls.delete(agent);
    this.#said.delete(agent);
    const cause = causeOf(agent);
    if (this.#room.state.alerts.some((alert) => alert.cause === cause)) {
      this.#room.dispatch({ type: 'alert.over', cause });
    }
  }
}

function causeOf(agent: AgentId): string {
  return `loop-of-tools:${agent}`;
}
