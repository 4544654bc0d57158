import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { echo, keyReader } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';
import { git } from '../kit/temp.ts';
import { until } from '../kit/wait.ts';

const tricks = (canary: string): string[] => [
  `$(touch ${canary})`,
  `; touch ${canary};`,
  `\`touch ${canary}\``,
  `| touch ${canary}`,
  `&& touch ${canary}`,
  `'; touch ${canary} #`,
  `"; touch ${canary} #`,
  `a\ntouch ${canary}\n`,
  `--upload-pack=touch ${canary}`,
  `-x`,
  `../../etc/passwd`,
  `a\u0000b`.replace('\u0000', ''),
  `\u001b]0;owned\u0007`,
  `\u202Eevil`,
  '__proto__',
  'constructor',
  'é日本語🚀',
  ' ',
  'x'.repeat(5_000),
];

describe('names and texts with a meaning for shells', () => {
  it('arrive verbatim in arguments, or are refused in one line', { timeout: 120_000 }, async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const canary = room.path('canary');
    for (const trick of tricks(canary)) {
      const result = await room.cli('run', '--', trick, ...echo());
      const alternative = result.code === 0 ? '' : result.stderr.trim();
      expect([trick, alternative.split('\n').length]).toEqual([trick, 1]);
      // eslint-disable-next-line no-control-regex
      expect(alternative).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
      expect(existsSync(canary)).toBe(false);
    }
    const state = await room.state();
    expect(Object.getPrototypeOf(state.agents)).toBe(Object.prototype);
    await room.ok('status');
    const args = tricks(canary).map((trick) => trick.slice(0, 200));
    const script =
      'console.log(JSON.stringify(process.argv.slice(1)).length); require("fs").writeFileSync(process.argv[1], JSON.stringify(process.argv.slice(2)))';
    const out = room.path('args.json');
    await room.ok('run', 'args', '--', process.execPath, '-e', script, out, ...args);
    await until('the arguments', () => existsSync(out) && readFileSync(out, 'utf8') !== '');
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(args);
    expect(existsSync(canary)).toBe(false);
  });

  it('arrive verbatim in messages', async () => {
    const room = await startRoom({ agents: { ana: keyReader('paste') } });
    const canary = room.path('canary');
    await until('the program', async () => (await room.output('ana')).includes('ready'));
    const text = `$(touch ${canary}); \`x\` | && "quoted" 'single' \\ é🚀`;
    await room.ok('send', 'ana', text);
    const hex = Buffer.from(text).toString('hex');
    await until('the text', async () => {
      const got = (await room.output('ana')).filter((line) => line.startsWith('got ')).map((line) => line.slice(4));
      return got.join('').includes(hex);
    });
    expect(existsSync(canary)).toBe(false);
  });

  it('are harmless as branch and file names of the repository', async () => {
    const room = await startRoom({ agents: { ana: echo() }, name: "re po$(touch x)'" });
    git(room.place, 'switch', '-q', '-c', 'x;touch${IFS}y');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(room.repo, '-n $(touch z)\nline'), '');
    await room.becomes('the branch', (state) => state.git?.branch === 'x;touch${IFS}y');
    await room.becomes(
      'the file',
      (state) => state.git?.changed.some((change) => change.path.includes('touch z')) === true,
    );
    for (const name of ['x', 'y', 'z']) expect(existsSync(join(room.repo, name))).toBe(false);
    expect((await room.ok('status')).stdout).not.toContain('\u001b]');
  });
});
