import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { echo, counter } from '../kit/agents.ts';
import { isAlive, openDescriptors, rssBytes } from '../kit/procs.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';
import { Wire } from '../kit/wire.ts';
import { encodeFrame } from '../../src/protocol/framing.ts';

describe('many starts at once', () => {
  it('give one daemon', async () => {
    const room = await startRoom({ up: false, agents: { ana: echo() } });
    const results = await Promise.all(Array.from({ length: 20 }, () => room.cli('up', '--json')));
    expect(results.map((result) => [result.code, result.stderr])).toEqual(results.map(() => [0, '']));
    const { session, agents } = await room.status();
    expect(isAlive(session.pid)).toBe(true);
    const { ptyhostPid } = await room.diagnostics();
    // Under either name: the processes title themselves.
    const running = (what: string) =>
      room.processes().filter(({ command }) => command.includes(`${what}.js`) || command.startsWith(`llmctl ${what}`));
    await until('one daemon', () => running('daemon').length === 1);
    expect(running('daemon').map((each) => each.pid)).toEqual([session.pid]);
    expect(running('ptyhost').map((each) => each.pid)).toEqual([ptyhostPid]);
    expect(agents).toHaveLength(1);
    expect(room.processes().filter((each) => each.command === '/bin/cat')).toHaveLength(1);
  });

  it('and a stale socket and lock of a killed daemon stop nobody', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    for (let round = 0; round < 3; round++) {
      const pid = await room.daemonPid();
      process.kill(pid, 'SIGKILL');
      await until('the daemon to be gone', () => !isAlive(pid));
      const results = await Promise.all(Array.from({ length: 4 }, () => room.cli('up')));
      expect(results.map((result) => result.code)).toEqual([0, 0, 0, 0]);
    }
    await until('one daemon', () => room.processes().filter((each) => /daemon/.test(each.command)).length === 1);
    expect(room.processes().filter((each) => each.command === '/bin/cat')).toHaveLength(1);
  });
});

describe('the socket folder', () => {
  it.each([
    ['is open to all', (folder: string) => chmodSync(mkdir(folder), 0o777)],
    ['may be written to by a group', (folder: string) => chmodSync(mkdir(folder), 0o770)],
    ['is a link to elsewhere', (folder: string) => symlinkSync(mkdir(`${folder}-elsewhere`), folder)],
    ['is a link to nowhere', (folder: string) => symlinkSync(`${folder}-nowhere`, folder)],
    ['is a file', (folder: string) => writeFileSync(folder, '')],
  ])('is refused where it %s', async (_, spoil) => {
    const room = await startRoom({ up: false, agents: { ana: echo() } });
    const folder = join(room.place.runtime, 'llmctl');
    spoil(folder);
    const before = readdirSync(room.place.runtime, { recursive: true });
    const result = await room.cli('up');
    expect(result.code).toBe(1);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(result.stderr).toContain(folder);
    expect(room.processes()).toEqual([]);
    expect(readdirSync(room.place.runtime, { recursive: true })).toEqual(before);
    rmSync(folder, { recursive: true });
  });

  it('is closed where others may only look into it', async () => {
    const room = await startRoom({ up: false, agents: { ana: echo() } });
    const folder = join(room.place.runtime, 'llmctl');
    chmodSync(mkdir(folder), 0o755);
    await room.up();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it.skipIf(process.getuid?.() !== 0)("is refused where it is somebody else's (needs root)", async () => {
    const room = await startRoom({ up: false, agents: { ana: echo() } });
    const folder = join(room.place.runtime, 'llmctl');
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, 65_534, 65_534);
    const result = await room.cli('up');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(folder);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describe('wild frames', () => {
  it('are dropped, and the daemon stays as it was', async () => {
    const room = await startRoom();
    await room.ok('run', 'count', '--', ...counter(room.path('count')));
    const { pid, ptyhostPid } = await room.diagnostics();
    const before = { rss: rssBytes(pid), fds: openDescriptors(pid) };
    const ptySocket = room.sockets.find((path) => path.endsWith('.pty.sock'))!;
    const junk = Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 7919) & 0xff));
    const huge = Buffer.alloc(5);
    huge.writeUInt32LE(0xffffffff);
    const deep = encodeFrame(1, Buffer.from('['.repeat(200_000)));
    const hello = encodeFrame(1, Buffer.from('{"id":1,"method":"hello","version":99}'));
    const frames = [
      junk,
      huge,
      deep,
      hello,
      encodeFrame(1, Buffer.from('{"id":"x","method":{"__proto__":1}}')),
      encodeFrame(1, Buffer.from('{"id":1,"method":"constructor"}')),
      encodeFrame(1, Buffer.from('not json')),
      encodeFrame(4, Buffer.from([1])),
      encodeFrame(5, Buffer.alloc(0)),
      encodeFrame(250, junk),
      Buffer.concat(Array.from({ length: 2_000 }, () => encodeFrame(1, Buffer.from('{}')))),
    ];
    for (const path of [room.socket, ptySocket]) {
      for (let round = 0; round < 5; round++) {
        for (const frame of frames) {
          const socket = connect(path);
          socket.on('error', () => undefined);
          await new Promise<void>((resolve) => socket.write(frame, () => resolve()));
          socket.destroy();
        }
      }
    }
    await room.idle();
    expect(await room.daemonPid()).toBe(pid);
    expect(isAlive(ptyhostPid)).toBe(true);
    expect((await room.agent('count')).pid).toBeGreaterThan(0);
    await until('descriptors to be given back', () => openDescriptors(pid) <= before.fds + 3);
    expect(rssBytes(pid) - before.rss).toBeLessThan(120 * 1024 * 1024);
  });

  it('that announce megabytes and never send them hold nobody up', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const slow = await Wire.open(room.socket);
    const head = Buffer.alloc(5);
    head.writeUInt32LE(8 * 1024 * 1024);
    head[4] = 1;
    slow.socket.write(head);
    expect((await room.status()).agents).toHaveLength(1);
    slow.close();
  });
});

function mkdir(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
