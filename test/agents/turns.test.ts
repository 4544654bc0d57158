import { describe, expect, it } from 'vitest';
import { rssBytes, signal, treeOf as processTree } from '../kit/procs.ts';
import type { Room } from '../kit/room.ts';
import { quietFor, until } from '../kit/wait.ts';
import { isThere, startRig, type Rig } from './rig.ts';
import { SCRIPTS } from './scripts.ts';
import { PINNED, type PinnedCli } from './versions.ts';

const LONG_MS = 120_000;
const OVER = ['idle', 'done'];

const start = (id: PinnedCli['id'], script: string): Promise<Rig> =>
  startRig({ scripts: SCRIPTS, agents: { ana: { profile: id, prompt: `Please go on [[stub:${script}]]` } } });

const isOver = (room: Room) =>
  room.becomes('its turn to be over', (now) => OVER.includes(now.agents.ana!.status.state), LONG_MS);
const streams = (room: Room) =>
  until(
    'its answer on the screen',
    async () => (await room.output('ana', '--screen').catch(() => [])).join('').includes('alpha bravo'),
    { deadlineMs: LONG_MS },
  );

const said = (prompts: readonly string[], what: string) => prompts.some((one) => one.includes(what));

/** Behind the first; two messages without an answer between them are one to some. */
const follows = (prompts: readonly string[], what: string, first: string) => {
  const all = prompts.join('\n');
  const began = all.indexOf(first);
  return began >= 0 && all.includes(what, began);
};

/** What the kernel would end first where memory is short: not a script around the CLI, but the CLI. */
const largestOf = (pid: number): number =>
  processTree(pid).reduce((largest, one) => (rssBytes(one) > rssBytes(largest) ? one : largest));

for (const { id } of PINNED) {
  describe.skipIf(!isThere(id))(`${id} in a pane`, () => {
    it('is interrupted in the middle of an answer', async () => {
      const { room } = await start(id, 'slow');
      await room.up();
      await streams(room);
      await room.ok('interrupt', 'ana');
      await isOver(room);
      expect((await room.output('ana', '--screen')).join('')).not.toContain('that was all');
    });

    it('is paused in the middle of an answer, and finishes it', async () => {
      const { room } = await start(id, 'slow');
      await room.up();
      await streams(room);
      await room.ok('pause', 'ana');
      await quietFor(30_000);
      expect(await room.agent('ana')).toMatchObject({ state: 'paused' });
      await room.ok('resume', 'ana');
      await until('the end of its answer', async () => (await room.output('ana')).join('').includes('that was all'), {
        deadlineMs: LONG_MS,
      });
    });

    it('ends its turn before it is paused softly, and goes on when it is told to', async () => {
      const { room, model } = await start(id, 'slow');
      await room.up();
      await streams(room);
      await room.becomes('it to be at work', (now) => now.agents.ana!.status.state === 'working', LONG_MS);
      await room.ok('pause', '--soft', 'ana');
      expect(await room.agent('ana')).toMatchObject({ state: 'paused' });
      expect((await room.output('ana')).join('')).not.toContain('that was all');
      await room.ok('resume', 'ana');
      const hears = () => model.asked.some(({ prompts }) => said(prompts, 'You were paused'));
      await until('the model to hear that it goes on', hears, { deadlineMs: LONG_MS });
    });

    it('is limited, and says so', async () => {
      const { room } = await start(id, 'limited');
      await room.up();
      await room.becomes('the limit', (now) => now.agents.ana!.status.state === 'limited', LONG_MS);
      expect(await room.agent('ana')).toMatchObject({ state: 'limited' });
    });

    it('goes on with its conversation after it was killed in the middle of an answer, and after a reboot', async () => {
      const { room, model } = await start(id, 'slow');
      await room.up();
      await streams(room);
      const hears = (what: string) =>
        until(
          `the model to hear ${what} in the same conversation`,
          () => model.asked.some(({ prompts }) => follows(prompts, what, 'Please go on')),
          { deadlineMs: LONG_MS },
        );
      process.kill(largestOf((await room.state()).agents.ana!.run!.pid), 'SIGKILL');
      await room.becomes('its end', (now) => now.agents.ana!.status.state === 'failed', LONG_MS);
      expect(await room.agent('ana')).toMatchObject({ state: 'failed', evidence: 'process' });
      await room.ok('restart', 'ana');
      await hears('You were ended in the middle of your work');
      expect((await room.state()).agents.ana!.run!.begun).toMatchObject({ resumed: true });
      await isOver(room);

      signal(
        room.processes().map(({ pid }) => pid),
        'SIGKILL',
      );
      await until('all of it to be gone', () => room.processes().length === 0);
      // An agent of the plan is started again without being asked for.
      await room.up();
      await room.becomes('another run', (now) => now.agents.ana!.run?.begun?.resumed === true, LONG_MS);
      await room.ok('send', 'ana', 'And once more [[stub:hello]]');
      await hears('once more');
    }, 500_000);

    it('reports through MCP', async () => {
      const { room } = await start(id, 'report');
      await room.up();
      await room.becomes('its report', (now) => now.agents.ana!.progress === 40, LONG_MS);
      expect(await room.agent('ana')).toMatchObject({ progress: 40 });
    });
  });
}
