import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Outputs } from './outputs.ts';
import { Slots } from './slots.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmctl-outputs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the output of a check', () => {
  it('is followed line by line, and on into the next run', async () => {
    const outputs = new Outputs(() => folder);
    outputs.begin('build');
    outputs.add('build', Buffer.from('one\ntw'));
    const first = await outputs.read({ name: 'build', back: 0, after: null, wait: false });
    expect(first).toMatchObject({ lines: ['one'], running: true });
    const waiting = outputs.read({ name: 'build', back: 0, after: first, wait: true });
    outputs.add('build', Buffer.from('o\n\x1b[31mthree\x1b[0m'));
    const second = await waiting;
    expect(second.lines).toEqual(['two']);
    outputs.end('build');
    const third = await outputs.read({ name: 'build', back: 0, after: second, wait: true });
    expect(third).toMatchObject({ lines: ['three'], running: false });
    outputs.begin('build');
    outputs.add('build', Buffer.from('again\n'));
    expect(await outputs.read({ name: 'build', back: 0, after: third, wait: true })).toMatchObject({
      lines: ['again'],
    });
  });

  it('is bounded, and says how much is gone', async () => {
    const outputs = new Outputs(() => folder);
    outputs.begin('build');
    for (let i = 0; i < 20; i++) outputs.add('build', Buffer.from(`${`${i} `.padEnd(999, 'x')}\n`.repeat(100)));
    const reply = await outputs.read({ name: 'build', back: 0, after: null, wait: false });
    expect(reply.dropped).toBeGreaterThan(1_000_000);
    expect(reply.lines.length).toBeLessThan(600);
    expect(reply.lines.at(-1)).toMatch(/^19 x/);
    expect(reply.lines[0]!.length).toBe(999);
  });

  it('of a run before comes from its log', async () => {
    writeFileSync(join(folder, 'build.1.log'), 'old\n');
    const outputs = new Outputs(() => folder);
    const back = { name: 'build', after: null, wait: false };
    expect(await outputs.read({ ...back, back: 1 })).toMatchObject({ there: true, lines: ['old'] });
    expect(await outputs.read({ ...back, back: 2 })).toMatchObject({ there: false, lines: [] });
  });
});

describe('slots', () => {
  it('let so many run at once, and the one that came last goes first', async () => {
    const slots = new Slots(1);
    const order: string[] = [];
    const gates = new Map<string, () => void>();
    const task = (name: string): Promise<void> =>
      slots.run(async () => {
        order.push(name);
        await new Promise<void>((resolve) => gates.set(name, resolve));
      });
    const all = [task('a'), task('b'), task('c')];
    const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
    for (const name of ['a', 'c', 'b']) {
      await turn();
      expect(order.at(-1)).toBe(name);
      gates.get(name)!();
    }
    await Promise.all(all);
  });
});
