import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import type { Command } from '../../core/model/commands.ts';
import { planOf, WorkSession } from '../../core/working.testkit.ts';
import type { Room } from '../room.ts';
import { Syncs } from './syncs.ts';

type SyncTold = Extract<Command, { type: 'sync.told' }>;

/** Holds a sync point in `folder`, at half past six on a day in January. */
function hold(folder: string): Promise<SyncTold> {
  const session = new WorkSession(planOf({ tasks: [{ id: 'a', agent: 'ana' }], syncPoints: [{ title: 'Evening' }] }));
  const told = Promise.withResolvers<SyncTold>();
  const dispatch = (command: Command) => told.resolve(command as SyncTold);
  const room = { state: session.state, dispatch } as unknown as Room;
  const syncs = new Syncs({ room, folder, now: () => new Date('2026-01-02T18:30:00Z') });
  onTestFinished(() => syncs.stop());
  syncs.hold({ type: 'sync.hold', point: 'evening', soon: false });
  return told.promise;
}

it('writes its digest into a file of its own, and tells of it in one line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llmctl-sync-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { title, summary, path } = await hold(join(folder, 'digests'));
  expect({ title, summary }).toEqual({ title: 'Evening', summary: '0/1 tasks done, 0 landed' });
  expect(basename(path)).toBe('2026-01-02T183000Z-evening.md');
  expect(readFileSync(path, 'utf8')).toMatch(/^# Evening\n\n2026-01-02T18:30:00.000Z, since .*, 0 of 1 tasks done\n/);
});

it('is held although its file can not be written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llmctl-sync-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'file'), '');
  expect(await hold(join(folder, 'file'))).toMatchObject({ point: 'evening', path: '' });
});

afterEach(() => void vi.useRealTimers());

/** A day of a session whose plan has a point at nine and one at six in the evening, by the clock of this place. */
function byClock(now: string): { readonly syncs: Syncs; readonly held: () => readonly string[] } {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: new Date(now) });
  const folder = mkdtempSync(join(tmpdir(), 'llmctl-sync-'));
  const points = [
    { title: 'Morning', at: '09:00' },
    { title: 'Evening', at: '18:00' },
  ];
  const session = new WorkSession(planOf({ tasks: [{ id: 'a', agent: 'ana' }], syncPoints: points }));
  const told: string[] = [];
  const dispatch = (command: Command) => {
    if (command.type !== 'sync.told') return;
    const { point, due } = command;
    told.push(due === null ? point : `${point}, due ${new Date(due).toString().slice(0, 21)}`);
  };
  const syncs = new Syncs({ room: { state: session.state, dispatch } as unknown as Room, folder });
  onTestFinished(() => {
    syncs.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { syncs, held: () => told };
}

const at = (time: string): number => new Date(time).getTime();

it('comes by the clock, once a day', async () => {
  const { syncs, held } = byClock('2026-01-02T08:59:30');
  syncs.start();
  await vi.advanceTimersByTimeAsync(45_000);
  await vi.waitFor(() => expect(held()).toEqual(['morning']));
  await vi.advanceTimersByTimeAsync(24 * 3600_000);
  await vi.waitFor(() => expect(held()).toEqual(['morning', 'evening', 'morning']));
});

it('is held once, late, where no daemon was there at its time', async () => {
  const { syncs, held } = byClock('2026-01-05T10:30:00');
  syncs.start(at('2026-01-02T12:00:00'));
  await vi.waitFor(() =>
    expect(held()).toEqual(['evening, due Sun Jan 04 2026 18:00', 'morning, due Mon Jan 05 2026 09:00']),
  );
});

it('is not held for a time before the session or before the plan had it', async () => {
  const { syncs, held } = byClock('2026-01-05T10:30:00');
  syncs.start(null);
  await vi.advanceTimersByTimeAsync(20 * 60_000);
  syncs.start();
  await vi.advanceTimersByTimeAsync(7 * 3600_000 + 15 * 60_000);
  await vi.waitFor(() => expect(held()).toEqual(['evening']));
});

it('is held late after the machine slept through its time', async () => {
  const { syncs, held } = byClock('2026-01-05T08:50:00');
  syncs.start();
  // Timers stand still while it sleeps.
  vi.setSystemTime(at('2026-01-05T11:00:00'));
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  await vi.waitFor(() => expect(held()).toEqual(['morning, due Mon Jan 05 2026 09:00']));
});
