import { expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../core/notify/rules.ts';
import { noticeSequence } from '../terminal/notice-sequence.ts';
import { fakeAgent } from '../testing/fake-agent.ts';
import { FakeRoom } from '../testing/fake-room.ts';
import { watchNotices } from './notices.ts';

it('rings once for what comes together, and not for what was there before', () => {
  const room = new FakeRoom([fakeAgent('ada', 1)]);
  const texts: string[] = [];
  const stop = watchNotices(room, DEFAULT_RULES, (text) => texts.push(text));
  const raised = (cause: string, level: 'info' | 'error') =>
    ({ type: 'alert.raised', id: cause, level, text: cause, agent: null, cause }) as const;
  room.happen(raised('a', 'error'), raised('b', 'error'));
  room.happen(raised('a', 'error'));
  room.happen(raised('c', 'info'));
  expect(texts).toEqual(['b']);
  stop();
});

it('sends nothing but its own words', () => {
  const wish = { bell: true, terminal: 'osc9' } as const;
  expect(noticeSequence('ana\x1b]52;c;x\x07 waits; now', wish, {})).toBe(
    '\x1b]9;llmctl: ana␛]52,c,x␇ waits, now\x07\x07',
  );
  expect(noticeSequence('a', { bell: false, terminal: 'osc777' }, { TMUX: 'x' })).toBe(
    '\x1bPtmux;\x1b\x1b]777;notify;llmctl;a\x07\x1b\\',
  );
  expect(noticeSequence('a', { bell: true, terminal: 'off' }, {})).toBe('\x07');
});
