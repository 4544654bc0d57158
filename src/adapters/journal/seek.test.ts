import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event, JournalEntry } from '../../core/model/events.ts';
import { ANY_EVENT, fitsFilter, type JournalFilter } from '../../core/records/journal-filter.ts';
import { Journal } from './journal.ts';
import { seekJournal, type Sought } from './seek.ts';

const by = { kind: 'person', name: 'eva' } as const;
const ALL = 1_300;
const nth = (n: number): Event => {
  if (n % 400 === 7) return { type: 'task.failed', task: `t${n}`, reason: 'a rare thing', by };
  if (n % 3 === 0) return { type: 'agent.activity', agent: n % 2 === 0 ? 'ana' : 'b"n', text: `line ${n}` };
  return { type: 'agent.resumed', agent: 'cleo', by };
};
const entries: readonly JournalEntry[] = Array.from({ length: ALL }, (_, i) => ({ seq: i + 1, at: i, event: nth(i) }));

let folder: string;
let journal: Journal;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmctl-seek-'));
  journal = Journal.open(join(folder, 'journal.db'), { onTrouble: () => undefined, onReplaced: () => undefined });
  journal.append(entries);
});
afterAll(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

async function all(sought: Sought): Promise<JournalEntry[]> {
  const found: JournalEntry[] = [];
  for (let from: number | null = sought.from; from !== null && found.length < sought.limit;) {
    const piece = await seekJournal(journal, { ...sought, from, limit: sought.limit - found.length });
    found.push(...piece.entries);
    from = piece.next;
  }
  return found;
}

const filters: readonly JournalFilter[] = [
  ANY_EVENT,
  { ...ANY_EVENT, agent: 'b"n' },
  { ...ANY_EVENT, type: 'task' },
  { ...ANY_EVENT, type: 'agent.activity', agent: 'ana', text: 'LINE 6' },
  { ...ANY_EVENT, level: 'error' },
  { ...ANY_EVENT, text: 'nobody says this' },
];

describe('seeking in the journal', () => {
  it('finds what reading all of it finds, in either direction, from anywhere', async () => {
    const sought = fc.record({
      filter: fc.constantFrom(...filters),
      from: fc.integer({ min: 0, max: ALL + 50 }),
      step: fc.constantFrom(1 as const, -1 as const),
      limit: fc.integer({ min: 1, max: 700 }),
    });
    await fc.assert(
      fc.asyncProperty(sought, async (given) => {
        const { filter, from, step, limit } = given;
        const way =
          step === 1 ? entries.filter(({ seq }) => seq >= from) : entries.filter(({ seq }) => seq <= from).toReversed();
        const expected = way.filter(({ event }) => fitsFilter(event, filter)).slice(0, limit);
        expect((await all(given)).map(({ seq }) => seq)).toEqual(expected.map(({ seq }) => seq));
      }),
      { numRuns: 60 },
    );
  });

  it('says where to go on, and where there is nothing more', async () => {
    const last = await seekJournal(journal, { filter: ANY_EVENT, from: Number.MAX_SAFE_INTEGER, step: -1, limit: 10 });
    expect(last.entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 10 }, (_, i) => ALL - i));
    expect(last.next).toBe(ALL - 10);
    expect((await seekJournal(journal, { filter: ANY_EVENT, from: 1, step: -1, limit: 10 })).next).toBeNull();
    expect((await seekJournal(journal, { filter: ANY_EVENT, from: ALL, step: 1, limit: 10 })).next).toBeNull();
  });
});

it('has nothing in a journal without events', async () => {
  const empty = Journal.open(':memory:', { onTrouble: () => undefined, onReplaced: () => undefined });
  expect(await seekJournal(empty, { filter: ANY_EVENT, from: 1, step: 1, limit: 5 })).toEqual({
    entries: [],
    next: null,
  });
  empty.close();
});
