import { describe, expect, it } from 'vitest';
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

for (const { id } of PINNED) {
  describe.skipIf(!isThere(id))(`${id} in a pane`, () => {
    it('is interrupted in the middle of an answer', async () => {
      const { room } = await start(id, 'slow');
      await room.up();
      await streams(room);
      await room.ok('keys', 'ana', ...(id === 'opencode' ? ['Esc', 'Esc'] : ['Esc']));
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

    it('is limited, and says so', async () => {
      const { room } = await start(id, 'limited');
      await room.up();
      await room.becomes('the limit', (now) => now.agents.ana!.status.state === 'limited', LONG_MS);
      expect(await room.agent('ana')).toMatchObject({ state: 'limited' });
    });

    it('goes on with its conversation after it was killed', async () => {
      const { room, model } = await start(id, 'hello');
      await room.up();
      await until('its first answer', () => model.asked.some(({ script }) => script === 'hello'), {
        deadlineMs: LONG_MS,
      });
      await isOver(room);
      const before = (await room.state()).agents.ana!;
      expect(before.conversation).not.toBeNull();
      await room.ok('restart', 'ana');
      const after = await room.becomes(
        'another run',
        (now) => now.agents.ana!.run !== null && now.agents.ana!.run.token !== before.run!.token,
        LONG_MS,
      );
      expect(after.agents.ana!.run!.begun).toMatchObject({ resumed: true });
      await room.ok('send', 'ana', 'And once more [[stub:hello]]');
      const remembers = () =>
        model.asked.some(
          ({ prompts }) =>
            prompts.some((one) => one.includes('once more')) && prompts.some((one) => one.includes('Please go on')),
        );
      await until('the model to hear both', remembers, { deadlineMs: LONG_MS });
    });

    it('reports through MCP', async () => {
      const { room } = await start(id, 'report');
      await room.up();
      await room.becomes('its report', (now) => now.agents.ana!.progress === 40, LONG_MS);
      expect(await room.agent('ana')).toMatchObject({ progress: 40 });
    });
  });
}
