import { existsSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { echo, tree } from '../kit/agents.ts';
import { isAlive } from '../kit/procs.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';

describe('an agent that won’t end', () => {
  it.each([
    ['ignores TERM and HUP', 'trap "" TERM HUP INT; while :; do sleep 0.1; done'],
    ['leaves its session', 'setsid setsid sh -c "trap \\"\\" TERM; while :; do sleep 0.1; done" & exec sleep 1004'],
    ['starts itself again when killed', 'while :; do sh -c "sleep 100"; done'],
    ['double-forks away', '(setsid sh -c "sleep 1000 &" &) ; (setsid nohup sleep 1001 >/dev/null 2>&1 &) ; sleep 1002'],
  ])('%s: stop ends it all the same', { timeout: 60_000 }, async (_, script) => {
    const room = await startRoom({ agents: { good: echo() } });
    const marker = `marker-${Math.random().toString(36).slice(2)}`;
    await room.ok('run', 'bad', '--', '/bin/sh', '-c', `: ${marker}; echo up; ${script}`);
    await until('it to run', async () => (await room.output('bad')).includes('up'));
    const own = () =>
      room.processes().filter((each) => each.command.startsWith('sleep') || each.command.includes(marker));
    await until('its processes', () => own().length > 0);
    await room.ok('stop', 'bad');
    expect(own()).toEqual([]);
    expect((await room.agent('bad')).state).toBe('stopped');
    expect((await room.agent('good')).pid).toBeGreaterThan(0);
  });

  it('forks wildly and hops from pid to pid', { timeout: 90_000 }, async () => {
    const room = await startRoom({ agents: { good: echo() } });
    const beats = room.path('beats');
    await room.ok('run', 'bad', '--', ...tree(beats, 6, 4, 3, 1));
    await until('the tree to run', () => existsSync(beats) && statSync(beats).size > 20_000);
    await room.ok('stop', 'bad');
    expect(room.processes().filter((each) => each.command.includes(beats))).toEqual([]);
    const { size } = statSync(beats);
    await room.idle();
    expect(statSync(beats).size).toBe(size);
  });

  it('crashes at once: the reason is shown and the daemon doesn’t spin', async () => {
    const room = await startRoom({ agents: { bad: ['/bin/sh', '-c', 'echo no key; exit 3'] } });
    const state = await room.becomes('bad failed', (now) => {
      const agent = now.agents.bad!;
      return agent.status.state === 'failed' || agent.quickExits > 0;
    });
    expect(JSON.stringify(state.agents.bad)).toMatch(/3/);
    await until('its last words', async () => (await room.output('bad')).includes('no key'));
    expect(state.agents.bad!.restarts).toBeLessThan(2);
    expect((await room.agent('bad')).reason).toMatch(/3|again/);
  });
});

describe('stopping an agent', () => {
  it('touches no stranger that got its terminal’s number meanwhile', { timeout: 60_000 }, async () => {
    const room = await startRoom({ agents: { good: echo() } });
    const wire = await room.wire();
    const deaf = 'setsid sh -c "trap \\"\\" TERM; while :; do sleep 0.1; done" </dev/null >/dev/null 2>&1 &';
    await room.ok('run', 'bad', '--', '/bin/sh', '-c', `${deaf} echo up; exec cat`);
    await until('it to run', async () => (await room.output('bad')).includes('up'));
    const { pid } = await room.agent('bad');
    // The program ends at once and gives its terminal back; the deaf child keeps the stop waiting.
    const stopping = wire.ask({ method: 'command', command: { type: 'agent.stop', agent: 'bad' } });
    await until('the program to end', () => !isAlive(pid!));
    const strangers = Array.from({ length: 12 }, () => room.terminal('/bin/sh', ['-c', 'tty; exec cat']));
    await Promise.all(strangers.map((stranger) => stranger.sees('/dev/pts/')));
    await stopping;
    expect(strangers.map((stranger) => stranger.exit)).toEqual(strangers.map(() => undefined));
    for (const stranger of strangers) {
      stranger.type('still here\r');
      await stranger.sees('still here');
    }
  });

  it('that has ended by itself ends what it left running', async () => {
    const room = await startRoom({ agents: { good: echo() } });
    await room.ok(
      'run',
      'bad',
      '--',
      '/bin/sh',
      '-c',
      'setsid sleep 1003 </dev/null >/dev/null 2>&1 & sleep 0.3; exit 0',
    );
    const left = () => room.processes().filter((each) => each.command === 'sleep 1003');
    await room.isState('bad', 'done');
    await until('what it left', () => left().length === 1);
    await room.ok('stop', 'bad');
    expect(left()).toEqual([]);
  });
});
