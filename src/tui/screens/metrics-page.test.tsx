import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MetricsReply } from '../../client/api.ts';
import { NOTHING_SPENT } from '../../core/model/run-facts.ts';
import type { SessionSeries } from '../../core/records/series.ts';
import { fakeAgent } from '../testing/fake-agent.ts';
import { FAKE_NOW, FakeRoom } from '../testing/fake-room.ts';
import { type ShowOptions, show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  shown?.close();
  vi.useRealTimers();
});

const NAMES = ['ada', 'bob', 'cleo', 'dan'];

function reply(times: number): MetricsReply {
  const first = times === 0;
  return {
    at: FAKE_NOW + times * 1000,
    overMs: first ? null : 1000,
    cores: 2,
    machine: { load: 0.5, freeBytes: 4e9, totalBytes: 8e9, pressure: { cpu: 3, memory: 0, io: null } },
    agents: NAMES.map((agent, i) => ({
      agent,
      pid: 1000 + i,
      processes: 3 + i,
      cpuPercent: first ? null : 12.4 * (i + 1),
      rssBytes: 84_000_000 * (i + 1),
      pssBytes: 84_000_000 * (i + 1),
      outputBytesPerSecond: first ? null : 1_500 * (i + times),
    })),
    daemon: { pid: 7, cpuPercent: first ? null : 3, rssBytes: 95_000_000 },
    ptyhost: { pid: 8, cpuPercent: first ? null : 1, rssBytes: 61_000_000 },
  };
}

function open(options: ShowOptions = {}, measure: FakeRoom['measure'] = reply) {
  const fake = new FakeRoom(NAMES.map((name, i) => fakeAgent(name, i + 1)));
  fake.measure = measure;
  shown = show(fake, options);
  return { fake, ...shown };
}

