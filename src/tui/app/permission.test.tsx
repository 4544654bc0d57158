import { afterEach, describe, expect, it } from 'vitest';
import { NO_PERMISSIONS } from '../../core/model/permission.ts';
import { askOf } from '../../core/permission/ask.ts';
import { fakeAgent } from '../testing/fake-agent.ts';
import { FakeRoom } from '../testing/fake-room.ts';
import { show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

/** Ada works; Bob asks whether he may push. */
function open() {
  const fake = new FakeRoom([fakeAgent('ada', 1), fakeAgent('bob', 2, { state: 'waiting', reason: 'permission' })]);
  const ask = askOf(
    'Bash',
    { command: 'git push \u001b[31m', patch: '--- a\n+++ a\n-old\n+new' },
    ['a.js'],
    'hook',
    'r',
  );
  const permission = { ...ask, id: 'p1', agent: 'bob', at: 0 };
  fake.update(() => ({ permissions: { waiting: { p1: permission }, granted: {}, rules: [] } }));
  shown = show(fake, { cols: 100, rows: 30, profiles: [] });
  return { fake, ...shown };
}

const answer = (verdict: string, reason = '') => ({ type: 'permission.answer', permission: 'p1', verdict, reason });

describe('what an agent asks', () => {
  it('is shown by w, whole; a says yes to it', () => {
    const { fake, press, text, ui } = open();
    press('w');
    for (const part of ['bob asks', '$ git push', 'a.js', 'command git push, for the rest of the session', '+new']) {
      expect(text()).toContain(part);
    }
    expect(text()).not.toContain('\u001b[31m');
    press('a');
    expect(fake.commands).toEqual([answer('allow')]);
    expect(ui().popup).toBeNull();
  });

  it('is answered where the focus is: A from now on, D with a word why', () => {
    const { fake, press, type } = open();
    press('2', 'A', 'D');
    type('not today');
    press('Enter');
    expect(fake.commands).toEqual([answer('always'), answer('deny', 'not today')]);
  });

  it('gives its keys back once it is answered', () => {
    const { fake, press, ui } = open();
    press('2');
    fake.update(() => ({ permissions: NO_PERMISSIONS }));
    press('a');
    expect(fake.commands).toEqual([]);
    expect(ui().popup?.kind).toBe('alerts');
  });

  it('is nobody else’s: the keys of another agent stay what they are', () => {
    const { fake, press, ui } = open();
    press('1', 'a');
    expect(fake.commands).toEqual([]);
    expect(ui().popup?.kind).toBe('alerts');
  });
});
