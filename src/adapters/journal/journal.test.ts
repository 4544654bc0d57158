import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { emptyState, type State } from '../../core/model/state.ts';
import type { JournalEntry } from '../../core/model/events.ts';
import { Journal } from './journal.ts';

const state: State = emptyState({ id: 's', repo: '/r', git: true, startedAt: 0, plan: null, planName: '', pid: 1 });

function entry(seq: number, agent = 'a'): JournalEntry {
  return { seq, at: 1000 + seq, event: { type: 'agent.activity', agent, text: `line ${seq}` } };
}

function entries(from: number, to: number): JournalEntry[] {
  return Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));
}

const folders: string[] = [];

function temp(): string {
  const dir = mkdtempSync(join(tmpdir(), 'llmctl-journal-'));
  folders.push(dir);
  return join(dir, 'journal.db');
}

afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true });
});

/** Opens, and keeps what was told. */
function open(path: string): { journal: Journal; told: (string | null)[] } {
  const told: (string | null)[] = [];
  const note = (text: string | null) => void told.push(text);
  return { journal: Journal.open(path, { onTrouble: note, onReplaced: note }), told };
}

describe('Journal', () => {
  it('gives back what was appended, after opening again too', () => {
    const path = temp();
    const { journal } = open(path);
    journal.append([entry(1)]);
    journal.append(entries(2, 5));
    expect([...journal.read(2, 4)]).toEqual(entries(2, 4));
    expect(journal.recent()).toEqual(entries(1, 5));
    journal.close();
    const { journal: again, told } = open(path);
    expect([...again.read(1)]).toEqual(entries(1, 5));
    expect(again.recent()).toEqual(entries(1, 5));
    expect(told).toEqual([]);
    again.close();
  });

  it('selects by agent, time and number', () => {
    const { journal } = open(temp());
    journal.append([entry(1), entry(2, 'b'), entry(3), entry(4, 'b'), entry(5)]);
    expect(journal.select(10, null, 'b').map(({ seq }) => seq)).toEqual([2, 4]);
    expect(journal.select(2, null, null).map(({ seq }) => seq)).toEqual([4, 5]);
    expect(journal.select(10, 1003, 'a').map(({ seq }) => seq)).toEqual([3, 5]);
    journal.close();
  });

  it('saves a snapshot now and then, and finds the one before an event', () => {
    const { journal } = open(temp());
    journal.append(entries(1, 999));
    journal.offer({ ...state, seq: 999 });
    expect(journal.snapshotBefore()).toBeNull();
    journal.append([entry(1000)]);
    journal.offer({ ...state, seq: 1000 });
    expect(journal.snapshotBefore()?.state).toEqual({ ...state, seq: 1000 });
    expect(journal.snapshotBefore(999)).toBeNull();
    journal.close();
  });

  it('sets a damaged file aside and keeps what could be read', () => {
    const path = temp();
    const { journal } = open(path);
    for (const one of entries(1, 400)) journal.append([one]);
    journal.close();
    const size = statSync(path).size;
    truncateSync(path, size - 4096);
    const { journal: next, told } = open(path);
    expect(told[0]).toMatch(/^the journal was damaged .* kept as .*journal\.db\.damaged-/);
    const kept = [...next.read(1)];
    expect(kept.length).toBeGreaterThan(100);
    expect(kept).toEqual(entries(1, kept.length));
    next.append([entry(kept.length + 1)]);
    next.close();
    expect(readdirSync(join(path, '..')).some((name) => name.includes('damaged'))).toBe(true);
  });

  it('starts whatever a file was cut to or whichever bit is flipped, and never gives back what was not written', () => {
    const path = temp();
    const { journal } = open(path);
    journal.append(entries(1, 60));
    journal.close();
    const sound = readFileSync(path);
    const written = new Map(entries(1, 60).map((one) => [one.seq, JSON.stringify(one)]));
    const tryIt = (bytes: Buffer) => {
      const at = temp();
      writeFileSync(at, bytes);
      const { journal: opened } = open(at);
      for (const one of opened.read(1)) expect(JSON.stringify(one)).toBe(written.get(one.seq));
      opened.append([entry(1_000)]);
      opened.close();
    };
    for (let cut = 0; cut < sound.length; cut += 397) tryIt(sound.subarray(0, cut));
    for (let n = 0; n < 200; n++) {
      const bytes = Buffer.from(sound);
      const at = (n * 7919 * 13) % bytes.length;
      bytes[at]! ^= 1 << (n % 8);
      tryIt(bytes);
    }
  }, 60_000);

  it('keeps events while they can not be written, tells once, and writes them when there is room', async () => {
    const path = temp();
    const { journal, told } = open(path);
    journal.append([entry(1)]);
    // A reader in another process's place: a lock that makes every write fail.
    const { DatabaseSync } = await import('node:sqlite');
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    journal.append([entry(2)]);
    journal.append([entry(3)]);
    expect(told).toEqual([expect.stringMatching(/locked/)]);
    expect([...journal.read(1)]).toEqual(entries(1, 3));
    expect(journal.select(2, null, null)).toEqual(entries(2, 3));
    other.exec('ROLLBACK');
    other.close();
    await expect.poll(() => told.at(-1), { timeout: 10_000 }).toBeNull();
    journal.append([entry(4)]);
    journal.close();
    const { journal: again } = open(path);
    expect([...again.read(1)]).toEqual(entries(1, 4));
    again.close();
  });

  it('goes on in memory where no file can be made', () => {
    const { journal, told } = open('/proc/nowhere/journal.db');
    expect(told).toEqual([expect.stringMatching(/kept in memory/)]);
    journal.append([entry(1)]);
    expect([...journal.read(1)]).toEqual([entry(1)]);
    journal.close();
  });
});
