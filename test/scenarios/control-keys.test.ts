/** Every key of control mode, pressed at a real terminal. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { counter, echo, says, shell } from '../kit/agents.ts';
import type { OuterTerminal } from '../kit/outer.ts';
import { paneOf, panesOnScreen } from '../kit/panes.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';

async function roomOfThree(): Promise<{ room: Room; tui: OuterTerminal }> {
  const room = await startRoom({ agents: { ana: says('ana is here'), bob: shell(), cleo: says('cleo is here') } });
  const tui = room.tui({ cols: 160, rows: 48 });
  await tui.sees('CONTROL');
  await tui.sees('cleo is here');
  return { room, tui };
}

const focusOf = (tui: OuterTerminal): string | undefined =>
  panesOnScreen(tui)
    .find((pane) => pane.look !== 'other')
    ?.title.split(' ')[1];

const focused = (tui: OuterTerminal, name: string): Promise<void> =>
  tui.until(`the focus on ${name}`, () => focusOf(tui) === name);

describe('moving about', () => {
  it('Tab, Shift+Tab, numbers, arrows and letters move the focus', async () => {
    const { tui } = await roomOfThree();
    await focused(tui, 'ana');
    tui.press('Tab');
    await focused(tui, 'bob');
    tui.press('S-Tab');
    await focused(tui, 'ana');
    tui.press('3');
    await focused(tui, 'cleo');
    tui.press('1');
    await focused(tui, 'ana');
    const [ana, bob] = [paneOf(tui, 'ana'), paneOf(tui, 'bob')];
    const beside = bob.x > ana.x;
    tui.press(beside ? 'Right' : 'Down');
    await focused(tui, 'bob');
    tui.press(beside ? 'h' : 'k');
    await focused(tui, 'ana');
    expect(focusOf(tui)).toBe('ana');
  });

  it('z gives one pane the whole window, and back', async () => {
    const { tui } = await roomOfThree();
    const small = paneOf(tui, 'ana');
    tui.press('z');
    await tui.until('one pane alone', () => panesOnScreen(tui).length <= 1);
    await tui.gone('cleo is here');
    tui.press('z');
    await tui.sees('cleo is here');
    await tui.until('three panes', () => panesOnScreen(tui).length === 3);
    expect(paneOf(tui, 'ana')).toMatchObject({ x: small.x, y: small.y, width: small.width, height: small.height });
  });

  it('] and [ change the layout and back', async () => {
    const { tui } = await roomOfThree();
    const places = (): string =>
      JSON.stringify(panesOnScreen(tui).map(({ x, y, width, height }) => [x, y, width, height]));
    const grid = places();
    // The name comes with the frame that shows the layout whole.
    tui.press(']');
    await tui.sees('main + stack');
    const main = places();
    expect(main).not.toBe(grid);
    tui.press(']');
    await tui.sees('list + one');
    expect(places()).not.toBe(main);
    tui.press(']');
    await tui.until('the grid again', () => places() === grid);
    tui.press('[', '[');
    await tui.sees('main + stack');
    expect(places()).toBe(main);
  });

  it('w goes to the agent that waits for a person', async () => {
    const { room, tui } = await roomOfThree();
    const wire = await room.wire();
    const { LLMCTL } = await import('../kit/temp.ts');
    await room.ok('send', 'bob', `${process.execPath} ${LLMCTL} report ask "May I drop the table?"`);
    await room.isState('bob', 'waiting');
    await tui.sees('May I drop the table?');
    tui.press('w');
    await focused(tui, 'bob');
    expect((await wire.state()).agents.bob?.status.state).toBe('waiting');
  });
});

describe('commanding agents', () => {
  it('p pauses and resumes, shown with since when and by whom', async () => {
    const room = await startRoom();
    await room.ok('run', 'ana', '--', ...counter(room.path('count')));
    const tui = room.tui({ cols: 120, rows: 40 });
    await tui.sees(/tick \d+/);
    tui.press('p');
    await tui.sees('PAUSED since');
    expect((await room.agent('ana')).state).toBe('paused');
    const pane = paneOf(tui, 'ana');
    expect(`${pane.title} ${pane.foot}`).toMatch(/PAUSED since \d\d:\d\d(:\d\d)? by \S+/);
    const tick = tui.find('tick')!;
    expect(tui.cell(tick.x, tick.y).style).toContain('dim');
    const shown = tui.screen(pane);
    const count = readFileSync(room.path('count'), 'utf8');
    await room.idle();
    expect(tui.screen(pane)).toBe(shown);
    expect(readFileSync(room.path('count'), 'utf8')).toBe(count);
    tui.press('p');
    await tui.gone('PAUSED');
    await until('counting on', () => Number(readFileSync(room.path('count'), 'utf8')) > Number(count));
    await tui.until('bright again', () => !tui.cell(tick.x, tick.y).style.includes('dim'));
  });

  it('P pauses all and resumes all', async () => {
    const { room, tui } = await roomOfThree();
    tui.press('P');
    await room.becomes('all paused', (state) =>
      Object.values(state.agents).every((agent) => agent.status.state === 'paused'),
    );
    await tui.until(
      'three marks',
      () => panesOnScreen(tui).filter((pane) => pane.title.includes('PAUSED')).length === 3,
    );
    tui.press('P');
    await room.becomes('none paused', (state) =>
      Object.values(state.agents).every((agent) => agent.status.state !== 'paused'),
    );
    await tui.gone('PAUSED');
    expect(tui.exit).toBeUndefined();
  });

  it('s sends a line, and Esc lets it be', async () => {
    const { room, tui } = await roomOfThree();
    tui.press('2');
    await focused(tui, 'bob');
    tui.press('s');
    await tui.sees('send bob a line');
    tui.type('echo sum is $((40 + 2))').press('Enter');
    await tui.sees('sum is 42');
    await tui.gone('send bob a line');
    tui.press('s').type('never sent').press('Esc');
    await tui.gone('send bob a line');
    await room.idle();
    expect((await room.output('bob')).join('\n')).not.toContain('never sent');
  });

  it('r starts an agent again, after a question while it runs', async () => {
    const { room, tui } = await roomOfThree();
    const { pid } = await room.agent('ana');
    tui.press('r');
    await tui.sees(/again\?|restart/i);
    tui.press('Esc');
    await tui.until('the question gone', () => panesOnScreen(tui).length === 3);
    expect((await room.agent('ana')).pid).toBe(pid);
    tui.press('r').press('y');
    await room.becomes('another process', (state) => (state.agents.ana?.run?.pid ?? pid) !== pid);
  });

  it('x stops an agent after a question; r brings it back', async () => {
    const { room, tui } = await roomOfThree();
    tui.press('x');
    await tui.sees(/stop ana/i);
    tui.press('n');
    await room.idle();
    expect((await room.agent('ana')).state).not.toBe('stopped');
    tui.press('x').press('y');
    await room.isState('ana', 'stopped');
    await tui.until('the word in the title', () => paneOf(tui, 'ana').title.includes('stopped'));
    tui.press('r');
    await room.becomes('ana back', (state) => (state.agents.ana?.run ?? null) !== null);
  });

  it('n adds an agent: any command', async () => {
    const { room, tui } = await roomOfThree();
    tui.press('n');
    await tui.sees('new agent');
    tui.type('cat /etc/hostname').press('Enter');
    const state = await room.becomes('a fourth', (now) => now.order.length === 4);
    expect(Object.values(state.agents).map((agent) => agent.spec.command.join(' '))).toContain('cat /etc/hostname');
    await tui.sees(/4 \S+ /);
  });

  it('X takes an agent out of the room after a question', async () => {
    const { room, tui } = await roomOfThree();
    tui.press('3');
    await focused(tui, 'cleo');
    tui.press('X');
    await tui.sees(/remove cleo/i);
    tui.press('y');
    await room.becomes('two left', (state) => state.order.length === 2);
    await tui.gone('cleo is here');
    expect((await room.status()).agents).toHaveLength(2);
  });
});

describe('pages', () => {
  it('? lists the keys, : finds a command, l shows the log', async () => {
    const { room, tui } = await roomOfThree();
    tui.press('?');
    await tui.sees('Control mode');
    tui.press('Esc');
    await tui.gone('Control mode');
    tui.press(':');
    await tui.sees('commands');
    tui.type('pause').press('Enter');
    await room.isState('ana', 'paused');
    tui.press('l');
    await tui.sees(/paused/);
    tui.press('Esc');
    expect(tui.exit).toBeUndefined();
  });

  it('g shows git, c the overlaps, e explains, a the alerts', async () => {
    const { room, tui } = await roomOfThree();
    writeFileSync(join(room.repo, 'fresh.txt'), '');
    await room.becomes('the new file', (state) => state.git?.changed.length === 1);
    const pages = [
      ['g', 'fresh.txt'],
      ['c', 'No two agents'],
      ['e', 'known by'],
      ['a', 'no alert'],
    ] as const;
    for (const [key, text] of pages) {
      tui.press(key);
      await tui.sees(text);
      tui.press('Esc');
      await tui.gone('Esc close');
    }
    expect(focusOf(tui)).toBe('ana');
  });

  it('t adds, checks and removes a todo of one’s own', async () => {
    const { room, tui } = await roomOfThree();
    tui.press('t');
    await tui.sees('No todo yet');
    tui.press('a').type('ask about the parser').press('Enter');
    await room.becomes('the todo', (state) => state.todos.length === 1);
    await tui.sees('ask about the parser');
    tui.press('Space');
    await room.becomes('the todo done', (state) => state.todos[0]?.done === true);
    expect((await room.state()).todos[0]?.text).toBe('ask about the parser');
  });

  it('b runs the build and shows green or red with its time', async () => {
    const room = await startRoom({ agents: { ana: echo() }, plan: { health: { build: 'test -f good' } } });
    const tui = room.tui({ cols: 140, rows: 40 });
    await tui.sees('CONTROL');
    tui.press('b');
    await tui.sees('test -f good');
    tui.press('Enter');
    await room.becomes('red', (state) => state.health.build?.state === 'red');
    await tui.sees(/red/);
    writeFileSync(join(room.repo, 'good'), '');
    tui.press('r');
    await room.becomes('green', (state) => state.health.build?.state === 'green');
    await tui.sees(/green/);
    expect(tui.screen()).toMatch(/\d+(\.\d+)? ?m?s/);
  });
});

describe('the config', () => {
  it('gives commands other keys, in footer and help too', async () => {
    const room = await startRoom({ agents: { ana: echo() }, config: 'keys:\n  pause: F5\n  help: F1\n' });
    const tui = room.tui({ cols: 140, rows: 40 });
    await tui.sees('F5 pause');
    tui.press('p');
    await room.idle();
    expect((await room.agent('ana')).state).not.toBe('paused');
    tui.press('F5');
    await room.isState('ana', 'paused');
    tui.press('F1');
    await tui.sees(/F5\s+Pause the agent/);
  });
});

describe('leaving', () => {
  it('d detaches: the agents run on, the terminal is as it was', async () => {
    const { room, tui } = await roomOfThree();
    const before = (await room.status()).agents.map((agent) => agent.pid);
    tui.press('d');
    expect((await tui.ended()).code).toBe(0);
    expect(tui.modes.leftBehind()).toEqual([]);
    expect((await room.status()).agents.map((agent) => agent.pid)).toEqual(before);
  });

  it('q asks, and can end everything', async () => {
    const { room, tui } = await roomOfThree();
    tui.press('q');
    await tui.sees(/detach/i);
    tui.press('Esc');
    await tui.until('the room again', () => panesOnScreen(tui).length === 3);
    tui.press('q');
    await tui.sees('stop all');
    tui.press('s');
    expect((await tui.ended()).code).toBe(0);
    await until('everything to end', () => room.processes().length === 0);
    expect((await room.cli('status')).code).toBe(3);
  });
});
