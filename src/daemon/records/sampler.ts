/** Keeps what agents use, all through the session: looked at now and then, for nothing tells of it. */
import type { Samples } from '../../adapters/journal/samples.ts';
import { isLive } from '../../core/model/agent.ts';
import { log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Room } from '../room.ts';

export interface SamplerParts {
  readonly room: Pick<Room, 'state'>;
  readonly metrics: Metrics;
  readonly samples: Samples;
}

/** Fine enough for charts of hours, and less than a thousandth of a core. */
const EVERY_MS = 10_000;

export class Sampler {
  readonly #parts: SamplerParts;
  #timer: NodeJS.Timeout | null = null;
  #trouble = false;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.#look(), EVERY_MS).unref();
    void this.#look();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Never rejects. Where nothing runs, nothing is looked at. */
  async #look(): Promise<void> {
    const { room, metrics, samples } = this.#parts;
    const running = new Set(
      Object.values(room.state.agents)
        .filter(isLive)
        .map(({ spec }) => spec.id),
    );
    if (running.size === 0) return;
    try {
      const { at, overMs, agents } = await metrics.sample(this);
      if (this.#timer === null || overMs === null) return;
      samples.add(
        agents.flatMap(({ agent, outputBytesPerSecond, cpuPercent, rssBytes, pssBytes }) => {
          if (!running.has(agent) || outputBytesPerSecond === null) return [];
          const bytes = Math.round((outputBytesPerSecond * overMs) / 1000);
          const cpuMs = Math.round(((cpuPercent ?? 0) / 100) * overMs);
          return [{ at, agent, bytes, cpuMs, memoryBytes: pssBytes ?? rssBytes, overMs }];
        }),
      );
    } catch (error) {
      if (!this.#trouble) log(`metrics: ${(error as Error).message}`);
      this.#trouble = true;
    }
  }
}
