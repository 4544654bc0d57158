/** Overlaps, rounds and texts for component tests. */
import type { MergeSegment, OverlapReply } from '../../client/api.ts';
import type { Round } from '../../core/merge/round.ts';
import type { Overlap } from '../../core/model/overlap.ts';
import { fakeAgent } from './fake-agent.ts';
import { FAKE_NOW, FakeRoom } from './fake-room.ts';

export function fakeOverlap(over: Partial<Overlap> = {}): Overlap {
  return {
    id: 'ov1',
    path: 'src/calc.js',
    agents: ['ana', 'ben'],
    verdict: 'clean',
    sameRegion: false,
    policy: 'merge',
    state: 'watching',
    round: null,
    since: FAKE_NOW - 125_000,
    resolvedAt: null,
    reason: '',
    ...over,
  };
}

export function fakeRound(over: Partial<Round> = {}): Round {
  const side = { paused: true, pausedBefore: false, gone: false, snapshot: null, told: false, resumed: false };
  return {
    id: 'r1',
    by: { kind: 'coordinator', name: 'llmctl' },
    scope: 'paths',
    confirm: false,
    verify: null,
    sides: [
      { agent: 'ana', ...side },
      { agent: 'ben', ...side },
    ],
    paths: ['src/calc.js'],
    phase: 'needs-person',
    startedAt: FAKE_NOW - 60_000,
    endedAt: null,
    merged: [],
    conflicts: ['src/calc.js'],
    settled: [],
    confirmed: false,
    planned: false,
    applied: false,
    outcome: null,
    reason: '',
    retries: 0,
    undone: false,
    ...over,
  };
}

/** Two conflicts, with a change of B's between them that combines. */
export const SEGMENTS: readonly MergeSegment[] = [
  { kind: 'same', lines: ['// calc\n', '\n', 'one();\n', 'two();\n', 'three();\n'] },
  { kind: 'conflict', a: ["const ana = 'A';\n"], base: ['let x;\n'], b: ['const ben = 2;\n', '\tben(ben);\n'] },
  { kind: 'same', lines: ['four();\n'] },
  { kind: 'merged', from: 'B', base: ['five();\n'], lines: ['fifth();\n'] },
  { kind: 'same', lines: ['six();\n'] },
  { kind: 'conflict', a: ['last A'], base: ['last'], b: ['last B\n'] },
];

/** The session with a conflict of ana and ben in it, both paused; cleo has no part in it. */
export function conflictRoom(reply: Partial<OverlapReply> = {}, round: Partial<Round> = {}): FakeRoom {
  const llmctl = { kind: 'coordinator', name: 'llmctl' } as const;
  const tree = (name: string) =>
    ({ dir: `/w/${name}`, branch: `llmctl/${name}`, portBase: null, made: 'new' }) as const;
  const room = new FakeRoom([
    fakeAgent('ana', 1, { state: 'paused', by: llmctl, tree: tree('ana') }),
    fakeAgent('ben', 2, { state: 'paused', by: llmctl, tree: tree('ben') }),
    fakeAgent('cleo', 3, { state: 'idle', tree: tree('cleo') }),
  ]);
  const overlap = fakeOverlap({ verdict: 'conflict', sameRegion: true, state: 'needs-person', round: 'r1' });
  room.update(() => ({ overlaps: { ov1: overlap }, rounds: { r1: fakeRound(round) } }));
  room.overlapReplies['ov1'] = {
    overlap,
    round: null,
    base: 'text',
    a: 'text',
    b: 'text',
    segments: SEGMENTS,
    why: '',
    ...reply,
  };
  return room;
}
