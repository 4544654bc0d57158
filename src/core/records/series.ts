/** Figures of a whole session along time: what its charts, its CSV and its JSON show. */
import type { AgentId, AgentStateName, EpochMs } from '../model/agent.ts';
import { isoTime } from '../select/time.ts';
import type { AgentStory } from './agent-story.ts';
import type { Chronicle } from './chronicle.ts';

/** What one agent used over a while. */
export interface Sample {
  /** Its end; of gathered ones, the beginning of their stretch. */
  readonly at: EpochMs;
  readonly agent: AgentId;
  readonly bytes: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly overMs: number;
}

/** Each list has one figure for each stretch; null: nothing is known of it. */
export interface AgentSeries {
  readonly id: AgentId;
  readonly name: string;
  /** Bytes printed. */
  readonly output: readonly (number | null)[];
  readonly outputPerSecond: readonly (number | null)[];
  /** Percent of one core. */
  readonly cpu: readonly (number | null)[];
  /** The most at once. */
  readonly memoryBytes: readonly (number | null)[];
  /** Percent of the time at work. */
  readonly active: readonly (number | null)[];
  /** Up to the end of the stretch, by its CLI's count. */
  readonly tokens: readonly (number | null)[];
  readonly costUsd: readonly (number | null)[];
}

export interface SessionSeries {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly stretchMs: number;
  readonly agents: readonly AgentSeries[];
  /** Up to the end of each stretch. */
  readonly tasksDone: readonly number[];
  /** In each stretch: overlaps that began, merges that ended, landings that are in, landings that were refused. */
  readonly overlaps: readonly number[];
  readonly merges: readonly number[];
  readonly landed: readonly number[];
  readonly refused: readonly number[];
  /** Mean of the runs in each stretch, and how many of them were red. */
  readonly checks: readonly {
    readonly name: string;
    readonly ms: readonly (number | null)[];
    readonly red: readonly number[];
  }[];
}

/** Stretches are whole seconds, so that the same session always has the same ones. */
export function stretchOf(from: EpochMs, to: EpochMs, most: number): number {
  const seconds = Math.max(1, Math.ceil((to - from) / 1000 / Math.max(1, most)));
  return (STEPS.find((step) => step >= seconds) ?? Math.ceil(seconds / 3600) * 3600) * 1000;
}

/** Seconds; the shortest holds two samples, wherever it begins. */
const STEPS = [20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200] as const;

/** @param samples gathered by these very stretches */
export function sessionSeries(
  chronicle: Chronicle,
  samples: readonly Sample[],
  { from, to, stretchMs }: Pick<SessionSeries, 'from' | 'to' | 'stretchMs'>,
): SessionSeries {
  const count = Math.max(1, Math.ceil((to - from) / stretchMs));
  const place = (at: EpochMs): number => Math.max(0, Math.min(count - 1, Math.floor((at - from) / stretchMs)));
  const counted = (times: readonly EpochMs[]): readonly number[] => {
    const counts = Array.from({ length: count }, () => 0);
    for (const at of times) if (at <= to) counts[place(at)]!++;
    return counts;
  };
  const ends = Array.from({ length: count }, (_, i) => Math.min(to, from + (i + 1) * stretchMs));
  const landings = chronicle.landings.filter(({ endedAt }) => endedAt !== null);
  const ended = (...states: readonly string[]): readonly number[] =>
    counted(landings.flatMap(({ state, endedAt }) => (states.includes(state) ? [endedAt!] : [])));
  return {
    from,
    to,
    stretchMs,
    agents: [...chronicle.agents.values()].map((story) => agentSeries(story, samples, ends, stretchMs, place)),
    tasksDone: runningSum(counted(doneTimes(chronicle))),
    overlaps: counted([...chronicle.overlaps.values()].map(({ at }) => at)),
    merges: counted([...chronicle.rounds.values()].flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt]))),
    landed: ended('landed', 'undone'),
    refused: ended('failed'),
    checks: [...new Set(chronicle.checks.map(({ name }) => name))].map((name) => {
      const runs = chronicle.checks.filter((run) => run.name === name);
      return {
        name,
        ms: means(runs, count, place),
        red: counted(runs.flatMap(({ at, state }) => (state === 'red' ? [at] : []))),
      };
    }),
  };
}

