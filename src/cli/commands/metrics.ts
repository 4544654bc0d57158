/** metrics: what agents and session use, over one second. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesText } from '../../core/bytes.ts';
import { isoTime } from '../../core/select/time.ts';
import type { MetricsReply } from '../../protocol/messages.ts';
import type { CommandLine } from '../define.ts';
import { metrics as request } from '../requests.ts';
import { columns } from '../table.ts';

/** Rates need two samples. */
const OVER_MS = 1_000;

export async function metrics({ context }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    await request(connection);
    await sleep(OVER_MS);
    const seen = await request(connection);
    context.answer({ ...seen, at: isoTime(seen.at) }, describe(seen));
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

function percent(value: number | null): string {
  return value === null ? '-' : `${Math.round(value)} %`;
}
