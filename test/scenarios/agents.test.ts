import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { counter, echo, flood, keyReader, says, shell } from '../kit/agents.ts';
import { isAlive } from '../kit/procs.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';

describe('agents from the command line', () => {
  it('come by `run` and `add`, and go by `remove`', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    await room.ok('run', 'bob', '--', ...says('bob is here'));
    await room.ok('add', '--profile', 'shell', '--name', 'cleo');
    const { agents } = await room.status();
    expect(agents.map((agent) => [agent.id, agent.profile])).toEqual([
      ['ana', expect.any(String)],
      ['bob', expect.any(String)],
      ['cleo', 'shell'],
    ]);
    const { pid } = await room.agent('bob');
    await room.ok('remove', 'bob');
    expect((await room.status()).agents.map((agent) => agent.id)).toEqual(['ana', 'cleo']);
    await until('bob to end', () => !isAlive(pid!));
  });

  it('find their own marks in the environment, and nothing of the daemon', async () => {
    const room = await startRoom({ agents: { ana: ['/bin/sh', '-c', 'env; pwd; echo end-of-env; exec cat'] } });
    await until('the environment', async () => (await room.output('ana')).includes('end-of-env'));
    const lines = await room.output('ana');
    const value = (name: string): string | undefined =>
      lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
    expect(value('LLMCTL_AGENT')).toBe('ana');
    expect(value('LLMCTL_SOCKET')).toBe(room.socket);
    expect(value('LLMCTL_TOKEN')).toMatch(/./);
    expect(value('PATH')).not.toContain('node_modules/node-linux');
    expect(value('LLMCTL_PORT_BASE')).toMatch(/^\d{5}$/);
    expect(lines).toContain(join(room.repo, '.llmctl/worktrees/ana'));
  });

  it('get messages as a bracketed paste and Enter, and named keys', async () => {
    const room = await startRoom({ agents: { ana: keyReader('paste') } });
    await until('the program', async () => (await room.output('ana')).includes('ready'));
    await room.ok('send', 'ana', 'two\nlines \u001b[201~x');
    const typed = async (): Promise<string> =>
      (await room.output('ana'))
        .filter((line) => line.startsWith('got '))
        .map((line) => line.slice(4))
        .join('');
    const hex = (text: string): string => Buffer.from(text).toString('hex');
    await until('the message', async () => (await typed()).endsWith(hex('\x1b[201~\r')));
    const message = await typed();
    expect(message.startsWith(hex('\x1b[200~two'))).toBe(true);
    // The end of a paste inside the text would let the rest be taken for keys.
    expect(message.split(hex('\x1b[201~'))).toHaveLength(2);
    await room.ok('keys', 'ana', 'Esc', 'C-c', 'Up', 'M-x', 'a');
    await until('the keys', async () => (await typed()).endsWith(hex('\x1b\x03\x1b[A\x1bxa')));
    await room.ok('send', 'ana', '--no-enter', 'draft');
    await until('the draft', async () => (await typed()).endsWith(hex('\x1b[200~draft\x1b[201~')));
    await room.ok('interrupt', 'ana');
    await until('what interrupts any program', async () => (await typed()).endsWith(hex('\x1b[201~\x03')));
    expect(await room.cli('interrupt', 'anna')).toMatchObject({ code: 1, stderr: expect.stringContaining('ana') });
    await room.ok('pause', '--soft', '--all');
    expect(await room.agent('ana')).toMatchObject({ state: 'paused' });
    expect((await room.cli('interrupt')).code).toBe(2);
  });

  it('show their scrollback, their last lines, their screen', async () => {
    const room = await startRoom({ agents: { ana: flood(500) } });
    await until('the flood to end', async () =>
      (await room.output('ana', '--lines', '3')).some((line) => line.includes('flood over')),
    );
    const all = await room.output('ana');
    expect(all.length).toBeGreaterThanOrEqual(500);
    expect(all.find((line) => /^ +0 the quick/.test(line))).toBeDefined();
    expect(await room.output('ana', '--lines', '2')).toHaveLength(2);
    const screen = await room.output('ana', '--screen');
    expect(screen.length).toBeLessThan(120);
    expect((await room.ok('output', 'ana', '--screen', '--ansi')).stdout).toContain('\x1b[');
    expect((await room.ok('output', 'ana', '--screen')).stdout).not.toContain('\x1b');
    const json = (await room.ok('output', 'ana', '--json')).json as { lines: string[] };
    expect(json.lines.length).toBe(all.length);
  });

  it('start over with `restart`, and end with all their processes on `stop`', async () => {
    const room = await startRoom({
      agents: { ana: ['/bin/bash', '-c', 'sleep 1000 & setsid sleep 1001 & echo up; wait'] },
    });
    const before = await room.agent('ana');
    const sleeping = () => room.processes().filter((each) => /^sleep 100[01]$/.test(each.command));
    await until('its children', () => sleeping().length === 2);
    const old = sleeping().map((each) => each.pid);
    await room.ok('restart', 'ana');
    expect((await room.agent('ana')).pid).not.toBe(before.pid);
    await until(
      'the new children alone',
      () => sleeping().length === 2 && sleeping().every((each) => !old.includes(each.pid)),
    );
    await room.ok('stop', 'ana');
    expect((await room.agent('ana')).state).toBe('stopped');
    expect(sleeping()).toEqual([]);
  });

  it('end by themselves: done or failed, with the code', async () => {
    const room = await startRoom();
    await room.ok('run', 'fine', '--', 'true');
    await room.ok('run', 'broken', '--', '/bin/sh', '-c', 'echo last words; exit 7');
    await room.isState('fine', 'done');
    await room.isState('broken', 'failed');
    expect((await room.agent('broken')).reason).toMatch(/7/);
    await until('its last words', async () => (await room.output('broken')).includes('last words'));
  });

  it('tell their own state with `llmctl report`', async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    const { LLMCTL } = await import('../kit/temp.ts');
    const report = (words: string) => room.ok('send', 'ana', `${process.execPath} ${LLMCTL} report ${words}`);
    await report('progress 40 "parser done"');
    await room.becomes('progress 40', (state) => state.agents.ana?.progress === 40);
    await report('ask "May I?"');
    const state = await room.isState('ana', 'waiting');
    expect(state.agents.ana?.status.evidence).toBe('report');
    expect(state.agents.ana?.status.reason).toContain('May I?');
    await report('done');
    await room.isState('ana', 'done');
  });

  it('are followed live', async () => {
    const room = await startRoom();
    await room.ok('run', 'ana', '--', ...counter(room.path('count')));
    const { LLMCTL } = await import('../kit/temp.ts');
    const follower = room.terminal(process.execPath, [LLMCTL, 'output', 'ana', '--follow']);
    await follower.sees(/tick \d+/);
    const seen = Number(/tick (\d+)/.exec(follower.screen())![1]);
    await follower.sees(`tick ${seen + 5}`);
    follower.press('C-c');
    expect(await follower.ended()).toBeDefined();
  });
});
