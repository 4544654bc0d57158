import { afterEach, describe, expect, it } from 'vitest';
import { fakeAgent } from '../testing/fake-agent.ts';
import { fakeOverlap, fakeRound } from '../testing/fake-merge.ts';
import { FAKE_NOW, FakeRoom } from '../testing/fake-room.ts';
import { type ShowOptions, show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

const LLMCTL = { kind: 'coordinator', name: 'llmctl' } as const;

/** A conflict that waits for a person, an overlap that is watched, one in a shared tree, a held file, a merge that is over. */
function room(): FakeRoom {
  const fake = new FakeRoom([
    fakeAgent('ana', 1, { state: 'paused', by: LLMCTL }),
    fakeAgent('ben', 2, { state: 'paused', by: LLMCTL }),
    fakeAgent('cleo', 3),
  ]);
  const over = fakeRound({
    id: 'r0',
    paths: ['src/old.js', 'b.js'],
    phase: 'resolved',
    endedAt: FAKE_NOW - 300_000,
    merged: ['src/old.js'],
    conflicts: [],
  });
  fake.update(() => ({
    overlaps: {
      ov1: fakeOverlap({ id: 'ov1', state: 'needs-person', verdict: 'conflict', sameRegion: true, round: 'r1' }),
      ov2: fakeOverlap({ id: 'ov2', path: 'src/x.js', agents: ['ana', 'cleo'] }),
      ov3: fakeOverlap({ id: 'ov3', path: 'shared.js', agents: ['ben', 'cleo'], verdict: 'unknown' }),
    },
    rounds: { r1: fakeRound(), r0: over },
    locks: { 'package-lock.json': 'cleo' },
  }));
  return fake;
}

function open(fake = room(), options: ShowOptions = {}) {
  shown = show(fake, { cols: 120, rows: 40, ...options });
  return { fake, ...shown };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe.each([
  { cols: 80, rows: 24 },
  { cols: 200, rows: 60 },
])('the overlaps page at $cols×$rows', (size) => {
  it('lists what is open by urgency, then what is held, then merges that are over', () => {
    const { press, screen, text } = open(room(), size);
    press('c');
    const at = (words: RegExp) => screen().findIndex((row) => words.test(row));
    const rows = [
      at(/▸ ▲ needs-person +src\/calc\.js +ana \+ ben +in conflict +merge +2m/),
      at(/◔ watching +src\/x\.js +ana \+ cleo +combines +merge/),
      at(/◔ watching +shared\.js +ben \+ cleo +one tree/),
      at(/■ held +package-lock\.json +by cleo/),
      at(/✓ merged +src\/old\.js and 1 more +ana \+ ben +5m/),
    ];
    expect(rows).not.toContain(-1);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
    expect(text()).toMatch(/state +needs-person since [\d:]+: both stand still/);
    expect(text()).toContain('ana stands still, ben stands still');
  });

  it('keeps the mark on what is marked while others come and go above it', () => {
    const { fake, press, text } = open(room(), size);
    press('c', 'Down');
    expect(text()).toMatch(/▸ ◔ watching +src\/x\.js/);
    const later = fakeOverlap({ id: 'ov4', path: 'a.js', agents: ['ana', 'cleo'], state: 'needs-person', round: 'r4' });
    fake.update(({ overlaps }) => ({ overlaps: { ...overlaps, ov4: later } }));
    // Also where the key comes before the next frame.
    press('m');
    expect(fake.commands.at(-1)).toMatchObject({ type: 'overlap.merge', overlap: 'ov2' });
    expect(text()).toMatch(/▸ ◔ watching +src\/x\.js/);
    press('Up');
    expect(text()).toMatch(/▸ ▲ needs-person +a\.js/);
  });

  it('has what was put off behind what two stand still for', () => {
    const { fake, press, screen } = open(room(), size);
    const later = fakeOverlap({ id: 'ov4', path: 'off.js', agents: ['ana', 'cleo'], state: 'needs-person', since: 0 });
    fake.update(({ overlaps }) => ({ overlaps: { ...overlaps, ov4: { ...later, verdict: 'conflict', round: 'r4' } } }));
    press('c');
    const at = (words: RegExp) => screen().findIndex((row) => words.test(row));
    expect(at(/▸ ▲ needs-person +src\/calc\.js/)).toBeGreaterThan(0);
    expect(at(/ {2}▲ needs-person +off\.js +ana \+ cleo +put off/)).toBeGreaterThan(at(/▸ ▲/));
    expect(at(/◔ watching +src\/x\.js/)).toBeGreaterThan(at(/off\.js/));
  });

  it('opens what is clicked twice', () => {
    const { press, screen, controller, ui } = open(room(), size);
    press('c');
    const y = screen().findIndex((row) => /◔ watching +src\/x\.js/.test(row));
    const event = { button: 0, x: size.cols / 2, y, shift: false, alt: false, ctrl: false } as const;
    controller.mouse({ ...event, kind: 'press' });
    controller.mouse({ ...event, kind: 'double' });
    expect(ui().popup).toMatchObject({ kind: 'merge', overlap: 'ov2' });
  });

  it('marks what is clicked', () => {
    const { press, screen, text, controller } = open(room(), size);
    press('c');
    const click = (words: RegExp): void => {
      const y = screen().findIndex((row) => words.test(row));
      controller.mouse({ kind: 'press', button: 0, x: size.cols / 2, y, shift: false, alt: false, ctrl: false });
    };
    click(/◔ watching +src\/x\.js/);
    expect(text()).toMatch(/▸ ◔ watching +src\/x\.js/);
    click(/✓ merged +src\/old\.js/);
    expect(text()).toMatch(/▸ ✓ merged +src\/old\.js/);
    click(/╭─ overlaps/);
    expect(text()).toMatch(/▸ ✓ merged +src\/old\.js/);
  });
});

describe('the room', () => {
  it('says at the panes who is merged with whom, and where a person is needed', () => {
    const fake = room();
    const { text, store } = open(fake, { cols: 200, rows: 60 });
    expect(text()).toMatch(/PAUSED since \d\d:\d\d src\/calc\.js in conflict with ben: c/);
    expect(text()).toMatch(/PAUSED since \d\d:\d\d src\/calc\.js in conflict with ana: c/);
    fake.update(({ rounds }) => ({ rounds: { ...rounds, r1: fakeRound({ phase: 'applying', conflicts: [] }) } }));
    store.refresh();
    expect(text()).toMatch(/PAUSED since \d\d:\d\d merging src\/calc\.js with ben/);
  });

  it('has them in the panel while there are some: state, both agents, path', () => {
    const fake = room();
    const { text, store } = open(fake, { cols: 200, rows: 60 });
    expect(text()).toMatch(/─ overlaps c ─+ 1 for you ─/);
    expect(text()).toMatch(/▲ needs-person in conflict +2m/);
    expect(text()).toMatch(/ana \+ ben {2}src\/calc\.js/);
    fake.update(() => ({ overlaps: {} }));
    store.refresh();
    expect(text()).not.toContain('overlaps c');
  });

  it('says it in one line where rows are dear, and without the panel', () => {
    const { text, press } = open(room(), { cols: 80, rows: 24 });
    expect(text()).toContain('▲ 1 overlap needs you');
    press('o');
    expect(text()).toContain('▲ 1 overlap needs you');
  });

  it('tells levels apart without colours', () => {
    const { text, press } = open(room(), { noColor: true, charset: 'ascii' });
    press('c');
    expect(text()).toMatch(/\^ needs-person/);
    expect(text()).toMatch(/% watching/);
  });
});

describe('the keys', () => {
  it('merge a watched overlap now, and say why another can not be', () => {
    const { fake, press, text } = open();
    press('c', 'm');
    expect(text()).toContain('merge now: both stand still already: Enter decides');
    press('Down', 'm');
    expect(fake.commands).toEqual([{ type: 'overlap.merge', overlap: 'ov2' }]);
    press('Down', 'm');
    expect(text()).toContain('both work in one tree: there are no two versions to merge');
    expect(fake.commands).toHaveLength(1);
  });

  it('put off what is under way alone', async () => {
    const { fake, press, text } = open();
    press('c', 'Down', 'd');
    expect(text()).toContain('nothing is under way for it: both go on');
    press('Up', 'd');
    await settled();
    expect(fake.commands).toEqual([{ type: 'overlap.defer', overlap: 'ov1' }]);
    expect(text()).toContain('put off');
  });

  it('undo a merge that is over, after a question, and come back', async () => {
    const { fake, press, text, ui } = open();
    press('c', 'u');
    expect(text()).toContain('undo: mark a merge that is over');
    press('End', 'u');
    expect(text()).toContain('undo merge r0?');
    press('n');
    expect(fake.commands).toEqual([]);
    press('u', 'y');
    await settled();
    expect(fake.commands).toEqual([{ type: 'round.undo', round: 'r0' }]);
    expect(ui().popup).toEqual({ kind: 'overlaps', index: 4 });
    fake.update(({ rounds }) => ({ rounds: { ...rounds, r0: { ...rounds['r0']!, undone: true } } }));
    press('u');
    expect(text()).toContain('it is undone already');
  });

  it('free a file that is held', () => {
    const { fake, press, text } = open();
    press('c', 'f');
    expect(text()).toContain('free: mark a file that is held');
    press('Down', 'Down', 'Down', 'f');
    expect(fake.commands).toEqual([{ type: 'lock.free', path: 'package-lock.json' }]);
  });
});
