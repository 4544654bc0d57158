import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import type { MergeSegment } from '../../protocol/messages.ts';
import { writeObject } from './objects.ts';
import { PairOfAgents } from './pair.testkit.ts';
import { bytesOf } from './path-bytes.ts';
import { Git } from './plumb.ts';
import { fileSegments } from './segments.ts';

const pair = new PairOfAgents();
let git: Git;
let like = '';

beforeAll(async () => {
  await pair.start({ f: 'x\n' });
  git = new Git(pair.worktrees[0]);
  like = pair.git(pair.repo, 'rev-parse', 'HEAD').trim();
});
afterAll(() => pair.remove());

const entry = async (bytes: Buffer) => ({ mode: '100644', oid: await writeObject(git, 'blob', bytes, like) });

function sideOf(segments: readonly MergeSegment[], side: 'A' | 'B'): Buffer {
  const lines = segments.flatMap((one) => {
    if (one.kind === 'same') return one.lines;
    if (one.kind === 'conflict') return side === 'A' ? one.a : one.b;
    return one.from === side || one.from === 'both' ? one.lines : one.base;
  });
  return bytesOf(lines.join(''));
}

const line = fc.constantFrom('a', 'b', 'c', '', 'd\r', '\u{1f680}');
const text = fc.tuple(fc.array(line, { maxLength: 14 }), fc.boolean(), fc.boolean()).map(([lines, end, strange]) => {
  const whole = Buffer.from(lines.join('\n') + (end && lines.length > 0 ? '\n' : ''));
  return strange ? Buffer.concat([whole, Buffer.from([0xff, 0x80])]) : whole;
});

describe('the pieces of a merge', () => {
  it('make up both sides again, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, text, async (base, a, b) => {
        const sides = { base: await entry(base), a: await entry(a), b: await entry(b) };
        const { segments } = await fileSegments(git, sides);
        expect(sideOf(segments!, 'A')).toEqual(a);
        expect(sideOf(segments!, 'B')).toEqual(b);
      }),
      { numRuns: 60 },
    );
  });

  it('tell what only one changed from what both did', async () => {
    const sides = {
      base: await entry(Buffer.from('1\n2\n3\n4\n5\n6\n7\n')),
      a: await entry(Buffer.from('one\n2\n3\nA\n5\n6\n7\n')),
      b: await entry(Buffer.from('1\n2\n3\nB\n5\n6\nseven\n')),
    };
    const { segments } = await fileSegments(git, sides);
    expect(segments).toEqual([
      { kind: 'merged', from: 'A', base: ['1\n'], lines: ['one\n'] },
      { kind: 'same', lines: ['2\n', '3\n'] },
      { kind: 'conflict', a: ['A\n'], base: ['4\n'], b: ['B\n'] },
      { kind: 'same', lines: ['5\n', '6\n'] },
      { kind: 'merged', from: 'B', base: ['7\n'], lines: ['seven\n'] },
    ]);
  });

  it('are none where a side is gone or no text, and say why', async () => {
    const there = await entry(Buffer.from('1\n'));
    const gone = await fileSegments(git, { base: there, a: null, b: there });
    expect(gone).toMatchObject({ a: 'absent', segments: null, why: expect.stringMatching(/deleted/) });
    const binary = await fileSegments(git, { base: there, a: await entry(Buffer.from('\0')), b: there });
    expect(binary).toMatchObject({ a: 'binary', segments: null });
  });
});
