import { describe, expect, it } from 'vitest';
import type { Event } from '../model/events.ts';
import { ANY_EVENT, concerns, filterWords, fitsFilter, isAnyEvent } from './journal-filter.ts';
import { eventLevel } from './levels.ts';

const by = { kind: 'person', name: 'eva' } as const;
const resumed: Event = { type: 'agent.resumed', agent: 'ana', by };
const failed: Event = { type: 'gate.failed', gate: 'ready', by, reason: 'Tests are red', checks: [] };
const overlap: Event = {
  type: 'overlap.seen',
  id: 'o',
  path: 'src/a.ts',
  agents: ['ana', 'ben'],
  verdict: 'clean',
  sameRegion: true,
  policy: 'merge',
  state: 'watching',
};
const git: Event = { type: 'agent.git', agent: 'ana', git: { branch: 'b', changed: [], ahead: 0, behind: 0 } };
const ALL = [resumed, failed, overlap, git];

const types = (filter: object) =>
  ALL.filter((event) => fitsFilter(event, { ...ANY_EVENT, ...filter })).map(({ type }) => type);

describe('a filter of the journal', () => {
  it('lets through what fits in agent, type, level and words', () => {
    expect(types({})).toEqual(ALL.map(({ type }) => type));
    expect(types({ agent: 'ben' })).toEqual(['overlap.seen']);
    expect(types({ agent: 'ana' })).toEqual(['agent.resumed', 'overlap.seen', 'agent.git']);
    expect(types({ type: 'agent' })).toEqual(['agent.resumed', 'agent.git']);
    expect(types({ type: 'agent.git' })).toEqual(['agent.git']);
    expect(types({ type: 'age' })).toEqual([]);
    expect(types({ level: 'info' })).toEqual(['agent.resumed', 'gate.failed', 'overlap.seen']);
    expect(types({ level: 'warn' })).toEqual(['gate.failed', 'overlap.seen']);
    expect(types({ level: 'error' })).toEqual(['gate.failed']);
    expect(types({ text: 'tests ARE' })).toEqual(['gate.failed']);
    expect(types({ text: 'eva', type: 'agent' })).toEqual(['agent.resumed']);
  });

  it('is told in words, and none where all is wanted', () => {
    expect(filterWords(ANY_EVENT)).toBe('');
    expect(isAnyEvent(ANY_EVENT)).toBe(true);
    const filter = { agent: 'ana', type: 'landing', level: 'warn', text: 'red' } as const;
    expect(filterWords(filter)).toBe('agent ana, landing, warn and above, "red"');
    expect(filterWords({ ...ANY_EVENT, level: 'error' })).toBe('errors');
    expect(isAnyEvent(filter)).toBe(false);
  });

  it('knows whom an event is about', () => {
    expect([concerns(overlap, 'ben'), concerns(overlap, 'cleo'), concerns(failed, 'ana')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(concerns({ type: 'lock.taken', path: 'a', holder: 'ben' }, 'ben')).toBe(true);
  });
});

it('takes an event for as grave as it is', () => {
  const exit = { code: 1, signal: null, at: 0 };
  const raised = { type: 'alert.raised', id: 'a', text: '', agent: null, cause: '' } as const;
  const health = { type: 'health.finished', name: 't', ms: 1, commit: '', firstError: '', tail: [] } as const;
  const levels = [
    { type: 'agent.exited', agent: 'a', exit, asked: false },
    { type: 'agent.exited', agent: 'a', exit, asked: true },
    { ...raised, level: 'warn' },
    { ...health, state: 'red' },
    { ...health, state: 'green' },
    { type: 'agent.state', agent: 'a', state: 'waiting', reason: '', evidence: 'hook' },
    { type: 'round.merged', round: 'r', merged: [], conflicts: ['a'] },
    { type: 'something.new' } as unknown as Event,
  ] as const satisfies readonly Event[];
  expect(levels.map((event) => eventLevel(event))).toEqual([
    'error',
    'info',
    'warn',
    'error',
    'info',
    'warn',
    'warn',
    'info',
  ]);
});
