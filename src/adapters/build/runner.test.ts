import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstError } from '../../core/health/first-error.ts';
import { plainLine } from './output.ts';
import { HealthRunner } from './runner.ts';
import type { HealthOutcome } from './outcome.ts';
import type { HealthRunnerOptions } from './runner.ts';

/** A second is not much on a machine that builds and tests other things too. */
const PATIENT = { timeout: 15_000, interval: 20 };
let folder = '';
let runner: HealthRunner;

function make(options: Partial<HealthRunnerOptions> = {}): HealthRunner {
  return new HealthRunner({
    repo: folder,
    logs: join(folder, 'logs'),
    env: process.env,
    head: () => 'abc',
    graceMs: 200,
    ...options,
  });
}
function begin(line: string | readonly string[], timeoutMs = 20_000, name = 'build'): Promise<HealthOutcome> {
  const command =
    typeof line === 'string' ? ({ kind: 'shell', line } as const) : ({ kind: 'argv', argv: line } as const);
  const started = runner.start({ name, command, timeoutMs });
  if (!started.ok) throw new Error(started.reason);
  return started.outcome;
}
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    // A zombie waits for its parent only.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const pidIn = (name: string) => Number(readFileSync(join(folder, name), 'utf8'));

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-health-')));
  runner = make();
});
afterEach(async () => {
  await runner.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a health command', () => {
  it('is green when it exits with 0, with its duration, commit, tail and log', async () => {
    const outcome = await begin('echo one; echo two >&2; pwd');
    expect(outcome).toMatchObject({ name: 'build', state: 'green', commit: 'abc', firstError: '' });
    expect([...outcome.tail].sort()).toEqual([folder, 'one', 'two'].sort());
    expect(outcome.ms).toBeGreaterThanOrEqual(0);
    const log = join(folder, 'logs/build.log');
    await expect.poll(() => readFileSync(log, 'utf8'), PATIENT).toContain('one\n');
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it('is red with the first error of its output', async () => {
    const outcome = await begin(
      `echo 'cc -c a.c'; echo "a.c:4:3: error: expected ';'"; echo 'make: *** [a] Error 1'; exit 2`,
    );
    expect(outcome).toMatchObject({ state: 'red', firstError: "a.c:4:3: expected ';'" });
  });

  it('is red with how it ended where nothing looks like an error', async () => {
    expect((await begin('echo hm; exit 7')).firstError).toBe('ended with exit code 7: hm');
    expect((await begin('kill -SEGV $$')).firstError).toBe('ended by SIGSEGV (11)');
    expect((await begin(['no-such-program-here'])).firstError).toMatch(/no such program on the PATH/);
  });

  it('gets a list as argv: nothing is expanded', async () => {
    const outcome = await begin(['printf', '%s\n', '$(touch canary)', ';touch canary', '*']);
    expect(outcome.tail).toEqual(['$(touch canary)', ';touch canary', '*']);
    expect(existsSync(join(folder, 'canary'))).toBe(false);
  });

  it('has no terminal, no input, and nothing of an agent in its environment', async () => {
    runner = make({ env: { ...process.env, LLMCTL_TOKEN: 'secret', LLMCTL_AGENT: 'a' } });
    const outcome = await begin('cat; env | grep -c "LLMCTL_\\(TOKEN\\|AGENT\\)"; : < /dev/tty && echo tty');
    expect(outcome.tail[0]).toBe('0');
    expect(outcome.tail.join('\n')).not.toContain('\ntty');
  });

  it('runs once at a time, others beside it', async () => {
    const first = begin('while [ ! -e go ]; do sleep 0.02; done');
    expect(runner.start({ name: 'build', command: { kind: 'shell', line: 'true' }, timeoutMs: 1000 })).toEqual({
      ok: false,
      reason: expect.stringMatching(/running already/),
    });
    expect((await begin('true', 1000, 'test')).state).toBe('green');
    expect(runner.isRunning('build')).toBe(true);
    writeFileSync(join(folder, 'go'), '');
    expect((await first).state).toBe('green');
    expect(runner.isRunning('build')).toBe(false);
    expect((await begin('true')).state).toBe('green');
  });
});

describe('an endless health command', () => {
  const STUBBORN = `
    trap '' TERM HUP INT
    setsid sh -c 'trap "" TERM; echo $$ > far; while :; do sleep 0.1; done' &
    sh -c 'trap "" TERM; echo $$ > near; while :; do sleep 0.1; done' &
    while [ ! -s far ] || [ ! -s near ]; do sleep 0.02; done
    echo ready > ready
    while :; do sleep 0.1; done`;

  it('is ended with all it started when its time is over', async () => {
    const outcome = await begin(STUBBORN, 1500);
    expect(outcome).toMatchObject({ state: 'red', firstError: 'took longer than 1.5 s and was ended' });
    expect([alive(pidIn('far')), alive(pidIn('near'))]).toEqual([false, false]);
    expect(outcome.ms).toBeGreaterThanOrEqual(1450);
  });

  it('is ended by cancel, and nothing is known then', async () => {
    const running = begin(STUBBORN);
    await expect.poll(() => existsSync(join(folder, 'ready')), PATIENT).toBe(true);
    expect(await runner.cancel('build')).toBe(true);
    expect(await running).toMatchObject({ state: 'unknown', firstError: 'cancelled' });
    expect([alive(pidIn('far')), alive(pidIn('near'))]).toEqual([false, false]);
    expect(await runner.cancel('build')).toBe(false);
  });

  it('that a killed daemon left behind is ended by the next one, others are not', async () => {
    const running = begin(STUBBORN);
    await expect.poll(() => existsSync(join(folder, 'ready')), PATIENT).toBe(true);
    await make({ repo: tmpdir() }).endLeftovers();
    expect(alive(pidIn('far'))).toBe(true);
    runner = make();
    expect((await begin('true', 5000, 'other')).state).toBe('green');
    expect([alive(pidIn('far')), alive(pidIn('near'))]).toEqual([false, false]);
    expect(await running).toMatchObject({ state: 'red', firstError: 'ended by SIGKILL (9)' });
  });

  it('does not wait for a server that it left behind', async () => {
    const outcome = await begin('(echo $BASHPID; exec sleep 30) & echo $! > pid; echo done');
    expect(outcome).toMatchObject({ state: 'green', left: 1 });
    expect(outcome.ms).toBeLessThan(5000);
    process.kill(pidIn('pid'), 'SIGKILL');
  });
});

describe('a figure in the output', () => {
  const threshold = { text: 'time', metric: String.raw`took (\S+)`, limit: null, better: 'lower', unit: 'ms' } as const;
  const held = { ...threshold, baseline: 'bench.txt', tolerance: 10 };
  const measured = async (line: string): Promise<HealthOutcome> => {
    const command = { kind: 'shell', line } as const;
    const started = runner.start({ name: 'bench', command, timeoutMs: 20_000, thresholds: [held] });
    if (!started.ok) throw new Error(started.reason);
    return started.outcome;
  };

  it('is held to its baseline, and red where it is worse', async () => {
    expect(await measured('echo took 5 ms')).toMatchObject({ state: 'green', measures: [{ ok: null, value: 5 }] });
    writeFileSync(join(folder, 'bench.txt'), '100\n');
    expect(await measured('echo took 108')).toMatchObject({ state: 'green', measures: [{ ok: true }] });
    expect(await measured('echo took 0.108 s')).toMatchObject({
      state: 'green',
      measures: [{ value: 0.108, unit: 's' }],
    });
    const slow = await measured('echo took 112');
    expect(slow).toMatchObject({ state: 'red', failures: [{ kind: 'performance' }] });
    expect(slow.firstError).toBe('time: 112 ms (baseline 100 ms with 10 % to spare, 12 % above)');
    writeFileSync(join(folder, 'bench.txt'), 'garbage\n');
    expect((await measured('echo took 108')).firstError).toContain('no figure in its baseline bench.txt');
    expect((await measured('echo nothing')).firstError).toContain('nothing matches took');
  });

  it('is looked for where the command failed in no other way', async () => {
    expect(await measured('echo took 1; exit 3')).toMatchObject({ state: 'red', measures: [] });
  });
});

describe('the output of a health command', () => {
  it('is bounded in memory and on disk, and its first error is found where it was', async () => {
    const line = `echo 'a.c:1:2: error: the first'; yes 'some text that fills the line up a bit' | head -n 400000; exit 1`;
    const outcome = await begin(line);
    expect(outcome.firstError).toBe('a.c:1:2: the first');
    expect(outcome.tail).toHaveLength(200);
    await expect.poll(() => statSync(join(folder, 'logs/build.log')).size, PATIENT).toBeLessThan(9_000_000);
  });

  it('has its escapes taken out and its other controls shown', async () => {
    const outcome = await begin(
      String.raw`printf '\033[31mred\033[0m\033]0;title\007 \007bell\n10%%\r20%%\r100%%\r\n\033[2J\342\200\256x\n'`,
    );
    expect(outcome.tail).toEqual(['red ␇bell', '100%', '�x']);
    expect(plainLine('a\x1bPq\x1b\\b\x1b(Bc\td')).toBe('abc    d');
  });

  it('is searched in no time, whatever its lines', () => {
    const hostile = ['a'.repeat(50_000), `${'('.repeat(5000)}:1:1`, 'error '.repeat(5000), `${'/a'.repeat(3000)}:3:`];
    const lines = Array.from({ length: 4000 }, (_, i) => hostile[i % 50] ?? `compiling src/file${i}.ts ... done`);
    const began = performance.now();
    firstError(lines);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
