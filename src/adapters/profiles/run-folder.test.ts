import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { keepMessage, keptMessage, MESSAGE_NAMES } from './run-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'llmctl-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('keeps the last messages, for their reader alone', async () => {
  const names: string[] = [];
  for (let n = 0; n <= MESSAGE_NAMES.length; n++) names.push(await keepMessage(folder, `@${n}\r\n\u0007`));
  expect(names).toEqual([...MESSAGE_NAMES, names[0]]);
  expect(await keptMessage(folder, names[0]!)).toBe(`@${MESSAGE_NAMES.length}\r\n\u0007`);
  expect(await keptMessage(folder, names[1]!)).toBe('@1\r\n\u0007');
  expect(statSync(join(folder, 'messages', names[1]!)).mode & 0o777).toBe(0o600);
  expect(await keptMessage(folder, '../messages/1')).toBeNull();
  expect(await keptMessage(join(folder, 'absent'), '1')).toBeNull();
});
