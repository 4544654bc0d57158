import { describe, expect, it } from 'vitest';
import type { TerminalReply } from '../input/replies.ts';
import { CapabilityProbe, capabilityQueries, guessCapabilities } from './capabilities.ts';

function after(env: Record<string, string>, replies: readonly TerminalReply[]) {
  const probe = new CapabilityProbe(guessCapabilities(env));
  for (const reply of replies) probe.take(reply);
  return probe.known;
}

describe('CapabilityProbe', () => {
  it('believes what the terminal answers', () => {
    const { paint, kitty } = after({ TERM: 'xterm-256color' }, [
      { kind: 'cursor', row: 2, column: 5 },
      { kind: 'mode', mode: 2026, value: 2 },
      { kind: 'mode', mode: 69, value: 2 },
      { kind: 'kitty', flags: 0 },
      { kind: 'attributes' },
      { kind: 'ready' },
    ]);
    expect([paint.sync, paint.scroll.columns, paint.differ.repeat, kitty]).toEqual([true, true, true, true]);
  });

  it('takes silence for no, once the last question was answered', () => {
    const { paint, kitty } = after({ TERM: 'xterm-256color' }, [
      { kind: 'cursor', row: 2, column: 2 },
      { kind: 'mode', mode: 69, value: 0 },
      { kind: 'ready' },
      { kind: 'kitty', flags: 0 },
    ]);
    expect([paint.sync, paint.scroll.columns, paint.differ.repeat, kitty]).toEqual([false, false, false, false]);
  });

  it('expects less of screen and the Linux console, before any answer', () => {
    const screen = guessCapabilities({ TERM: 'screen-256color' });
    expect([screen.paint.sync, screen.paint.differ.bce, screen.paint.colors, screen.mouse]).toEqual([
      false,
      false,
      '256',
      true,
    ]);
    const tmux = guessCapabilities({ TERM: 'screen-256color', TMUX: '/tmp/tmux' });
    expect([tmux.paint.sync, tmux.paint.differ.bce]).toEqual([true, true]);
    const linux = guessCapabilities({ TERM: 'linux' });
    expect([linux.paint.colors, linux.mouse, linux.paint.scroll.rows, capabilityQueries(linux)]).toEqual([
      '16',
      false,
      false,
      '\x1b[5n',
    ]);
  });
});
