import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDIT_BYTES } from '../../protocol/ptyhost.ts';
import type { PaneExit } from './client.ts';
import { PtyDataConnection } from './data-connection.ts';
import { HOOK_MS, startTestHost, until } from './testing/host.ts';
import type { TestHost } from './testing/host.ts';

let host: TestHost;
const exits = new Map<number, PaneExit>();

beforeAll(async () => {
  host = await startTestHost();
  host.client.onExit((exit) => exits.set(exit.pane, exit));
}, HOOK_MS);
afterAll(() => host.close(), HOOK_MS);

interface Followed {
  received: number;
  consumed: number;
  gaps: number;
  ended: number | null;
  text: string;
  readonly sizes: string[];
}

async function follow(data: PtyDataConnection, pane: number): Promise<Followed> {
  const seen: Followed = { received: 0, consumed: 0, gaps: 0, ended: null, text: '', sizes: [] };
  await data.attach(pane, {
    onRestore: ({ offset, cols, rows, bytes }) => {
      seen.received = offset;
      seen.text = bytes.toString();
      seen.sizes.push(`${cols}x${rows}`);
    },
    onData: (bytes, offset) => {
      if (offset !== seen.received) seen.gaps++;
      seen.received = offset + bytes.length;
      if (seen.text.length < 1_000_000) seen.text += bytes.toString('latin1');
    },
    onResized: (cols, rows, offset) => seen.sizes.push(`${cols}x${rows}@${offset}`),
    onEnded: (offset) => {
      seen.ended = offset;
    },
  });
  return seen;
}

const FIVE_MB = 5 * 1024 * 1024;
const PRINT_FIVE_MB = ['/bin/sh', '-c', `stty raw; head -c ${FIVE_MB} /dev/zero | tr '\\0' x`] as const;

describe('output of a pane', () => {
  it('is complete when the program has long ended and the reader is slow', async () => {
    const pane = await host.spawn(PRINT_FIVE_MB, { follow: false });
    const data = await PtyDataConnection.connect(host.socketPath);
    const seen = await follow(data, pane.id);
    await until(() => seen.received >= CREDIT_BYTES, 'the first part comes');
    const steps: number[] = [];
    while (seen.ended === null) {
      // One window at a time; nothing may come beyond it.
      const before = seen.received;
      data.consumed(pane.id, before);
      await until(() => seen.ended !== null || seen.received > before, 'the next part comes');
      steps.push(seen.received - before);
    }
    expect(seen).toMatchObject({ received: FIVE_MB, ended: FIVE_MB, gaps: 0 });
    // What one turn of the loop reads may come on top: 32 reads of 4 KB.
    expect(Math.max(...steps)).toBeLessThan(CREDIT_BYTES * 2 + 4096);
    await until(() => exits.has(pane.id), 'its exit, on the other connection');
    expect(exits.get(pane.id)).toMatchObject({ code: 0, signal: null });
    data.close();
  });

  it('is complete when the reader stands still across the exit for longer than node-pty waits', async () => {
    const size = 8000;
    const pane = await host.spawn(
      ['/bin/sh', '-c', `stty raw; head -c ${CREDIT_BYTES + size} /dev/zero | tr '\\0' x`],
      {
        follow: false,
      },
    );
    const data = await PtyDataConnection.connect(host.socketPath);
    const seen = await follow(data, pane.id);
    await until(() => exits.has(pane.id), 'the program ends');
    // Whatever would close the terminal behind our back does so within this time.
    await new Promise((resolve) => setTimeout(resolve, 500));
    data.consumed(pane.id, seen.received);
    await until(() => {
      data.consumed(pane.id, seen.received);
      return seen.ended !== null;
    }, 'the stream ends');
    expect(seen).toMatchObject({ received: CREDIT_BYTES + size, gaps: 0 });
    data.close();
  });

  it('goes to each of several readers, at the pace of the slowest', async () => {
    const pane = await host.spawn(PRINT_FIVE_MB, { follow: false });
    const fast = await PtyDataConnection.connect(host.socketPath);
    const slow = await PtyDataConnection.connect(host.socketPath);
    const quick = await follow(fast, pane.id);
    const idle = await follow(slow, pane.id);
    const hurry = setInterval(() => fast.consumed(pane.id, quick.received), 1);
    await until(() => idle.received >= CREDIT_BYTES, 'the slow one has its window full');
    const stuckAt = quick.received;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(quick.received).toBe(stuckAt);
    // Once it is gone, nobody waits for it.
    slow.close();
    await until(() => quick.ended !== null, 'the fast one has all');
    expect(quick).toMatchObject({ received: FIVE_MB, gaps: 0 });
    clearInterval(hurry);
    fast.close();
  });

  it('never holds a program up while nobody is attached, and keeps the latest of it', async () => {
    const pane = await host.spawn(PRINT_FIVE_MB, { follow: false });
    await until(() => exits.has(pane.id), 'the program ends by itself');
    const data = await PtyDataConnection.connect(host.socketPath);
    const seen = await follow(data, pane.id);
    await until(() => seen.ended !== null, 'the kept part comes');
    expect(seen).toMatchObject({ received: FIVE_MB, ended: FIVE_MB, gaps: 1 });
    expect(seen.text.length).toBeGreaterThan(900_000);
    data.close();
  });

  it('begins again from the last checkpoint, with sizes where they came', async () => {
    const pane = await host.spawn(['/bin/sh', '-c', 'stty -echo raw; echo READY; exec cat'], { follow: false });
    const first = await PtyDataConnection.connect(host.socketPath);
    const seen = await follow(first, pane.id);
    await until(() => seen.text.includes('READY\n'), 'the program is up');
    const kept = seen.received;
    first.checkpoint(pane.id, kept, 80, 24, Buffer.from('SCREEN'));
    first.write(pane.id, Buffer.from('one'));
    await until(() => seen.text.endsWith('one'), 'echo of one');
    await host.client.resize(pane.id, 100, 5000);
    await host.client.resize(pane.id, 0, -3);
    await host.client.resize(pane.id, 120, 40);
    first.write(pane.id, Buffer.from('two'));
    await until(() => seen.text.endsWith('two'), 'echo of two');
    const second = await PtyDataConnection.connect(host.socketPath);
    const again = await follow(second, pane.id);
    await until(() => again.received === seen.received, 'the second has caught up');
    expect(again.text).toBe('SCREENonetwo');
    expect(again.sizes).toEqual(['80x24', `120x40@${kept + 3}`]);
    expect((await host.client.list()).find((info) => info.pane === pane.id)).toMatchObject({ cols: 120, rows: 40 });
    first.close();
    second.close();
    await host.client.stop(pane.id, 0);
  });

  it('asks for a checkpoint at half a ring, and again when none comes', async () => {
    const data = await PtyDataConnection.connect(host.socketPath);
    const asked: number[] = [];
    data.onCheckpointWanted((pane) => asked.push(pane));
    const pane = await host.spawn(PRINT_FIVE_MB, { follow: false });
    const seen = await follow(data, pane.id);
    await until(() => {
      data.consumed(pane.id, seen.received);
      return seen.ended !== null;
    }, 'all came');
    expect(new Set(asked)).toEqual(new Set([pane.id]));
    expect(asked.length).toBeGreaterThanOrEqual(2);
    expect(asked.length).toBeLessThan(12);
    data.close();
  });
});

