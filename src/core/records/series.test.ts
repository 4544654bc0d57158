import { describe, expect, it } from 'vitest';
import type { Event } from '../model/events.ts';
import { Chronicler } from './chronicle.ts';
import { seriesCsv, seriesDocument, sessionSeries, stretchOf, type Sample } from './series.ts';

const START = Date.UTC(2026, 0, 2, 9);
const SECOND = 1000;
const eva = { kind: 'person', name: 'eva' } as const;
const session = { id: 's', repo: '/r', git: true, startedAt: START, plan: null, planName: '', pid: 1 };
const spec = {
  id: 'ana',
  name: 'Ana, "A"',
  profile: 'p',
  command: ['c'],
  cwd: '/r',
  env: {},
  prompt: null,
  task: null,
  origin: 'plan',
} as const;
const done = (task: string): Event => ({ type: 'task.done', task, by: eva, forced: false, commit: null });
const usage = (tokens: number): Event => ({
  type: 'agent.usage',
  agent: 'ana',
  usage: { tokens, costUsd: tokens / 1000, contextUsed: null, model: null },
});
const check = (state: 'green' | 'red', ms: number): Event => ({
  type: 'health.finished',
  name: 'test',
  state,
  ms,
  commit: '',
  firstError: '',
  tail: [],
});

/** Seconds from the start, and what happened then. */
const STORY: readonly (readonly [number, Event])[] = [
  [0, { type: 'session.started', session }],
  [0, { type: 'agent.added', spec, pane: 1, by: eva }],
  [10, { type: 'agent.started', agent: 'ana', pid: 1, token: 't' }],
  [12, usage(500)],
  [15, { type: 'agent.state', agent: 'ana', state: 'idle', reason: '', evidence: 'hook' }],
  [21, check('green', 1_000)],
  [22, check('red', 3_000)],
  [23, done('a')],
  [24, done('b')],
  [25, { type: 'task.reopened', task: 'b', reason: '', by: eva, forced: false }],
  [31, usage(900)],
  [33, { type: 'landing.requested', landing: 'l', agent: 'ana', task: null, commit: 'c', by: eva }],
  [34, { type: 'landing.landed', landing: 'l', merge: 'm' }],
  [35, done('b')],
];

function series() {
  const chronicler = new Chronicler();
  STORY.forEach(([seconds, event], i) => chronicler.add({ seq: i + 1, at: START + seconds * SECOND, event }));
  const sample = (at: number, bytes: number): Sample => ({
    at: START + at * SECOND,
    agent: 'ana',
    bytes,
    cpuMs: 2_500,
    memoryBytes: 7,
    overMs: 10_000,
  });
  const range = { from: START, to: START + 40 * SECOND, stretchMs: 10 * SECOND };
  return sessionSeries(chronicler.chronicle, [sample(10, 100), sample(30, 50)], range);
}

describe('figures along time', () => {
  it('say for each stretch what was used, done, found and measured', () => {
    expect(series()).toEqual({
      from: START,
      to: START + 40_000,
      stretchMs: 10_000,
      agents: [
        {
          id: 'ana',
          name: 'Ana, "A"',
          output: [null, 100, null, 50],
          outputPerSecond: [null, 10, null, 5],
          cpu: [null, 25, null, 25],
          memoryBytes: [null, 7, null, 7],
          active: [0, 50, 0, 0],
          tokens: [null, 500, 500, 900],
          costUsd: [null, 0.5, 0.5, 0.9],
        },
      ],
      tasksDone: [0, 0, 1, 2],
      overlaps: [0, 0, 0, 0],
      merges: [0, 0, 0, 0],
      landed: [0, 0, 0, 1],
      refused: [0, 0, 0, 0],
      checks: [{ name: 'test', ms: [null, null, 2_000, null], red: [0, 0, 1, 0] }],
    });
  });

  it('are rows of CSV, with empty fields where nothing is known', () => {
    const lines = seriesCsv(series()).split('\r\n');
    expect(lines[0]).toBe(
      'at,tasks_done,overlaps,merges,landed,refused,check.test.ms,check.test.red,agent.ana.output_bytes,agent.ana.cpu_percent,agent.ana.memory_bytes,agent.ana.active_percent,agent.ana.tokens,agent.ana.cost_usd',
    );
    expect(lines[1]).toBe('2026-01-02T09:00:00.000Z,0,0,0,0,0,,0,,,,0,,');
    expect(lines[4]).toBe('2026-01-02T09:00:30.000Z,2,0,0,1,0,,0,50,25,7,0,900,0.9');
    expect(lines).toHaveLength(6);
  });

  it('are one JSON document with times in words', () => {
    expect(seriesDocument(series())).toMatchObject({
      from: '2026-01-02T09:00:00.000Z',
      stretchSeconds: 10,
      tasksDone: [0, 0, 1, 2],
    });
  });

  it.each([
    [10_000, 240, 20_000],
    [3_600_000, 240, 20_000],
    [86_400_000, 240, 600_000],
    [30 * 86_400_000, 100, 28_800_000],
  ])('a session of %d ms in at most %d stretches has some of %d ms', (long, most, stretch) => {
    expect(stretchOf(0, long, most)).toBe(stretch);
  });
});
