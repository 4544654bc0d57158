import { describe, expect, it } from 'vitest';
import { echo } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';

describe('a plan on the screen', () => {
  it('is driven to its end by keys alone, its gate too', async () => {
    const room = await startRoom({
      agents: { ana: echo() },
      plan: {
        integration: { land: 'off' },
        tasks: [
          { id: 'a', agent: 'ana', estimateHours: 2, acceptance: ['it is good'] },
          { id: 'b', title: 'with your own hands', dependsOn: ['a'] },
          { id: 'c', agent: 'ana', estimateHours: 1, dependsOn: ['b'] },
        ],
        gates: [{ id: 'go', after: ['a'], before: ['b'], checks: [{ person: 'Go on?', go: 'b may begin' }] }],
      },
    });
    const screen = room.tui({ cols: 120, rows: 40 });
    await screen.sees(/1 ana .*● working a/);
    screen.press('o');
    await screen.sees(/▸ \+ ● running +a .*0\/1 ana +critical/);

    screen.press('Right', 'Down', 'Space');
    await screen.sees(/▸ +☑ it is good/);
    const [todo] = (await room.status()).tasks[0]!.todos;
    expect(todo).toMatchObject({ text: 'it is good', done: true });

    // What the plan has against it is asked about, and may stay undone.
    screen.press('End', 's');
    await screen.sees(/task c can't start yet: it waits for b/);
    screen.press('n');
    screen.press('Home', 'd');
    await screen.sees(/✓ done +a /);
    await screen.sees(/◆ asks you +gate go/);

    screen.press('Esc', 'w');
    await screen.sees('─ gate go ─');
    await screen.sees('y  go      b may begin');
    screen.press('y');
    await screen.sees('gate go: go');

    screen.press('o', 'Tab');
    await screen.sees(/hours +0/);
    screen.press('Tab', 'Home', 'Down', 'Down');
    await screen.sees(/▸ +◔ ready +b +with your own hands +coordinator/);
    screen.press('d');
    await screen.sees(/● running +c /);
    screen.press('Down', 'Enter');
    await screen.sees('─ task c ─');
    screen.press('d');
    await screen.sees(/✓ done +since/);
    screen.press('Esc');
    await screen.sees(/3\/3 tasks/);
    await screen.sees('over since');

    expect((await room.ok('plan', 'status')).stdout).toMatch(/3 of 3 tasks done\nover since/);
    const { stdout } = await room.ok('plan', 'status', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ tasks: { done: 3, total: 3 }, nextGate: null, asked: [] });
  });
});
