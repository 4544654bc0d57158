import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wide } from '../kit/agents.ts';
import type { Cell } from '../kit/cells.ts';
import type { OuterTerminal } from '../kit/outer.ts';
import { startRoom } from '../kit/scenario.ts';
import { PROJECT } from '../kit/temp.ts';

function cellsOf(tui: OuterTerminal): Cell[] {
  return Array.from({ length: tui.rows * tui.cols }, (_, n) => tui.cell(n % tui.cols, Math.floor(n / tui.cols)));
}

const kindsOf = (tui: OuterTerminal): Set<string> =>
  new Set(
    cellsOf(tui)
      .flatMap((cell) => [cell.fg, cell.bg])
      .map((color) =>
        color.startsWith('#') ? 'rgb' : color.startsWith('p') ? (Number(color.slice(1)) < 16 ? 'p16' : 'p256') : color,
      ),
  );

async function shown(env: Record<string, string>, term?: string, args: string[] = []): Promise<OuterTerminal> {
  const room = await startRoom({ agents: { ana: wide() } });
  const tui = room.tui({ cols: 100, rows: 30, env, args, ...(term === undefined ? {} : { term }) });
  await tui.sees('wide done');
  await tui.sees('CONTROL');
  return tui;
}

describe('colours', () => {
  it('of an agent are its own where the terminal has them', async () => {
    const tui = await shown({ COLORTERM: 'truecolor' });
    const at = tui.find('true colour')!;
    expect(tui.cell(at.x, at.y).fg).toBe('#ff8000');
    const palette = tui.find('palette')!;
    expect(tui.cell(palette.x, palette.y).bg).toBe('p27');
    const styles = tui.find('styles')!;
    expect(tui.cell(styles.x, styles.y).style).toBe('bold italic underline strike');
    expect(tui.find('日本語')).toBeDefined();
  });

  it.each(['xterm-256color', 'screen-256color', 'tmux-256color'])('of %s are at most 256', async (term) => {
    const tui = await shown({ COLORTERM: '' }, term);
    expect(kindsOf(tui)).not.toContain('rgb');
    const at = tui.find('true colour')!;
    expect(tui.cell(at.x, at.y).fg).toMatch(/^p\d+$/);
  });

  it('of the Linux console are its sixteen, and it draws what its font has', async () => {
    const tui = await shown({ COLORTERM: '' }, 'linux');
    expect([...kindsOf(tui)].filter((kind) => kind === 'rgb' || kind === 'p256')).toEqual([]);
    expect(tui.screen()).not.toMatch(/[╭╮╰╯]/);
  });

  it('are none with NO_COLOR, and every state is still to be read', async () => {
    const tui = await shown({ NO_COLOR: '1' });
    expect([...kindsOf(tui)]).toEqual(['default']);
    expect(tui.screen()).toMatch(/1 ana .*(working|idle)/);
  });

  it.each(themes())('of the theme %s draw the room', async (theme) => {
    const tui = await shown({ COLORTERM: 'truecolor' }, undefined, ['--theme', theme]);
    expect(tui.screen()).toContain('wide done');
    const frame = cellsOf(tui).filter((cell) => cell.text === '┏');
    const beyond = frame.filter((cell) => cell.fg.startsWith('#') || Number(cell.fg.slice(1)) > 15);
    expect(theme.includes('16') ? beyond : []).toEqual([]);
  });

  it('of a theme that isn’t there: one line with those that are', async () => {
    const room = await startRoom({ agents: { ana: wide() } });
    const tui = room.tui({ args: ['--theme', 'drak'], cols: 200 });
    expect((await tui.ended()).code).toBeGreaterThan(0);
    const said = tui.screen().trim();
    expect(said.split('\n')).toHaveLength(1);
    expect(said).toMatch(/drak.*dark/);
    expect(tui.modes.leftBehind()).toEqual([]);
  });
});

function themes(): string[] {
  return readdirSync(join(PROJECT, 'themes'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -5));
}
