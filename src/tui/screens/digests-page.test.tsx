import { afterEach, describe, expect, it } from 'vitest';
import { planOf, WorkSession } from '../../core/working.testkit.ts';
import { fakeAgent } from '../testing/fake-agent.ts';
import { FAKE_NOW, FakeRoom } from '../testing/fake-room.ts';
import { show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

const TEXT = `# Morning\n\nheld\n\n## Landed\n\n${Array.from({ length: 60 }, (_, n) => `- task-${n} of ana`).join('\n')}\n`;

function open(cols: number, rows: number) {
  const { work } = new WorkSession(
    planOf({
      tasks: [{ id: 'a', agent: 'ana' }],
      syncPoints: [
        { title: 'Morning', at: '09:00' },
        { title: 'After a failure', on: 'failure' },
      ],
    }),
  ).state;
  const fake = new FakeRoom([fakeAgent('ana', 1)]);
  const morning = { at: FAKE_NOW - 7_200_000, summary: '0/1 tasks done, 60 landed', path: '/x', text: TEXT };
  fake.update(({ watch }) => ({ work, watch: { ...watch, syncs: { morning } } }));
  shown = show(fake, { cols, rows });
  return { fake, ...shown };
}

describe.each([
  [80, 24],
  [200, 60],
])('the page of sync points at %d×%d', (cols, rows) => {
  it('says when they come, when they were held, and with what', () => {
    const { press, text, screen } = open(cols, rows);
    press('Y');
    expect(text()).toMatch(
      /▸ Morning +daily at 09:00 +0\/1 tasks done, 60 +.*2h|▸ Morning +daily at 09:00 +0\/1 tasks done.* 2h/,
    );
    expect(text()).toMatch(/After a failure +after every failure +not held yet/);
    expect(text()).toMatch(/How things stand +by hand +not held yet/);
    expect(text()).toMatch(/- task-0 of ana/);
    expect(text()).toMatch(/lines more: Enter reads all of it/);
    expect(screen()).toHaveLength(rows);
  });

  it('reads a digest to its end, and goes back', () => {
    const { press, text, ui } = open(cols, rows);
    press('Y', 'Enter', 'End');
    expect(text()).toContain('- task-59 of ana');
    press('Esc');
    expect(ui().popup).toMatchObject({ kind: 'digests', index: 0 });
  });

  it('holds the marked one', () => {
    const { press, text, fake } = open(cols, rows);
    press('Y', 'Down', 'Enter');
    expect(text()).toContain('it was not held yet: H holds it now');
    press('H');
    expect(fake.commands.at(-1)).toMatchObject({ type: 'sync.hold', point: 'after-a-failure' });
  });
});
