/**
 * `npm run bench -- records`: what a journal of 100,000 events costs who reads in it, and what the metrics screen costs while it is open.
 * Writes bench/DATE-records.json and prints a table.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Journal } from '../../../src/adapters/journal/journal.ts';
import { seekJournal } from '../../../src/adapters/journal/seek.ts';
import { evolve } from '../../../src/core/evolve.ts';
import type { Event } from '../../../src/core/model/events.ts';
import { emptyState, type State } from '../../../src/core/model/state.ts';
import { ANY_EVENT, type JournalFilter } from '../../../src/core/records/journal-filter.ts';
import { Records } from '../../../src/daemon/records/records.ts';
import { Samples } from '../../../src/adapters/journal/samples.ts';
import { Pasts } from '../../../src/daemon/requests/past.ts';
import { echo } from '../../kit/agents.ts';
import { cpuSeconds } from '../../kit/procs.ts';
import { short } from '../figures.ts';
import { llmctl } from '../llmctl.ts';
import { LightTerminal } from '../terminal.ts';

export type RecordFigures = Readonly<Record<string, number>>;

const EVENTS = 100_000;
const SIZE = { cols: 200, rows: 60 };
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const session = { id: 's', repo: '/r', git: true, startedAt: 0, plan: null, planName: '', pid: 1 };

function nth(seq: number): Event {
  const agent = seq % 2 === 0 ? 'ana' : 'ben';
  if (seq % 5_000 === 0) {
    return { type: 'alert.raised', id: `a${seq}`, level: 'warn', text: `needle ${seq}`, agent, cause: `c${seq % 7}` };
  }
  if (seq % 11 === 0) {
    const result = { name: 'test', ms: 4_000, commit: '', firstError: '', tail: ['x'.repeat(80)] };
    return { type: 'health.finished', state: 'green', ...result };
  }
  if (seq % 3 === 0) {
    return {
      type: 'agent.git',
      agent,
      git: { branch: `llmctl/${agent}`, changed: ['a.c', 'src/b.c'], ahead: 1, behind: 0 },
    };
  }
  return { type: 'agent.progress', agent, percent: seq % 100, text: `piece ${seq}` };
}

function write(path: string): { journal: Journal; state: State } {
  const journal = Journal.open(path, { onTrouble: () => undefined, onReplaced: () => undefined });
  let state = emptyState(session);
  for (let from = 1; from <= EVENTS; from += 500) {
    const entries = Array.from({ length: 500 }, (_, i) => ({
      seq: from + i,
      at: (from + i) * 300,
      event: nth(from + i),
    }));
    for (const entry of entries) state = evolve(state, entry);
    journal.append(entries);
    journal.offer(state);
  }
  return { journal, state };
}

async function reading(): Promise<RecordFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'llb-'));
  const { journal, state } = write(join(folder, 'journal.db'));
  const room = { journal, state };
  const all = async (filter: JournalFilter): Promise<void> => {
    for (let from: number | null = EVENTS; from !== null;) {
      from = (await seekJournal(journal, { filter, from, step: -1, limit: 200 })).next;
    }
  };
  try {
    const pasts = new Pasts(room);
    const records = new Records({ room, samples: Samples.open(':memory:'), stateDir: folder });
    return {
      'newest page': await timed(() => seekJournal(journal, { filter: ANY_EVENT, from: EVENTS, step: -1, limit: 200 })),
      'page in the middle': await timed(() =>
        seekJournal(journal, { filter: ANY_EVENT, from: 50_000, step: 1, limit: 200 }),
      ),
      'all alerts': await timed(() => all({ ...ANY_EVENT, type: 'alert' })),
      'a text that is nowhere': await timed(() => all({ ...ANY_EVENT, text: 'nobody says this' })),
      'a state in the middle': await timed(() => pasts.at(56_789)),
      'the state before it': await timed(() => pasts.at(56_788)),
      'report, first': await timed(() => records.report()),
      'report, again': await timed(() => records.report()),
    };
  } finally {
    journal.close();
    rmSync(folder, { recursive: true });
  }
}

/**
 * Milliseconds of CPU that it took: on a machine with other work the time is theirs. The longest that everything else had to wait
 * meanwhile goes to `longest`.
 */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const from = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(from);
  delays.disable();
  longest = Math.max(longest, delays.max / 1e6);
  return (user + system) / 1000;
}
let longest = 0;

/** CPU of client, daemon and ptyhost, in percent of a core: with the page open, less what they take without it. */
async function screens(windowMs: number): Promise<RecordFigures> {
  const running = await llmctl.start(Array.from({ length: 6 }, echo), SIZE);
  try {
    const { file, args, env } = running.client;
    const client = new LightTerminal(file, args, env, SIZE);
    await sleep(15_000);
    const pids = [client.pid, ...(await running.servers())];
    const load = async (): Promise<number> => {
      const [cpu, start] = [cpuSeconds(pids), performance.now()];
      await sleep(windowMs);
      return ((cpuSeconds(pids) - cpu) / (performance.now() - start)) * 100_000;
    };
    const idle = await load();
    client.type('m');
    await sleep(10_000);
    const now = await load();
    client.type('\t');
    await sleep(6_000);
    const session = await load();
    await client.close();
    return { idle, 'metrics now': now - idle, 'metrics of the session': session - idle };
  } finally {
    await running.stop();
  }
}

export async function benchRecords(quick: boolean): Promise<{ results: RecordFigures; table: string }> {
  const read = await reading();
  const results = { ...read, 'longest wait of others': longest, ...(await screens(quick ? 10_000 : 30_000)) };
  return { results, table: recordTable(results) };
}

const LINES: readonly { readonly figure: string; readonly unit: string; readonly limit?: number }[] = [
  { figure: 'newest page', unit: 'ms CPU', limit: 50 },
  { figure: 'page in the middle', unit: 'ms CPU', limit: 50 },
  { figure: 'all alerts', unit: 'ms CPU' },
  { figure: 'a text that is nowhere', unit: 'ms CPU', limit: 2_000 },
  { figure: 'a state in the middle', unit: 'ms CPU', limit: 1_000 },
  { figure: 'the state before it', unit: 'ms CPU', limit: 50 },
  { figure: 'report, first', unit: 'ms CPU', limit: 2_000 },
  { figure: 'report, again', unit: 'ms CPU' },
  { figure: 'longest wait of others', unit: 'ms' },
  { figure: 'idle', unit: '% CPU' },
  { figure: 'metrics now', unit: '% CPU', limit: 3 },
  { figure: 'metrics of the session', unit: '% CPU', limit: 3 },
];

function recordTable(results: RecordFigures): string {
  const rows = LINES.map(({ figure, unit, limit }) => {
    const value = results[figure] ?? Number.NaN;
    const held = limit === undefined ? '' : value <= limit ? 'yes' : 'no';
    return `| ${figure}, ${unit} | ${short(value)} | ${limit === undefined ? '' : `≤ ${limit} ${unit}`} | ${held} |`;
  });
  return ['| | 100,000 events; six panes at 200×60 | target | met |', '|---|---:|---|---|', ...rows].join('\n');
}
