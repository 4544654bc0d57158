import { afterEach, describe, it } from 'vitest';
import { PlanRoom } from '../testing/fake-plan.ts';
import { type ShowOptions, show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

function open(fake = new PlanRoom(), options: ShowOptions = {}) {
  shown = show(fake, { cols: 120, rows: 40, ...options });
  return { fake, ...shown };
}

describe('dump', () => {
  it.each([{ cols: 100, rows: 34 }])('x', async (size) => {
    const fake = new PlanRoom();
    fake.tell({ type: 'agent.report', agent: 'ana', kind: 'progress', percent: 40, text: '' });
    const { press, text, type } = open(fake, size);
    press('o', 'Down', 'Down', 'Enter');
    console.log(text());
    press('Space');
    await new Promise(setImmediate);
    console.log(text());
    press('Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Down');
    console.log(text());
    press('Esc', 'd');
    await new Promise(setImmediate);
    fake.session.checked('lexer', [true]);
    fake.follow();
    console.log(text());
    press('w');
    console.log(text());
    press('n');
    type('too slow');
    console.log(text());
    press('Enter');
    await new Promise(setImmediate);
    console.log(text());
  });
});
