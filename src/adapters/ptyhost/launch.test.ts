import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeFrame, encodeJsonFrame } from '../../protocol/framing.ts';
import { PtyHostClient } from './client.ts';
import { ensurePtyHost } from './launch.ts';
import { HOST_ENTRY, cpuMs, isAlive, makeTemp, until } from './testing/host.ts';

const dir = makeTemp();
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const placeAt = (name: string) => {
  const stateDir = join(dir, name);
  mkdirSync(stateDir, { recursive: true });
  return { socketPath: join(stateDir, 'host.sock'), stateDir, session: name, entry: HOST_ENTRY };
};

describe('ensurePtyHost', () => {
  it('starts one that has a private socket and is gone without trace after shutdown', async () => {
    const place = placeAt('plain');
    const client = await ensurePtyHost(place);
    expect(statSync(place.socketPath).mode & 0o777).toBe(0o600);
    let closed = false;
    client.onClose(() => (closed = true));
    await client.shutdown(0);
    await until(() => closed && !isAlive(client.host.pid), 'it ends');
    expect(existsSync(place.socketPath)).toBe(false);
    await expect(client.list()).rejects.toThrow('the connection to the ptyhost is gone');
    expect(readFileSync(join(place.stateDir, 'logs', 'ptyhost.log'), 'utf8')).toContain('ended');
  });

  it('starts one however many ask at once', async () => {
    const place = placeAt('many');
    const clients = await Promise.all(Array.from({ length: 8 }, () => ensurePtyHost(place)));
    expect(new Set(clients.map((client) => client.host.pid)).size).toBe(1);
    await clients[0]!.shutdown(0);
  });

  it('takes the place of a dead one and of a file that is in the way', async () => {
    const place = placeAt('stale');
    const dead = createServer().listen(place.socketPath);
    await until(() => existsSync(place.socketPath), 'the socket is there');
    const kept = join(place.stateDir, 'kept');
    // A socket file that nobody listens on: its listener is gone, the file is not.
    await import('node:fs/promises').then((fs) => fs.rename(place.socketPath, kept));
    dead.close();
    await import('node:fs/promises').then((fs) => fs.rename(kept, place.socketPath));
    const client = await ensurePtyHost(place);
    expect((await client.list()).length).toBe(0);
    await client.shutdown(0);
  });

  it('says where to look when the ptyhost cannot start', async () => {
    const place = { ...placeAt('broken'), entry: join(dir, 'broken.mjs') };
    writeFileSync(place.entry, 'process.exit(3)');
    await expect(ensurePtyHost(place)).rejects.toThrow(
      `the ptyhost ended with code 3 (socket ${place.socketPath}); see ${place.stateDir}/logs/ptyhost.log`,
    );
  });
});

describe('a ptyhost', () => {
  it('ignores SIGHUP, costs nothing while idle, and ends itself when nobody needs it', async () => {
    const place = placeAt('idle');
    const argv = ['--socket', place.socketPath, '--state', place.stateDir, '--session', 'idle', '--idle-ms', '150'];
    const host = spawn(process.execPath, [HOST_ENTRY, ...argv], { stdio: 'ignore' });
    await until(() => existsSync(place.socketPath), 'it is up');
    const client = await PtyHostClient.connect(place.socketPath);
    const base = { agent: 'a', cwd: '/', env: { PATH: process.env.PATH ?? '' }, cols: 80, rows: 24, token: 'idle' };
    await client.spawn({ ...base, pane: 1, file: '/bin/sh', args: ['-c', 'sleep 0.6'] });
    process.kill(host.pid!, 'SIGHUP');
    const before = cpuMs(host.pid!);
    client.close();
    // A living program keeps it for longer than its patience.
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(host.exitCode).toBeNull();
    // One that looks again and again would use most of those 400 ms; what the bench measures is finer.
    expect(cpuMs(host.pid!) - before).toBeLessThanOrEqual(120);
    await until(() => host.exitCode === 0, 'it ends by itself');
    expect(existsSync(place.socketPath)).toBe(false);
  });

  it('drops whoever sends it nonsense, and nobody else', async () => {
    const place = placeAt('wild');
    const client = await ensurePtyHost(place);
    const nonsense: readonly Buffer[] = [
      Buffer.from([0xff, 0xff, 0xff, 0x7f, 1]),
      encodeFrame(1, Buffer.from('{not json')),
      encodeFrame(5, Buffer.from([1, 0, 0, 0, 65])),
      encodeFrame(99, Buffer.alloc(0)),
    ];
    for (const bytes of nonsense) {
      const socket = createConnection(place.socketPath);
      let closed = false;
      socket.on('close', () => (closed = true));
      socket.on('error', () => {});
      socket.write(bytes);
      await until(() => closed, 'it is dropped');
    }
    await expect(ask(place.socketPath, { method: 'list', id: 1 })).resolves.toMatchObject({ error: 'say hello first' });
    const wrong = { method: 'hello', version: 99, role: 'control', pid: 1, id: 2 };
    await expect(ask(place.socketPath, wrong)).resolves.toMatchObject({ ok: false, id: 2 });
    expect(await client.list()).toEqual([]);
    await client.shutdown(0);
  });
});

/** One request over a bare socket. @returns the reply's JSON */
function ask(socketPath: string, request: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(socketPath);
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      socket.destroy();
      resolve(JSON.parse(chunk.subarray(5).toString()));
    });
    socket.write(encodeJsonFrame(1, request));
  });
}
