import type { MetricsReply, RoomClient } from '../../client/api.ts';
import type { Charts } from '../charts/api.ts';

/** Output of each agent in one second or so, in bytes a second. */
export interface OutputSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly rates: ReadonlyMap<string, number>;
}

/** What the metrics page is drawn from. */
export interface MetricsView {
  readonly latest: MetricsReply | null;
  /** Since the page was opened, oldest first. */
  readonly history: readonly OutputSample[];
  /** Why there is nothing newer; null while all is well. */
  readonly trouble: string | null;
  /** null until they are loaded. */
  readonly charts: Charts | null;
}

const EVERY_MS = 1_000;
/** Five minutes. */
const KEPT = 300;
const NOTHING: MetricsView = { latest: null, history: [], trouble: null, charts: null };

/** Asks for metrics once a second while somebody looks at them. Otherwise it does nothing, and the charts aren't loaded. */
export class MetricsFeed {
  readonly #client: RoomClient;
  readonly #onNews: () => void;
  #view: MetricsView | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Counts the openings of the page: what was asked for in an earlier one is nobody's answer now. */
  #visit = 0;

  constructor(client: RoomClient, onNews: () => void) {
    this.#client = client;
    this.#onNews = onNews;
  }

  /** null while nobody looks. */
  view(): MetricsView | null {
    return this.#view;
  }

  /** @param on - the page is open */
  watch(on: boolean): void {
    if (on === (this.#view !== null)) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#view = on ? NOTHING : null;
    if (!on) return;
    const visit = ++this.#visit;
    void this.#load(visit);
    void this.#ask(visit);
  }

  async #load(visit: number): Promise<void> {
    try {
      const { charts } = await import('../charts/charts.ts');
      this.#change(visit, { charts });
    } catch (error) {
      this.#change(visit, { trouble: `no charts: ${firstLine(error)}` });
    }
  }

  async #ask(visit: number): Promise<void> {
    const asked = performance.now();
    try {
      const latest = await this.#client.metrics();
      this.#change(visit, { latest, trouble: null, history: this.#longer(latest) });
    } catch (error) {
      this.#change(visit, { trouble: firstLine(error) });
    }
    if (this.#visit !== visit || !this.#view) return;
    const wait = Math.max(0, EVERY_MS - (performance.now() - asked));
    this.#timer = setTimeout(() => void this.#ask(visit), wait);
  }

  /** The first answer has no rates yet. */
  #longer({ at, overMs, agents }: MetricsReply): readonly OutputSample[] {
    const before = this.#view?.history ?? [];
    if (overMs === null || at === before.at(-1)?.at) return before;
    const rates = new Map(agents.map(({ agent, outputBytesPerSecond }) => [agent, outputBytesPerSecond ?? 0]));
    return [...before.slice(1 - KEPT), { at, rates }];
  }

  #change(visit: number, change: Partial<MetricsView>): void {
    if (this.#visit !== visit || !this.#view) return;
    this.#view = { ...this.#view, ...change };
    this.#onNews();
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
