import { describe, expect, it } from 'vitest';
import { Journal } from '../../adapters/journal/journal.ts';
import { evolve } from '../../core/evolve.ts';
import type { JournalEntry } from '../../core/model/events.ts';
import { emptyState, type State } from '../../core/model/state.ts';
import { Pasts } from './past.ts';

const session = { id: 's', repo: '/r', git: true, startedAt: 0, plan: null, planName: '', pid: 1 };
const COUNT = 13_000;
const nth = (seq: number): JournalEntry => ({
  seq,
  at: seq,
  event: {
    type: 'todo.added',
    todo: { id: `t${seq % 50}`, text: `line ${seq}`, done: false, task: null, agent: null, by: null },
  },
});

/** As a session keeps it: a snapshot is offered after every event. */
function lived(): { journal: Journal; state: State; states: Map<number, string> } {
  const journal = Journal.open(':memory:', { onTrouble: () => undefined, onReplaced: () => undefined });
  const states = new Map<number, string>();
  let state = emptyState(session);
  for (let seq = 1; seq <= COUNT; seq++) {
    state = evolve(state, nth(seq));
    journal.append([nth(seq)]);
    journal.offer(state);
    if (ASKED.includes(seq)) states.set(seq, JSON.stringify(state));
  }
  return { journal, state, states };
}
const ASKED = [1, 2, 999, 1_000, 1_001, 4_321, 4_320, 4_322, 11_999, 12_500, COUNT];

describe('states of before', () => {
  it('are what the session had then, in whatever order they are asked for', async () => {
    const { journal, state, states } = lived();
    const pasts = new Pasts({ journal, state });
    for (const seq of [...ASKED, ...ASKED.toReversed()]) {
      const past = await pasts.at(seq);
      expect(JSON.stringify(past.state)).toBe(states.get(seq));
      expect(past.recent.at(-1)?.seq).toBe(seq);
    }
    expect((await pasts.at(COUNT + 5)).seq).toBe(COUNT);
    expect((await pasts.at(0)).state).toEqual(emptyState(session));
    // One snapshot in ten thousand events stays, and the last three.
    const kept = [2_000, 10_500, 11_500, 12_500].map((seq) => journal.snapshotBefore(seq)?.seq);
    expect(kept).toEqual([1_000, 1_000, 11_000, 12_000]);
    journal.close();
  });

  it('are refused where the journal does not reach', async () => {
    const journal = Journal.open(':memory:', { onTrouble: () => undefined, onReplaced: () => undefined });
    journal.append([nth(40), nth(41)]);
    const pasts = new Pasts({ journal, state: { ...emptyState(session), seq: 41 } });
    await expect(pasts.at(40)).rejects.toThrow('the journal begins at event 40: what was before is lost');
    journal.close();
  });
});
