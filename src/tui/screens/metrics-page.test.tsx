import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MetricsReply } from '../../client/api.ts';
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
