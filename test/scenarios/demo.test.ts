import { describe, expect, it } from 'vitest';
import { startRoom } from '../kit/scenario.ts';

describe('the demo', () => {
  it('has two agents meet in one file, and shows how they are merged', { timeout: 180_000 }, async () => {
    const room = await startRoom({ up: false });
    const { code, stdout, stderr } = await room.cliWith({ timeoutMs: 170_000 }, 'demo', '--speed', '4');
    expect([code, stderr]).toEqual([0, '']);
    const met = stdout.split('\n').filter((line) => line.startsWith('ben and cleo changed src/evaluate.js: '));
    const states = met.map((line) => line.split(', ')[1]!.split(' ')[0]);
    const steps = ['watching', 'pausing', 'merging', 'resuming', 'resolved'];
    expect(states.slice(0, steps.length)).toEqual(steps);
    expect(met).toContain('ben and cleo changed src/evaluate.js: clean, resolved (merged)');
    expect(states).not.toContain('needs-person');
    expect(stdout).toContain('all 4 agents have finished');
  });
});
