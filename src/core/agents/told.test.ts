import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../model/agent.ts';
import { toldAs } from './told.ts';

const of = (profile: string): Agent => ({ spec: { profile } }) as Agent;
const TEXT = "it's ; touch canary\n$(touch canary) `touch canary` # !! \\' \"\n> canary\n'; touch canary; '";

describe('what an agent is told', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'llmctl-told-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is plain text for a coding agent', () => {
    expect(toldAs(of('claude'), TEXT)).toBe(TEXT);
  });

  it.each(['sh', 'bash'])('does nothing in %s, whatever is in it', (shell) => {
    const ran = spawnSync(shell, { cwd: folder, input: `${toldAs(of('shell'), TEXT)}\n`, encoding: 'utf8' });
    expect(ran).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(readdirSync(folder)).toEqual([]);
  });
});
