import type { MetricsReply, RoomClient } from '../../client/api.ts';
import type { SessionSeries } from '../../core/records/series.ts';
import type { Charts } from '../charts/api.ts';

/** Output of each agent in one second or so, in bytes a second. */
export interface OutputSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly rates: ReadonlyMap<string, number>;
}

export type MetricsKind = 'now' | 'session';

/** What the metrics page is drawn from. */
export interface MetricsView {
  readonly latest: MetricsReply | null;
  /** Figures of the whole session; null until they were asked for. */
  readonly series: SessionSeries | null;
  /** Since the page was opened, oldest first. */
  readonly history: readonly OutputSample[];
  /** Why there is nothing newer; null while all is well. */
  readonly trouble: string | null;
  /** null until they are loaded. */
  readonly charts: Charts | null;
}

const EVERY_MS = 1_000;
/** What the whole session looks like changes slowly. */
const SERIES_EVERY_MS = 5_000;
/** More than charts have columns of dots. */
const STRETCHES = 240;
/** Five minutes. */
const KEPT = 300;
const NOTHING: MetricsView = { latest: null, series: null, history: [], trouble: null, charts: null };

/** Asks for metrics once a second, or for those of the session now and then, while somebody looks at them. Otherwise it does nothing, and the charts aren't loaded. */
export class MetricsFeed {
  readonly #client: RoomClient;
  readonly #onNews: () => void;
  #view: MetricsView | null = null;
  #kind: MetricsKind | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Counts what the page was opened for: what was asked for in an earlier one is nobody's answer now. */
  #visit = 0;

  constructor(client: RoomClient, onNews: () => void) {
    this.#client = client;
    this.#onNews = onNews;
  }

  /** null while nobody looks. */
  view(): MetricsView | null {
    return this.#view;
  }

  /** @param kind - what the open page shows; null: it isn't open */
  watch(kind: MetricsKind | null): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const visit = ++this.#visit;
    if (kind === null) {
      this.#view = null;
      return;
    }
    this.#view = { ...(this.#view ?? NOTHING), trouble: null };
    if (!this.#view.charts) void this.#load(visit);
    void this.#ask(visit, kind);
  }

  async #load(visit: number): Promise<void> {
    try {
      const { charts } = await import('../charts/charts.ts');
      this.#change(this.#visit, { charts });
    } catch (error) {
      this.#change(visit, { trouble: `no charts: ${firstLine(error)}` });
    }
  }

  async #ask(visit: number, kind: MetricsKind): Promise<void> {
    const asked = performance.now();
    try {
      this.#change(visit, { ...(await this.#answer(kind)), trouble: null });
    } catch (error) {
      this.#change(visit, { trouble: firstLine(error) });
    }
    if (this.#visit !== visit || !this.#view) return;
    const every = kind === 'now' ? EVERY_MS : SERIES_EVERY_MS;
    const wait = Math.max(0, every - (performance.now() - asked));
    this.#timer = setTimeout(() => void this.#ask(visit, kind), wait);
  }

  async #answer(kind: MetricsKind): Promise<Partial<MetricsView>> {
    if (kind === 'session') return { series: await this.#client.series(STRETCHES) };
    const latest = await this.#client.metrics();
    return { latest, history: this.#longer(latest) };
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