/** Charts are loaded in their own time, in which the clock stands. */
async function seconds(count: number, { store }: Pick<ReturnType<typeof show>, 'store'>): Promise<void> {
  for (;;) {
    await vi.advanceTimersByTimeAsync(0);
    if (store.room().metrics?.charts) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.advanceTimersByTimeAsync(count * 1000);
}

describe.each([
  { cols: 80, rows: 24 },
  { cols: 200, rows: 60 },
])('the metrics page at $cols×$rows', (size) => {
  it('draws what each agent uses, with the numbers', async () => {
    const room = open(size);
    room.press('m');
    expect(room.text()).toContain('measuring…');
    await seconds(20, room);
    const text = room.text();
    expect(text).toMatch(/output, KB\/s {2}last 19s/);
    expect(text).toMatch(/[\u2801-\u28ff]/);
    expect(text).toMatch(/━ ada +▰▱+ +12% +▰▰▱+ +84 MB +\d+ KB\/s +3 +[▁-█]+/);
    expect(text).toMatch(/━ dan +▰+▱+ +50% +▰{8} +336 MB +\d+ KB\/s +6 /);
    expect(text).toMatch(/daemon +▱+ +3% +▰+▱+ +95 MB/);
    expect(room.screen()).toHaveLength(size.rows);
    expect(Math.max(...room.screen().map((row) => row.length))).toBeLessThanOrEqual(size.cols);
  });

  it('shows the bars of memory, with their values', async () => {
    const room = open(size);
    room.press('m');
    await seconds(3, room);
    if (size.cols < 112) room.press('End');
    expect(room.text()).toMatch(/memory, MB/);
    expect(room.text()).toMatch(/84 +168 +252 +336/);
    expect(room.text()).toMatch(/█{6}/);
  });
});

describe('the metrics page', () => {
  it('asks once a second while it is open, and never else', async () => {
    const room = open();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(room.fake.timesMeasured).toBe(0);
    room.press('m');
    await seconds(4, room);
    expect(room.fake.timesMeasured).toBe(5);
    room.press('m');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(room.fake.timesMeasured).toBe(5);
    expect(vi.getTimerCount()).toBe(0);
    expect(room.store.room().metrics).toBeNull();
  });

  it('waits for a slow answer instead of asking again', async () => {
    let answer: (reply: MetricsReply) => void = () => {};
    const room = open();
    let asked = 0;
    room.fake.metrics = () => {
      asked++;
      return new Promise((resolve) => (answer = resolve));
    };
    room.press('m');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toBe(1);
    room.press('m');
    answer(reply(1));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toBe(1);
    expect(room.store.room().metrics).toBeNull();
  });

  it('says why there is nothing, keeps what it has, and goes on by itself', async () => {
    let broken = true;
    const room = open({}, (times) => {
      if (broken) throw new Error('not connected\u001b[2J to the session');
      return reply(times);
    });
    room.press('m');
    await seconds(1, room);
    expect(room.text()).toContain('not connected␛[2J to the session');
    broken = false;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(room.text()).toContain('84 MB');
    broken = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(room.text()).toContain('not connected');
    expect(room.text()).toContain('84 MB');
  });

  it('tells all of it without colours, and in ASCII', async () => {
    const room = open({ noColor: true, charset: 'ascii', cols: 100 });
    room.press('m');
    await seconds(20, room);
    expect(room.raw()).not.toMatch(/\u001b\[[\d;]*(3[0-8]|4[0-8]|9\d)[;m]/);
    const rows = room.screen().filter((row) => row.includes('KB/s'));
    expect(rows.length).toBeGreaterThanOrEqual(5);
    for (const row of rows) expect(row).toMatch(/^[\x20-\x7e]*$/);
    expect(room.text()).toMatch(/\*/);
    room.press('End');
    expect(room.text()).toMatch(/#{6}/);
  });

  it('tells what each has used, as far as its CLI counts', async () => {
    const usage = { now: { tokens: 101_700, costUsd: 0.144, contextUsed: 5, model: null }, before: NOTHING_SPENT };
    const fake = new FakeRoom([{ ...fakeAgent('ada', 1), usage }, fakeAgent('bob', 2)]);
    fake.measure = reply;
    shown = show(fake, { cols: 160, rows: 50 });
    shown.press('m');
    await seconds(2, shown);
    expect(shown.text()).toMatch(/procs +tokens, cost, context/);
    expect(shown.text()).toMatch(/ada +▰.* 102k \$0.14 +5%/);
  });

  it('draws the six loudest of many, and lists all', async () => {
    const names = Array.from({ length: 9 }, (_, i) => `a${i}`);
    const fake = new FakeRoom(names.map((name, i) => fakeAgent(name, i + 1)));
    const one = reply(1).agents[0]!;
    fake.measure = (times) => ({
      ...reply(times + 1),
      agents: names.map((agent, i) => ({ ...one, agent, outputBytesPerSecond: i * 100 })),
    });
    shown = show(fake, { cols: 200, rows: 60 });
    shown.press('m');
    await seconds(3, shown);
    const marked = names.filter((name) => new RegExp(`━ ${name} `).test(shown!.text()));
    expect(marked).toEqual(names.slice(3));
    for (const name of names) expect(shown.text()).toMatch(new RegExp(` ${name} +▰`));
  });
});

/** Half an hour of two agents, by a minute. */
function halfAnHour(counting: boolean): SessionSeries {
  const figures = (of: (i: number) => number | null) => Array.from({ length: 30 }, (_, i) => of(i));
  const counts = (of: (i: number) => number) => Array.from({ length: 30 }, (_, i) => of(i));
  const agent = (id: string, n: number): SessionSeries['agents'][number] => ({
    id,
    name: id,
    output: figures((i) => (i < 3 ? null : 60_000 * n * i)),
    outputPerSecond: figures((i) => (i < 3 ? null : 1_000 * n * i)),
    cpu: figures((i) => (i % 7) * 10 * n),
    memoryBytes: figures((i) => (i < 3 ? null : 1_000_000 * (80 * n + i))),
    active: figures((i) => (i % 2 === 0 ? 100 : 40)),
    tokens: figures((i) => (counting ? i * 1_000 * n : null)),
    costUsd: figures((i) => (counting ? (i * n) / 10 : null)),
  });
  return {
    from: FAKE_NOW - 1_800_000,
    to: FAKE_NOW,
    stretchMs: 60_000,
    agents: [agent('ada', 1), agent('bob', 2)],
    tasksDone: counts((i) => Math.floor(i / 5)),
    overlaps: counts((i) => (i === 4 ? 2 : 0)),
    merges: counts((i) => (i === 6 ? 1 : 0)),
    landed: counts((i) => (i % 10 === 9 ? 1 : 0)),
    refused: counts(() => 0),
    checks: [
      {
        name: 'test',
        ms: figures((i) => (i % 4 === 0 ? 4_000 + i * 100 : null)),
        red: counts((i) => (i === 8 ? 1 : 0)),
      },
    ],
  };
}

describe.each([
  { cols: 80, rows: 24 },
  { cols: 200, rows: 60 },
])('the metrics of the session at $cols×$rows', (size) => {
  it('are charts along time, each with its last figures', async () => {
    const fake = new FakeRoom([fakeAgent('ada', 1), fakeAgent('bob', 2)]);
    fake.measure = reply;
    fake.seriesReply = halfAnHour(true);
    shown = show(fake, size);
    shown.press('m', 'Tab');
    await seconds(1, shown);
    const lines: string[] = [];
    for (let page = 0; page < 12; page++) {
      lines.push(...shown.screen());
      shown.press('PgDn');
    }
    const text = lines.join('\n');
    expect(text).toContain('the whole session, 30m by 1m00s');
    expect(text).toMatch(/output, KB\/s +━ ada 29 KB\/s +━ bob 58 KB\/s/);
    expect(text).toMatch(/at work, % +━ ada 40%/);
    expect(text).toMatch(/tasks done +━ tasks 5/);
    expect(text).toMatch(/checks, s +━ test 6.8s, 1 red/);
    expect(text).toMatch(/overlaps, merges, landings +━ overlaps 2 +━ merges 1 +━ landed 3/);
    expect(text).toMatch(/memory, MB +━ ada 109 MB +━ bob 189 MB/);
    expect(text).toMatch(/CPU, % of a core +━ ada 10%/);
    expect(text).toMatch(/tokens, thousands; \$8.70 in all +━ ada 29k \$2.90 +━ bob 58k \$5.80/);
    expect(text).toMatch(/[\u2801-\u28ff]/);
    expect(shown.screen()).toHaveLength(size.rows);
    expect(Math.max(...shown.screen().map((row) => row.length))).toBeLessThanOrEqual(size.cols);
  });
});

describe('the metrics of the session', () => {
  it('are asked for now and then, and those of now again after Tab', async () => {
    const room = open();
    room.fake.seriesReply = halfAnHour(false);
    room.press('m', 'Tab');
    await seconds(11, room);
    expect(room.fake.seriesAsked).toHaveLength(3);
    expect(room.fake.timesMeasured).toBe(1);
    expect(room.text()).toContain('metrics of the session');
    room.press('Tab');
    await seconds(3, room);
    expect(room.fake.seriesAsked).toHaveLength(3);
    expect(room.fake.timesMeasured).toBeGreaterThan(3);
    room.press('m');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(room.fake.seriesAsked).toHaveLength(3);
  });

  it('say that no agent reports what it uses, and are written to files', async () => {
    const room = open({ cols: 200, rows: 60 });
    room.fake.seriesReply = halfAnHour(false);
    room.press('m', 'Tab');
    await seconds(1, room);
    expect(room.text()).toContain('none reported: no agent says what it uses');
    room.press('x');
    await vi.advanceTimersByTimeAsync(1);
    expect(room.fake.kept).toEqual(['metrics']);
    expect(room.text()).toContain('written: /state/reports/metrics.md');
  });
});
