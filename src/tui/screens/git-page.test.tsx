import { afterEach, describe, expect, it } from 'vitest';
import type { Landing } from '../../core/landing/landing.ts';
import { conflictRoom, fakeOverlap } from '../testing/fake-merge.ts';
import { FAKE_NOW, type FakeRoom } from '../testing/fake-room.ts';
import { type ShowOptions, show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

const LANDING: Landing = {
  id: 'l1',
  agent: 'cleo',
  task: null,
  commit: 'c0ffee1234567890',
  state: 'queued',
  reason: '',
  fault: null,
  partner: null,
  firstError: null,
  merge: null,
  by: { kind: 'person', name: 'ann' },
  requestedAt: FAKE_NOW - 5_000,
  endedAt: null,
};

function room(): FakeRoom {
  const fake = conflictRoom();
  const failed: Landing = {
    ...LANDING,
    id: 'l0',
    agent: 'ben',
    state: 'failed',
    fault: 'own',
    reason: 'test fails',
    firstError: { text: 'no', file: 'src/a.js', line: 3, column: null },
    endedAt: FAKE_NOW - 60_000,
  };
  fake.update(({ overlaps }) => ({
    git: {
      branch: 'main',
      upstream: null,
      ahead: 0,
      behind: 0,
      head: 'abcdef1234567',
      changed: [{ path: 'notes.md', code: ' M' }],
      stale: false,
      at: FAKE_NOW,
    },
    overlaps: {
      ...overlaps,
      ov2: fakeOverlap({ id: 'ov2', path: 'x.js', agents: ['ana', 'cleo'] }),
      ov3: fakeOverlap({ id: 'ov3', path: 'y.js', agents: ['ana', 'cleo'], sameRegion: true }),
    },
    landings: [failed, LANDING],
  }));
  fake.branchesReply = {
    base: 'main',
    integration: 'llmctl/integration',
    agents: [
      {
        agent: 'ana',
        branch: 'llmctl/ana',
        head: 'aaa',
        ahead: 2,
        behind: 1,
        files: [
          { path: 'src/calc.js', added: 12, deleted: 3 },
          { path: 'logo.png', added: null, deleted: null },
        ],
      },
      { agent: 'ben', branch: 'llmctl/ben', head: 'bbb', ahead: 0, behind: 0, files: [] },
    ],
  };
  fake.diffs['ana'] = {
    lines: ['diff --git a/src/calc.js b/src/calc.js', '@@ -1 +1 @@', '-old', '+new \u001b[2J'],
    cut: true,
  };
  fake.diffs['ana ben'] = { lines: [], cut: false };
  return fake;
}

async function open(options: ShowOptions = {}, fake = room()) {
  shown = show(fake, { cols: 120, rows: 40, ...options });
  shown.press('g');
  await settled();
  return { fake, ...shown };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe.each([
  { cols: 80, rows: 24 },
  { cols: 200, rows: 60 },
])('the git screen at $cols×$rows', (size) => {
  it('has each branch, its changes in lines, and who overlaps with whom', async () => {
    const { text, screen } = await open(size);
    expect(text()).toMatch(/▸ 1 ‖ ana +llmctl\/ana ↑2 ↓1 +2 files \+12 -3/);
    expect(text()).toMatch(/2 ‖ ben +llmctl\/ben +nothing changed/);
    expect(text()).toMatch(/\+12 +-3 +src\/calc\.js/);
    expect(text()).toMatch(/binary logo\.png/);
    expect(text()).toMatch(/ana +· +1 ▲ +2 !/);
    expect(text()).toMatch(/cleo +2 ! +– +·/);
    expect(screen()).toHaveLength(size.rows);
  });

  it('comes to what lands as the mark goes down', async () => {
    const { text, press } = await open(size);
    press('Down', 'Down', 'Down');
    expect(text()).toMatch(/▸ ○ queued +cleo +c0ffee1234 +5s/);
    press('Down');
    expect(text()).toMatch(/▸ ✗ failed +ben +c0ffee1234 +test fails \(src\/a\.js:3\) +1m/);
  });
});

describe('diffs', () => {
  it('are read against the base, then against each other agent', async () => {
    const { text, raw, press, ui } = await open();
    press('Enter');
    await settled();
    expect(text()).toContain('ana against its base');
    expect(text()).toContain('+new ␛[2J');
    expect(text()).toContain('there is more');
    expect(raw()).not.toContain('\u001b[2J');
    press('D');
    await settled();
    expect(text()).toContain('ana against ben');
    expect(text()).toContain('nothing differs');
    press('D');
    await settled();
    expect(text()).toContain('ana cleo: not there');
    press('Esc');
    expect(ui().popup).toEqual({ kind: 'git', index: 0 });
  });
});

describe('the keys', () => {
  it('land what is in no merge, and take a landing back', async () => {
    const { fake, press, text } = await open();
    press('L');
    expect(text()).toContain('land: ana is in a merge: afterwards');
    press('Down', 'Down', 'L');
    await settled();
    expect(text()).toContain('it waits to be tested and landed');
    press('x');
    expect(text()).toContain('withdraw: mark a landing that waits');
    press('Down', 'x');
    expect(fake.commands).toEqual([
      { type: 'agent.land', agent: 'cleo' },
      { type: 'landing.withdraw', landing: 'l1' },
    ]);
  });

  it('take a landing out of the branch again, and put it back', async () => {
    const { fake, press, text } = await open();
    fake.update(() => ({ landings: [{ ...LANDING, state: 'landed', merge: 'abcdef', endedAt: FAKE_NOW }] }));
    press('R');
    expect(text()).toContain('roll back: mark a landing that is on the branch, or was');
    press('Down', 'Down', 'Down', 'R');
    await settled();
    expect(text()).toContain('it is out of the branch; its work stays');
    fake.update(({ landings }) => ({ landings: landings.map((one) => ({ ...one, state: 'undone' as const })) }));
    press('R');
    const rollback = { type: 'landing.rollback', landing: 'l1', untested: false };
    expect(fake.commands).toEqual([
      { ...rollback, undo: false },
      { ...rollback, undo: true },
    ]);
  });

  it('say what is missing for a pull request, else open one in a pane', async () => {
    const without = await open();
    without.press('o');
    expect(without.text()).toContain("pull request: GitHub's gh is not on the PATH here");
    without.close();
    const { fake, press } = await open({ gh: true });
    press('o');
    expect(fake.added).toMatchObject([
      { id: 'pr-ana', command: ['gh', 'pr', 'create', '--head', 'llmctl/ana'], cwd: '/w/ana', workspace: 'shared' },
    ]);
  });

  it('commit in a pane that goes once it went well', async () => {
    const { fake, press } = await open();
    press('Down', 'Down', 'C');
    expect(fake.added).toMatchObject([{ id: 'commit-cleo', cwd: '/w/cleo' }]);
  });
});

it('says why nothing came, and shows what is known without it', async () => {
  const fake = room();
  fake.branchesReply = null;
  fake.agent('ana', () => ({ git: { branch: 'llmctl/ana', changed: ['src/q.js'], ahead: 1, behind: 0 } }));
  const { text } = await open({}, fake);
  expect(text()).toContain('branches: not there');
  expect(text()).toMatch(/llmctl\/ana ↑1 +1 file/);
  expect(text()).toContain('src/q.js');
});
