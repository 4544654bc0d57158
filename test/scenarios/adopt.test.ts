import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { counter, says, shell } from '../kit/agents.ts';
import { isAlive } from '../kit/procs.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';

const ROUNDS = Number(process.env.LLMCTL_KILL_ROUNDS ?? 12);

describe('the daemon is killed', () => {
  it('and the agents count on, adopted by the next one with their screens', { timeout: 120_000 }, async () => {
    const room = await startRoom({ agents: { ana: says('words from before'), bob: shell() } });
    await room.ok('run', 'count', '--', ...counter(room.path('count')));
    const count = (): number => Number(readFileSync(room.path('count'), 'utf8') || 0);
    await until('counting', () => existsSync(room.path('count')) && count() > 3);
    const before = await room.status();
    process.kill(before.session.pid, 'SIGKILL');
    await until('the daemon to be gone', () => !isAlive(before.session.pid));
    const at = count();
    await until('counting without a daemon', () => count() > at + 3);
    await room.up();
    const after = await room.status();
    expect(after.session.pid).not.toBe(before.session.pid);
    expect(after.session.id).toBe(before.session.id);
    expect(after.agents.map(({ id, pid }) => [id, pid])).toEqual(before.agents.map(({ id, pid }) => [id, pid]));
    await until('the words from before', async () => (await room.output('ana')).includes('words from before'));
    await until('every tick from the first on', async () => {
      const ticks = (await room.output('count')).filter((line) => line.startsWith('tick '));
      return ticks[0] === 'tick 1' && ticks.length > at + 3;
    });
    await room.ok('send', 'bob', 'echo still $((40 + 2))');
    await until('the shell to answer', async () => (await room.output('bob')).includes('still 42'));
  });

  it('at random moments, and no acknowledged event or agent is lost or doubled', { timeout: 180_000 }, async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    const { pid } = await room.agent('ana');
    const kept: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const wire = await room.wire();
      const daemon = await room.daemonPid();
      let alive = true;
      // Commands run until the blow falls; what was answered must be there afterwards.
      const timer = setTimeout(() => process.kill(daemon, 'SIGKILL'), (round * 37) % 60);
      for (let n = 0; alive && n < 2_000; n++) {
        const text = `todo ${round}.${n}`;
        const done = await wire.ask({ method: 'command', command: { type: 'todo.add', text } }).then(
          () => true,
          () => false,
        );
        if (done) kept.push(text);
        alive = done;
      }
      clearTimeout(timer);
      await until('the daemon to be gone', () => !isAlive(daemon));
      await room.up();
    }
    const state = await room.state();
    const texts = new Set(state.todos.map((todo) => todo.text));
    expect(kept.filter((text) => !texts.has(text))).toEqual([]);
    expect(state.order).toEqual(['ana']);
    expect((await room.agent('ana')).pid).toBe(pid);
    expect(room.processes().filter((each) => each.command.startsWith('/bin/bash --norc'))).toHaveLength(1);
  });

  it('and the next start sees what ended meanwhile', async () => {
    const room = await startRoom({ agents: { ana: says('x') } });
    const { pid } = await room.agent('ana');
    const daemon = await room.daemonPid();
    process.kill(daemon, 'SIGKILL');
    await until('the daemon to be gone', () => !isAlive(daemon));
    process.kill(pid!, 'SIGKILL');
    await until('the agent to be gone', () => !isAlive(pid!));
    await room.up();
    const agent = await room.agent('ana');
    expect(['failed', 'stopped', 'starting', 'working', 'idle']).toContain(agent.state);
    expect(agent.pid).not.toBe(pid);
  });

  it('or told to end: the agents run on all the same', async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    const { pid } = await room.agent('ana');
    const daemon = await room.daemonPid();
    process.kill(daemon, 'SIGTERM');
    await until('the daemon to be gone', () => !isAlive(daemon));
    expect(isAlive(pid!)).toBe(true);
    await room.up();
    expect((await room.agent('ana')).pid).toBe(pid);
  });
});

describe('the ptyhost is killed', () => {
  it('and the session says so, and can start agents again', async () => {
    const room = await startRoom({ agents: { ana: says('words from before') } });
    await until('the words', async () => (await room.output('ana')).includes('words from before'));
    const { ptyhostPid, pid } = await room.diagnostics();
    process.kill(ptyhostPid, 'SIGKILL');
    const state = await room.becomes('ana ended', (now) => now.agents.ana?.run === null);
    expect(state.agents.ana?.status.reason).not.toBe('');
    await room.ok('restart', 'ana');
    await room.becomes('ana back', (now) => (now.agents.ana?.run ?? null) !== null);
    await room.ok('run', 'bob', '--', ...says('bob is here'));
    await until('bob', async () => (await room.output('bob')).includes('bob is here'));
    expect(await room.daemonPid()).toBe(pid);
  });
});
