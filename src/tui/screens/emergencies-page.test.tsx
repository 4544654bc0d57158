import { afterEach, describe, expect, it } from 'vitest';
import type { Emergency } from '../../core/model/watch.ts';
import { fakeAgent } from '../testing/fake-agent.ts';
import { FAKE_NOW, FakeRoom } from '../testing/fake-room.ts';
import { show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

const step = (what: 'ask-status' | 'ask-person' | 'notify') => ({ do: what, to: null, if: null, text: null });
const stuck: Emergency = {
  id: 'e1',
  cause: 'stuck:ben',
  when: 'stuck',
  title: 'No progress',
  subject: { agent: 'ben', check: null, task: 'parser', overlap: null },
  evidence: 'no progress for 31m; last: wrote src/a\x1b.ts',
  begunAt: FAKE_NOW - 300_000,
  by: { kind: 'coordinator', name: 'llmctl' },
  steps: [step('ask-status'), step('ask-person'), step('notify')],
  work: [
    { state: 'failed', said: 'no answer in 5m', at: FAKE_NOW - 60_000, until: null },
    { state: 'asking', said: 'a person decides how to go on', at: FAKE_NOW - 1_000, until: null },
  ],
  stoppedBy: null,
  goneAt: null,
  end: '',
};
const over: Emergency = {
  ...stuck,
  id: 'e0',
  cause: 'stuck:ana',
  subject: { ...stuck.subject, agent: 'ana' },
  goneAt: 1,
};

function open(cols: number, rows: number) {
  const fake = new FakeRoom([fakeAgent('ana', 1), fakeAgent('ben', 2, { state: 'stuck' })]);
  const alert = {
    id: 'a1',
    level: 'error',
    text: 'ben: x',
    agent: 'ben',
    at: FAKE_NOW,
    cause: 'emergency:stuck:ben',
  } as const;
  fake.update(({ watch }) => ({
    watch: { ...watch, emergencies: [over, stuck] },
    alerts: [{ ...alert, count: 1 }],
  }));
  shown = show(fake, { cols, rows });
  return { fake, ...shown };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe.each([
  [80, 24],
  [200, 60],
])('the page of emergencies at %d×%d', (cols, rows) => {
  it('shows what asks first, its steps and their evidence, and takes a word on it', async () => {
    const { fake, press, text } = open(cols, rows);
    press('E');
    const page = text();
    expect(page).toMatch(/▸ ▲ asks you +ben No progress/);
    expect(page).toMatch(/✓ over +ana No progress/);
    expect(page).toContain('last: wrote src/a␛.ts');
    expect(page).toMatch(/✗ .*ask-status +no answer in 5m/);
    expect(page).toMatch(/▲ .*ask-person +a person decides/);
    expect(page).toMatch(/○ +notify/);
    press('y');
    press('n');
    press('S');
    await settled();
    expect(fake.commands).toEqual([
      { type: 'emergency.go', emergency: 'e1' },
      { type: 'emergency.skip', emergency: 'e1' },
      { type: 'emergency.stop', emergency: 'e1' },
    ]);
  });

  it('is where its alert leads to, and w; Space says that somebody sees to it', async () => {
    const { fake, press, text } = open(cols, rows);
    press('a');
    press('Space');
    await settled();
    expect(fake.commands).toEqual([{ type: 'alert.ack', id: 'a1' }]);
    press('Enter');
    expect(text()).toContain('▲ asks you');
    press('Esc');
    press('w');
    press('w');
    expect(text()).toContain('▲ asks you');
  });
});
