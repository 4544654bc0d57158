import { describe, expect, it } from 'vitest';
import { compareVersions, eventSaying, firstSaying, readyRules } from './match.ts';
import { compilePattern } from './pattern.ts';
import type { EventRule, ScreenRule } from './profile.ts';
import { resetTime } from './reset-time.ts';
import { screenSaying } from './screen.ts';

const NOW = Date.UTC(2026, 4, 1, 13, 0);
const clock = { now: NOW, zoneMinutes: 120 };
const PLAIN = { for: null, since: null, before: null, text: null, until: null };
const rule = (id: string, match: string, more: Partial<ScreenRule> = {}): ScreenRule => ({
  id,
  match,
  unless: null,
  state: 'working',
  ...PLAIN,
  also: [],
  after: null,
  region: 'bottom 4',
  priority: 0,
  sure: false,
  answer: null,
  ...more,
});
const on = (rows: readonly string[], ...rules: ScreenRule[]) => screenSaying(readyRules(rules, '2.1.0'), rows, clock);

describe('screen rules', () => {
  it('look at their region of rows that are not empty', () => {
    const rows = ['Do you want it?', '', 'a', '', 'b', 'c', '', 'd', ''];
    expect(on(rows, rule('x', 'Do you want'))).toBeNull();
    expect(on(rows, rule('x', 'Do you want', { region: 'top 1' }))).toMatchObject({ rule: 'x' });
    expect(on(rows, rule('x', 'Do you want', { region: 'screen' }))).toMatchObject({ rule: 'x' });
  });

  it('find a text that a narrow pane breaks in two, frames and all', () => {
    const rows = ['│ Do you want to      │', '│ make this edit?     │'];
    expect(on(rows, rule('x', 'want to make this (?<what>\\w+)', { text: 'wants: $<what>' }))).toMatchObject({
      text: 'wants: edit',
      matched: 'want to make this edit',
    });
  });

  it('count by priority, then in their order, of the version that runs', () => {
    const rows = ['busy'];
    expect(on(rows, rule('a', 'busy'), rule('b', 'busy', { priority: 1 }))?.rule).toBe('b');
    expect(on(rows, rule('a', 'busy'), rule('b', 'busy'))?.rule).toBe('a');
    expect(on(rows, rule('old', 'busy', { before: '2.1' }), rule('new', 'busy', { since: '2.0.9' }))?.rule).toBe('new');
    expect(compareVersions('2.1.328', '2.1.99')).toBeGreaterThan(0);
  });

  it('need all that they name, not what they exclude, and look behind the last message', () => {
    const rows = ['> first', 'error 401', '> second', 'fine'];
    expect(on(rows, rule('x', '401', { after: '^> ' }))).toBeNull();
    expect(on(rows, rule('x', 'fine', { after: '^> ' }))).toMatchObject({ rule: 'x' });
    expect(on(rows, rule('x', '401', { also: ['fine', 'nowhere'] }))).toBeNull();
    expect(on(rows, rule('x', '401', { unless: 'fine' }))).toBeNull();
  });

  it('say until when a limit lasts', () => {
    const limit = rule('x', 'resets at (?<end>.*)', { state: 'limited', until: '$<end>' });
    expect(on(['limit reached, resets at 3pm'], limit)).toMatchObject({ until: Date.UTC(2026, 4, 2, 13, 0) });
    expect(on(['limit reached, resets at 3:30pm'], limit)).toMatchObject({ until: Date.UTC(2026, 4, 1, 13, 30) });
  });
});

describe('a blank in a pattern', () => {
  it.each([
    ['a b', 'a\n│ b', true],
    ['^ *x', '   x', true],
    ['[a b]c', 'bc', true],
    ['a  b', 'a b', false],
    ['a\\ b', 'a b', false],
  ])('%s in %j: %s', (source, text, matches) => {
    const compiled = compilePattern(source);
    expect(compiled.ok && compiled.regexp.test(text)).toBe(matches);
  });
});

describe('titles', () => {
  it('are matched as they are', () => {
    const rules = readyRules([{ id: 'busy', match: '^✦', unless: null, state: 'working', ...PLAIN }], null);
    expect(firstSaying(rules, '✦ Working…', clock)).toMatchObject({ state: 'working', rule: 'busy' });
    expect(firstSaying(rules, 'Working ✦', clock)).toBeNull();
  });
});

describe('hooks', () => {
  const asks: EventRule = {
    ...PLAIN,
    on: 'PermissionRequest',
    where: { tool_name: '^Bash$' },
    state: 'waiting',
    for: 'permission',
    text: '{tool_name}: {input.path|input.command}',
  };
  it('say what their fields say', () => {
    const body = { tool_name: 'Bash', input: { command: 'make\u001b[2J' } };
    expect(eventSaying([asks], 'PermissionRequest', body, null, clock)).toMatchObject({
      state: 'waiting',
      waitingFor: 'permission',
      text: expect.stringMatching(/^Bash: make[^\u001b]*\[2J$/),
    });
  });
  it.each([null, 1, 'x', [], { tool_name: 'Read' }, { __proto__: { tool_name: 'Bash' } }])(
    '%j says nothing',
    (body) => {
      expect(eventSaying([asks], 'PermissionRequest', body, null, clock)).toBeNull();
    },
  );
});

describe('the end of a limit', () => {
  it.each([
    ['59m 58s', NOW + 3_598_000],
    ['in 1h30m', NOW + 5_400_000],
    ['45 seconds', NOW + 45_000],
    ['9:49 PM UTC', Date.UTC(2026, 4, 1, 21, 49)],
    ['3:00 pm', Date.UTC(2026, 4, 2, 13, 0)],
    ['15:01', Date.UTC(2026, 4, 1, 13, 1)],
    ['2026-05-01T20:00:00Z', Date.UTC(2026, 4, 1, 20)],
    ['1777654800', 1_777_654_800_000],
    ['1777654800123', 1_777_654_800_123],
    ['soon', null],
    ['25:00', null],
    ['3', null],
  ])('%s', (text, at) => {
    expect(resetTime(text, NOW, 120)).toBe(at);
  });
});
