import { describe, expect, it } from 'vitest';
import { echo } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';

interface Logged {
  readonly events: readonly { readonly type: string; readonly level: string; readonly seq: number }[];
}

describe('the journal', () => {
  it('is filtered and searched, on the screen and by command, and shows the room as it was', async () => {
    const room = await startRoom({ agents: { ana: echo(), ben: echo() } });
    await room.ok('pause', 'ana');
    await room.ok('stop', 'ben');
    await room.isState('ben', 'stopped');
    await room.ok('resume', 'ana');
    const events = async (...args: string[]) => ((await room.ok('log', '--json', ...args)).json as Logged).events;
    const [paused] = await events('--type', 'agent.paused');
    expect(paused).toMatchObject({ type: 'agent.paused', level: 'info' });
    expect((await events('--grep', 'ana PAUSED by')).map(({ type }) => type)).toEqual(['agent.paused']);
    expect((await events('--level', 'warn')).map(({ type }) => type)).toContain('agent.stopping');
    expect(new Set((await events('--agent', 'ben', '--type', 'agent')).map(({ type }) => type))).not.toContain(
      'agent.paused',
    );
    const bad = await room.cli('log', '--level', 'loud');
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringMatching(/^llmctl: .*loud.*debug, info, warn, error/)]);

    const screen = room.tui({ cols: 120, rows: 40 });
    await screen.sees(/2 ben .*■ stopped/);
    screen.press('l');
    await screen.sees('follows the newest');
    screen.press('Tab');
    await screen.sees(/agent ana +type all +level info and above/);
    await screen.sees(/▸ .* ana +agent.resumed +ana resumed by/);
    screen.press('Tab', 'Tab', '/').type('ana paused by').press('Enter');
    await screen.sees(new RegExp(`event ${paused!.seq} of`));
    screen.press('Enter');
    await screen.sees(/─ event \d+ ─.*"processes": 1/s);
    screen.press('s');
    await screen.sees(`as it was after event ${paused!.seq}`);
    await screen.sees(/agent +ana/);
    await screen.sees(/state +paused for/);
    await screen.sees(/state +working for/);
    screen.press('p');
    await screen.sees('this is how it was');
    screen.press('Esc');
    await screen.gone('as it was after');
    await screen.sees(/2 ben .*■ stopped/);
    expect((await room.agent('ana')).state).toBe('working');

    screen.press('l', 'R');
    await screen.sees(/written: .*report-.*\.md/);
  });
});
