import { describe, expect, it } from 'vitest';
import type { Alert, State } from '../../core/model/state.ts';
import { fakeAgent } from '../testing/fake-agent.ts';
import { fakeOverlap, fakeRound } from '../testing/fake-merge.ts';
import { FakeRoom } from '../testing/fake-room.ts';
import { alertSubject } from './alert-subject.ts';

const alert = (cause: string, agent: string | null = null): Alert => ({
  id: 'a',
  level: 'warn',
  text: 'x',
  agent,
  at: 0,
  cause,
  count: 1,
});

function state(): State {
  const room = new FakeRoom([fakeAgent('ana', 1), fakeAgent('ben', 2)]);
  room.update(({ watch }) => ({
    overlaps: { ov1: fakeOverlap({ id: 'ov1', state: 'needs-person', round: 'r1' }) },
    rounds: { r1: fakeRound(), r0: fakeRound({ id: 'r0', phase: 'deferred' }) },
    locks: { 'package-lock.json': 'ana' },
    watch: { ...watch, syncs: { morning: { at: 0, summary: '', path: '' } } },
  }));
  return room.state();
}

describe('an alert', () => {
  it.each([
    ['overlap:ov1', 'overlap ov1'],
    // Of the round that is at work on it.
    ['overlap:r1', 'overlap ov1'],
    ['overlap:r0', 'round r0'],
    ['lock:ben:package-lock.json', 'lock package-lock.json'],
    ['sync:morning', 'digest morning'],
    ['overlap:gone', null],
    ['health:gone', null],
    ['sync:__proto__', null],
    ['', null],
  ])('of %s leads to %s', (cause, to) => {
    const subject = alertSubject(state(), alert(cause));
    expect(subject && `${subject.kind} ${subject.id}`).toBe(to);
  });

  it('of nothing that has a page leads to its agent', () => {
    expect(alertSubject(state(), alert('runaway:ana', 'ana'))).toEqual({ kind: 'agent', id: 'ana' });
    expect(alertSubject(state(), alert('runaway:gone', 'gone'))).toBeNull();
  });
});
