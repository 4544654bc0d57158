import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
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
