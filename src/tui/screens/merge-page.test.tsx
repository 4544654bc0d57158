import { afterEach, describe, expect, it } from 'vitest';
import type { OverlapReply } from '../../client/api.ts';
import type { Settled } from '../../core/merge/round.ts';
import { SEGMENTS, conflictRoom } from '../testing/fake-merge.ts';
import type { FakeRoom } from '../testing/fake-room.ts';
import { type ShowOptions, show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

/** The merge screen of the only overlap, its texts there. */
async function open(fake: FakeRoom = conflictRoom(), options: ShowOptions = {}) {
  shown = show(fake, { cols: 120, rows: 40, ...options });
  shown.press('c', 'Enter');
  await settled();
  return { fake, ...shown };
}

/** Answers of the fake come in microtasks; loading the colours takes turns of the loop. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** The texts of the decision that was sent last. */
function decision(fake: FakeRoom): { readonly take: Settled['take']; readonly text: string } {
  const command = fake.commands.at(-1);
  if (command?.type !== 'overlap.settle') throw new Error(`no decision was sent, but ${command?.type}`);
  const [choice] = command.settled;
  const text = choice?.take === 'edit' ? Buffer.from(choice.content, 'base64').toString() : '';
  return { take: choice!.take, text };
}

const BEFORE = '// calc\n\none();\ntwo();\nthree();\n';
const BETWEEN = 'four();\nfifth();\nsix();\n';

describe.each([
  { cols: 80, rows: 24 },
  { cols: 200, rows: 60 },
])('the merge screen at $cols×$rows', (size) => {
  it('shows who, which file, what is undecided, and all three texts of a conflict', async () => {
    const { text, screen } = await open(conflictRoom(), size);
    expect(text()).toContain('merge src/calc.js');
    expect(text()).toMatch(/A ana {2}B ben · both stand still · since 2m · policy merge/);
    expect(text()).toContain('0 of 2 conflicts decided');
    expect(text()).toMatch(/▸ conflict 1, line 6 {2}▲ undecided/);
    for (const words of ["const ana = 'A';", 'let x;', 'const ben = 2;', '⋯ 2 lines alike'])
      expect(text()).toContain(words);
    // A tab is seen.
    expect(text()).toContain('→   ben(ben);');
    expect(screen()).toHaveLength(size.rows);
    expect(Math.max(...screen().map((row) => row.length))).toBeLessThanOrEqual(size.cols);
  });

  it('marks the conflict that is clicked, and takes the text that is clicked in the marked one', async () => {
    const { text, screen, controller, press } = await open(conflictRoom(), size);
    const click = (words: string, kind: 'press' | 'double' = 'press'): void => {
      const y = screen().findIndex((row) => row.includes(words));
      const x = screen()[y]!.indexOf(words);
      controller.mouse({ kind, button: 0, x, y, shift: false, alt: false, ctrl: false });
    };
    press('n', 'Home');
    click('conflict 1, line 6');
    expect(text()).toMatch(/▸ conflict 1, line 6 {2}▲ undecided/);
    // The base is nobody's text.
    click('let x;');
    expect(text()).toContain('0 of 2 conflicts decided');
    click('const ben = 2;');
    expect(text()).toMatch(/▸ conflict 2/);
    press('Home');
    expect(text()).toMatch(/conflict 1, line 6 {2}✓ B, ben/);
    // Two in quick succession mark and take; nothing is taken as a whole by that.
    click("const ana = 'A';");
    click("const ana = 'A';", 'double');
    press('Home');
    expect(text()).toMatch(/conflict 1, line 6 {2}✓ A, ana/);
    expect(text()).toContain('1 of 2 conflicts decided');
    press('v');
    click('merge src/calc.js');
    expect(text()).toContain('1 of 2 conflicts decided');
  });

  it('goes from conflict to conflict', async () => {
    const { text, press } = await open(conflictRoom(), size);
    press('n');
    expect(text()).toMatch(/▸ conflict 2, line 10/);
    expect(text()).toContain('last A (no line end)');
    expect(text()).toContain('combined: from ben');
    press('n');
    expect(text()).toMatch(/▸ conflict 1/);
    press('N');
    expect(text()).toMatch(/▸ conflict 2/);
  });
});

describe('side by side', () => {
  it('has A, base and B in one row where there are three columns, else below each other', async () => {
    const wide = await open();
    expect(wide.text()).toMatch(/A ana +│ base +│ B ben/);
    expect(wide.text()).toMatch(/const ana = 'A'; +│ let x; +│ const ben = 2;/);
    wide.close();
    const narrow = await open(conflictRoom(), { cols: 80, rows: 24 });
    expect(narrow.text()).not.toMatch(/│ base +│ B/);
  });

  it('has colours of code, none of its control characters, and folds what is too long', async () => {
    const evil = `const x = '\u001b[2J\u202e${'y'.repeat(150)}end';\n`;
    const fake = conflictRoom({ segments: [{ kind: 'conflict', a: [evil], base: [], b: [] }] });
    const { raw, text } = await open(fake);
    for (let i = 0; i < 50 && !shown!.store.room().code; i++) await settled();
    shown!.store.refresh();
    expect(raw()).not.toMatch(/\u001b\[2J|\u202e/);
    expect(text()).toContain('␛[2J�');
    expect(text()).toContain("end';");
    const keyword = shown!.store.look().theme.paints['code.keyword'].sgr;
    expect(raw()).toContain(`${keyword}const`);
  });
});

describe('deciding', () => {
  it('takes a side of each conflict, and sends the file as the preview shows it', async () => {
    const { fake, press, text } = await open();
    press('a');
    // On to the next that is open.
    expect(text()).toMatch(/conflict 1, line 6 {2}✓ A, ana/);
    expect(text()).toMatch(/▸ conflict 2.*undecided/);
    press('b', 'v');
    expect(text()).toMatch(/ 6 A +const ana = 'A';/);
    expect(text()).toMatch(/ 8 B +fifth\(\);/);
    press('Enter');
    await settled();
    expect(decision(fake)).toEqual({ take: 'edit', text: `${BEFORE}const ana = 'A';\n${BETWEEN}last B\n` });
    expect(text()).toContain('decided: both get src/calc.js and go on');
    expect(shown!.ui().popup?.kind).toBe('overlaps');
  });

  it('takes both, in either order, each line on its own', async () => {
    const { fake, press } = await open();
    press('2', '2', 'Enter');
    await settled();
    expect(decision(fake).text).toBe(
      `${BEFORE}const ana = 'A';\nconst ben = 2;\n\tben(ben);\n${BETWEEN}last A\nlast B\n`,
    );
    press('Enter');
    await settled();
    press('3', '3', 'Enter');
    await settled();
    expect(decision(fake).text).toBe(
      `${BEFORE}const ben = 2;\n\tben(ben);\nconst ana = 'A';\n${BETWEEN}last B\nlast A`,
    );
  });

  it("names the side where the result is that side's file, and only there", async () => {
    const b = await open();
    b.press('B', 'Enter');
    await settled();
    // All of B's, for the change that combines is B's too.
    expect(decision(b.fake).take).toBe('B');
    b.close();
    const a = await open();
    a.press('A', 'Enter');
    await settled();
    expect(decision(a.fake)).toEqual({ take: 'edit', text: `${BEFORE}const ana = 'A';\n${BETWEEN}last A` });
  });

  it('says what is missing instead of guessing', async () => {
    const { fake, press, text } = await open();
    press('Enter');
    expect(text()).toContain('take it: 2 conflicts are undecided: n goes to the next');
    press('a', 'b', 'x', 'Enter');
    expect(text()).toContain('1 conflict is undecided');
    expect(fake.commands).toEqual([]);
  });

  it('decides nothing while both write on: they are paused first', async () => {
    const fake = conflictRoom();
    fake.update(() => ({ rounds: {} }));
    const { press, text } = await open(fake);
    expect(text()).toContain('both write on: m pauses them');
    press('A', 'Enter');
    expect(text()).toContain('both write on: m pauses them first');
    press('m');
    expect(fake.commands).toEqual([{ type: 'overlap.merge', overlap: 'ov1' }]);
  });

  it('says yes to a merge that waits for it', async () => {
    const segments = SEGMENTS.filter(({ kind }) => kind !== 'conflict');
    const fake = conflictRoom({ segments }, { confirm: true, conflicts: [] });
    const { press, text } = await open(fake);
    expect(text()).toContain('all of it combines');
    press('Enter');
    await settled();
    expect(fake.commands).toEqual([{ type: 'overlap.merge', overlap: 'ov1' }]);
  });

  it('takes a file without text from one side', async () => {
    const fake = conflictRoom({ segments: null, a: 'absent', b: 'binary', why: 'it is not text on both sides' });
    const { press, text } = await open(fake);
    expect(text()).toMatch(/A ana +no file/);
    expect(text()).toMatch(/B ben +binary/);
    press('2');
    expect(text()).toContain('this file has no text to choose from: a takes A, b takes B');
    press('Enter');
    expect(text()).toContain('nothing is decided');
    press('b', 'Enter');
    await settled();
    expect(decision(fake).take).toBe('B');
  });

  it('puts it off, and says why it could not', async () => {
    const { fake, press, text } = await open();
    fake.refusal = 'round r1 is past that';
    press('d');
    await settled();
    expect(text()).toContain('round r1 is past that');
    press('d');
    await settled();
    expect(fake.commands.at(-1)).toEqual({ type: 'overlap.defer', overlap: 'ov1' });
    expect(text()).toContain('put off: both go on as they were');
  });

  it('leaves a read-only screen alone', async () => {
    const fake = conflictRoom();
    fake.readOnly = true;
    const { press, text } = await open(fake);
    press('A', 'Enter');
    expect(text()).toContain('this screen is read-only');
    expect(fake.commands).toEqual([]);
  });

  it('keeps what was decided when other texts come, and asks for what is new', async () => {
    const { fake, press, text } = await open();
    press('a');
    const reply: OverlapReply = fake.overlapReplies['ov1']!;
    const fresh = { kind: 'conflict', a: ['new A\n'], base: [], b: ['new B\n'] } as const;
    fake.overlapReplies['ov1'] = { ...reply, segments: [fresh, ...SEGMENTS] };
    fake.agent('ana', () => ({ git: { branch: 'llmctl/ana', changed: ['src/calc.js'], ahead: 0, behind: 0 } }));
    shown!.store.refresh();
    await settled();
    expect(text()).toContain('1 of 3 conflicts decided');
    expect(text()).toMatch(/conflict 2, line 7 {2}✓ A, ana/);
  });
});

describe('editing in place', () => {
  it('begins with both texts, and its text is the decision', async () => {
    const { fake, press, type, text } = await open();
    press('i');
    expect(text()).toContain('Ctrl+s keeps the text, Esc puts it aside');
    type('// own');
    press('Enter', 'Down', 'Delete', 'Tab', 'Ctrl+s');
    expect(text()).toMatch(/conflict 1, line 6 {2}✓ edited/);
    press('b', 'Enter');
    await settled();
    expect(decision(fake).text).toBe(
      `${BEFORE}// own\nconst ana = 'A';\n\tonst ben = 2;\n\tben(ben);\n${BETWEEN}last B\n`,
    );
  });

  it('loses nothing on Esc', async () => {
    const { press, type, text } = await open();
    press('i');
    type('mine ');
    press('Esc');
    expect(text()).toMatch(/conflict 1.*undecided.*a text of yours is put aside: i/);
    press('i');
    expect(text()).toContain("mine const ana = 'A';");
    press('Esc', 'Esc');
    expect(shown!.ui().popup?.kind).toBe('overlaps');
  });

  it('takes a paste with its lines', async () => {
    const { press, text, controller } = await open();
    press('i');
    controller.paste('p1\r\np2\n');
    press('Ctrl+s');
    expect(text()).toMatch(/✎ p1 .*\n.*✎ p2 /);
  });
});

describe('handing over', () => {
  it('sends the conflict to an agent that has no part in it', async () => {
    const { fake, press, text } = await open();
    press('h');
    expect(text()).toContain('hand the conflict to whom?');
    expect(text()).toMatch(/1 {2}cleo/);
    press('1');
    await settled();
    const command = fake.commands.at(-1);
    expect(command).toMatchObject({ type: 'agent.send', agent: 'cleo', enter: true });
    if (command?.type !== 'agent.send') return;
    expect(command.text).toContain("<<<<<<< ana\nconst ana = 'A';\n||||||| base\nlet x;\n=======");
    expect(command.text).toContain('llmctl merge ov1 --take edit --file');
    // Back where it was.
    expect(shown!.ui().popup?.kind).toBe('merge');
  });

  it('says so where nobody is free', async () => {
    const fake = conflictRoom();
    fake.agent('cleo', () => ({ run: null }));
    const { press, text } = await open(fake);
    press('h');
    expect(text()).toContain('no other agent is free for it');
  });
});
