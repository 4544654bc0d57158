import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PairOfAgents, got } from '../../adapters/git/pair.testkit.ts';
import { applyRound, backUp, mergeSides, planRound } from '../../adapters/git/round.ts';
import { StaleGuard } from '../../adapters/git/stale-guard.ts';
import type { Command } from '../../core/model/commands.ts';
import { Busy } from '../busy.ts';
import { Guards } from './guards.ts';
import { Tree } from './tree.ts';

let pair: PairOfAgents;
beforeEach(() => {
  pair = new PairOfAgents();
});
afterEach(() => pair.remove());

const text = (...marks: readonly string[]): string =>
  `${['1', '2', '3', '4', '5', '6', '7', '8', '9', ...marks].sort().join('\n')}\n`;

async function round(id: string): Promise<void> {
  const sides = await pair.sides();
  got(await backUp(id, sides));
  const { result } = got(await mergeSides(pair.scratch, sides));
  got(await planRound(id, pair.scratch, sides, result));
  got(await applyRound(id, pair.scratch, pair.worktrees));
  const guard = new StaleGuard(pair.worktrees[1], pair.scratch);
  got(await guard.remember(id));
}

function watched(): { guards: Guards; tree: Tree; said: Command[] } {
  const said: Command[] = [];
  const room = {
    dispatch: (command: Command) => {
      said.push(command);
      return { ok: true, seq: 0, events: [] } as const;
    },
  };
  const stillness = { during: <T>(_: Tree, work: () => Promise<T>): Promise<T> => work() };
  const guards = new Guards({ room, stillness, busy: new Busy(), onDispute: () => {} });
  return { guards, said, tree: new Tree('b', pair.worktrees[1], pair.scratch) };
}

/** What was heard before is looked at by then. */
const over = (guards: Guards, tree: Tree): Promise<void> => guards.during(tree, () => Promise.resolve(), false);

describe('guards of a daemon that begins anew', () => {
  it('take nothing that was written meanwhile for old, whatever they hear while they are told', async () => {
    await pair.start({ f: text() });
    const marks: string[] = [];
    for (let n = 0; n < 3; n++) {
      pair.edit(0, 'f', text(...marks, `2 by a ${n}`));
      pair.edit(1, 'f', text(...marks, `8 by b ${n}`));
      await round(`r${n}`);
      marks.push(`2 by a ${n}`, `8 by b ${n}`);
    }
    // No daemon is there.
    const own = text(...marks, '5 own');
    pair.edit(1, 'f', own);
    const { guards, tree, said } = watched();
    const told = vi.spyOn(tree.guard, 'remember');
    const looked = vi.spyOn(tree.guard, 'check');
    const heard = setInterval(() => guards.changed(tree, 'all'), 1);
    await guards.remind({ rounds: {} }, { all: () => [tree] }, Date.now());
    clearInterval(heard);
    await over(guards, tree);
    expect(readFileSync(join(tree.worktree.dir, 'f'), 'utf8')).toBe(own);
    expect(said).toEqual([]);
    const [last] = told.mock.invocationCallOrder.slice(-1);
    expect(Math.min(...looked.mock.invocationCallOrder)).toBeGreaterThan(last!);
  });

  it('put right what was written from an old read while none was there', async () => {
    await pair.start({ f: text() });
    pair.edit(0, 'f', text('2 by a'));
    pair.edit(1, 'f', text('8 by b'));
    await round('r1');
    pair.edit(1, 'f', text('5 own', '8 by b'));
    const { guards, tree, said } = watched();
    await guards.remind({ rounds: {} }, { all: () => [tree] }, Date.now());
    await over(guards, tree);
    expect(readFileSync(join(tree.worktree.dir, 'f'), 'utf8')).toBe(text('2 by a', '5 own', '8 by b'));
    expect(said).toMatchObject([{ type: 'alert', level: 'info', cause: 'stale:b:f' }]);
  });
});
