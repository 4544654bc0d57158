import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MouseEvent } from '../input/events.ts';
import { fakeAgent } from '../testing/fake-agent.ts';
import { FAKE_NOW, FakeRoom } from '../testing/fake-room.ts';
import { show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

function open(fake = threeAgents(), cols = 160, rows = 40) {
  shown = show(fake, { cols, rows, profiles: [{ name: 'claude', description: 'Claude Code' }] });
  return { fake, ...shown };
}

function threeAgents(): FakeRoom {
  return new FakeRoom([
    fakeAgent('ada', 1),
    fakeAgent('bob', 2, { state: 'waiting', reason: 'yes or no?' }),
    fakeAgent('cleo', 3, { state: 'stopped' }),
  ]);
}

const focus = (room: { ui(): { focus: string | null } }) => room.ui().focus;

describe('commands to agents', () => {
  it('p pauses the one with the focus, and resumes it', () => {
    const { fake, press } = open();
    press('p');
    fake.agent('ada', (agent) => ({ status: { ...agent.status, state: 'paused' } }));
    press('p');
    expect(fake.commands).toEqual([
      { type: 'agent.pause', agent: 'ada' },
      { type: 'agent.resume', agent: 'ada' },
    ]);
  });

  it('P pauses all that run, and resumes all once all are paused', () => {
    const { fake, press } = open();
    press('P');
    expect(fake.commands.map((command) => 'agent' in command && command.agent)).toEqual(['ada', 'bob']);
    for (const id of ['ada', 'bob']) fake.agent(id, (agent) => ({ status: { ...agent.status, state: 'paused' } }));
    press('P');
    expect(fake.commands.slice(2)).toEqual([
      { type: 'agent.resume', agent: 'ada' },
      { type: 'agent.resume', agent: 'bob' },
    ]);
  });

  it('x asks first: no is the answer that is marked', () => {
    const { fake, press, text } = open();
    press('x');
    expect(text()).toContain('▸ n  no');
    press('Enter');
    expect(fake.commands).toEqual([]);
    press('x', 'y');
    expect(fake.commands).toEqual([{ type: 'agent.stop', agent: 'ada' }]);
    expect(text()).not.toContain('stop ada?');
  });

  it('r asks while the agent runs, and does it at once when it does not', () => {
    const { fake, press } = open();
    press('r', 'Esc', '3', 'r');
    expect(fake.commands).toEqual([{ type: 'agent.restart', agent: 'cleo' }]);
  });

  it('X stops a running agent before it removes it', async () => {
    const { fake, press } = open();
    press('X', 'y');
    await vi.waitFor(() => expect(fake.commands).toHaveLength(2));
    expect(fake.commands.map(({ type }) => type)).toEqual(['agent.stop', 'agent.remove']);
  });

  it('s sends a line; the one before comes back with Up', () => {
    const { fake, press, type, text } = open();
    press('s');
    type('run the tests');
    press('Enter', 's', 'Up');
    expect(text()).toContain('> run the tests');
    press('Esc');
    expect(fake.commands).toEqual([{ type: 'agent.send', agent: 'ada', text: 'run the tests', enter: true }]);
  });

  it('says in the status line why a key does nothing', () => {
    const { press, screen } = open();
    press('3', 'p');
    expect(screen().at(-1)).toContain('pause: cleo is not running: r starts it again');
    press('?');
    expect(screen().at(-1)).not.toContain('not running');
  });

  it('shows what the session refused', async () => {
    const { fake, press, text } = open();
    fake.refusal = 'ada is being stopped';
    press('p');
    await vi.waitFor(() => expect(text()).toContain('⚠ ada is being stopped'));
  });

  it('may do nothing to agents when read-only', () => {
    const fake = threeAgents();
    fake.readOnly = true;
    const { press, text, entered, left } = open(fake);
    press('p', 'x', 'Enter', 's', 'n');
    expect(fake.commands).toEqual([]);
    expect(entered).toEqual([]);
    expect(text()).toContain('this screen is read-only');
    press('q');
    expect(left).toEqual(['detached']);
  });
});

describe('moving', () => {
  it('Tab, numbers, arrows, w', () => {
    const room = open();
    const { press } = room;
    press('Tab');
    expect(focus(room)).toBe('bob');
    press('Shift+Tab', 'Shift+Tab');
    expect(focus(room)).toBe('cleo');
    press('1', 'Right');
    expect(focus(room)).toBe('bob');
    press('h', 'j');
    expect(focus(room)).toBe('cleo');
    press('k');
    expect(focus(room)).toBe('ada');
    press('w');
    expect(focus(room)).toBe('bob');
    press('9');
    expect(room.text()).toContain('there is no agent 9');
  });

  it('w goes round all that want a person, questions before failures', () => {
    const room = open();
    const { press, fake } = room;
    fake.agent('ada', (agent) => ({ status: { ...agent.status, state: 'failed' } }));
    press('3', 'w');
    expect(focus(room)).toBe('bob');
    press('w');
    expect(focus(room)).toBe('ada');
    press('w');
    expect(focus(room)).toBe('bob');
  });

  it('z, layouts, m and O change what is shown how large', () => {
    const { press, text, fake } = open();
    press('z');
    expect(text()).toContain('zoomed, 1 of 3');
    expect(text()).not.toContain('2 bob');
    expect(fake.views.at(-1)!.panes).toEqual([{ pane: 1, cols: 158, rows: 37 }]);
    press('Esc');
    expect(text()).toContain('2 bob');
    press(']');
    expect(text()).toContain('layout: main + stack');
    press('O');
    expect(text()).not.toContain('─ agents');
  });

  it('tells the daemon sizes of open panes, and none for folded ones', () => {
    const { fake, press } = open(threeAgents(), 80, 20);
    expect(fake.views.at(-1)).toEqual({
      panes: [
        { pane: 1, cols: 78, rows: 9 },
        { pane: 2, cols: 0, rows: 0 },
        { pane: 3, cols: 0, rows: 0 },
      ],
      focus: 1,
      active: true,
    });
    press('2');
    expect(fake.views.at(-1)).toMatchObject({ focus: 2, panes: [{ cols: 0 }, { pane: 2, cols: 78 }, { cols: 0 }] });
  });
});

describe('pages', () => {
  it('open from each other, and the key that opened one closes it', () => {
    const { press, ui } = open();
    press('g');
    expect(ui().popup?.kind).toBe('git');
    press('l');
    expect(ui().popup?.kind).toBe('log');
    press('l');
    expect(ui().popup).toBeNull();
  });

  it('Esc and the next key may come as one, but never out of a field', () => {
    const { press, ui } = open();
    press('g', 'Alt+c');
    expect(ui().popup?.kind).toBe('overlaps');
    press('Esc', 's', 'Alt+x');
    expect(ui().popup?.kind).toBe('send');
    press('Esc', 'Alt+x');
    expect(ui().popup).toBeNull();
  });

  it('the palette finds a command, says why one can’t run, and runs it', () => {
    const { press, type, text, fake } = open();
    press('3', ':');
    type('pause');
    expect(text()).toMatch(/▸ pause\s+not now: cleo is not running/);
    press('Esc', '1', ':');
    type('pause');
    press('Enter');
    expect(fake.commands).toEqual([{ type: 'agent.pause', agent: 'ada' }]);
  });

  it('the todo list adds, checks and removes', () => {
    const fake = threeAgents();
    fake.update(() => ({
      todos: ['one', 'two'].map((id) => ({
        id,
        text: `todo ${id}`,
        done: id === 'two',
        task: null,
        agent: null,
        by: null,
      })),
    }));
    const { press, type, text } = open(fake);
    press('t', 'Down', 'Space', 'a');
    type('three');
    expect(text()).toContain('new: three');
    press('Enter', 'x', 'Esc');
    expect(fake.commands).toEqual([
      { type: 'todo.check', id: 'two', done: false },
      { type: 'todo.add', text: 'three' },
      { type: 'todo.remove', id: 'two' },
    ]);
  });

  it('b runs the one check that never ran; Enter runs it again where nothing failed', () => {
    const fake = threeAgents();
    const check = {
      name: 'build',
      command: 'make',
      timeoutMs: 1,
      stale: false,
      commit: '',
      ms: 0,
      at: 0,
      firstError: '',
      tail: [],
    };
    fake.update(() => ({ health: { build: { ...check, state: 'unknown' } } }));
    const { press } = open(fake);
    press('b');
    fake.update(() => ({ health: { build: { ...check, state: 'green', at: FAKE_NOW } } }));
    press('Enter', 'Esc', 'b');
    expect(fake.commands).toEqual([
      { type: 'health.run', name: 'build' },
      { type: 'health.run', name: 'build' },
    ]);
  });

  it('Enter on a red check shows its failures; s sends one to its owner or to whom one picks', () => {
    const fake = threeAgents();
    const failure = {
      kind: 'compile',
      text: "expected ';'",
      file: 'src/a.c',
      line: 3,
      column: 5,
      files: ['src/a.c'],
      owner: 'bob',
      why: 'its task sum has src/a.c',
    } as const;
    const other = {
      ...failure,
      kind: 'crash',
      text: 'Segmentation fault',
      file: null,
      line: null,
      column: null,
    } as const;
    const failures = [failure, { ...other, files: [], owner: null, why: 'it names no file' }];
    const run = { state: 'green', at: 0, commit: 'c', counts: null } as const;
    const history = [1000, 1100, 1200, 5000].map((ms) => ({ ...run, ms }));
    const check = {
      name: 'build',
      command: 'make',
      timeoutMs: 1,
      state: 'red',
      stale: false,
      commit: 'c',
      ms: 5000,
      at: FAKE_NOW,
      firstError: "src/a.c:3:5: expected ';'",
      tail: [],
      counts: { passed: 34, failed: 2, skipped: 1 },
      failures,
      history,
    } as const;
    fake.update(() => ({ health: { build: check } }));
    const { press, text } = open(fake);
    press('b');
    expect(text()).toMatch(/✗ build red 5\.0s 34✓ 2✗ 1○ usually 1\.1s ▂▂▂█/);
    press('Enter');
    expect(text()).toContain("compile src/a.c:3:5: expected ';'");
    expect(text()).toMatch(/whose +bob: its task sum has/);
    press('s');
    expect(text()).toMatch(/1.*bob \(its task sum/);
    press('Enter', 'Down');
    expect(text()).toMatch(/whose +nobody’s for sure: it names no file/);
    press('s', '1', 'r', 'Esc');
    expect(text()).toContain('build health');
    expect(fake.commands).toEqual([
      { type: 'health.send', name: 'build', failure: 1, agent: 'bob' },
      { type: 'health.send', name: 'build', failure: 2, agent: 'ada' },
      { type: 'health.run', name: 'build' },
    ]);
  });

  it('B on the build page asks who broke the check, once anything has landed', () => {
    const fake = threeAgents();
    const none = { firstError: '', tail: [], commit: '', ms: 0, at: FAKE_NOW, stale: false };
    const check = { name: 'test', command: 'make test', timeoutMs: 1, state: 'red', ...none } as const;
    fake.update(() => ({ health: { build: { ...check, name: 'build' }, test: check } }));
    const { press } = open(fake);
    press('b', 'Down', 'B');
    expect(fake.commands).toEqual([]);
    const nothing = { task: null, fault: null, partner: null, firstError: null, reason: '' } as const;
    const by = { kind: 'person', name: 'ann' } as const;
    const times = { requestedAt: 1, endedAt: 2 };
    const landing = {
      id: 'l1',
      agent: 'ana',
      commit: 'c',
      state: 'landed',
      merge: 'm',
      by,
      ...nothing,
      ...times,
    } as const;
    fake.update(() => ({ landings: [landing] }));
    press('B');
    expect(fake.commands).toEqual([{ type: 'health.blame', name: 'test' }]);
  });

  it('a clears an alert', () => {
    const fake = threeAgents();
    fake.update(() => ({
      alerts: [{ id: 'a1', level: 'warn', text: 'careful', agent: null, at: 0, cause: '', count: 1 }],
    }));
    const { press } = open(fake);
    press('a', 'x');
    expect(fake.commands).toEqual([{ type: 'alert.clear', id: 'a1' }]);
  });

  it('n adds a profile, or any command in argv of its own', async () => {
    const { press, type, fake, text } = open();
    press('n');
    type('cla');
    press('Down', 'Enter');
    press('n');
    type("./tools/ada.sh 'two words' -x");
    press('Enter');
    expect(fake.added).toMatchObject([
      { id: 'claude', profile: 'claude', start: true },
      { id: 'ada-2', command: ['./tools/ada.sh', 'two words', '-x'], start: true },
    ]);
    press('n');
    type("echo 'open");
    press('Enter');
    await vi.waitFor(() => expect(text()).toContain("a ' is never closed"));
    expect(fake.added).toHaveLength(2);
  });

  it('a paste goes to the field, and nowhere while there is none', () => {
    const { press, controller, fake, text } = open();
    controller.paste('rm -rf /\n');
    expect(fake.commands).toEqual([]);
    press('s');
    controller.paste('two\nlines');
    expect(text()).toContain('> two lines');
  });
});

describe('leaving', () => {
  it('d detaches at once', () => {
    const { press, left, fake } = open();
    press('d');
    expect(left).toEqual(['detached']);
    expect(fake.isDown).toBe(false);
  });

  it('q asks: detach, stop all, cancel', async () => {
    const { press, left, fake } = open();
    press('q', 'c');
    expect(left).toEqual([]);
    press('q', 'd');
    expect(left).toEqual(['detached']);
    press('q', 's');
    await vi.waitFor(() => expect(left).toEqual(['detached', 'ended']));
    expect(fake.isDown).toBe(true);
  });
});

describe('scrollback', () => {
  const past = Array.from({ length: 300 }, (_, i) => `line ${i} of the past`);
  const live = Array.from({ length: 24 }, (_, i) => `live ${i}`);

  function printed() {
    const room = open();
    room.fake.print(1, live, past, 60, 24);
    return room;
  }

  it('goes back by pages, says where, and comes back', async () => {
    const { press, text, ui, screen } = printed();
    press('PgUp');
    expect(screen().at(-1)).toMatch(/^ SCROLLBACK /);
    await vi.waitFor(() => expect(text()).toContain('line 299 of the past'));
    expect(text()).toMatch(/\[-\d+\/30\d\]/);
    press('Home');
    await vi.waitFor(() => expect(text()).toContain('line 0 of the past'));
    press('End', 'PgDn');
    expect(ui().scroll).toBeNull();
    expect(text()).toContain('live 23');
  });

  it('stands still while the agent prints on', async () => {
    const { press, text, fake, store } = printed();
    press('PgUp', 'Home');
    await vi.waitFor(() => expect(text()).toContain('line 0 of the past'));
    fake.print(1, live, [...past, 'one more'], 60, 24);
    store.refresh();
    expect(text()).toContain('line 0 of the past');
  });

  it('says so when there is nothing to go back to', () => {
    const { press, text, ui } = open();
    press('2', 'PgUp');
    expect(ui().scroll === null || text().includes('[-')).toBe(true);
  });

  it('searches, goes from match to match, selects and copies', async () => {
    const { press, type, text, ui, copied } = printed();
    press('/');
    type('line 7');
    press('Enter');
    await vi.waitFor(() => expect(text()).toContain('/line 7 11 of 11'));
    press('n');
    expect(text()).toContain('10 of 11');
    press('v', 'End', 'y');
    await vi.waitFor(() => expect(copied).toEqual(['line 78 of the past']));
    expect(ui().scroll?.caret).toBeNull();
    press('q');
    expect(ui().scroll).toBeNull();
  });

  it('says when nothing matches', async () => {
    const { press, type, text } = printed();
    press('/');
    type('nowhere');
    press('Enter');
    await vi.waitFor(() => expect(text()).toContain('nothing matches nowhere'));
  });

  it('copies lines that were never on screen', async () => {
    const { press, copied } = printed();
    press('PgUp', 'v', 'V', 'g', 'y');
    await vi.waitFor(() => expect(copied).toHaveLength(1));
    expect(copied[0]!.split('\n').slice(0, 2)).toEqual(['line 0 of the past', 'line 1 of the past']);
  });
});

describe('the mouse', () => {
  const at = (kind: MouseEvent['kind'], x: number, y: number): MouseEvent => ({
    kind,
    button: 0,
    x,
    y,
    shift: false,
    alt: false,
    ctrl: false,
  });

  it('focuses with a click and zooms with two', () => {
    const room = open();
    room.controller.mouse(at('press', 80, 5));
    room.controller.mouse(at('release', 80, 5));
    expect(focus(room)).toBe('bob');
    room.controller.mouse(at('double', 80, 5));
    expect(room.ui().zoom).toBe(true);
  });

  it('looks back with the wheel, and comes back with it', () => {
    const { controller, fake, ui } = open();
    fake.print(
      1,
      ['live'],
      Array.from({ length: 50 }, (_, i) => `past ${i}`),
      42,
      24,
    );
    controller.mouse(at('wheel-up', 5, 5));
    expect(ui().scroll).not.toBeNull();
    for (let i = 0; i < 4; i++) controller.mouse(at('wheel-down', 5, 5));
    expect(ui().scroll).toBeNull();
  });

  it('selects with a drag; y copies it', async () => {
    const { controller, press, copied, fake } = open();
    fake.print(1, ['the quick brown fox'], [], 60, 17);
    controller.mouse(at('press', 5, 1));
    controller.mouse(at('drag', 9, 1));
    controller.mouse(at('release', 9, 1));
    press('y');
    await vi.waitFor(() => expect(copied).toEqual(['quick']));
  });

  it('moves nothing by entering the scrollback, where the screen is not as large as its pane', async () => {
    const { controller, press, copied, fake } = open();
    fake.print(1, ['one', 'two', 'three'], ['past'], 60, 5);
    controller.mouse(at('press', 1, 2));
    controller.mouse(at('drag', 3, 2));
    press('y');
    await vi.waitFor(() => expect(copied).toEqual(['two']));
  });

  it('leaves pane mode with a click on another pane', () => {
    const room = open();
    room.press('Enter');
    expect(room.ui().mode).toBe('pane');
    room.controller.mouse(at('press', 80, 5));
    expect(room.ui().mode).toBe('control');
    expect(focus(room)).toBe('bob');
  });

  it('closes a popup with a click beside it', () => {
    const { controller, press, ui } = open();
    press('q');
    controller.mouse(at('press', 0, 0));
    expect(ui().popup).toBeNull();
  });
});
