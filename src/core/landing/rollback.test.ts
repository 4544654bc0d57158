import { describe, expect, it } from 'vitest';
import { COORDINATOR } from '../model/agent.ts';
import { evolveRollbacks, rollbackOf, type RollbackEvent, type Rollbacks } from './rollback.ts';

const NONE: Rollbacks = { rollbacks: [], rebuilt: {} };
const begun = (rollback: string, from: string, to: string, undo = false): RollbackEvent => ({
  type: 'rollback.begun',
  rollback,
  landing: 'l1',
  from,
  to,
  merges: [],
  undo,
  reason: '',
  by: COORDINATOR,
});
const done = (rollback: string, ...holders: string[]): RollbackEvent => ({ type: 'rollback.done', rollback, holders });
const fold = (...events: RollbackEvent[]): Rollbacks =>
  events.reduce((now, event) => evolveRollbacks(now, event, 7), NONE);

describe('a roll-back', () => {
  it('leaves who has to be brought forward, and from where', () => {
    const now = fold(begun('r1', 'A', 'B'), done('r1', 'ana', 'ben'));
    expect(now.rebuilt).toEqual({ ana: 'A', ben: 'A' });
    expect(rollbackOf(now.rollbacks, 'l1')).toMatchObject({ id: 'r1', state: 'done', at: 7 });
    const followed: RollbackEvent = { type: 'rollback.followed', agent: 'ana', still: null };
    expect(evolveRollbacks(now, followed, 8).rebuilt).toEqual({ ben: 'A' });
    expect(evolveRollbacks(now, { ...followed, still: 'B' }, 8).rebuilt).toEqual({ ana: 'B', ben: 'A' });
  });

  it('after another one asks of who was not brought forward yet no less than before', () => {
    const now = fold(begun('r1', 'A', 'B'), done('r1', 'ana'), begun('r2', 'B', 'C'), done('r2', 'ana', 'ben'));
    expect(now.rebuilt).toEqual({ ana: 'A', ben: 'B' });
  });

  it('that is undone finds those there already who were not brought forward', () => {
    const now = fold(begun('r1', 'A', 'B'), done('r1', 'ana'), begun('r2', 'B', 'A', true), done('r2', 'ana', 'ben'));
    expect(now.rebuilt).toEqual({ ben: 'B' });
    expect(rollbackOf(now.rollbacks, 'l1')).toBeNull();
  });

  it('happens once, however often it is told', () => {
    const once = fold(begun('r1', 'A', 'B'), done('r1', 'ana'));
    expect(fold(begun('r1', 'A', 'B'), begun('r1', 'X', 'Y'), done('r1', 'ana'), done('r1', 'ben'))).toEqual(once);
    const failed = fold(begun('r1', 'A', 'B'), { type: 'rollback.failed', rollback: 'r1', reason: 'moved' });
    expect(evolveRollbacks(failed, done('r1', 'ana'), 7)).toBe(failed);
    expect(rollbackOf(failed.rollbacks, 'l1')).toBeNull();
  });
});
