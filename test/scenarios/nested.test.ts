/** The control room inside other things: tmux, screen, a real ssh. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { says, shell } from '../kit/agents.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { LLMCTL } from '../kit/temp.ts';
import { until } from '../kit/wait.ts';

const has = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const SSHD = ['/usr/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));

describe.skipIf(!has('tmux'))('inside tmux', () => {
  it('draws, takes keys, leaves tmux’s pane as it was', async () => {
    const room = await startRoom({ agents: { ana: shell(), bob: says('bob is here') } });
    const socket = room.path('tmux');
    onTestFinished(() => {
      execFileSync('tmux', ['-S', socket, 'kill-server'], { stdio: 'ignore' });
    });
    const command = [
      '-S',
      socket,
      '-f',
      '/dev/null',
      '-u',
      'new-session',
      'sh',
      '-c',
      '"$@"; echo back in the shell; exec cat',
      'sh',
    ];
    const tui = room.terminal('tmux', [...command, process.execPath, LLMCTL, 'tui'], { cols: 120, rows: 40 });
    await tui.sees('bob is here');
    tui.press('Enter');
    await tui.sees('keys go to ana');
    tui.type('echo sum $((40+2))\r');
    await tui.sees('sum 42');
    tui.resize(100, 30);
    await tui.sees('bob is here');
    tui.press('C-q', 'd');
    await tui.sees('back in the shell');
    expect((await room.status()).agents).toHaveLength(2);
  });
});

describe.skipIf(!has('screen'))('inside screen', () => {
  it('draws and takes keys', async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    const tui = room.terminal('screen', ['-U', '-c', '/dev/null', process.execPath, LLMCTL, 'tui'], {
      cols: 100,
      rows: 30,
    });
    await tui.sees('CONTROL');
    tui.press('Enter');
    await tui.sees('keys go to ana');
    tui.type('echo sum $((40+2))\r');
    await tui.sees('sum 42');
    tui.press('C-q', 'd');
    await tui.ended();
    expect((await room.status()).agents).toHaveLength(1);
  });
});

describe.skipIf(SSHD === undefined || !has('ssh'))('over ssh (needs openssh-server)', () => {
  it('attaches, loses the line, attaches again', { timeout: 90_000 }, async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    const ssh = await startSshd(room);
    const { pid } = await room.agent('ana');
    const remote = `cd ${room.repo} && ${Object.entries(room.env)
      .map(([name, value]) => `${name}='${value}'`)
      .join(' ')} exec ${process.execPath} ${LLMCTL} tui`;
    const attach = () =>
      room.terminal('ssh', [...ssh, '-tt', 'localhost', remote], { cols: 120, rows: 40, env: { SHELL: '/bin/sh' } });
    const first = attach();
    await first.sees('CONTROL');
    first.press('Enter');
    await first.sees('keys go to ana');
    first.type('echo over $((1+1)) ssh\r');
    await first.sees('over 2 ssh');
    first.kill('SIGKILL');
    await first.ended();
    await until('the client to be gone', async () => (await room.status()).session.clients <= 1);
    const second = attach();
    await second.sees('over 2 ssh');
    second.press('d');
    expect((await second.ended()).code).toBe(0);
    expect(second.modes.leftBehind()).toEqual([]);
    expect((await room.agent('ana')).pid).toBe(pid);
  });
});

/** An sshd of the scenario's own on loopback; gives the arguments for ssh. */
async function startSshd(room: Room): Promise<string[]> {
  const folder = room.path('ssh');
  mkdirSync(folder);
  chmodSync(folder, 0o700);
  const key = (name: string): string => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
    return join(folder, name);
  };
  const [host, user] = [key('host'), key('user')];
  const { copyFileSync } = await import('node:fs');
  copyFileSync(`${user}.pub`, join(folder, 'authorized'));
  const port = await freePort();
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${host}`,
    `AuthorizedKeysFile ${join(folder, 'authorized')}`,
    `PidFile ${join(folder, 'pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin yes',
  ];
  writeFileSync(join(folder, 'config'), `${config.join('\n')}\n`);
  // sshd wants its privilege separation folder, which Debian makes at boot.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const sshd = spawn(SSHD!, ['-D', '-e', '-f', join(folder, 'config')], { stdio: 'ignore' });
  onTestFinished(() => {
    sshd.kill();
  });
  await until('sshd', () => reachable(port));
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'IdentitiesOnly=yes'];
  return ['-F', '/dev/null', '-p', String(port), '-i', user, ...options.flatMap((option) => ['-o', option])];
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function reachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
