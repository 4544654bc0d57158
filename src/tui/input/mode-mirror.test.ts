import { describe, expect, it } from 'vitest';
import { PANE_FLAG } from '../../core/pane-flags.ts';
import { copySequence } from './clipboard.ts';
import { ModeMirror } from './mode-mirror.ts';

const VIM = {
  flags: PANE_FLAG.applicationCursor | PANE_FLAG.applicationKeypad | (2 << PANE_FLAG.mouseShift),
  cursorStyle: 6,
  kittyFlags: 5,
};

describe('ModeMirror', () => {
  it('brings the terminal into the program’s modes and back, sending only what differs', () => {
    const mirror = new ModeMirror({ mouse: false, canMouse: true, canCursorStyle: true });
    expect(mirror.follow(null)).toBe('');
    expect(mirror.follow(VIM)).toBe('\x1b[?1h\x1b=\x1b[?1006h\x1b[?1002h\x1b[6 q');
    expect(mirror.follow(VIM)).toBe('');
    expect(mirror.follow({ ...VIM, flags: 3 << PANE_FLAG.mouseShift })).toBe('\x1b[?1l\x1b>\x1b[?1002l\x1b[?1003h');
    expect(mirror.follow(null)).toBe('\x1b[?1003l\x1b[?1006l\x1b[0 q');
  });

  it('keeps our own mouse while a program wants none, and never asks where there is none', () => {
    const own = new ModeMirror({ mouse: true, canMouse: true, canCursorStyle: true });
    expect(own.follow(null)).toBe('\x1b[?1006h\x1b[?1002h');
    expect(own.follow({ flags: 0, cursorStyle: 0, kittyFlags: 0 })).toBe('');
    const none = new ModeMirror({ mouse: true, canMouse: false, canCursorStyle: false });
    expect(none.follow({ ...VIM, flags: VIM.flags & PANE_FLAG.mouseMask })).toBe('');
  });

  it('sets the program’s kitty flags, and ours in control mode, once the terminal said it can', () => {
    const mirror = new ModeMirror({ mouse: false, canMouse: true, canCursorStyle: false });
    mirror.follow(VIM);
    expect(mirror.isEscCoded).toBe(false);
    expect(mirror.kittyFound() + mirror.follow(VIM)).toBe('\x1b[>0u\x1b[=5;1u');
    expect(mirror.isEscCoded).toBe(true);
    expect(mirror.follow(null)).toContain('\x1b[=1;1u');
    expect(mirror.follow({ ...VIM, kittyFlags: 0 })).toContain('\x1b[=0;1u');
    expect([mirror.isEscCoded, mirror.kittyFound()]).toEqual([false, '']);
  });
});

describe('copySequence', () => {
  it('asks the terminal, and multiplexers in between to pass it on', () => {
    expect(copySequence('é', {})).toBe('\x1b]52;c;w6k=\x1b\\');
    expect(copySequence('é', { TMUX: '/tmp/x' })).toBe('\x1b]52;c;w6k=\x07\x1bPtmux;\x1b\x1b]52;c;w6k=\x07\x1b\\');
    const screen = copySequence('x'.repeat(300), { STY: '1' })!;
    expect(screen.replace(/\x1bP([^\x1b]*(?:\x1b(?!\\)[^\x1b]*)*)\x1b\\/g, '$1')).toBe(
      `\x1b]52;c;${'eHh4'.repeat(100)}\x07`,
    );
  });

  it('refuses what terminals would cut', () => {
    expect(copySequence('x'.repeat(80_000), {})).toBeNull();
  });
});
