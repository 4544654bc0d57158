/** What agents use, as their CLIs count it: by the readers of their profiles. */
import { Transcript } from '../../adapters/agent-api/transcript.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { Usage } from '../../core/model/run-facts.ts';
import type { UsageReader } from '../../core/profile/profile.ts';
import { eventUsage } from '../../core/profile/usage.ts';
import type { Room } from '../room.ts';
import type { Fields } from './fields.ts';

export interface CountsParts {
  readonly room: Room;
  /** Of the agent's profile. */
  readonly readersOf: (agent: AgentId) => readonly UsageReader[];
}

interface Open {
  readonly transcript: Transcript;
  readonly readers: readonly UsageReader[];
}

export class Counts {
  readonly #parts: CountsParts;
  readonly #open = new Map<AgentId, Open>();

  constructor(parts: CountsParts) {
    this.#parts = parts;
  }

  /** A hook fired, or an event came: it may say what was used. @returns that */
  told(agent: AgentId, from: 'hook' | 'api', on: string, said: Fields): Usage | null {
    const usage = eventUsage(this.#parts.readersOf(agent), from, on, said);
    if (usage !== null) this.#parts.room.dispatch({ type: 'agent.usage', agent, usage });
    return usage;
  }

  /** Looks what its CLI counted into the file of its conversation. Never rejects. */
  async look(agent: AgentId): Promise<void> {
    const { room } = this.#parts;
    const path = room.state.agents[agent]?.conversation?.transcript ?? null;
    const transcript = path === null ? null : this.#transcript(agent, path);
    const usage = (await transcript?.read()) ?? null;
    const isSame = room.state.agents[agent]?.conversation?.transcript === path;
    if (usage !== null && isSame) room.dispatch({ type: 'agent.usage', agent, usage });
  }

  forget(agent: AgentId): void {
    this.#open.delete(agent);
  }

  #transcript(agent: AgentId, path: string): Transcript | null {
    const all = this.#parts.readersOf(agent);
    const known = this.#open.get(agent);
    if (known?.transcript.path === path && known.readers === all) return known.transcript;
    const readers = all.filter(({ from }) => from === 'transcript');
    if (readers.length === 0) return null;
    const transcript = new Transcript(path, readers);
    this.#open.set(agent, { transcript, readers: all });
    return transcript;
  }
}
