/** `npm run bench -- rehearse`: seconds for each plan of plans/, rehearsed from the command to its end. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RehearsalReport } from '../../src/core/rehearse/report.ts';
import { Room } from '../kit/room.ts';
import { PROJECT } from '../kit/temp.ts';
import { short } from './figures.ts';

const LIMIT_S = 60;
const GIVEN_UP_MS = 300_000;

export interface Rehearsed {
  readonly plan: string;
  readonly ok: boolean;
  readonly reason: string;
  readonly tasks: number;
  readonly seconds: number;
}

export async function benchRehearsals(): Promise<{ results: Rehearsed[]; table: string }> {
  const results: Rehearsed[] = [];
  const names = readdirSync(join(PROJECT, 'plans')).filter((name) => name.endsWith('.yaml'));
  for (const name of names) {
    const room = new Room({});
    try {
      const began = performance.now();
      const run = await room.cliWith({ timeoutMs: GIVEN_UP_MS }, 'rehearse', join(PROJECT, 'plans', name), '--json');
      const seconds = (performance.now() - began) / 1000;
      const { ok, reason, tasks } = run.json as RehearsalReport;
      results.push({ plan: name, ok, reason, tasks: tasks.length, seconds });
      console.error(`rehearse ${name}: ${short(seconds)} s${ok ? '' : `, ${reason}`}`);
    } finally {
      await room.close();
    }
  }
  return { results, table: results.map(line).join('\n') };
}

function line({ plan, ok, tasks, seconds }: Rehearsed): string {
  const verdict = ok && seconds <= LIMIT_S ? '' : '  MISSED';
  return `${plan.padEnd(22)} ${String(tasks).padStart(3)} tasks  ${short(seconds).padStart(6)} s  (at most ${LIMIT_S})${verdict}`;
}
