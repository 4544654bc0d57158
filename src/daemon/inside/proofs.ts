/** What agents' CLIs have proved to have taken: that they are there, and prompts. */
import type { AgentId } from '../../core/model/agent.ts';
import type { Moment } from '../../core/agents/hook-moment.ts';

interface Heard {
  prompts: number;
  began: boolean;
}

export class Proofs {
  readonly #heard = new Map<AgentId, Heard>();
  readonly #waiting = new Set<() => void>();

  take(agent: AgentId, moment: Moment): void {
    const heard = this.#of(agent);
    heard.began = true;
    if (moment === 'prompt') heard.prompts++;
    for (const look of this.#waiting) look();
  }

  /** A run that begins has proved nothing; one that ended proves nothing more, and nobody waits for it. */
  forget(agent: AgentId): void {
    this.#heard.delete(agent);
    for (const look of this.#waiting) look();
  }

  /** How many prompts it took so far. */
  prompts(agent: AgentId): number {
    return this.#of(agent).prompts;
  }

  /** It tells what happens to it: its hooks, or its API, work. */
  began(agent: AgentId): boolean {
    return this.#of(agent).began;
  }

  hasBegun(agent: AgentId, ms: number): Promise<boolean> {
    return this.#until(() => this.began(agent), ms);
  }

  /** @param since what `prompts` was before */
  took(agent: AgentId, since: number, ms: number): Promise<boolean> {
    return this.#until(() => this.prompts(agent) > since, ms);
  }

  #of(agent: AgentId): Heard {
    const known = this.#heard.get(agent);
    if (known) return known;
    const fresh = { prompts: 0, began: false };
    this.#heard.set(agent, fresh);
    return fresh;
  }

  #until(holds: () => boolean, ms: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (held: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(held);
      };
      const look = (): void => {
        if (holds()) end(true);
      };
      const timer = setTimeout(() => end(false), ms);
      timer.unref();
      this.#waiting.add(look);
    });
  }
}
