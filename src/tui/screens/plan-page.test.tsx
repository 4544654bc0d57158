import { afterEach, describe, expect, it, vi } from 'vitest';
import { PARTS, PlanRoom } from '../testing/fake-plan.ts';
import { type ShowOptions, show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

function open(fake = new PlanRoom(), options: ShowOptions = {}) {
  shown = show(fake, { cols: 120, rows: 40, ...options });
  return { fake, ...shown };
}

/** What was asked is done, and on screen: news are drawn at most four times a second. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  shown?.store.refresh();
}

/** ana's task is at 40 %, ben and cleo have one each. */
function begun(): PlanRoom {
  const fake = new PlanRoom();
  fake.tell({ type: 'agent.report', agent: 'ana', kind: 'progress', percent: 40, text: '' });
  return fake;
}

/** The lexer is done, and the gate behind it asks. */
function asking(): PlanRoom {
  const fake = begun();
  fake.tell({ type: 'task.done', task: 'lexer', force: true });
  return fake;
}

describe.each([
  { cols: 80, rows: 24 },
  { cols: 200, rows: 60 },
])('the plan at $cols×$rows', (size) => {
  it('is a tree of phases, milestones and tasks, with gates and handovers where they are reached', () => {
    const { press, screen, text } = open(begun(), size);
    press('o');
    const at = (words: RegExp) => screen().findIndex((row) => words.test(row));
    const rows = [
      at(/0\/5 tasks +▁+ +3 running/),
      at(/▸ - ● running +phase base +The base +20% +0\/2/),
      at(/ - ● running +milestone m1 +It reads +20% +0\/2 ana/),
      at(/ \+ ● running +lexer +Cut text.* 40% +0\/3 ana +critical/),
      at(/○ owed +handover tokens +The list of tokens/),
      at(/○ pending +gate ready +Is the base good\?/),
      at(/● running +cli +The command line +0% +ben +\+/),
      at(/ - ● running +phase top +All the rest +0% +0\/3/),
      at(/○ waiting +parser +ana +critical/),
      at(/● running +docs +0% +cleo +\+/),
      at(/○ waiting +review +Read it all +coordinator/),
      at(/○ pending +gate shipped/),
    ];
    expect(rows).not.toContain(-1);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
    expect(text()).toMatch(/h left, over at \d\d:\d\d · pace 0\.62 · 1\.6h of 14h done · planned 11h/);
    expect(text()).toContain('next gate ○ pending Is the base good?');
    expect(screen()).toHaveLength(size.rows);
    expect(Math.max(...screen().map((row) => row.length))).toBeLessThanOrEqual(size.cols);
  });

  it('stands along time: what was done, what is critical, slack, now, gates and handovers', () => {
    const { press, screen, text } = open(begun(), size);
    press('o', 'Tab');
    expect(text()).toMatch(/hours +0─.*▼─/);
    expect(text()).toMatch(/\*● lexer .*█+▓+/);
    expect(text()).toMatch(/\*○ parser .*│ +▓+/);
    expect(text()).toMatch(/ ● docs .*█+─+/);
    expect(text()).toMatch(/ ○ ready .*│ +◆/);
    expect(text()).toMatch(/ ○ tokens .*│ +→/);
    const column = (row: RegExp, char: string) =>
      screen()
        .find((line) => row.test(line))!
        .lastIndexOf(char);
    // The gate is reached where the last of the lexer is done; the parser begins behind it.
    expect(Math.abs(column(/\*● lexer/, '▓') - column(/○ ready/, '◆'))).toBeLessThanOrEqual(1);
    expect(
      screen()
        .find((line) => /\*○ parser/.test(line))!
        .indexOf('▓'),
    ).toBeGreaterThanOrEqual(column(/○ ready/, '◆'));
    expect(screen()).toHaveLength(size.rows);
  });

  it('shows all that is known of a task: its todos first', () => {
    const { press, text, screen } = open(begun(), size);
    press('o', 'Down', 'Down', 'Enter');
    expect(text()).toContain('─ task lexer ─');
    expect(text()).toMatch(/● running +since [\d:]+ ana ▰▰▱▱▱ 40%/);
    expect(text()).toMatch(/critical: the end waits for it/);
    expect(text()).toMatch(/▸ ☐ The lexer/);
    expect(text()).toContain('deliverable, by somebody’s word');
    press('Down');
    expect(text()).toMatch(/proved by docs\/lexer\.md/);
    press('End');
    for (const words of ['output of ana', 'ana$']) expect(text()).toContain(words);
    expect(screen()).toHaveLength(size.rows);
    press('Esc');
    expect(text()).toMatch(/▸ +\+ ● running +lexer/);
  });
});

describe('the page of a task', () => {
  it('has dependencies, files, the prompt as its agent gets it, and history', () => {
    const { press, text } = open(begun(), { cols: 120, rows: 60 });
    press('o', 'Down', 'Down', 'Enter');
    expect(text()).toMatch(/needed by[^\n]*\n[^\n]*○ waiting +parser/);
    expect(text()).toMatch(/Write Cut text into tokens\.[^]*Change only:[^]*- src\/lexer\.ts/);
    expect(text()).toContain('task lexer started by llmctl for ana');
  });

  it('goes on with what its agent prints', async () => {
    const { press, text, fake } = open(begun());
    press('o', 'Down', 'Down', 'Enter', 'End');
    fake.print(1, ['ana$ make', 'all 12 tests pass']);
    await vi.waitFor(() => expect(text()).toContain('all 12 tests pass'), 5000);
  });

  it('asks for the screen of its agent where that is on no pane', () => {
    const { press, fake } = open(begun());
    press('z', 'Tab', 'o', 'Down', 'Down', 'Enter');
    expect(fake.views.at(-1)!.panes).toContainEqual({ pane: 1, cols: 0, rows: 0 });
    press('Esc');
    expect(fake.views.at(-1)!.panes.map(({ pane }) => pane)).toEqual([2]);
  });

  it('ticks its todos, and says who did', async () => {
    const { press, text, fake } = open(begun());
    press('o', 'Down', 'Down', 'Enter', 'Space');
    await settled();
    expect(fake.commands).toMatchObject([{ type: 'todo.check', done: true }]);
    expect(text()).toMatch(/▸ ☑ The lexer +llmctl \d\d:\d\d/);
    press('Space');
    await settled();
    expect(fake.commands.at(-1)).toMatchObject({ type: 'todo.check', done: false });
  });
});

describe('the tree', () => {
  it('folds, and unfolds a task into its todos, which Space ticks', async () => {
    const { press, text, fake } = open(begun());
    press('o', 'Space');
    expect(text()).toMatch(/▸ \+ ● running +phase base/);
    expect(text()).not.toContain('milestone m1');
    press('Right', 'Down', 'Down', 'Right');
    expect(text()).toMatch(/▸ +- ● running +lexer/);
    press('Down', 'Down', 'Space');
    await settled();
    expect(text()).toMatch(/▸ +☑ Its page/);
    expect(fake.commands).toHaveLength(1);
    press('Up', 'Up', 'Left');
    expect(text()).not.toContain('Its page');
  });

  it('keeps what is marked from one view to the other', () => {
    const { press, text } = open(begun());
    press('o', 'Down', 'Down', 'Down', 'Down', 'Down', 'Tab');
    expect(text()).toMatch(/▸ +● cli/);
    press('Tab');
    expect(text()).toMatch(/▸ +● running +cli/);
  });

  it('says why a key does nothing', () => {
    const { press, text } = open(begun());
    press('o', 's');
    expect(text()).toContain('start: mark a task');
    press('Down', 'Down', 's');
    expect(text()).toContain('start: lexer is running: r begins it anew');
    press('y');
    expect(text()).toContain('go: mark a gate');
    press('Tab', 'Left');
    expect(text()).toContain('fold: Tab goes to the tree');
  });

  it('says what to do where there is no plan', () => {
    const fake = begun();
    fake.update(() => ({ work: null }));
    const { press, text } = open(fake);
    press('o');
    expect(text()).toContain('llmctl init');
    press('Enter');
    expect(text()).toContain('open: there is nothing here yet');
  });

  it('asks before it goes against the plan', async () => {
    const { press, text, fake } = open(begun());
    press('o', ...Array.from({ length: 7 }, () => 'Down'), 's');
    await settled();
    expect(text()).toContain('all the same?');
    expect(text()).toMatch(/task parser can't start yet: it waits for lexer/);
    press('n');
    expect(fake.session.task('parser')?.stage).toBe('open');
    press('d');
    await settled();
    press('y');
    await settled();
    expect(fake.commands.at(-1)).toEqual({ type: 'task.done', task: 'parser', force: true });
    expect(text()).toMatch(/▸ +✓ done +parser/);
    press('r');
    expect(text()).toContain('task parser is done.');
    press('y');
    await settled();
    expect(fake.commands.at(-1)).toEqual({ type: 'task.retry', task: 'parser', force: true });
  });

  it('fails a task with a word why, and gives it to somebody else', async () => {
    const { press, type, text, fake } = open(begun());
    press('o', 'Down', 'Down', 'f');
    type('wrong grammar');
    expect(text()).toContain('task lexer fails: why?');
    press('Enter');
    await settled();
    expect(fake.commands).toEqual([{ type: 'task.fail', task: 'lexer', reason: 'wrong grammar' }]);
    expect(text()).toMatch(/▸ +\+ ✗ failed +lexer/);
    press('A');
    expect(text()).toMatch(/1 +ana[^]*3 +cleo[^]*p +a person/);
    press('p');
    await settled();
    expect(fake.commands.at(-1)).toEqual({ type: 'task.assign', task: 'lexer', agent: null });
    press('r');
    await settled();
    expect(fake.commands.at(-1)).toEqual({ type: 'task.retry', task: 'lexer', force: false });
  });
});

describe('a gate that asks', () => {
  it('is what w goes to, and says what go and no-go mean', async () => {
    const { press, text, fake } = open(asking());
    expect(text()).toMatch(/next gate ◆ asks you/);
    press('w');
    for (const words of [
      '─ gate ready ─',
      'Is the lexer fast enough?',
      'y  go      the parser begins',
      'n  no-go   the lexer is written anew; what follows stays held back',
      'after      ✓ lexer',
      'before     parser',
    ]) {
      expect(text()).toContain(words);
    }
    press('y');
    await settled();
    expect(fake.commands).toEqual([{ type: 'gate.pass', gate: 'ready', reason: '', force: false }]);
    expect(text()).toContain('gate ready: go');
    expect(text()).not.toContain('─ gate ready ─');
  });

  it('takes a no with a word why, and Esc takes the no back', async () => {
    const { press, type, text, fake } = open(asking());
    press('w', 'n', 'Esc');
    expect(text()).toContain('─ gate ready ─');
    press('n');
    type('too slow');
    press('Enter');
    await settled();
    expect(fake.commands).toEqual([{ type: 'gate.fail', gate: 'ready', reason: 'too slow', force: false }]);
    press('o', ...Array.from({ length: 4 }, () => 'Down'));
    expect(text()).toMatch(/▸ +✗ failed +gate ready/);
    press('W', 'Enter');
    await settled();
    expect(text()).toMatch(/▸ +■ waived +gate ready/);
    press('y');
    expect(text()).toContain('go: ready is waived: nothing waits for it');
  });

  it('is opened from its alert', async () => {
    const { press, text } = open(asking());
    press('a', 'Enter');
    expect(text()).toContain('─ gate ready ─');
    press('Esc');
    expect(text()).toContain('─ alerts ─');
  });

  it('is passed against its commands by force alone', async () => {
    const { press, text, fake } = open(asking());
    press('o', 'End', 'Enter');
    expect(text()).toMatch(/threshold size +< 900 kB/);
    expect(text()).toContain('$ wc -c out');
    press('y');
    await settled();
    expect(text()).toMatch(/gate shipped isn't reached yet: review is not/);
    press('y');
    await settled();
    expect(fake.commands.at(-1)).toMatchObject({ type: 'gate.pass', gate: 'shipped', force: true });
    expect(text()).toMatch(/▸ +✓ passed +gate shipped/);
  });

  it('says why the command was not done', async () => {
    const { press, text, fake } = open(asking());
    fake.refusal = 'the session is ending';
    press('w', 'y');
    await settled();
    expect(text()).toContain('the session is ending');
    expect(text()).toContain('─ gate ready ─');
  });
});

describe('the panel', () => {
  it('has how far the plan is, who has which task, and the todos of the agent with the focus first', () => {
    const fake = begun();
    const { screen, text, press } = open(fake, { cols: 120, rows: 40 });
    expect(text()).toMatch(/plan o ─+ 0\/5/);
    expect(text()).toMatch(/▸1 ● ana +working +lexer/);
    expect(text()).toMatch(/2 ● ben +working +cli/);
    expect(text()).toMatch(/left, over at/);
    expect(screen()[0]).toMatch(/1 ana.*● working lexer/);
    fake.tell({ type: 'todo.add', text: 'of nobody' });
    fake.tell({ type: 'todo.add', text: 'of docs', task: 'docs' });
    press('Tab', 'Tab');
    const order = ['☐ docs of docs', 'of nobody', '☐ lexer The lexer'];
    const rows = order.map((words) => screen().findIndex((row) => row.includes(words)));
    expect(rows[0]).toBeGreaterThan(0);
    expect(rows[0]).toBe(Math.min(...rows.filter((row) => row >= 0)));
  });

  it('says where rows are dear that a gate asks', () => {
    const { text } = open(asking(), { cols: 80, rows: 24 });
    expect(text()).toMatch(/plan 1\/5 ◆ 1 gate asks w/);
  });
});

describe('a plan of 2,000 tasks', () => {
  const many = () => {
    const tasks = Array.from({ length: 2000 }, (_, i) => ({
      id: `t${i}`,
      agent: ['ana', 'ben', 'cleo'][i % 3],
      phase: `p${Math.floor(i / 100)}`,
      estimateHours: 1 + (i % 7),
      dependsOn: i < 3 ? [] : [`t${i - 3}`, `t${i - 1}`],
    }));
    const phases = Array.from({ length: 20 }, (_, i) => ({ id: `p${i}` }));
    return new PlanRoom({ phases, tasks });
  };

  it('is shown a window of rows at a time, to its very end', () => {
    const { press, text } = open(many());
    press('o');
    expect(text()).toContain('tree 1/2020');
    press('End');
    expect(text()).toMatch(/▸ +○ waiting +t1999/);
    expect(text()).toContain('tree 2020/2020');
    press('PgUp', 'Tab');
    expect(text()).toMatch(/timeline \d+\/2000/);
  });
});

it('shows nothing of a plan raw', () => {
  const evil = '\u001b]0;x\u0007\u202e';
  const [first, ...rest] = PARTS.tasks;
  const fake = new PlanRoom({
    ...PARTS,
    tasks: [{ ...first, title: 'titled', acceptance: ['accepted'], prompt: 'told' }, ...rest],
  });
  const json = JSON.stringify(fake.session.state)
    .replaceAll('"titled"', JSON.stringify(`titled${evil}`))
    .replaceAll('"accepted"', JSON.stringify(`accepted${evil}`))
    .replaceAll('"told"', JSON.stringify(`told${evil}`));
  fake.update(() => JSON.parse(json) as ReturnType<PlanRoom['state']>);
  const { press, raw, text } = open(fake);
  const bare = () => raw().replaceAll(/\u001b\[[\d;]*m/g, '');
  for (const keys of [['o'], ['Tab'], ['Tab', 'Home', 'Down', 'Down', 'Enter']]) {
    press(...keys);
    expect(bare()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
  expect(text()).toContain('told␛]0;x␇');
});
