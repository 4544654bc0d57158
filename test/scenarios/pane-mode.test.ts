/** Pane mode: what a person's terminal sends reaches the program byte for byte, until the exit chord. */
import { describe, expect, it } from 'vitest';
import { echo, keyReader, says, shell } from '../kit/agents.ts';
import type { OuterTerminal } from '../kit/outer.ts';
import { paneOf } from '../kit/panes.ts';
import type { Room, RoomOptions, TuiOptions } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';

const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

/** Everything that the key reader's pane shows it got, in hex; long lines wrap inside the pane. */
function got(tui: OuterTerminal): string {
  return tui.screen(paneOf(tui, 'ana')).replaceAll(/got|ready|\s+/g, '');
}

async function reading(
  modes: string[],
  tuiOptions: TuiOptions = {},
  roomOptions: RoomOptions = {},
): Promise<{ room: Room; tui: OuterTerminal }> {
  const room = await startRoom({ agents: { ana: keyReader(...modes), bob: says('bob is here') }, ...roomOptions });
  const tui = room.tui({ cols: 160, rows: 48, ...tuiOptions });
  await tui.sees('ready');
  await tui.sees('CONTROL');
  tui.press('Enter');
  await tui.sees('keys go to ana');
  return { room, tui };
}

describe('pane mode', () => {
  it('is written large, and the frame says so too', async () => {
    const { tui } = await reading([]);
    expect(tui.screen()).toMatch(/ PANE {2}keys go to ana/);
    expect(tui.screen()).not.toContain(' CONTROL ');
    expect(paneOf(tui, 'ana').look).toBe('pane');
    tui.press('C-q');
    await tui.sees('CONTROL');
    expect(paneOf(tui, 'ana').look).toBe('focus');
  });

  it('gives the program every byte: letters, controls, Alt, UTF-8, function keys', async () => {
    const { tui } = await reading([]);
    const sent = [
      'q',
      'p',
      'x',
      'C-c',
      'C-b',
      'C-z',
      'Esc',
      'Tab',
      'S-Tab',
      'M-x',
      'M-Enter',
      'PageUp',
      'F1',
      'F12',
      'Backspace',
      'Up',
      'é',
      '🚀',
    ];
    let expected = '';
    const { keyBytes } = await import('../kit/keys.ts');
    for (const key of sent) {
      tui.press(key);
      expected += hex(keyBytes(key));
      const soFar = expected;
      await tui.until(`${key} at the program`, () => got(tui) === soFar);
    }
    expect(got(tui)).toBe(expected);
  });

  it('mirrors the program’s modes: application cursor keys, bracketed paste, focus reports', async () => {
    const { tui } = await reading(['arrows', 'paste', 'focus']);
    await tui.until('the modes', () => tui.modes.has(1) && tui.modes.has(2004) && tui.modes.has(1004));
    tui.press('Up');
    await tui.until('SS3 A', () => got(tui).endsWith(hex('\x1bOA')));
    tui.paste('one\ntwo');
    await tui.until('the paste', () => got(tui).endsWith(hex('\x1b[200~one\rtwo\x1b[201~')));
    tui.focus(false).focus(true);
    await tui.until('focus out and in', () => got(tui).endsWith(hex('\x1b[O\x1b[I')));
    tui.press('C-q');
    await tui.sees('CONTROL');
    expect(tui.modes.has(1)).toBe(false);
  });

  it('passes a paste that holds the exit chord as text', async () => {
    const { tui } = await reading(['paste']);
    await tui.until('the mode', () => tui.modes.has(2004));
    tui.paste('before\x11after');
    await tui.until('the paste', () => got(tui).includes(hex('after')));
    expect(got(tui)).toContain(hex('before\x11after'));
    expect(tui.screen()).toContain('keys go to ana');
  });

  it('speaks the kitty keyboard protocol where terminal and program do', async () => {
    const { tui } = await reading(['kitty'], { kitty: true });
    await tui.until('the flags', () => (tui.modes.kitty & 5) === 5);
    const keys = ['\x1b[97;5u', '\x1b[13;2u', '\x1b[57399u', '\x1b[113;6u', '\x1b[113u'];
    let expected = '';
    for (const key of keys) {
      tui.type(key);
      expected += hex(key);
      const soFar = expected;
      await tui.until(JSON.stringify(key), () => got(tui) === soFar);
    }
    tui.type('\x1b[113;5u');
    await tui.sees('CONTROL');
    await tui.until('the flags gone', () => tui.modes.kitty === 0 || (tui.modes.kitty & 1) === 1);
    expect(got(tui)).toBe(expected);
  });

  it('knows the exit chord when it comes in pieces', async () => {
    const { tui } = await reading(['kitty'], { kitty: true });
    await tui.until('the flags', () => (tui.modes.kitty & 5) === 5);
    tui.type('\x1b[11');
    await new Promise((resolve) => setImmediate(resolve));
    tui.type('3;5u');
    await tui.sees('CONTROL');
    expect(got(tui)).not.toContain(hex('q'));
  });

  it('translates the mouse into the pane', async () => {
    const { tui } = await reading(['mouse']);
    await tui.until('mouse reports', () => tui.modes.has(1000) || tui.modes.has(1002) || tui.modes.has(1003));
    const pane = paneOf(tui, 'ana');
    tui.mouse('press', pane.x + 4, pane.y + 2).mouse('release', pane.x + 4, pane.y + 2);
    await tui.until('the click', () => got(tui).includes(hex('\x1b[<0;5;3M') + hex('\x1b[<0;5;3m')));
    tui.mouse('wheel-up', pane.x, pane.y);
    await tui.until('the wheel', () => got(tui).endsWith(hex('\x1b[<64;1;1M')));
    expect(got(tui)).toContain(hex('\x1b[<0;5;3M'));
  });

  it('takes other exit chords from the config, never losing Ctrl+b', async () => {
    const { tui } = await reading([], {}, { config: 'exitChord: [Ctrl+g, F12]\n' });
    tui.press('C-q', 'C-b');
    await tui.until('both at the program', () => got(tui) === '1102');
    tui.press('C-g');
    await tui.sees('CONTROL');
    tui.press('i');
    await tui.sees('keys go to ana');
    tui.press('F12');
    await tui.sees('CONTROL');
    expect(got(tui)).toBe('1102');
  });

  it('keeps the cursor of the program', async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    const tui = room.tui({ cols: 100, rows: 30 });
    await tui.sees('bash');
    tui.press('Enter');
    await tui.sees('keys go to ana');
    tui.type('echo abc');
    await tui.sees('echo abc');
    const at = tui.find('echo abc')!;
    await tui.until('the cursor behind the text', () => tui.cursor.x === at.x + 8 && tui.cursor.y === at.y);
    expect(tui.cursor.visible).toBe(true);
  });

  it('is not to be entered by a reader', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const tui = room.tui({ cols: 120, rows: 40, readOnly: true });
    await tui.sees('read-only');
    tui.press('Enter').type('typed by a reader\r');
    tui.press('p', 'x', 'y');
    await room.idle();
    tui.press('?');
    await tui.sees('Control mode');
    expect(await room.output('ana')).toEqual(expect.not.arrayContaining(['typed by a reader']));
    expect((await room.agent('ana')).state).not.toBe('paused');
  });
});
