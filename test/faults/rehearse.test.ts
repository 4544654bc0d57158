import { describe, expect, it } from 'vitest';
import { leftByRehearsals, REHEARSAL_MS, rehearse, shippedPlan } from '../kit/rehearse.ts';
import { startRoom } from '../kit/scenario.ts';

describe('the large plans, rehearsed', () => {
  it.each(['llamafile', 'ml-research'])(
    '%s runs to its end',
    async (name) => {
      const room = await startRoom({ up: false });
      const { code, report } = await rehearse(room, shippedPlan(name));
      expect(report).toMatchObject({ ok: true, reason: '', open: [] });
      expect(code).toBe(0);
      expect(leftByRehearsals(room)).toEqual([]);
    },
    REHEARSAL_MS,
  );

  it(
    'a build that is broken is refused, mended and landed; gates that fail send back; all of it ends',
    async () => {
      const room = await startRoom({ up: false });
      const { report } = await rehearse(room, shippedPlan('mlx-backend'), '--chaos', '2');
      expect(report).toMatchObject({ ok: true, open: [] });
      expect(report.landings.refused).toEqual([expect.stringMatching(/^ws2: .*ws2 breaks the build/)]);
      const backend = report.gates.find(({ gate }) => gate === 'checkpoint-2')!;
      expect(backend.results).toEqual([expect.stringMatching(/^failed: /), 'passed']);
      const integrate = report.tasks.find(({ task }) => task === 'integrate')!;
      expect(integrate.startedAt).toBeGreaterThanOrEqual(report.tasks.find(({ task }) => task === 'ws2')!.endedAt!);
    },
    REHEARSAL_MS,
  );
});
