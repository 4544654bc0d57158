import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decisionsOf } from '../../src/core/rehearse/report.ts';
import { leftByRehearsals, REHEARSAL_MS, rehearse, shippedPlan } from '../kit/rehearse.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';
import { Wire } from '../kit/wire.ts';

/** A gate that says no and has something to fall back on, commands that have to hold, two that may meet. */
const FALLBACK = `version: 1
name: fallback
health: { build: make }
agents:
  - { id: ana, profile: claude, prompt: '{{task.title}}' }
  - { id: ben, profile: codex, prompt: '{{task.title}}' }
tasks:
  - { id: fast, title: The fast way, agent: ana, estimateHours: 2, files: [src/fast.c], validation: [make check] }
  - { id: slow, title: The slow way, agent: ben, estimateHours: 1, files: [src/slow.c] }
  - { id: docs, title: What it does, agent: ben, estimateHours: 2, files: [docs/], acceptance: [It is said] }
  - { id: ship, title: Out with it, agent: ana, dependsOn: [docs, { gate: quick }], estimateHours: 1 }
gates:
  - id: quick
    after: fast
    checks: [{ threshold: seconds, run: make bench, metric: 'took ([0-9.]+)', limit: '< 5' }]
    onFail: fallback slow
`;

describe('llmctl rehearse', () => {
  it.each(['solo-pair', 'feature-team', 'demo', 'guile-llm', 'mlx-backend'])(
    'runs plans/%s.yaml to its end, and leaves nothing',
    async (name) => {
      const room = await startRoom({ up: false });
      const { code, report } = await rehearse(room, shippedPlan(name));
      expect(report).toMatchObject({ ok: true, reason: '', open: [] });
      expect(code).toBe(0);
      expect(report.tasks.every(({ endedAt, attempts }) => endedAt !== null && attempts === 1)).toBe(true);
      expect(report.gates.every(({ results }) => results.at(-1) === 'passed')).toBe(true);
      expect(leftByRehearsals(room)).toEqual([]);
    },
    REHEARSAL_MS,
  );

  it(
    'takes the fallback where a gate fails, and the same seed decides the same',
    async () => {
      const room = await startRoom({ up: false });
      const file = room.path('fallback.yaml');
      writeFileSync(file, FALLBACK);
      const { report: calm } = await rehearse(room, file);
      expect(calm.tasks.map(({ task }) => task).toSorted()).toEqual(['docs', 'fast', 'ship']);
      const { report: first } = await rehearse(room, file, '--chaos', '1');
      expect(first).toMatchObject({
        ok: true,
        gates: [{ gate: 'quick', results: [expect.stringMatching(/^failed: seconds: /)] }],
      });
      expect(first.tasks.find(({ task }) => task === 'slow')!.story[0]).toBe('wanted, as gate quick failed');
      const { report: again } = await rehearse(room, file, '--chaos', String(first.seed));
      expect(decisionsOf(again)).toEqual(decisionsOf(first));
    },
    REHEARSAL_MS,
  );

  it(
    'ends in the same report where its daemon is killed half way',
    async () => {
      const room = await startRoom({ up: false });
      const args = [shippedPlan('feature-team'), '--chaos', '2'];
      const whole = (await rehearse(room, ...args)).report;
      const running = rehearse(room, ...args);
      await until('its socket', () => room.sockets.some((path) => path.endsWith('.sock')), { deadlineMs: 60_000 });
      const pid = await killHalfWay(room);
      const { code, report } = await running;
      expect(code).toBe(0);
      expect(decisionsOf(report)).toEqual(decisionsOf(whole));
      expect(pid).toBeGreaterThan(0);
      expect(leftByRehearsals(room)).toEqual([]);
    },
    REHEARSAL_MS,
  );

  it('says in one line what is wrong with a plan, and where nothing is to be rehearsed', async () => {
    const room = await startRoom({ up: false });
    const file = room.path('bad.yaml');
    writeFileSync(file, 'version: 1\nname: bad\nagents: [{id: a, profile: shell}]\ntasks: [{id: t, agent: b}]\n');
    expect(await room.cli('rehearse', file)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/bad\.yaml:4:.*"b"/),
    });
    writeFileSync(file, 'version: 1\nname: bad\nagents: [{id: a, profile: shell}]\n');
    expect(await room.cli('rehearse', file)).toMatchObject({ code: 1, stderr: expect.stringMatching(/has no tasks/) });
    expect(await room.cli('rehearse', file, '--speed', '0')).toMatchObject({ code: 2 });
    expect(leftByRehearsals(room)).toEqual([]);
  });
});

/** Kills the daemon once a task is over. @returns its pid */
async function killHalfWay(room: Room): Promise<number> {
  const wire = await Wire.client(room.socket);
  try {
    return await until(
      'half of it',
      async () => {
        const { work, session } = await wire.state();
        const over = Object.values(work?.tasks ?? {}).filter(({ stage }) => stage === 'done').length;
        if (over < 1) return false;
        process.kill(session.pid, 'SIGKILL');
        return session.pid;
      },
      { deadlineMs: 90_000 },
    );
  } finally {
    wire.close();
  }
}
