import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PtyHostClient } from './client.ts';
import { PtyDataConnection } from './data-connection.ts';
import { HOOK_MS, HOST_ENTRY, isAlive, makeTemp, until } from './testing/host.ts';

const dir = makeTemp();
const socketPath = join(dir, 'host.sock');
const ticks = join(dir, 'ticks');
const COUNTER = 'i=0; while :; do i=$((i+1)); echo "tick $i"; echo $i >> "$TICKS"; sleep 0.01; done';

/** A daemon in small: starts the ptyhost and two agents, pauses one, says so and waits to be killed. */
const DAEMON = `
  const { ensurePtyHost } = await import(${JSON.stringify(fileURLToPath(new URL('launch.ts', import.meta.url)))});
  const place = ${JSON.stringify({ socketPath, stateDir: dir, session: 'adopt', entry: HOST_ENTRY })};
  const client = await ensurePtyHost(place);
  const env = { PATH: process.env.PATH, TICKS: ${JSON.stringify(ticks)} };
  const base = { file: '/bin/sh', cwd: '/', cols: 80, rows: 24 };
  await client.spawn({ ...base, pane: 1, agent: 'counter', token: 't1', args: ['-c', ${JSON.stringify(COUNTER)}], env });
  await client.spawn({ ...base, pane: 2, agent: 'held', token: 't2', args: ['-c', 'exec sleep 1000'], env });
  await client.pause(2);
  console.log('UP ' + client.host.pid);
  setInterval(() => {}, 1000);`;

const lastTick = (): number => Number(readFileSync(ticks, 'latin1').trim().split('\n').at(-1));

let client: PtyHostClient;
let hostPid = 0;

beforeAll(async () => {
  const daemon = spawn(process.execPath, ['--input-type=module', '-e', DAEMON], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  daemon.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(() => said.includes('UP '), 'the daemon is up');
  hostPid = Number(said.slice(3));
  process.kill(daemon.pid!, 'SIGKILL');
  await until(() => daemon.signalCode === 'SIGKILL', 'the daemon is dead');
}, HOOK_MS);

afterAll(async () => {
  await client.shutdown(0);
  await until(() => !isAlive(hostPid), 'the ptyhost ends');
  rmSync(dir, { recursive: true, force: true });
}, HOOK_MS);

describe('after kill -9 of the daemon', () => {
  it('the agents run on and a new daemon finds them, with output, size and pause', async () => {
    expect(isAlive(hostPid)).toBe(true);
    const then = lastTick();
    await until(() => lastTick() > then + 5, 'the agent counts on');
    client = await PtyHostClient.connect(socketPath);
    expect(client.host.pid).toBe(hostPid);
    const panes = await client.list();
    expect(panes).toMatchObject([
      { pane: 1, agent: 'counter', token: 't1', paused: false, exit: null, cols: 80, rows: 24 },
      { pane: 2, agent: 'held', token: 't2', paused: true, exit: null },
    ]);
    const data = await PtyDataConnection.connect(socketPath);
    let text = '';
    await data.attach(1, {
      onRestore: ({ offset }) => expect(offset).toBe(0),
      onData: (bytes, offset) => {
        text += bytes.toString();
        data.consumed(1, offset + bytes.length);
      },
      onResized: () => {},
      onEnded: () => {},
    });
    await until(() => text.includes(`tick ${then + 10}\r\n`), 'its output');
    const numbers = [...text.matchAll(/tick (\d+)\r\n/g)].map((match) => Number(match[1]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    data.close();
  });

  it('the new daemon can resume what the dead one had paused', async () => {
    const { pid } = (await client.list()).find((info) => info.pane === 2)!;
    expect(stateOf(pid)).toBe('T');
    expect(await client.resume(2)).toMatchObject({ ok: true, processes: 1 });
    await until(() => stateOf(pid) === 'S', 'it goes on');
    expect((await client.list()).find((info) => info.pane === 2)).toMatchObject({ paused: false });
  });

  it('a reader that dies holds nobody up', async () => {
    const data = await PtyDataConnection.connect(socketPath);
    // It never says that it has consumed anything.
    await data.attach(1, { onRestore: () => {}, onData: () => {}, onResized: () => {}, onEnded: () => {} });
    data.close();
    const then = lastTick();
    await until(() => lastTick() > then + 5, 'the agent counts on');
    expect((await client.list()).find((info) => info.pane === 1)?.exit).toBeNull();
  });
});

function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat[stat.lastIndexOf(')') + 2]!;
}
