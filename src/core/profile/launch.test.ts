import { describe, expect, it } from 'vitest';
import { fitsCommandLine, isProgramOf, launchOf } from './launch.ts';
import type { Profile } from './profile.ts';

const profile = {
  command: ['claude'],
  briefing: { aside: null },
  launch: {
    prompt: ['{prompt}'],
    begin: ['--session-id', '{conversation}'],
    resume: ['--resume', '{conversation}'],
    model: null,
    continue: ['--continue'],
    permission: { ask: null, edits: null, plan: null, all: null },
  },
  inject: {
    args: ['--settings', '{run}/s.json'],
    env: { A: '{agent}', PORT: '{port}' },
    files: { 's.json': { hooks: [{ command: '{llmctl} hook' }], n: 1 }, 'plain.txt': 'for {agent}' },
  },
} as unknown as Profile;
const values = { run: '/run/a', agent: 'ana', llmctl: '/bin/llmctl' };

describe('what a program is started with', () => {
  it('begins a conversation of our choice, and is given its prompt', () => {
    expect(launchOf(profile, { kind: 'new', conversation: 'id' }, 'Fix the parser.', values)).toEqual({
      words: ['--session-id', 'id', 'Fix the parser.', '--settings', '/run/a/s.json'],
      env: { A: 'ana' },
      files: {
        's.json': '{\n "hooks": [\n  {\n   "command": "/bin/llmctl hook"\n  }\n ],\n "n": 1\n}\n',
        'plain.txt': 'for ana',
      },
      prompted: true,
    });
  });

  it('goes on with the one before, and hears nothing twice', () => {
    const { words, prompted } = launchOf(profile, { kind: 'resume', conversation: 'id' }, 'Fix the parser.', values);
    expect([words, prompted]).toEqual([['--resume', 'id', '--settings', '/run/a/s.json'], false]);
    const last = launchOf(profile, { kind: 'continue' }, 'Fix the parser.', values);
    expect([last.words, last.prompted]).toEqual([['--continue', '--settings', '/run/a/s.json'], false]);
  });

  it.each([
    '/help me',
    '@file is it',
    '-p x y',
    'review',
    '!ls -l',
    ' a b',
    'a\u001b[201~ b',
    `a ${'x'.repeat(70_000)}`,
  ])('is typed a prompt that would mean something else there: %.20j', (prompt) => {
    expect(fitsCommandLine(prompt)).toBe(false);
  });

  it('is the profile’s own program, wherever that lies', () => {
    expect(isProgramOf(profile, ['/opt/bin/claude', '--model', 'x'])).toBe(true);
    expect(isProgramOf(profile, ['node', 'claude'])).toBe(false);
  });
});
