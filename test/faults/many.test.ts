import { describe, expect, it } from 'vitest';
import { says } from '../kit/agents.ts';
import { panesOnScreen } from '../kit/panes.ts';
import { startRoom } from '../kit/scenario.ts';

const COUNT = 64;

describe('64 agents', () => {
  it('start, are to be reached, and end without a trace', { timeout: 120_000 }, async () => {
    const names = Array.from({ length: COUNT }, (_, n) => `agent${n + 1}`);
    const room = await startRoom({
      agents: Object.fromEntries(names.map((name) => [name, says(`words of ${name}.`)])),
    });
    await room.becomes('all running', (state) => Object.values(state.agents).every((agent) => agent.run !== null));
    const tui = room.tui({ cols: 200, rows: 60 });
    await tui.sees('words of agent1.');
    tui.press('S-Tab');
    await tui.sees(`words of agent${COUNT}.`);
    expect(panesOnScreen(tui).length).toBeGreaterThan(0);
    await room.ok('pause', '--all');
    expect((await room.status()).agents.every((agent) => agent.state === 'paused')).toBe(true);
    await room.ok('resume', '--all');
    await room.ok('down', '--yes');
    expect(room.processes().filter((each) => each.command === 'cat')).toEqual([]);
  });
});
