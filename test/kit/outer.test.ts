import { describe, expect, it, onTestFinished } from 'vitest';
import { keyReader } from './agents.ts';
import { OuterTerminal, type OuterOptions } from './outer.ts';

function sh(script: string, options: OuterOptions = {}): OuterTerminal {
  const outer = new OuterTerminal('/bin/sh', ['-c', script], {
    cols: 40,
    rows: 6,
    env: { PATH: '/usr/bin:/bin' },
    ...options,
  });
  onTestFinished(() => outer.dispose());
  return outer;
}

describe('the outer terminal', () => {
  it('shows what a program prints, cell by cell', async () => {
    const outer = sh(String.raw`printf 'plain \033[1;38;2;1;2;3mred\033[0m \346\227\245x\n'; exec cat`);
    await outer.sees('red');
    expect(outer.find('red')).toEqual({ x: 6, y: 0 });
    expect(outer.cell(6, 0)).toEqual({ text: 'r', width: 1, fg: '#010203', bg: 'default', style: 'bold' });
    expect(outer.find('x')).toEqual({ x: 12, y: 0 });
    expect(outer.cell(10, 0).width).toBe(2);
  });

  it('gives keys, pastes and answers to the program', async () => {
    const [node, ...script] = keyReader('paste', 'arrows');
    const outer = new OuterTerminal(node!, script, { cols: 60, rows: 10 });
    onTestFinished(() => outer.dispose());
    await outer.sees('ready');
    outer.press('Up').paste('ab').press('M-x');
    const got = (): string => outer.screen().replaceAll(/got|\s+/g, '');
    await outer.until('arrow, paste and Alt', () => got().includes('1b4f411b5b3230307e61621b5b3230317e1b78'));
    expect(outer.exit).toBeUndefined();
  });

  it('names what was awaited and shows the screen when it never comes', async () => {
    const outer = sh('echo something else; exec cat');
    await outer.sees('something');
    await expect(outer.sees('never this', { deadlineMs: 50 })).rejects.toThrow(/"never this"[^]*something else/);
  });

  it('fails at once when the program has ended', async () => {
    const outer = sh('echo over; exit 3');
    await expect(outer.sees('never this')).rejects.toThrow(/ended with 3 \(signal 0\)/);
    expect(await outer.ended()).toEqual({ code: 3, signal: 0 });
  });

  it('knows what was left switched on', async () => {
    const outer = sh(String.raw`printf '\033[?1049h\033[?25l\033[?1006h\033[>5u\033[2;4rx'; exec cat`, { kitty: true });
    await outer.sees('x');
    expect(outer.modes.leftBehind()).toEqual([
      'mode 1049 on',
      'mode 1006 on',
      'mode 25 off',
      'kitty keyboard flags 5',
      'scroll region set',
    ]);
    expect(outer.alternate).toBe(true);
  });

  it('hangs up', async () => {
    const outer = sh('echo here; exec cat');
    await outer.sees('here');
    outer.hangUp();
    expect(await outer.ended()).toMatchObject({ signal: 1 });
  });
});
