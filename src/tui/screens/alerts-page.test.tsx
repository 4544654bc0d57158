import { afterEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../core/model/state.ts';
import { fakeAgent } from '../testing/fake-agent.ts';
import { fakeOverlap, fakeRound } from '../testing/fake-merge.ts';
import { FAKE_NOW, FakeRoom } from '../testing/fake-room.ts';
import { show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

const LONG = `the submodules of ana's worktree could not be checked out: ${'transport not allowed '.repeat(6)}the end`;

const alert = (id: string, level: Alert['level'], text: string, cause: string): Alert => ({
  id,
  level,
  text,
  agent: null,
  at: FAKE_NOW - 60_000,
  cause,
  count: 1,
});

function open(cols: number, rows: number) {
  const fake = new FakeRoom([fakeAgent('ana', 1), fakeAgent('ben', 2)]);
  fake.update(() => ({
    overlaps: { ov1: fakeOverlap({ id: 'ov1', state: 'needs-person', verdict: 'conflict', round: 'r1' }) },
    rounds: { r1: fakeRound() },
    alerts: [
      alert('a1', 'warn', LONG, 'worktree:ana'),
      alert('a2', 'error', 'ana and ben are paused for a conflict: src/calc.js', 'overlap:r1'),
    ],
  }));
  shown = show(fake, { cols, rows });
  shown.press('a');
  return { fake, ...shown };
}

describe.each([
  [80, 24],
  [200, 60],
])('the alerts at %d×%d', (cols, rows) => {
  it('stand with the newest first, as in the panel, and say all that the marked one says', () => {
    const { screen, text, press } = open(cols, rows);
    const at = (words: RegExp) => screen().findIndex((row) => words.test(row));
    expect(at(/▸ ✗ error ana and ben are paused for a conflict/)).toBeGreaterThan(0);
    expect(at(/ {2}⚠ warn {2}the submodules of ana/)).toBeGreaterThan(at(/✗ error/));
    expect(text()).toMatch(/says +ana and ben/);
    press('Down');
    expect(text()).toMatch(/says +the submodules/);
    expect(text()).toContain('the end');
    press('Enter');
    expect(text()).toContain('there is no page for what it is about');
  });

  it('lead to the merge screen, and keep their mark when another comes', () => {
    const { fake, press, text, ui } = open(cols, rows);
    fake.update(({ alerts }) => ({ alerts: [...alerts, alert('a3', 'info', 'Morning: 0 landed', 'sync:morning')] }));
    expect(text()).toMatch(/▸ ✗ error/);
    press('x');
    expect(fake.commands.at(-1)).toMatchObject({ type: 'alert.clear', id: 'a2' });
    expect(text()).toContain('opens the merge screen');
    press('Enter');
    expect(ui().popup).toMatchObject({ kind: 'merge', overlap: 'ov1' });
  });
});
