import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Samples } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'llmctl-samples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sample = (at: number, agent: string, bytes: number) => ({
  at,
  agent,
  bytes,
  cpuMs: 10,
  memoryBytes: bytes,
  overMs: 100,
});

it('adds up what was used in each stretch of time', () => {
  const samples = Samples.open(':memory:');
  samples.add([sample(1_000, 'ana', 5), sample(1_000, 'ben', 1)]);
  samples.add([sample(1_900, 'ana', 7), sample(2_000, 'ana', 3), sample(9_000, 'ana', 9)]);
  expect(samples.gathered(1_000, 5_000, 1_000)).toEqual([
    { at: 1_000, agent: 'ana', bytes: 12, cpuMs: 20, memoryBytes: 7, overMs: 200 },
    { at: 1_000, agent: 'ben', bytes: 1, cpuMs: 10, memoryBytes: 1, overMs: 100 },
    { at: 2_000, agent: 'ana', bytes: 3, cpuMs: 10, memoryBytes: 3, overMs: 100 },
  ]);
  samples.close();
});

it('costs nobody anything where its file is none, or can not be made', () => {
  const path = join(folder, 'metrics.db');
  writeFileSync(path, 'this is no database, and never was one'.repeat(50));
  for (const at of [path, '/proc/nowhere/metrics.db']) {
    const samples = Samples.open(at);
    samples.add([sample(1, 'ana', 5)]);
    expect(samples.gathered(0, 10, 10)).toHaveLength(1);
    samples.close();
    samples.add([sample(2, 'ana', 5)]);
    expect(samples.gathered(0, 10, 10)).toEqual([]);
  }
});
