/**
 * `npm run bench [-- PART…] [--rounds N] [--only NAME,…] [--quick] [--tmux | --llmctl] [--files N,…]`. Parts, all where none is named:
 * `room`, tmux and llmctl in turns on the same generators, 200×60 with 6 panes; `merge`, two agents in one file of large
 * repositories; `plan`, a plan of 2,000 tasks; `evidence`, what it costs to know an agent's state; `records`, a journal of
 * 100,000 events and the metrics screen; `health`, 100 MB of a check's output; `hooks`, what agents wait for at every step; `rehearse`,
 * all plans of plans/. Writes bench/DATE.json,
 * -merge.json and so on, and prints tables;
 * a missed target is marked, not an error.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT } from '../kit/temp.ts';
import { llmctl } from './llmctl.ts';
import { benchEvidence } from './evidence.ts';
import { benchHealth } from './health.ts';
import { benchHooks } from './hooks/run.ts';
import { benchMerge } from './merge/run.ts';
import { benchPlan } from './plan/run.ts';
import { attaching, echoing, flooding, idling, streaming, type Figures, type Plan } from './measures.ts';
import { benchRecords } from './records/run.ts';
import { benchRehearsals } from './rehearse.ts';
import { stalling } from './stall.ts';
import type { Subject } from './subject.ts';
import { judge, table, type Results } from './targets.ts';
import { tmux, tmuxVersion } from './tmux.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    tmux: { type: 'boolean', default: false },
    llmctl: { type: 'boolean', default: false },
    out: { type: 'string' },
    files: { type: 'string', default: '10000,100000' },
  },
});

const FULL: Plan = {
  size: { cols: 200, rows: 60 },
  windowMs: 8_000,
  idleMs: 15_000,
  keys: 200,
  floodLines: 200_000,
  attaches: 7,
  stallMs: 20_000,
};
const QUICK: Plan = {
  ...FULL,
  windowMs: 3_000,
  idleMs: 5_000,
  keys: 60,
  floodLines: 20_000,
  attaches: 3,
  stallMs: 5_000,
};

const MEASURES: Readonly<Record<string, (subject: Subject, plan: Plan) => Promise<Figures>>> = {
  agent: streaming('agent'),
  redraw: streaming('redraw'),
  scroll: streaming('scroll'),
  idle: idling,
  'echo idle': echoing(false),
  'echo busy': echoing(true),
  attach: attaching,
  flood: flooding,
  stall: stalling,
};

function subjects(): readonly Subject[] {
  const installed = tmuxVersion() !== undefined;
  if (!installed) console.error('bench: tmux is not installed: measuring llmctl alone, without ratios');
  const both: readonly Subject[] = installed ? [tmux, llmctl] : [llmctl];
  const asked = both.filter((subject) => options[subject.name]);
  return asked.length > 0 ? asked : both;
}

async function measure(plan: Plan): Promise<Results> {
  const results: Record<string, { tmux: Figures[]; llmctl: Figures[] }> = {};
  const names = options.only?.split(',') ?? Object.keys(MEASURES);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const name of names) {
      // A stall is long and tells the same every time.
      if (name === 'stall' && round > 0) continue;
      const order = round % 2 === 0 ? subjects() : [...subjects()].reverse();
      for (const subject of order) {
        results[name] ??= { tmux: [], llmctl: [] };
        try {
          const figures = await MEASURES[name]!(subject, plan);
          results[name][subject.name].push(figures);
          console.error(`round ${round + 1} ${name} ${subject.name}: ${JSON.stringify(figures)}`);
        } catch (error) {
          console.error(`round ${round + 1} ${name} ${subject.name} failed: ${(error as Error).message}`);
        }
      }
    }
  }
  return results;
}

function keep(name: string, what: object): void {
  const at = new Date().toISOString();
  const machine = {
    node: process.version,
    tmux: tmuxVersion(),
    kernel: release(),
    cpus: cpus().length,
    model: cpus()[0]?.model,
  };
  const file = options.out ?? join(PROJECT, 'bench', `${at.slice(0, 10)}${name}.json`);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ at, machine, ...what }, null, 2)}\n`);
}

const wants = (part: string): boolean => positionals.length === 0 || positionals.includes(part);
const { quick } = options;
if (wants('room')) {
  const plan = quick ? QUICK : FULL;
  const results = await measure(plan);
  keep('', { plan, verdicts: judge(results), results });
  console.log(table(results));
}
if (wants('merge')) {
  const { results, table } = await benchMerge({ quick, files: options.files.split(',').map(Number) });
  keep('-merge', { results });
  console.log(table);
}
if (wants('rehearse')) {
  const { results, table } = await benchRehearsals();
  keep('-rehearse', { results });
  console.log(table);
}
if (wants('records')) {
  const { results, table } = await benchRecords(quick);
  keep('-records', { results });
  console.log(table);
}
if (wants('evidence')) {
  const { results, table } = await benchEvidence(quick);
  keep('-evidence', { results });
  console.log(table);
}
if (wants('health')) {
  const { results, table } = await benchHealth(quick);
  keep('-health', { results });
  console.log(table);
}
if (wants('hooks')) {
  const { results, table } = await benchHooks(quick);
  keep('-hooks', { results });
  console.log(table);
}
if (wants('plan')) {
  const { results, table } = benchPlan();
  keep('-plan', { results });
  console.log(table);
}
