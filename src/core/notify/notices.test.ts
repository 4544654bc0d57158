import { describe, expect, it } from 'vitest';
import type { Event } from '../model/events.ts';
import type { AlertLevel } from '../model/state.ts';
import { follow, toldAlready, type Told } from './notices.ts';
import { DEFAULT_RULES, isTold, readHours } from './rules.ts';

const MINUTE = 60_000;
const raised = (cause: string, level: AlertLevel = 'warn'): Event => ({
  type: 'alert.raised',
  id: `id-${cause}`,
  level,
  text: `${cause}\nis so`,
  agent: null,
  cause,
});
const cleared = (cause: string): Event => ({ type: 'alert.cleared', id: `id-${cause}`, by: null });
const state = (name: 'waiting' | 'working', reason = 'may I?'): Event => ({
  type: 'agent.state',
  agent: 'ana',
  state: name,
  reason,
  evidence: 'hook',
});

function texts(events: readonly (readonly [minute: number, event: Event])[], from: Told = toldAlready([])): string[] {
  let told = from;
  return events.flatMap(([minute, event], seq) => {
    const step = follow(told, { seq, at: minute * MINUTE, event });
    ({ told } = step);
    return step.notice ? [`${minute} ${step.notice.level} ${step.notice.text}`] : [];
  });
}

describe('notices', () => {
  it('are told once for a cause, and again when it is worse', () => {
    expect(
      texts([
        [0, raised('a')],
        [1, raised('a')],
        [2, raised('b')],
        [3, raised('a', 'error')],
        [4, raised('a')],
      ]),
    ).toEqual(['0 warn a is so', '2 warn b is so', '3 error a is so']);
  });

  it('are not told anew of what comes and goes', () => {
    const flapping = [0, 1, 2, 3].flatMap((at) => [[at, raised('a')] as const, [at, cleared('a')] as const]);
    expect(texts([...flapping, [20, raised('a')]])).toEqual(['0 warn a is so', '20 warn a is so']);
  });

  it('are of every question, and once of each', () => {
    expect(
      texts([
        [0, state('waiting')],
        [1, state('waiting')],
        [2, state('working')],
        [3, state('waiting', 'and this?')],
      ]),
    ).toEqual(['0 warn ana waits for you: may I?', '3 warn ana waits for you: and this?']);
  });

  it('are not told again by the next daemon', () => {
    const alert = { id: 'id-a', level: 'warn', text: 'a', agent: null, at: 0, cause: 'a', count: 1 } as const;
    expect(
      texts(
        [
          [5, raised('a')],
          [6, raised('a', 'error')],
        ],
        toldAlready([alert]),
      ),
    ).toEqual(['6 error a is so']);
  });
});

describe('rules', () => {
  const notice = { cause: 'a', text: 'a', agent: null, at: 0, wanted: false } as const;
  const hour = (at: number): number => at * 60;

  it('have a level, and hours in which nothing but errors counts', () => {
    const rules = { ...DEFAULT_RULES, quiet: readHours('22:00-07:00') };
    expect(isTold(rules, { ...notice, level: 'info' }, hour(12))).toBe(false);
    expect(isTold(rules, { ...notice, level: 'warn' }, hour(12))).toBe(true);
    expect(isTold(rules, { ...notice, level: 'warn' }, hour(23))).toBe(false);
    expect(isTold(rules, { ...notice, level: 'warn' }, hour(3))).toBe(false);
    expect(isTold(rules, { ...notice, level: 'error' }, hour(3))).toBe(true);
    expect(isTold(rules, { ...notice, level: 'info', wanted: true }, hour(12))).toBe(true);
  });

  it.each(['25:00-07:00', '22-7', '', '22:00', '22:61-07:00'])('have no hours such as %j', (text) => {
    expect(readHours(text)).toBeNull();
  });
});
