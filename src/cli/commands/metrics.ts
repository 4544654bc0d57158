/** metrics: what agents and session use, over one second; or figures of the whole session. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesText } from '../../core/bytes.ts';
import { csvLine, seriesCsv, seriesDocument, type SessionSeries } from '../../core/records/series.ts';
import { isoTime } from '../../core/select/time.ts';
import type { MetricsReply } from '../../protocol/messages.ts';
import type { CommandLine } from '../define.ts';
import { usageError } from '../errors.ts';
import { print } from '../io.ts';
import { wholeNumber } from '../numbers.ts';
import { metrics as request, series as ask } from '../requests.ts';
import { columns } from '../table.ts';

/** Rates need two samples. */
const OVER_MS = 1_000;

export async function metrics({ context, options }: CommandLine): Promise<void> {
  const csv = options.csv === true;
  if (csv && context.json) throw usageError('--csv and --json are two forms of one answer: take one of them');
  const points = wholeNumber(options.points, '--points', 1);
  await context.withSession(async (connection) => {
    if (options.session === true) {
      const seen = await ask(connection, points);
      if (csv) process.stdout.write(seriesCsv(seen));
      else context.answer(seriesDocument(seen), describeSeries(seen));
      return;
    }
    await request(connection);
    await sleep(OVER_MS);
    const seen = await request(connection);
    if (csv) print(nowCsv(seen));
    else context.answer({ ...seen, at: isoTime(seen.at) }, describe(seen));
  });
}

function describe({ agents, daemon, ptyhost, cores, overMs, machine }: MetricsReply): string {
  const rows = agents.map(({ agent, processes, cpuPercent, rssBytes, pssBytes, outputBytesPerSecond: rate }) => [
    agent,
    String(processes),
    percent(cpuPercent),
    bytesText(pssBytes ?? rssBytes),
    rate === null ? '-' : `${bytesText(rate)}/s`,
  ]);
  const own = Object.entries({ daemon, ptyhost }).map(([name, { cpuPercent, rssBytes }]) => [
    `(${name})`,
    '1',
    percent(cpuPercent),
    bytesText(rssBytes),
    '',
  ]);
  const note = `over ${((overMs ?? 0) / 1000).toFixed(1)} s; 100 % is one core of ${cores}`;
  const { load, freeBytes, totalBytes, pressure } = machine;
  const waits = Object.entries(pressure).flatMap(([what, share]) =>
    share === null ? [] : [`${what} ${Math.round(share)} %`],
  );
  const waiting = waits.length === 0 ? '' : `; work waits for ${waits.join(', ')} of the time`;
  const whole = `machine: load ${load} a core, ${bytesText(freeBytes)} of ${bytesText(totalBytes)} free${waiting}`;
  return `${columns([['AGENT', 'PROCESSES', 'CPU', 'MEMORY', 'OUTPUT'], ...rows, ...own])}\n\n${whole}\n${note}`;
}

function nowCsv({ at, agents }: MetricsReply): string {
  const head = ['at', 'agent', 'processes', 'cpu_percent', 'memory_bytes', 'output_bytes_per_second'];
  const rows = agents.map(({ agent, processes, cpuPercent, rssBytes, outputBytesPerSecond }) => [
    isoTime(at),
    agent,
    processes,
    cpuPercent,
    rssBytes,
    outputBytesPerSecond,
  ]);
  return [head, ...rows].map(csvLine).join('\r\n');
}

function describeSeries(seen: SessionSeries): string {
  const { from, to, stretchMs, tasksDone, overlaps, merges, landed, refused, checks, agents } = seen;
  const sum = (values: readonly (number | null)[]): number => values.reduce<number>((all, one) => all + (one ?? 0), 0);
  const last = (values: readonly (number | null)[]): number | null => values.findLast((one) => one !== null) ?? null;
  const rows = agents.map(({ id, output, cpu, memoryBytes, active, tokens, costUsd }) => {
    const cost = last(costUsd);
    return [
      id,
      bytesText(sum(output)),
      percent(mean(cpu)),
      bytesText(Math.max(0, ...memoryBytes.map((one) => one ?? 0))),
      percent(mean(active)),
      last(tokens)?.toLocaleString('en') ?? '-',
      cost === null ? '-' : `$${cost.toFixed(2)}`,
    ];
  });
  const checkRows = checks.map(({ name, ms, red }) => [
    name,
    `${((mean(ms) ?? 0) / 1000).toFixed(1)} s`,
    `${(Math.max(0, ...ms.map((one) => one ?? 0)) / 1000).toFixed(1)} s`,
    String(sum(red)),
  ]);
  return [
    `${isoTime(from)} to ${isoTime(to)}, by ${stretchMs / 1000} s`,
    `${tasksDone.at(-1) ?? 0} tasks done, ${sum(landed)} landed, ${sum(refused)} refused, ${sum(overlaps)} overlaps, ${sum(merges)} merges`,
    '',
    columns([['AGENT', 'OUTPUT', 'CPU', 'MEMORY', 'AT WORK', 'TOKENS', 'COST'], ...rows]),
    ...(checkRows.length === 0 ? [] : ['', columns([['CHECK', 'MEAN', 'LONGEST', 'RED'], ...checkRows])]),
  ].join('\n');
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((all, one) => all + one, 0) / known.length;
}

function percent(value: number | null): string {
  return value === null ? '-' : `${Math.round(value)} %`;
}
