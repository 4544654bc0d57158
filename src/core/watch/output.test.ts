import { describe, expect, it } from 'vitest';
import { findLoop, isNews, nearLimit, saidLines } from './output.ts';

const screen = (spinner: string, ...more: string[]): string[] => [
  '● I look at the parser now',
  ...more,
  `✶ ${spinner}… (12s · ↓ 4.1k tokens · esc to interrupt)`,
  '╭────────────────────────╮',
  '│ >                      │',
  '  ? for shortcuts              Context left until auto-compact: 42%',
];

describe('the output of an agent', () => {
  it('is no progress where only a spinner, a clock and a counter move', () => {
    const before = saidLines(screen('Puzzling'), '');
    expect(isNews(before, saidLines(screen('Reading'), ''))).toBe(false);
    expect(isNews(before, saidLines(['⠋ Working 12s', '⠙ Working 13s', ...screen('Mulling')], ''))).toBe(false);
  });

  it('is progress where it says something new', () => {
    const more = ['● The grammar is ambiguous there', '  I make the operator bind to the left'];
    expect(isNews(saidLines(screen('Puzzling'), ''), saidLines(screen('Puzzling', ...more), ''))).toBe(true);
  });

  it('is no progress where it is the echo of what the agent was asked', () => {
    const told = 'llmctl: you have shown no progress for a while with task parser. How does it stand?';
    const echo = [
      '⠋ Working (3s)> llmctl: you have shown no progress for',
      '  a while with task parser. How does it stand?',
    ];
    expect(isNews(saidLines(screen('Puzzling'), told), saidLines(screen('Puzzling', ...echo), told))).toBe(false);
  });
});

describe('a loop', () => {
  const round = (at: number): string[] => [
    '● Bash(npm test)',
    `  ⎿  ${at} tests ran`,
    'AssertionError [ERR_ASSERTION]: 3 is not 4 (error)',
    `● Edit(src/file-${at}.ts)`,
  ];

  it('is the same command over and over', () => {
    const lines = Array.from({ length: 6 }, (_, at) => round(at)).flat();
    expect(findLoop(lines)).toMatchObject({ kind: 'command', line: '● Bash(npm test)', times: 6 });
    expect(findLoop(lines.slice(-16))).toBeNull();
  });

  it('is not many errors of one build', () => {
    expect(findLoop(Array.from({ length: 40 }, (_, at) => `src/a.c:${at}:1: error: expected ';'`))).toBeNull();
  });
});

describe('a limit', () => {
  it.each([
    ['  Context left until auto-compact: 8%', true],
    ['  Context left until auto-compact: 42%', false],
    ['gpt-5 · 7% context left', true],
    ['95% context used', true],
    ["You've used 93% of your weekly limit", true],
    ['Approaching usage limit · resets at 7pm', true],
    ['8% of the tests fail', false],
  ])('%j is near: %s', (line, near) => {
    expect(nearLimit(['something', line, '> '])).toEqual(near ? line.trim() : null);
  });

  it('is far again once the newest line says so', () => {
    expect(nearLimit(['3% context left', '97% context left'])).toBeNull();
  });
});