describe('a pane that ended', () => {
  it('tells code or signal, takes no resize or input amiss, and can be used again', async () => {
    const pane = await host.spawn(['/bin/sh', '-c', 'echo one; exit 7']);
    await until(() => exits.has(pane.id), 'exit');
    expect(exits.get(pane.id)).toEqual({ pane: pane.id, code: 7, signal: null });
    await host.client.resize(pane.id, 10, 10);
    host.client.write(pane.id, Buffer.from('nobody reads this'));
    expect(pane.text()).toBe('one\r\n');
    const env = { PATH: process.env.PATH ?? '' };
    const request = { pane: pane.id, agent: 'again', file: '/bin/sh', args: ['-c', 'kill -9 $$'], cwd: '/', env };
    await host.client.spawn({ ...request, cols: 80, rows: 24, token: 'again' });
    await until(() => exits.get(pane.id)?.signal === 9, 'exit of the second');
    const data = await PtyDataConnection.connect(host.socketPath);
    expect(await follow(data, pane.id)).toMatchObject({ gaps: 0 });
    data.close();
    await host.client.forget(pane.id);
    await expect(host.client.forget(pane.id)).rejects.toThrow(`no pane ${pane.id}`);
  });

  it('is told only after its output, though somebody else holds the terminal', async () => {
    const pane = await host.spawn(['/bin/bash', '-c', 'trap "" HUP; (sleep 1; echo late) & echo early; exit 0']);
    await until(() => exits.has(pane.id), 'exit');
    expect(pane.text()).toBe('early\r\n');
    await pane.shows('late');
  });
});

describe('a program that cannot start', () => {
  const base = { pane: 9000, agent: 'x', args: [], env: {}, cols: 80, rows: 24, token: 't' };

  it('is refused in one line', async () => {
    await expect(host.client.spawn({ ...base, file: '/no/such', cwd: '/' })).rejects.toThrow(
      "can't run /no/such: ENOENT",
    );
    await expect(host.client.spawn({ ...base, file: '/bin/sh', cwd: '/nowhere' })).rejects.toThrow(
      "can't start in /nowhere: ENOENT",
    );
    await expect(host.client.spawn({ ...base, file: '/etc/passwd', cwd: '/' })).rejects.toThrow(
      "can't run /etc/passwd: EACCES",
    );
    const pane = await host.spawn(['/bin/sleep', '100']);
    await expect(host.client.spawn({ ...base, pane: pane.id, file: '/bin/sh', cwd: '/' })).rejects.toThrow(
      `pane ${pane.id} has a program already (pid ${pane.pid})`,
    );
    await host.client.stop(pane.id, 0);
  });
});

describe('descriptors', () => {
  it('of other panes are not inherited, whatever gaps there are between them', async () => {
    const others = await Promise.all(Array.from({ length: 24 }, () => host.spawn(['/bin/sleep', '100'])));
    // Gaps among the low numbers: every other terminal is closed again.
    await Promise.all(others.filter((_, index) => index % 2 === 0).map((pane) => host.client.stop(pane.id, 0)));
    const pane = await host.spawn(['/bin/sh', '-c', 'ls -l /proc/$$/fd; echo DONE']);
    await pane.shows('DONE');
    const links = [...pane.text().matchAll(/(\d+) -> (\S+)/g)].map((match) => match[2]);
    expect(links.length).toBeGreaterThanOrEqual(3);
    expect(new Set(links).size).toBe(1);
    expect(links[0]).toMatch(/^\/dev\/pts\/\d+$/);
    await Promise.all(others.filter((_, index) => index % 2 === 1).map((other) => host.client.stop(other.id, 0)));
  });
});
