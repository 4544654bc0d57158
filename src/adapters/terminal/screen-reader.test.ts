import { describe, expect, it } from 'vitest';
import type { ScreenRule } from '../../core/profile/profile.ts';
import { XtermEmulator } from './emulator.ts';
import { ScreenReader } from './screen-reader.ts';

const rule = (id: string, match: string, state: ScreenRule['state'], priority = 0): ScreenRule => ({
  id,
  match,
  unless: null,
  text: null,
  until: null,
  state,
  for: null,
  since: null,
  before: null,
  also: [],
  after: null,
  region: 'bottom 4',
  priority,
  sure: false,
  answer: null,
});
const bytes = (text: string) => Buffer.from(text, 'utf8');

function reading(...rules: ScreenRule[]) {
  const emulator = new XtermEmulator(40, 6);
  const reader = new ScreenReader();
  const slow: string[] = [];
  reader.rules = { rules, version: null };
  const print = (text: string, now: number) => {
    emulator.parse(bytes(text));
    reader.changed(now);
  };
  const read = (now: number) => reader.read(emulator, now, now, (id) => void slow.push(id));
  return { emulator, reader, slow, print, read };
}

describe('reading a screen', () => {
  it('says what is new on it, once', () => {
    const { print, read } = reading(rule('busy', 'esc to interrupt', 'working'), rule('prompt', '^>', 'idle', -1));
    print('> \r\nesc to interrupt', 0);
    expect(read(50)).toMatchObject({ rule: 'busy', state: 'working' });
    print('.', 100);
    expect(read(250)).toBeUndefined();
    print('\x1b[2J\x1b[H> ', 300);
    expect(read(450)).toMatchObject({ rule: 'prompt' });
    print('\x1b[2J', 500);
    expect(read(650)).toBeNull();
  });

  it('waits until it stands still, not in the middle of a frame, and reads a storm now and then', () => {
    const { emulator, reader, print, read } = reading(rule('busy', 'x', 'working'));
    expect(reader.dueAt(emulator)).toBe(Number.NEGATIVE_INFINITY);
    read(0);
    expect(reader.dueAt(emulator)).toBe(Number.POSITIVE_INFINITY);
    print('a', 1_000);
    print('b', 1_030);
    expect(reader.dueAt(emulator)).toBe(1_040);
    print('\x1b[?2026h', 1_035);
    expect(reader.dueAt(emulator)).toBe(1_200);
    print('\x1b[?2026l', 1_050);
    read(1_050);
    print('c', 1_051);
    expect(reader.dueAt(emulator)).toBe(1_200);
  });

  it('reads nothing where there are no rules', () => {
    const { emulator, reader, print } = reading();
    print('a', 0);
    expect(reader.dueAt(emulator)).toBe(Number.POSITIVE_INFINITY);
  });

  it('switches a rule off that never comes to an end, and goes by the others at once', () => {
    const { print, read, slow } = reading(rule('loop', '^(a+)+b$', 'waiting', 1), rule('busy', 'a', 'working'));
    print('a'.repeat(39), 0);
    expect(read(50)).toMatchObject({ rule: 'busy' });
    expect(slow).toEqual(['loop']);
    print('!', 300);
    read(500);
    expect(slow).toEqual(['loop']);
  });
});
