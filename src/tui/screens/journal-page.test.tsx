import { afterEach, describe, expect, it } from 'vitest';
import type { Event } from '../../core/model/events.ts';
import { fakeAgent } from '../testing/fake-agent.ts';
import { FakeRoom } from '../testing/fake-room.ts';
import { type ShowOptions, show } from '../testing/show.tsx';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

const by = { kind: 'person', name: 'eva' } as const;
const said = (agent: string, text: string): Event => ({ type: 'agent.progress', agent, percent: null, text });

/** 800 reports of two agents, a failed task at 234, and at the end an alert. */
function many(): readonly Event[] {
  const events = Array.from({ length: 800 }, (_, i): Event =>
    i === 233
      ? { type: 'task.failed', task: 'parser', reason: 'it never parsed', by }
      : said(i % 2 === 0 ? 'ada' : 'bob', `report ${i + 1}`),
  );
  return [
    ...events,
    { type: 'alert.raised', id: 'a', level: 'warn', text: 'the disk is nearly full', agent: null, cause: 'd' },
  ];
}

function open(events: readonly Event[], options: ShowOptions = {}) {
  const fake = new FakeRoom([fakeAgent('ada', 1), fakeAgent('bob', 2)]);
  fake.happen(...events);
  shown = show(fake, options);
  return { fake, ...shown };
}

/** Answers of the session come in their own time. */
async function sees(room: Pick<ReturnType<typeof show>, 'text'>, what: string | RegExp): Promise<void> {
  await expect.poll(() => room.text(), { timeout: 10_000 }).toMatch(what);
}

describe.each([
  { cols: 80, rows: 24 },
  { cols: 200, rows: 60 },
])('the log at $cols×$rows', (size) => {
  it('shows the newest events, and goes back through all of them, a piece at a time', async () => {
    const room = open(many(), size);
    room.fake.recentKept = 50;
    room.press('l');
    await sees(room, /▸ .* ! .*warn: the disk is nearly full/);
    expect(room.text()).toContain('event 801 of 801');
    expect(room.text()).toContain('follows the newest');
    room.press('Home');
    await sees(room, /▸ .*ada .*report 1 /);
    room.press('PgDn', 'Down', 'Up', 'Up');
    const { journal } = room.fake;
    let asked = 0;
    room.fake.journal = (sought) => {
      asked++;
      return journal.call(room.fake, sought);
    };
    room.press('End');
    await sees(room, 'event 801 of 801');
    // It goes there, and doesn't read all that is in between.
    expect(asked).toBeLessThanOrEqual(1);
    expect(room.screen()).toHaveLength(size.rows);
    expect(Math.max(...room.screen().map((row) => row.length))).toBeLessThanOrEqual(size.cols);
  });
});

describe('the log', () => {
  it('filters by agent, type and level, and takes in what happens meanwhile', async () => {
    const room = open(many());
    room.press('l');
    await sees(room, 'nearly full');
    room.press('Tab');
    await sees(room, /agent ada +type all/);
    await sees(room, /report 799/);
    expect(room.text()).not.toContain('report 800');
    room.fake.happen(said('ada', 'something new'), said('bob', 'not for this filter'));
    await sees(room, /▸ .*something new/);
    expect(room.text()).not.toContain('not for this filter');
    room.press('Tab', 'Tab', 'y', 'y');
    await sees(room, /agent all +type task/);
    await sees(room, /▸ .*234 ✗ .*task.failed +task parser has failed: it never parsed/);
    room.press('y');
    await sees(room, 'no event fits: x shows all');
    room.press('x', 'v', 'v');
    await sees(room, 'level warn and above');
    await sees(room, 'event 801 of 803');
    room.press('Up');
    await sees(room, 'event 234 of 803');
  });

  it('finds what is searched for, wherever it is, and tells where there is no more', async () => {
    const room = open(many());
    room.fake.journalPiece = 100;
    room.fake.recentKept = 10;
    room.press('l');
    await sees(room, 'nearly full');
    room.press('/');
    room.type('NEVER parsed');
    expect(room.text()).toContain('/NEVER parsed');
    room.press('Enter');
    await sees(room, 'event 234 of 801');
    room.press('n');
    await sees(room, 'nothing before this says NEVER parsed');
    room.press('/');
    room.type('report 23');
    room.press('Enter');
    await sees(room, 'event 233 of');
    room.press('n');
    await sees(room, 'event 232 of');
    room.press('N', 'N');
    await sees(room, 'event 235 of');
  });

  it('says what is wrong while the session does not answer, and goes on afterwards', async () => {
    const room = open(many());
    const { journal } = room.fake;
    room.fake.recentKept = 0;
    room.fake.journal = () => Promise.reject(new Error('not connected\u001b[2J just now'));
    room.press('l');
    await sees(room, 'not connected␛');
    room.fake.journal = journal;
    room.fake.happen(said('ada', 'again'));
    await sees(room, /▸ .*again/);
    expect(room.text()).not.toContain('not connected');
  });
});

describe('an event', () => {
  it('is shown whole, with those before and behind it', async () => {
    const room = open(many());
    room.press('l');
    await sees(room, 'nearly full');
    room.press('Enter');
    await sees(room, '─ event 801 ─');
    expect(room.text()).toMatch(/"type": "alert.raised",/);
    expect(room.text()).toMatch(/"text": "the disk is nearly full"/);
    room.press('Left');
    await sees(room, /─ event 800 .*"percent": null/s);
    room.press('Esc');
    await sees(room, 'event 800 of 801');
  });
});

describe('the room as it was', () => {
  it('is that of the event that is chosen, until one goes back to now', async () => {
    const room = open([said('ada', 'one'), said('ada', 'two'), said('bob', 'three')]);
    const now = room.fake.state();
    const then = (state: 'idle' | 'stuck') => {
      const ada = now.agents.ada!;
      return {
        ...now,
        agents: { ada: { ...ada, status: { ...ada.status, state, reason: `it was ${state}` } } },
        order: ['ada'],
      };
    };
    room.fake.pastStates[2] = then('stuck');
    room.fake.pastStates[1] = then('idle');
    room.press('l');
    await sees(room, /▸ .*three/);
    room.press('Up', 's');
    await sees(room, /as it was after event 2 · .*ada reports: two/);
    expect(room.text()).toMatch(/why +it was stuck/);
    expect(room.text()).not.toContain('bob');
    room.press('p');
    expect(room.fake.commands).toEqual([]);
    room.press('[');
    await sees(room, /as it was after event 1 .*it was idle/s);
    room.press('g');
    await sees(room, 'git only knows how it is now');
    room.press('a');
    await sees(room, '─ alerts ─');
    room.press('Esc', 'l');
    await sees(room, 'event 1 of 3');
    room.press('Esc', 'Esc');
    await sees(room, /2 bob/);
    expect(room.text()).not.toContain('as it was');
  });
});
