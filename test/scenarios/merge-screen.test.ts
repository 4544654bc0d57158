import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shell } from '../kit/agents.ts';
import type { OuterTerminal } from '../kit/outer.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { agentWrites, lines, overlapOf, read } from '../kit/worktrees.ts';

const FILE = 'src/app.txt';
/** Two conflicts, and a line of ana's that combines. */
const MINE = lines({ 5: 'ana was here', 15: 'ana again', 25: 'only ana' });
const THEIRS = lines({ 5: 'ben was here', 15: 'ben again' });

/** Both are paused for a person, who has opened the merge screen. */
async function onScreen(
  editor: (room: Room) => string = () => 'vi',
): Promise<{ readonly room: Room; readonly screen: OuterTerminal }> {
  const room = await startRoom({ agents: { ana: shell(), ben: shell() }, files: { [FILE]: lines() } });
  await agentWrites(room, 'ana', FILE, MINE);
  await agentWrites(room, 'ben', FILE, THEIRS);
  await room.becomes('a conflict', (now) => overlapOf(now, FILE)?.state === 'needs-person');
  const screen = room.tui({ cols: 120, rows: 40, env: { VISUAL: editor(room) } });
  await screen.sees(`${FILE} in conflict with ben: c`);
  screen.press('c');
  await screen.sees(/▸ ▲ needs-person +src\/app\.txt +ana \+ ben +in conflict/);
  screen.press('Enter');
  await screen.sees('0 of 2 conflicts decided');
  return { room, screen };
}

const both = (room: Room) => ['ana', 'ben'].map((agent) => read(room, agent, FILE));

describe('a conflict on the merge screen', () => {
  it('is decided place by place, and can be undone', async () => {
    const { room, screen } = await onScreen();
    await screen.sees(/ana was here +│ line 5 +│ ben was here/);
    screen.press('a');
    await screen.sees('1 of 2 conflicts decided');
    screen.press('3', 'v');
    await screen.sees(/ 15 A\+B +ben again/);
    await screen.sees(/ 26 A +only ana/);
    screen.press('Enter');
    await room.becomes('the merge', (now) => Object.values(now.rounds).some(({ phase }) => phase === 'resolved'));
    const merged = lines({ 5: 'ana was here', 15: 'ben again\nana again', 25: 'only ana' });
    expect(both(room)).toEqual([merged, merged]);
    expect((await room.status()).agents.map(({ state }) => state)).not.toContain('paused');

    await screen.sees(/▸ ✓ merged +src\/app\.txt/);
    screen.press('u');
    await screen.sees('undo merge');
    screen.press('y');
    await screen.sees(/■ undone/);
    expect(both(room)).toEqual([MINE, THEIRS]);
  });

  it('is written anew in place', async () => {
    const { room, screen } = await onScreen();
    screen.press('i');
    await screen.sees('Ctrl+s keeps the text');
    screen.press('C-k', 'Delete', 'C-k').type('both were here');
    await screen.sees('both were here');
    screen.press('C-s', 'b');
    await screen.sees('2 of 2 conflicts decided');
    screen.press('Enter');
    await room.becomes('the merge', (now) => Object.values(now.rounds).some(({ phase }) => phase === 'resolved'));
    const merged = lines({ 5: 'both were here', 15: 'ben again', 25: 'only ana' });
    expect(both(room)).toEqual([merged, merged]);
  });

  it('goes to an editor in a pane, and comes back as the decision', async () => {
    const written = 'out of an editor\n';
    const { room, screen } = await onScreen((now) => `cp ${now.path('own.txt')}`);
    writeFileSync(room.path('own.txt'), written);
    screen.press('e');
    await screen.sees('the text from the editor');
    await screen.sees(/1 ✎ +out of an editor/);
    screen.press('Enter');
    await room.becomes('the merge', (now) => Object.values(now.rounds).some(({ phase }) => phase === 'resolved'));
    expect(both(room)).toEqual([written, written]);
    expect(Object.keys((await room.state()).agents)).toEqual(['ana', 'ben']);
  });
});
