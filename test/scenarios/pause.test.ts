import { existsSync, readFileSync, statSync, openSync, readSync, closeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { counter, echo, shell, tree } from '../kit/agents.ts';
import { proc } from '../kit/procs.ts';
import { startRoom } from '../kit/scenario.ts';
import { quietFor, until } from '../kit/wait.ts';

const ROUNDS = Number(process.env.LLMCTL_PAUSE_ROUNDS ?? 100);

/** Lines of the fork-happy tree after `from` bytes whose own clock says they were written after `ns`. */
function lateLines(file: string, from: number, ns: bigint): string[] {
  const size = statSync(file).size - from;
  if (size <= 0) return [];
  const buffer = Buffer.alloc(size);
  const fd = openSync(file, 'r');
  readSync(fd, buffer, 0, size, from);
  closeSync(fd);
  return buffer
    .toString()
    .split('\n')
    .filter((line) => line !== '' && BigInt(line.split(' ')[0]!) > ns);
}

describe('pause and resume', () => {
  it(
    'stop a tree that forks, double-forks and leaves its session, with no late write in 100 rounds',
    { timeout: 180_000 },
    async () => {
      const room = await startRoom();
      const beats = room.path('beats');
      await room.ok('run', 'wild', '--', ...tree(beats, 4, 3, 2));
      await until('the tree to run', () => existsSync(beats) && statSync(beats).size > 10_000);
      const wire = await room.wire();
      const late: string[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        await wire.ask({ method: 'command', command: { type: 'agent.pause', agent: 'wild' } });
        const [ns, size] = [process.hrtime.bigint(), statSync(beats).size];
        await quietFor(40);
        late.push(...lateLines(beats, size, ns).map((line) => `round ${round}: ${line}`));
        await wire.ask({ method: 'command', command: { type: 'agent.resume', agent: 'wild' } });
        await until('the tree to go on', () => statSync(beats).size > size + 200);
      }
      expect(late).toEqual([]);
      // Sequences of one process have no gap: nothing was lost on resume.
      const last = new Map<string, number>();
      const gaps: string[] = [];
      for (const line of readFileSync(beats, 'utf8').trimEnd().split('\n')) {
        const [, pid, seq] = line.split(' ');
        const before = last.get(pid!);
        if (before !== undefined && Number(seq) !== before + 1 && seq !== '0') gaps.push(line);
        last.set(pid!, Number(seq));
      }
      expect(gaps).toEqual([]);
      await room.ok('stop', 'wild');
      expect(room.processes().filter((each) => each.command.includes(beats))).toEqual([]);
    },
  );

  it('says since when and by whom, and counts on where it was', async () => {
    const room = await startRoom();
    const count = (): number => Number(readFileSync(room.path('count'), 'utf8') || 0);
    await room.ok('run', 'ana', '--', ...counter(room.path('count')));
    await until('counting', () => existsSync(room.path('count')) && count() > 3);
    const paused = await room.ok('pause', 'ana', '--json');
    expect(paused.json).toBeTypeOf('object');
    const at = count();
    const agent = await room.agent('ana');
    expect(agent.state).toBe('paused');
    expect(agent.evidence).toBe('person');
    expect(Date.parse(agent.since)).toBeGreaterThan(0);
    expect((await room.state()).agents.ana?.status.by).toMatchObject({ kind: 'person' });
    await quietFor(300);
    expect(count()).toBe(at);
    await room.ok('resume', 'ana');
    await until('counting on', () => count() > at);
    expect((await room.agent('ana')).state).not.toBe('paused');
    // Every number came, the paused one once.
    await until('more', () => count() > at + 3);
    const ticks = (await room.output('ana'))
      .filter((line) => line.startsWith('tick '))
      .map((line) => Number(line.slice(5)));
    expect(ticks).toEqual(Array.from({ length: ticks.length }, (_, n) => n + 1));
  });

  it('keeps input for later', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const { pane } = (await room.state()).agents.ana!;
    await room.ok('pause', 'ana');
    const wire = await room.wire();
    wire.input(pane, 'typed while paused\r');
    await room.idle();
    const before = await room.output('ana');
    expect(before.filter((line) => line === 'typed while paused').length).toBeLessThan(2);
    await room.ok('resume', 'ana');
    await until(
      'line and echo',
      async () => (await room.output('ana')).filter((line) => line === 'typed while paused').length === 2,
    );
  });

  it('leaves a shell with job control as it was', async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    await room.ok('send', 'ana', 'cat');
    const { pid } = await room.agent('ana');
    const foreground = (): string => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[5]!;
    await until('cat in front', () => foreground() !== String(pid));
    const before = foreground();
    for (let round = 0; round < 5; round++) {
      await room.ok('pause', 'ana');
      expect(proc(pid!)?.state).toBe('T');
      await room.ok('resume', 'ana');
    }
    await room.ok('send', 'ana', 'still in cat');
    await until(
      'the echo',
      async () => (await room.output('ana')).filter((line) => line === 'still in cat').length === 2,
    );
    expect(foreground()).toBe(before);
    expect((await room.output('ana')).join('\n')).not.toMatch(/Stopped/i);
  });

  it('pauses all and resumes all', async () => {
    const room = await startRoom({ agents: { ana: echo(), bob: echo(), cleo: shell() } });
    await room.ok('pause', '--all');
    expect((await room.status()).agents.map((agent) => agent.state)).toEqual(['paused', 'paused', 'paused']);
    await room.ok('resume', '--all');
    expect((await room.status()).agents.filter((agent) => agent.state === 'paused')).toEqual([]);
  });
});
