import { afterEach, describe, expect, it } from 'vitest';
import { fakeAgent } from '../testing/fake-agent.ts';
import { conflictRoom } from '../testing/fake-merge.ts';
import { show } from '../testing/show.tsx';
import type { MergeSides, OutsideFiles } from './outside-files.ts';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

const settled = async () => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** One file, which the test writes as an editor would. */
class Desk implements OutsideFiles {
  text = '';
  sides: MergeSides | null = null;
  removed = 0;

  async edit(name: string, bytes: Uint8Array) {
    this.text = Buffer.from(bytes).toString();
    return this.#file(['vi', name]);
  }

  async mergetool(name: string, sides: MergeSides) {
    this.sides = sides;
    return this.#file(['git', 'mergetool', name]);
  }

  async open(path: string, line: number) {
    return ['vi', `+${line}`, path];
  }

  #file(command: readonly string[]) {
    return {
      command,
      cwd: '/tmp/desk',
      read: async () => Buffer.from(this.text),
      remove: async () => void this.removed++,
    };
  }
}

async function open(key: 'e' | 'g') {
  const fake = conflictRoom();
  const desk = new Desk();
  shown = show(fake, { cols: 120, rows: 40, files: desk });
  shown.press('c', 'Enter');
  await settled();
  shown.press('a', key);
  await settled();
  const id = fake.added.at(-1)!.id;
  const begin = async () => {
    fake.update(({ agents, order }) => ({ agents: { ...agents, [id]: fakeAgent(id, 9) }, order: [...order, id] }));
    await settled();
  };
  /** The program ends. */
  const end = async () => {
    fake.agent(id, ({ status }) => ({ run: null, status: { ...status, state: 'done' } }));
    await settled();
  };
  return { fake, desk, begin, end, id, ...shown };
}

describe('an editor in a pane', () => {
  it('has the file with what is undecided marked, gets the keys, and its text becomes the decision', async () => {
    const { fake, desk, begin, end, entered, text, press, ui } = await open('e');
    expect(fake.added).toMatchObject([
      { id: 'edit', command: ['vi', 'calc.js'], cwd: '/tmp/desk', workspace: 'shared' },
    ]);
    expect(desk.text).toContain("three();\nconst ana = 'A';\nfour();");
    expect(desk.text).toContain('<<<<<<< ana\nlast A\n');
    await begin();
    expect(entered).toEqual([9]);
    expect(ui().popup).toBeNull();
    desk.text = 'all of it is mine\n';
    await end();
    expect(fake.commands).toEqual([{ type: 'agent.remove', agent: 'edit' }]);
    expect(desk.removed).toBe(1);
    expect(text()).toMatch(/1 ✎ +all of it is mine/);
    press('Enter');
    await settled();
    expect(fake.commands.at(-1)).toMatchObject({
      type: 'overlap.settle',
      settled: [{ take: 'edit', content: Buffer.from('all of it is mine\n').toString('base64') }],
    });
  });

  it('decides nothing while markers are left, and forgets nothing', async () => {
    const { begin, end, text } = await open('e');
    await begin();
    await end();
    expect(text()).toContain('conflict markers are left in the text');
    expect(text()).toContain('1 of 2 conflicts decided');
  });

  it('says why it could not be started, and leaves no file', async () => {
    const fake = conflictRoom();
    const desk = new Desk();
    shown = show(fake, { cols: 120, rows: 40, files: desk });
    shown.press('c', 'Enter');
    await settled();
    fake.refusal = 'vi: no such program';
    shown.press('e');
    await settled();
    expect(shown.text()).toContain('vi: no such program');
    expect(desk.removed).toBe(1);
    expect(shown.ui().popup?.kind).toBe('merge');
  });

  it('is refused where there is none', async () => {
    shown = show(conflictRoom(), { cols: 120, rows: 40 });
    shown.press('c', 'Enter');
    await settled();
    shown.press('e');
    expect(shown.text()).toContain('there is no editor beside this session: i edits here');
  });
});

it('gives a merge tool all three files', async () => {
  const { desk, fake } = await open('g');
  expect(fake.added).toMatchObject([{ id: 'mergetool', command: ['git', 'mergetool', 'calc.js'] }]);
  const texts = Object.values(desk.sides ?? {}).map((bytes: Uint8Array) => Buffer.from(bytes).toString());
  expect(texts[0]).toMatch(/three\(\);\nlet x;\nfour\(\);\nfive\(\);/);
  expect(texts[1]).toContain("const ana = 'A';\nfour();\nfive();");
  expect(texts[2]).toContain('four();\nfifth();');
});
