import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PtyHostClient } from './client.ts';
import { HOOK_MS, cpuMs, isAlive, startTestHost, stretched, until } from './testing/host.ts';
import type { TestHost, TestPane } from './testing/host.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost();
}, HOOK_MS);
afterAll(() => host.close(), HOOK_MS);

/** Every living process that was started with the token. */
function processesWith(token: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return isAlive(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`LLMCTL_TOKEN=${token}\0`);
      } catch {
        return false;
      }
    });
}

interface Line {
  readonly at: bigint;
  readonly pid: number;
  readonly count: number;
}

/** Lines "NANOSECONDS PID COUNT" of the tree's log from byte `from` on. */
function logLines(file: string, from = 0): readonly Line[] {
  const lines = readFileSync(file).subarray(from).toString('latin1').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [at, pid, count] = line.split(' ');
      return { at: BigInt(at!), pid: Number(pid), count: Number(count) };
    });
}

/** The C program where there is a compiler; else the same idea, slower, in a shell. */
function treeProgram(dir: string): readonly string[] | null {
  const source = fileURLToPath(new URL('../../../test/fixtures/tree.c', import.meta.url));
  const program = join(dir, 'tree');
  if (existsSync(program)) return [program];
  try {
    execFileSync('gcc', ['-O1', '-Wall', '-o', program, source], { stdio: 'pipe' });
    return [program];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Without a compiler: the same idea in a shell, whose lines carry no time that compares with ours. */
const SHELL_TREE = `
(while :; do echo "0 $$ 0" >> "$LOG"; sleep 0.002; done) &
(while :; do (sleep 0.01; echo "0 $$ 0" >> "$LOG") & sleep 0.005; done) &
while :; do setsid sh -c 'for i in 1 2 3 4 5; do echo "0 $$ 0" >> "$LOG"; sleep 0.005; done' & sleep 0.02; done`;

async function startTree(counts: readonly number[]): Promise<{ readonly pane: TestPane; readonly log: string }> {
  const log = join(host.dir, `tree-${performance.now()}.log`);
  writeFileSync(log, '');
  const program = treeProgram(host.dir);
  // Under a shell, as an agent's tool commands are.
  const pane = program
    ? await host.spawn(['/bin/bash', '-c', `${program[0]} ${log} ${counts.join(' ')}; true`])
    : await host.spawn(['/bin/bash', '-c', SHELL_TREE], { env: { LOG: log } });
  await until(() => statSync(log).size > 1000, 'the tree writes');
  return { pane, log };
}

describe('pause of a tree that forks all the time', () => {
  const ROUNDS = 100;

  it('lets nothing be written after it returned, in 100 rounds, and loses nothing', { timeout: HOOK_MS }, async () => {
    const { pane, log } = await startTree([6, 3, 2, 1, 1]);
    const times: number[] = [];
    const counts: number[] = [];
    let late = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const from = statSync(log).size;
      const paused = await host.client.pause(pane.id);
      const returned = process.hrtime.bigint();
      const size = statSync(log).size;
      expect(paused).toMatchObject({ ok: true, reason: '' });
      times.push(paused.ms);
      counts.push(paused.processes);
      await sleep(60);
      late += logLines(log, from).filter((line) => line.at > returned).length;
      expect(statSync(log).size).toBe(size);
      await host.client.resume(pane.id);
      await until(() => statSync(log).size > size, 'the tree writes again');
      await sleep(30);
    }
    expect(late).toBe(0);
    expect(gapsIn(logLines(log))).toBe(0);
    report('pause ms', times);
    report('processes', counts);
    const began = performance.now();
    expect(await host.client.stop(pane.id, 300)).toMatchObject({ ok: true, reason: '' });
    expect(performance.now() - began).toBeLessThan(stretched(1300));
    expect(processesWith(pane.token)).toEqual([]);
  });

  it('holds through vfork, in which a parent cannot stop before its child', { timeout: HOOK_MS }, async () => {
    const log = join(host.dir, 'vfork.log');
    const script = `
      const { spawn } = require('node:child_process'); const { appendFileSync } = require('node:fs');
      const again = () => { appendFileSync(process.argv[1], '0 0 0\\n'); spawn('/bin/true').on('exit', again); };
      for (let i = 0; i < 4; i++) again();
      setTimeout(() => process.exit(), 120000);`;
    const pane = await host.spawn([process.execPath, '-e', script, log]);
    await until(() => existsSync(log), 'the program writes');
    const times: number[] = [];
    for (let round = 0; round < 40; round++) {
      const paused = await host.client.pause(pane.id);
      expect(paused).toMatchObject({ ok: true });
      times.push(paused.ms);
      const size = statSync(log).size;
      await sleep(20);
      expect(statSync(log).size).toBe(size);
      await host.client.resume(pane.id);
      await until(() => statSync(log).size > size, 'the program writes again');
    }
    report('vfork pause ms', times);
    await host.client.stop(pane.id, 0);
  });
});

describe('pause', () => {
  it('leaves a shell with job control as it was', async () => {
    const pane = await host.spawn(['/bin/bash', '--norc', '--noprofile', '-i'], { env: { PS1: 'PROMPT> ' } });
    await pane.shows('PROMPT> ');
    pane.write('cat\r');
    await until(() => foregroundOf(pane.pid) !== pane.pid, 'cat has the terminal');
    const foreground = foregroundOf(pane.pid);
    for (let round = 0; round < 20; round++) {
      expect(await host.client.pause(pane.id)).toMatchObject({ ok: true, processes: 2 });
      await sleep(5);
      await host.client.resume(pane.id);
      pane.write(`ping ${round}\r`);
      // Once from the terminal's echo, once from cat.
      await pane.shows(new RegExp(`ping ${round}\r\nping ${round}\r\n`));
      expect(foregroundOf(pane.pid)).toBe(foreground);
    }
    expect(pane.text()).not.toMatch(/Stopped|suspended/i);
    pane.write('\x04');
    await until(() => foregroundOf(pane.pid) === pane.pid, 'the shell has the terminal again');
    pane.write('echo still $((40+2))\r');
    await pane.shows('still 42');
    // A shell is deaf to TERM: it needn't cost the whole grace.
    const began = performance.now();
    expect(await host.client.stop(pane.id, 5000)).toMatchObject({ ok: true });
    expect(performance.now() - began).toBeLessThan(stretched(2000));
  });

  it('leaves alone what somebody else had stopped before', async () => {
    const pane = await host.spawn(['/bin/bash', '-c', 'sleep 1000 & echo PID=$!=; wait']);
    await pane.shows(/PID=\d+=/);
    const child = Number(/PID=(\d+)=/.exec(pane.text())![1]);
    process.kill(child, 'SIGSTOP');
    await until(() => stateOf(child) === 'T', 'the child is stopped');
    expect(await host.client.pause(pane.id)).toMatchObject({ ok: true, processes: 1 });
    expect(await host.client.resume(pane.id)).toMatchObject({ ok: true, processes: 1 });
    expect(stateOf(child)).toBe('T');
    expect(stateOf(pane.pid)).not.toBe('T');
    // Continued for the TERM; otherwise it would sit there until the kill.
    const began = performance.now();
    expect(await host.client.stop(pane.id, 5000)).toMatchObject({ ok: true });
    expect(performance.now() - began).toBeLessThan(stretched(2000));
  });

  it('stops again what somebody continues meanwhile', async () => {
    const pane = await host.spawn(['/bin/bash', '-c', 'while :; do sleep 0.05; done']);
    expect(await host.client.pause(pane.id)).toMatchObject({ ok: true });
    process.kill(pane.pid, 'SIGCONT');
    await until(() => stateOf(pane.pid) !== 'T', 'it goes on');
    await until(() => stateOf(pane.pid) === 'T', 'it is stopped again');
    expect(await host.client.pause(pane.id)).toMatchObject({ ok: true });
    await host.client.resume(pane.id);
    await until(() => stateOf(pane.pid) !== 'T', 'it goes on');
    await host.client.stop(pane.id, 0);
  });

  it('keeps input until the program goes on', async () => {
    const pane = await host.spawn(['/bin/sh', '-c', 'stty -echo; echo READY; exec cat']);
    await pane.shows('READY');
    await host.client.pause(pane.id);
    pane.write('hello\r');
    await sleep(50);
    expect(pane.text()).toBe('READY\r\n');
    await host.client.resume(pane.id);
    await pane.shows('hello');
    await host.client.stop(pane.id, 0);
  });

  it('keeps a message for a program that stands still, and ends it although the daemon is gone', async () => {
    const pane = await host.spawn([
      '/bin/sh',
      '-c',
      'stty -echo; echo READY; while read -r line; do echo "<$line>"; done',
    ]);
    await pane.shows('READY');
    await host.client.pause(pane.id);
    const daemon = await PtyHostClient.connect(host.socketPath);
    daemon.message(pane.id, Buffer.from('go'), 100, Buffer.from('\r'));
    daemon.message(pane.id, Buffer.from('on'), 100, Buffer.from('\r'));
    await daemon.list();
    daemon.close();
    await sleep(150);
    expect(pane.text()).toBe('READY\r\n');
    await host.client.resume(pane.id);
    // Input that comes meanwhile stays behind it.
    pane.write('and more\r');
    await pane.shows('<and more>');
    expect(pane.text()).toBe('READY\r\n<go>\r\n<on>\r\n<and more>\r\n');
    await host.client.stop(pane.id, 0);
  });

  it('never touches a process that is connected to the ptyhost, though an agent started it', async () => {
    const client = fileURLToPath(new URL('client.ts', import.meta.url));
    const script = `
      const { PtyHostClient } = await import(${JSON.stringify(client)});
      await PtyHostClient.connect(process.argv[1]);
      console.log('CONNECTED=' + process.pid + '=');
      setInterval(() => {}, 1000);`;
    const daemon = [process.execPath, '--input-type=module', '-e', script, host.socketPath];
    const pane = await host.spawn(['/bin/bash', '-c', 'setsid "$@" & sleep 1000', 'sh', ...daemon]);
    await pane.shows(/CONNECTED=\d+=/);
    const connected = Number(/CONNECTED=(\d+)=/.exec(pane.text())![1]);
    expect(await host.client.pause(pane.id)).toMatchObject({ ok: true, processes: 2 });
    expect(stateOf(connected)).not.toBe('T');
    expect(await host.client.stop(pane.id, 200)).toMatchObject({ ok: true });
    expect(isAlive(connected)).toBe(true);
    process.kill(connected, 'SIGKILL');
  });
});

describe('stop', () => {
  it('ends children in sessions of their own that ignore TERM, within grace and a second', async () => {
    const deaf = `trap '' TERM HUP INT; while :; do sleep 0.1; done`;
    const script = `
      setsid bash -c "${deaf}" &
      (setsid bash -c "(${deaf}) & exit" &)
      trap '' TERM; echo READY; while :; do sleep 0.1; done`;
    const pane = await host.spawn(['/bin/bash', '-c', script]);
    await pane.shows('READY');
    await until(() => processesWith(pane.token).length >= 6, 'all run');
    const began = performance.now();
    expect(await host.client.stop(pane.id, 500)).toMatchObject({ ok: true, reason: '' });
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(500);
    expect(took).toBeLessThan(stretched(1500));
    expect(processesWith(pane.token)).toEqual([]);
    expect(await exitOf(pane.id)).not.toBeNull();
  });

  it('ends what an earlier program of the same pane has left running', async () => {
    const pane = await host.spawn(['/bin/bash', '-c', 'setsid sleep 1000 & sleep 0.1; exit 0']);
    await until(() => !isAlive(pane.pid), 'it ends');
    const left = processesWith(pane.token);
    expect(left.length).toBe(1);
    const env = { LLMCTL_TOKEN: 'second' };
    const again = { pane: pane.id, agent: 'again', file: '/bin/sleep', args: ['1000'], cwd: '/', env };
    await until(async () => (await exitOf(pane.id)) !== null, 'its exit is told');
    await host.client.spawn({ ...again, cols: 80, rows: 24, token: 'second' });
    expect(await host.client.pause(pane.id)).toMatchObject({ ok: true, processes: 2 });
    expect(stateOf(left[0]!)).toBe('T');
    expect(await host.client.stop(pane.id, 1000)).toMatchObject({ ok: true });
    expect(isAlive(left[0]!)).toBe(false);
  });

  it('lets a program that heeds TERM end by itself, paused or not', async () => {
    const script = 'trap "echo BYE; exit 5" TERM; echo READY; while :; do sleep 0.05; done';
    const pane = await host.spawn(['/bin/bash', '-c', script]);
    await pane.shows('READY');
    await host.client.pause(pane.id);
    expect(await host.client.stop(pane.id, 5000)).toMatchObject({ ok: true });
    await pane.shows('BYE');
    const info = (await host.client.list()).find((candidate) => candidate.pane === pane.id);
    expect(info).toMatchObject({ exit: { code: 5, signal: null }, paused: false });
  });

  it('leaves no zombie behind of the orphans that came to the ptyhost', async () => {
    const pane = await host.spawn(['/bin/bash', '-c', 'for i in $(seq 300); do (true & ); done; echo DONE; sleep 100']);
    await pane.shows('DONE');
    await until(() => zombiesOf(host.pid).length === 0, 'all are collected');
    expect(await host.client.stop(pane.id, 0)).toMatchObject({ ok: true });
    await until(() => zombiesOf(host.pid).length === 0, 'all are collected');
  });
});

describe('a paste of 256 KB to a program that does not read', () => {
  const READER = `
    process.stdin.setRawMode(true); let n = 0; console.log('READY');
    process.stdin.on('data', (d) => { n += d.length; if (n >= 262144) console.log('GOT ' + n); });`;

  it('costs next to no CPU and arrives whole', async () => {
    const pane = await host.spawn([process.execPath, '-e', READER]);
    await pane.shows('READY');
    process.kill(pane.pid, 'SIGSTOP');
    await until(() => stateOf(pane.pid) === 'T', 'it is stopped');
    const before = cpuMs(host.pid);
    pane.write('y'.repeat(262_144));
    await sleep(1500);
    const used = cpuMs(host.pid) - before;
    report('paste CPU ms in 1.5 s', [used]);
    expect(used).toBeLessThan(150);
    // The host answers meanwhile.
    const began = performance.now();
    await host.client.list();
    expect(performance.now() - began).toBeLessThan(stretched(100));
    process.kill(pane.pid, 'SIGCONT');
    await pane.shows('GOT 262144');
    await host.client.stop(pane.id, 0);
  });

  it('is refused past the limit, and says so', async () => {
    const refused: number[] = [];
    host.client.onInputRefused((pane) => refused.push(pane));
    const pane = await host.spawn(['/bin/sh', '-c', 'stty raw -echo; echo READY; exec sleep 1000']);
    await pane.shows('READY');
    for (let i = 0; i < 5; i++) pane.write('z'.repeat(1024 * 1024));
    await until(() => refused.length > 0, 'the refusal');
    expect(refused).toEqual([pane.id]);
    await host.client.stop(pane.id, 0);
  });
});

async function exitOf(pane: number): Promise<unknown> {
  return (await host.client.list()).find((info) => info.pane === pane)!.exit;
}

function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function stateOf(pid: number): string {
  return statOf(pid)[0]!;
}

/** Process group that has the terminal. */
function foregroundOf(pid: number): number {
  return Number(statOf(pid)[5]);
}

function zombiesOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [state, ppid] = statOf(pid);
        return state === 'Z' && Number(ppid) === parent;
      } catch {
        return false;
      }
    });
}

/** Lines of one process count up by one, unless the pid came again and began at 0. */
function gapsIn(lines: readonly Line[]): number {
  const last = new Map<number, number>();
  let gaps = 0;
  for (const { pid, count } of lines) {
    const before = last.get(pid);
    if (count !== 0 && (before === undefined || count !== before + 1)) gaps++;
    last.set(pid, count);
  }
  return gaps;
}

function report(what: string, values: readonly number[]): void {
  if (!process.env.LLMCTL_FIGURES) return;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1);
  process.stderr.write(`${what}: p50 ${at(0.5)} p95 ${at(0.95)} max ${at(1)}\n`);
}
