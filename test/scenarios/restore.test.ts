/** The terminal is left as it was found, whichever way the client goes. */
import { describe, expect, it } from 'vitest';
import { echo, keyReader } from '../kit/agents.ts';
import type { OuterTerminal } from '../kit/outer.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { LLMCTL } from '../kit/temp.ts';
import { treeOf } from '../kit/procs.ts';

/** The client under a shell that tells the line's settings before and after. */
function underShell(room: Room): OuterTerminal {
  const script = 'stty -g > "$1"; shift; "$@"; code=$?; stty -g > "$AFTER"; echo "left with $code"; exec cat';
  const args = ['-c', script, 'sh', room.path('before'), process.execPath, LLMCTL, 'tui'];
  return room.terminal('/bin/sh', args, { cols: 120, rows: 40, kitty: true, env: { AFTER: room.path('after') } });
}

async function settings(room: Room): Promise<[string, string]> {
  const { readFileSync } = await import('node:fs');
  return [readFileSync(room.path('before'), 'utf8'), readFileSync(room.path('after'), 'utf8')];
}

/** The client itself, below the shell. */
function clientPid(tui: OuterTerminal): number {
  return treeOf(tui.pid).at(1)!;
}

describe('the terminal afterwards', () => {
  it.each([
    ['detaching', (tui: OuterTerminal) => tui.press('C-q', 'd')],
    ['SIGTERM', (tui: OuterTerminal) => process.kill(clientPid(tui), 'SIGTERM')],
    ['SIGHUP', (tui: OuterTerminal) => process.kill(clientPid(tui), 'SIGHUP')],
    ['SIGINT', (tui: OuterTerminal) => process.kill(clientPid(tui), 'SIGINT')],
  ])('is as it was after %s', async (_, leave) => {
    const room = await startRoom({
      agents: { ana: keyReader('paste', 'focus', 'motion', 'kitty', 'arrows'), bob: echo() },
    });
    const tui = underShell(room);
    await tui.sees('ready');
    tui.press('Enter');
    await tui.sees('keys go to ana');
    await tui.until('modes switched on', () => tui.modes.has(2004) && tui.modes.has(1049));
    leave(tui);
    await tui.sees(/left with \d+/);
    expect(tui.modes.leftBehind()).toEqual([]);
    expect(tui.alternate).toBe(false);
    const [before, after] = await settings(room);
    expect(after).toBe(before);
    const at = tui.find('left with')!;
    expect(tui.cell(at.x, at.y)).toMatchObject({ fg: 'default', bg: 'default', style: '' });
  });

  it('is as it was when the session ends under the client', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const tui = underShell(room);
    await tui.sees('CONTROL');
    await room.ok('down', '--yes');
    await tui.sees(/left with \d+/);
    expect(tui.modes.leftBehind()).toEqual([]);
    const [before, after] = await settings(room);
    expect(after).toBe(before);
  });

  it('is brought back after Ctrl+Z and fg of the shell around it', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const tui = underShell(room);
    await tui.sees('CONTROL');
    const pid = clientPid(tui);
    process.kill(pid, 'SIGCONT');
    await tui.sees('CONTROL');
    tui.press('d');
    await tui.sees('left with 0');
    expect(tui.modes.leftBehind()).toEqual([]);
  });
});
