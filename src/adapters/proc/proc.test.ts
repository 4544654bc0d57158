import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { parsePressure, readPressure } from './pressure.ts';
import { parsePss, readPss } from './pss.ts';
import { parseStat, readProcessTable, type ProcessRow } from './process-table.ts';
import { treeUsage } from './tree-usage.ts';
import { readUnits, unitsOf } from './units.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A child that holds 64 MB, and below it a busy one; it prints once both are there. */
const PARENT = `
  const held = Buffer.alloc(64e6, 1);
  const below = require('child_process').spawn(process.execPath, ['-e', "process.stdout.write('up'); for (;;) {}"]);
  below.stdout.once('data', () => console.log(below.pid));
  process.on('exit', () => { below.kill('SIGKILL'); held.fill(0); });
  process.on('SIGTERM', () => process.exit());
`;

async function parent(): Promise<{ readonly child: ChildProcess; readonly below: number }> {
  const child = spawn(process.execPath, ['-e', PARENT], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, below: Number(line.toString()) };
}

describe('the process table', () => {
  it('finds a real child, what is below it, and what both use', async () => {
    const { child, below } = await parent();
    const { pageBytes } = await readUnits();
    const before = treeUsage(await readProcessTable(), child.pid!, [])!;
    expect(before.processes).toBe(2);
    expect(before.pages * pageBytes).toBeGreaterThan(64e6);
    expect(before.pages * pageBytes).toBeLessThan(1e9);
    // The busy one runs on; how far it came by when depends on the machine.
    for (;;) {
      const now = treeUsage(await readProcessTable(), child.pid!, [])!;
      expect(now.rootStart).toBe(before.rootStart);
      expect(now.ticks).toBeGreaterThanOrEqual(before.ticks);
      if (now.ticks > before.ticks + 5) break;
    }
    expect(treeUsage(await readProcessTable(), child.pid!, [below])!.processes).toBe(1);
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    expect(treeUsage(await readProcessTable(), child.pid!, [])).toBeNull();
  });

  it('reads a name with brackets, spaces and a line break in it', () => {
    const fields = 'S 4 5 6 34816 5 0 0 0 0 0 100 20 7 3 20 0 9 0 4242 1000000 321 0';
    expect(parseStat(5, `5 (a) b\n(c) ${fields}`)).toEqual({
      pid: 5,
      ppid: 4,
      sid: 6,
      start: 4242,
      ticks: 120,
      childTicks: 10,
      pages: 321,
    });
    expect(parseStat(5, '')).toBeNull();
    expect(parseStat(5, '5 (cut) S 4 5')).toBeNull();
  });
});

describe('the usage of a tree', () => {
  const row = (pid: number, ppid: number, sid: number): [number, ProcessRow] => [
    pid,
    { pid, ppid, sid, start: 1, ticks: 10, childTicks: 1, pages: 100 },
  ];

  it('has descendants and orphans of the session, each once, and nobody else', () => {
    const table = new Map([
      row(1, 0, 1),
      row(10, 1, 10),
      row(11, 10, 10),
      row(12, 11, 12),
      row(13, 1, 10),
      row(20, 1, 20),
    ]);
    expect(treeUsage(table, 10, [])).toEqual({ processes: 4, rootStart: 1, ticks: 44, pages: 400 });
  });

  it('leaves out what is not to be counted, with all below it', () => {
    const table = new Map([row(10, 1, 10), row(11, 10, 11), row(12, 11, 11)]);
    expect(treeUsage(table, 10, [11])!.processes).toBe(1);
  });

  it('ends although a pid was given anew while the table was read', () => {
    const table = new Map([row(10, 11, 10), row(11, 10, 10)]);
    expect(treeUsage(table, 10, [])!.processes).toBe(2);
  });
});

describe('what the machine is short of', () => {
  it('is read out of the kernel, where it says so', () => {
    expect(parsePressure('some avg10=1.50 avg60=2.80 avg300=2.35 total=459830891\nfull avg10=0.00\n')).toBe(1.5);
    expect(parsePressure('')).toBeNull();
    expect(readPressure('/nowhere')).toEqual({ cpu: null, memory: null, io: null });
  });

  it('counts shared memory once for all that share it', async () => {
    expect(parsePss('00400000-7ffe [rollup]\nRss:  2000 kB\nPss:  1000 kB\nPss_Dirty: 5 kB\n')).toBe(1_024_000);
    const pss = await readPss([process.pid, 999_999_999]);
    expect(pss).toBeGreaterThan(1e6);
    expect(pss).toBeLessThanOrEqual(process.memoryUsage.rss() * 1.2);
  });
});

describe('the units of the kernel', () => {
  it('come from the auxiliary vector', () => {
    const auxv = Buffer.alloc(48);
    auxv.writeBigUInt64LE(6n, 0);
    auxv.writeBigUInt64LE(16384n, 8);
    auxv.writeBigUInt64LE(17n, 16);
    auxv.writeBigUInt64LE(250n, 24);
    expect(unitsOf(auxv)).toEqual({ pageBytes: 16384, ticksPerSecond: 250 });
    expect(unitsOf(Buffer.alloc(3))).toEqual({ pageBytes: 4096, ticksPerSecond: 100 });
  });
});
