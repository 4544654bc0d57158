import { afterEach, describe, expect, it } from 'vitest';
import { type FakeAgentOptions, fakeAgent } from '../testing/fake-agent.ts';
import { FAKE_NOW, FakeRoom } from '../testing/fake-room.ts';
import { type ShowOptions, show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

const git = (branch: string, changed: number) => ({
  branch,
  changed: Array.from({ length: changed }, (_, i) => `src/${i}.ts`),
  ahead: 2,
  behind: 0,
});

const PEOPLE: Readonly<Record<string, FakeAgentOptions>> = {
  ada: { activity: 'fixing the parser', progress: 60, git: git('llmctl/ada', 3) },
  bob: { state: 'waiting', reason: 'may I run npm test?', git: git('llmctl/bob', 1) },
  cleo: { state: 'paused', by: { kind: 'person', name: 'ann' }, agoMs: 190_000 },
  dan: { state: 'failed', reason: 'exited with 1', agoMs: 7_200_000 },
};

function room(): FakeRoom {
  const fake = new FakeRoom(Object.entries(PEOPLE).map(([name, over], i) => fakeAgent(name, i + 1, over)));
  fake.update(() => ({
    git: {
      branch: 'main',
      upstream: 'origin/main',
      ahead: 2,
      behind: 1,
      changed: [{ path: 'src/a.ts', code: ' M' }],
      head: 'a1b2c3d4e5f6',
      at: FAKE_NOW,
      stale: false,
    },
    health: {
      build: {
        name: 'build',
        command: 'make',
        timeoutMs: 1,
        state: 'red',
        stale: false,
        commit: 'a',
        ms: 2100,
        at: FAKE_NOW,
        firstError: 'a.ts:3 no',
        tail: ['cc a.ts', 'a.ts:3 no'],
      },
    },
    todos: [{ id: 't1', text: 'errors name a line', done: false, task: 'parser', agent: 'ada', by: null }],
    alerts: [{ id: 'a1', level: 'error', text: 'build is red', agent: null, at: FAKE_NOW, cause: 'build', count: 2 }],
  }));
  return fake;
}

function open(fake: FakeRoom, options: ShowOptions = {}): ReturnType<typeof show> {
  shown = show(fake, options);
  return shown;
}

const SIZES = [
  { cols: 80, rows: 24 },
  { cols: 120, rows: 40 },
  { cols: 200, rows: 60 },
];

/** A key, and words of what it opens. */
const POPUPS = {
  '?': 'Control mode',
  g: 'agents in worktrees of their own',
  t: 'errors name a line',
  b: '$ make',
  c: 'No two agents have changed the same file',
  l: 'nothing happened yet',
  a: 'build is red ×2',
  e: 'known by',
  m: 'measuring…',
  ':': 'commands',
  s: 'send ada a line',
  n: 'profile or command:',
  '/': "search ada's output",
  x: 'stop ada?',
  r: 'restart ada?',
  X: 'remove ada?',
  q: 'stop all: end every agent',
};

describe.each(SIZES)('the room at $cols×$rows', (size) => {
  it('fills the window exactly, and says the essentials', () => {
    const { screen, text } = open(room(), size);
    expect(screen()).toHaveLength(size.rows);
    for (const row of screen()) expect(row.length).toBeLessThanOrEqual(size.cols);
    for (const words of ['1 ada', '2 bob', '3 cleo', '4 dan', '● working', '◆ waiting', '‖ PAUSED', '✗ failed']) {
      expect(text()).toContain(words);
    }
    expect(text()).toMatch(/main ↑2 ↓1 ±1/);
    expect(text()).toMatch(/✗ build red 2\.1s/);
    expect(text()).toContain('build is red');
    expect(screen().at(-1)).toMatch(/^ CONTROL {2}\? help {2}Enter type {2}/);
  });

  it('shows what the agents print', () => {
    const fake = room();
    const { text } = open(fake, size);
    expect(text()).toContain('ada$');
    expect(text()).toContain('dan$');
  });

  it.each(Object.entries(POPUPS))('draws what %s opens within the window', (key, words) => {
    const { press, screen, text } = open(room(), size);
    press(key);
    expect(text()).toContain(words);
    expect(screen()).toHaveLength(size.rows);
    expect(Math.max(...screen().map((row) => row.length))).toBeLessThanOrEqual(size.cols);
  });
});

describe('a pane', () => {
  const wide = { cols: 200, rows: 60 };

  it('says name, profile, state, activity, branch, progress, changed files and age', () => {
    const { screen } = open(room(), wide);
    expect(screen()[0]).toMatch(
      /^┏━ 1 ada demo ● working fixing the parser ━+ llmctl\/ada ▰▰▰▱▱ 60% ±3 {2}42s ━┓╭─ 2 bob/,
    );
  });

  it('says since when and by whom it is paused, and that it is', () => {
    const { text } = open(room(), wide);
    expect(text()).toMatch(/3 cleo demo ‖ PAUSED/);
    expect(text()).toMatch(/PAUSED since \d\d:\d\d by ann/);
  });

  it('says what it waits for, and how to start it again once it ended', () => {
    const { text } = open(room(), wide);
    expect(text()).toContain('◆ may I run npm test?');
    expect(text()).toContain('✗ exited with 1 · r starts it again');
  });

  it('has another frame for the focus, and another again when it has the keys', () => {
    const { press, screen, entered } = open(room(), wide);
    expect(screen()[0]).toMatch(/^┏.*╭/);
    press('Tab');
    expect(screen()[0]).toMatch(/^╭.*┏/);
    press('Enter');
    expect(entered).toEqual([2]);
    expect(screen()[0]).toMatch(/^╭.*╔/);
    expect(screen().at(-1)).toMatch(/^ PANE {2}keys go to bob {2}Ctrl\+q control mode/);
  });

  it('shows what is on its way', () => {
    const fake = room();
    fake.agent('ada', () => ({ pending: 'pausing' }));
    expect(open(fake, wide).text()).toContain('● pausing…');
  });
});

describe('without colours', () => {
  it('still tells states, focus and mode apart', () => {
    const { raw, text, press } = open(room(), { noColor: true, cols: 80, rows: 24 });
    expect(raw()).not.toMatch(/\u001b\[[\d;]*[34][0-8]/);
    expect(text()).toMatch(/┏━ 1 ada/);
    for (const word of ['working', 'waiting', 'PAUSED', 'failed', 'CONTROL']) expect(text()).toContain(word);
    expect(raw()).toMatch(/\u001b\[[\d;]*7[\d;]*m CONTROL /);
    press('i');
    expect(text()).toMatch(/╔═ 1 ada/);
    expect(raw()).toMatch(/\u001b\[[\d;]*7[\d;]*m PANE /);
  });

  it('and with ASCII alone', () => {
    const { text } = open(room(), { charset: 'ascii', cols: 120, rows: 40 });
    expect(text()).toMatch(/^[\x20-\x7e\n]*$/);
    expect(text()).toContain('#= 1 ada * working');
  });
});

describe('what comes from outside', () => {
  it('is shown, never sent', () => {
    const evil = '\u001b]0;x\u0007\u001b[2J\u202e\n';
    const agent = fakeAgent('ada', 1, {
      state: 'waiting',
      reason: evil,
      activity: evil,
      git: { ...git(`b${evil}`, 1) },
    });
    const fake = new FakeRoom([{ ...agent, spec: { ...agent.spec, name: `ada${evil}`, task: evil, command: [evil] } }]);
    fake.update(() => ({
      todos: [{ id: 't', text: evil, done: false, task: evil, agent: null, by: null }],
      alerts: [{ id: 'a', level: 'warn', text: evil, agent: evil, at: 0, cause: '', count: 1 }],
    }));
    fake.happen({ type: 'agent.sent', agent: evil, text: evil, enter: true, by: { kind: 'person', name: evil } });
    const { raw, press, screen } = open(fake, { cols: 160, rows: 50 });
    const escaped = ['Esc', 't', 'a', 'l', 'e', 'g', 's', 'x', 'c'].filter((key) => {
      press('Esc', key);
      const bare = raw().replaceAll(/\u001b\[[\d;]*m/g, '');
      return /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(bare) || screen().length !== 50;
    });
    expect(escaped).toEqual([]);
  });
});

describe('the window', () => {
  it('says what it needs when it is too small, and is back when it grows', () => {
    const { store, text, screen } = open(room(), { cols: 80, rows: 24 });
    store.dispatch({ type: 'resize', cols: 39, rows: 9 });
    expect(text()).toMatch(/This window is 39×9\.\n\s*llmctl needs 40×10:\n/);
    store.dispatch({ type: 'resize', cols: 3, rows: 1 });
    expect(screen()).toHaveLength(1);
    store.dispatch({ type: 'resize', cols: 120, rows: 40 });
    expect(text()).toContain('1 ada');
    expect(screen()).toHaveLength(40);
  });

  it('says what to do while there is no agent', () => {
    const { text } = open(new FakeRoom(), { cols: 80, rows: 24 });
    expect(text()).toMatch(/No agent in this room yet\s+n {3}adds an agent/);
  });

  it('keeps the screens and says so while the connection is lost', () => {
    const fake = room();
    const { text, press, store } = open(fake, { cols: 100, rows: 30 });
    fake.connect({ state: 'lost', reason: 'the daemon does not answer' });
    store.refresh();
    expect(text()).toMatch(/^ connection lost: the daemon does not answer · trying again/);
    expect(text()).toContain('ada$');
    press('p');
    expect(text()).toContain('pause: the session does not answer just now');
    fake.connect({ state: 'live' });
    store.refresh();
    expect(text()).not.toContain('connection lost');
  });
});
