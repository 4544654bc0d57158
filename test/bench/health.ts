/**
 * `npm run bench -- health`: what reading a check's output costs. A program prints 100 MB as a large build does, once into a pipe that is
 * only emptied, once into a check of llmctl's, which keeps, follows and judges it. Writes bench/DATE-health.json and prints a table.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HealthRunner } from '../../src/adapters/build/runner.ts';
import { Outputs } from '../../src/daemon/health/outputs.ts';
import { quantile, short } from './figures.ts';

/** About 77 bytes a line; an error at the end, as it is found last. */
const PRINTS = `BEGIN {
  for (i = 0; i < LINES; i++) printf "[%6d/999999] cc -O2 -Wall -Iinclude -c src/module_%06d.c -o module_%06d.o\\n", i, i, i;
  print "src/last.c:3:5: error: expected ;"; exit 1
}`;
const BYTES_A_LINE = 77;

interface Took {
  readonly ms: number;
  readonly cpuMs: number;
}

export type HealthFigures = Readonly<Record<string, number>>;

async function timed(work: () => Promise<void>): Promise<Took> {
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - from, cpuMs: (user + system) / 1000 };
}

function emptied(argv: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // In a session of its own as checks are: the kernel shares a busy machine among sessions.
    const child = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    child.stdout.on('data', () => {});
    child.stderr.on('data', () => {});
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}

async function judged(argv: readonly string[], folder: string): Promise<void> {
  const output = new Outputs(() => folder);
  const runner = new HealthRunner({ repo: folder, logs: folder, env: process.env, head: () => '', output });
  await runner.endLeftovers();
  const started = runner.start({ name: 'build', command: { kind: 'argv', argv }, timeoutMs: 600_000 });
  if (!started.ok) throw new Error(started.reason);
  const { state, firstError } = await started.outcome;
  if (state !== 'red' || !firstError.includes('src/last.c:3:5'))
    throw new Error(`judged wrong: ${state} ${firstError}`);
}

/** In turns, so that what else the machine does meets both alike. */
export async function benchHealth(quick: boolean): Promise<{ results: HealthFigures; table: string }> {
  const megabytes = quick ? 20 : 100;
  const lines = Math.round((megabytes * 1e6) / BYTES_A_LINE);
  const argv = ['awk', '-v', `LINES=${lines}`, PRINTS];
  const folder = mkdtempSync(join(tmpdir(), 'llmctl-bench-health-'));
  const [plain, checked]: [Took[], Took[]] = [[], []];
  try {
    for (let round = 0; round < 7; round++) {
      plain.push(await timed(() => emptied(argv)));
      checked.push(await timed(() => judged(argv, folder)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const median = (all: readonly Took[], key: keyof Took): number =>
    quantile(
      all.map((one) => one[key]),
      0.5,
    );
  const [from, to] = [median(plain, 'ms'), median(checked, 'ms')];
  const cpu = median(checked, 'cpuMs') - median(plain, 'cpuMs');
  const results = { megabytes, plainMs: from, checkedMs: to, addedPercent: (to / from - 1) * 100, addedCpuMs: cpu };
  const met = results.addedPercent <= 10 ? 'yes' : 'no';
  const table = [
    '| | emptied | checked | added | target | met |',
    '|---|---:|---:|---:|---|---|',
    `| time of a program that prints ${megabytes} MB, ms | ${short(from)} | ${short(to)} | ${short(results.addedPercent)} % | ≤ 10 % | ${met} |`,
    `| CPU of llmctl for it, ms | | | ${short(cpu)}, ${short((cpu / from) * 100)} % of its time | | |`,
  ].join('\n');
  return { results, table };
}
