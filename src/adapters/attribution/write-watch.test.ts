import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WriteWatch } from './write-watch.ts';
import type { Suspect } from './write-watch.ts';

/** Does as its lines say: "hold FILE", "write FILE", "below FILE" through a program that ends; answers each with a line. */
const WRITER = `
  const fs = require('fs');
  require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const [what, file] = line.split(' ');
    if (what === 'hold') fs.writeSync(fs.openSync(file, 'a'), 'x');
    if (what === 'write') fs.writeFileSync(file, 'x'.repeat(10000));
    if (what === 'below') require('child_process').execFileSync('sh', ['-c', 'echo x > "$0"', file]);
    fs.writeSync(1, 'done\\n');
  });
  fs.writeSync(1, 'up\\n');
`;

let folder = '';
let children: ChildProcessWithoutNullStreams[] = [];

async function writer(): Promise<ChildProcessWithoutNullStreams> {
  const child = spawn(process.execPath, ['-e', WRITER], { stdio: 'pipe' });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function tell(child: ChildProcessWithoutNullStreams, line: string): Promise<void> {
  const done = once(child.stdout, 'data');
  child.stdin.write(`${line}\n`);
  await done;
}

const suspect = (agent: string, child: ChildProcessWithoutNullStreams, declared = false): Suspect => ({
  agent,
  pids: [child.pid!],
  declared,
});

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-who-')));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  rmSync(folder, { recursive: true, force: true });
});

describe('who wrote a file', () => {
  it('is told by an open descriptor, whoever else writes', async () => {
    const [a, b] = [await writer(), await writer()];
    const both = [suspect('a', a), suspect('b', b, true)];
    const watch = new WriteWatch();
    await watch.look(both);
    await tell(a, `hold ${join(folder, 'f')}`);
    await tell(b, `write ${join(folder, 'g')}`);
    expect(await watch.who(join(folder, 'f'), both)).toMatchObject({ agent: 'a', how: 'descriptor' });
  });

  it('is told by what was written meanwhile, also by a program that has ended', async () => {
    const [a, b] = [await writer(), await writer()];
    const both = [suspect('a', a, true), suspect('b', b)];
    const watch = new WriteWatch();
    for (const what of ['write', 'below']) {
      await watch.look(both);
      await tell(b, `${what} ${join(folder, 'f')}`);
      const found = await watch.who(join(folder, 'f'), [both[0]!, both[1]!]);
      // What a talks to its own pipe is no writing to a disk.
      expect(found).toMatchObject({ agent: 'b', how: 'counters' });
      expect(found.sure).toBeGreaterThan(0.3);
    }
  });

  it('is left open between two who wrote, but for what the plan says', async () => {
    const [a, b] = [await writer(), await writer()];
    const watch = new WriteWatch();
    const both = [suspect('a', a), suspect('b', b)];
    await watch.look(both);
    await tell(a, `write ${join(folder, 'f')}`);
    await tell(b, `write ${join(folder, 'g')}`);
    expect(await watch.who(join(folder, 'f'), both)).toMatchObject({ agent: null, how: 'unknown', sure: 0 });
    await tell(a, `write ${join(folder, 'f')}`);
    await tell(b, `write ${join(folder, 'g')}`);
    const found = await watch.who(join(folder, 'f'), [suspect('a', a, true), suspect('b', b)]);
    expect(found).toMatchObject({ agent: 'a', how: 'counters' });
    expect(found.sure).toBeLessThanOrEqual(0.5);
  });

  it('is a guess by the plan where nobody wrote, and nobody where it says nothing', async () => {
    const [a, b] = [await writer(), await writer()];
    const watch = new WriteWatch();
    await watch.look([suspect('a', a), suspect('b', b)]);
    const guess = await watch.who(join(folder, 'f'), [suspect('a', a), suspect('b', b, true)]);
    expect(guess).toEqual({ agent: 'b', how: 'declared', sure: 0.3 });
    expect((await watch.who(join(folder, 'f'), [suspect('a', a), suspect('b', b)])).agent).toBeNull();
    expect(await watch.who(join(folder, 'f'), [])).toMatchObject({ agent: null });
  });
});