function agentSeries(
  story: AgentStory,
  samples: readonly Sample[],
  ends: readonly EpochMs[],
  stretchMs: number,
  place: (at: EpochMs) => number,
): AgentSeries {
  const { id, name } = story;
  const nothing = (): (number | null)[] => ends.map(() => null);
  const [output, outputPerSecond, cpu, memoryBytes] = [nothing(), nothing(), nothing(), nothing()];
  for (const sample of samples) {
    if (sample.agent !== id) continue;
    const at = place(sample.at);
    output[at] = sample.bytes;
    if (sample.overMs > 0) {
      outputPerSecond[at] = Math.round((sample.bytes / sample.overMs) * 1000);
      cpu[at] = Math.round((sample.cpuMs / sample.overMs) * 1000) / 10;
    }
    memoryBytes[at] = sample.memoryBytes;
  }
  const counts = ends.map((end) => story.counts.findLast(({ at }) => at <= end) ?? null);
  return {
    id,
    name,
    output,
    outputPerSecond,
    cpu,
    memoryBytes,
    active: ends.map((end) => activity(story, end - stretchMs, end)),
    tokens: counts.map((known) => known?.tokens ?? null),
    costUsd: counts.map((known) => known?.costUsd ?? null),
  };
}

const AT_WORK: ReadonlySet<AgentStateName> = new Set<AgentStateName>(['starting', 'working']);

/** Percent of a stretch at work; null before the agent was there. */
function activity({ changes }: AgentStory, from: EpochMs, to: EpochMs): number | null {
  const first = changes[0];
  if (!first || first.at >= to) return null;
  let worked = 0;
  for (const [i, { state, at }] of changes.entries()) {
    if (at >= to) break;
    const until = Math.min(to, changes[i + 1]?.at ?? to);
    if (AT_WORK.has(state)) worked += Math.max(0, until - Math.max(from, at));
  }
  return Math.round((worked / (to - from)) * 1000) / 10;
}

/** When each task that is done was done last; what was reopened since isn't. */
function doneTimes({ tasks }: Chronicle): readonly EpochMs[] {
  const done = new Map<string, EpochMs>();
  for (const { task, step, at } of tasks) {
    if (step === 'done') done.set(task, at);
    else if (step === 'reopened') done.delete(task);
  }
  return [...done.values()];
}

function runningSum(counts: readonly number[]): readonly number[] {
  let sum = 0;
  return counts.map((count) => (sum += count));
}

function means(runs: Chronicle['checks'], count: number, place: (at: EpochMs) => number): readonly (number | null)[] {
  const sums = Array.from({ length: count }, () => ({ ms: 0, runs: 0 }));
  for (const { at, ms } of runs) {
    const sum = sums[place(at)]!;
    sum.ms += ms;
    sum.runs++;
  }
  return sums.map((sum) => (sum.runs === 0 ? null : Math.round(sum.ms / sum.runs)));
}

/** One row for each stretch, with a column for each figure (RFC 4180). */
export function seriesCsv(series: SessionSeries): string {
  const columns: (readonly [string, readonly (number | null)[]])[] = [
    ['tasks_done', series.tasksDone],
    ['overlaps', series.overlaps],
    ['merges', series.merges],
    ['landed', series.landed],
    ['refused', series.refused],
    ...series.checks.flatMap(({ name, ms, red }) => [
      [`check.${name}.ms`, ms] as const,
      [`check.${name}.red`, red] as const,
    ]),
    ...series.agents.flatMap(({ id, output, cpu, memoryBytes, active, tokens, costUsd }) => [
      [`agent.${id}.output_bytes`, output] as const,
      [`agent.${id}.cpu_percent`, cpu] as const,
      [`agent.${id}.memory_bytes`, memoryBytes] as const,
      [`agent.${id}.active_percent`, active] as const,
      [`agent.${id}.tokens`, tokens] as const,
      [`agent.${id}.cost_usd`, costUsd] as const,
    ]),
  ];
  const head = csvLine(['at', ...columns.map(([name]) => name)]);
  const rows = series.tasksDone.map((_, i) => {
    return csvLine([isoTime(series.from + i * series.stretchMs), ...columns.map(([, values]) => values[i] ?? null)]);
  });
  return `${[head, ...rows].join('\r\n')}\r\n`;
}

/** One line without its end. null: an empty field. */
export function csvLine(values: readonly (string | number | null)[]): string {
  return values.map((value) => (typeof value === 'string' ? field(value) : String(value ?? ''))).join(',');
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The JSON of `llmctl metrics --session --json`. */
export function seriesDocument({ from, to, stretchMs, ...series }: SessionSeries) {
  return { from: isoTime(from), to: isoTime(to), stretchSeconds: stretchMs / 1000, ...series };
}
