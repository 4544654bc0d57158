import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PairOfAgents } from './pair.testkit.ts';
import { pauseStill } from './quiesce.ts';

let pair: PairOfAgents;
let child: ChildProcess;
beforeEach(async () => {
  pair = new PairOfAgents();
  await pair.start({ f: 'x\n' });
  const file = openSync(join(pair.worktrees[0].dir, 'f'), 'w');
  child = spawn('cat', { stdio: ['pipe', file, 'ignore'] });
  closeSync(file);
});
afterEach(() => {
  child.kill('SIGKILL');
  pair.remove();
});

describe('a standstill between two writes', () => {
  it('waits for a writer that is let go on and does not get to run', async () => {
    child.kill('SIGSTOP');
    const ended = once(child, 'close');
    let tries = 0;
    const still = await pauseStill(pair.worktrees[0], {
      pause: async () => {},
      resume: async () => {
        if (++tries < 20) return;
        child.kill('SIGCONT');
        child.stdin!.end();
        await ended;
      },
      deadlineMs: 1,
    });
    expect(still).toEqual({ writers: [], busy: null, tries: 20 });
  });

  it('is good enough with one that could write and does not', async () => {
    const still = await pauseStill(pair.worktrees[0], {
      pause: async () => {},
      resume: async () => {},
      deadlineMs: 1,
    });
    expect(still.writers).toMatchObject([{ pid: child.pid }]);
    expect(still.tries).toBeGreaterThanOrEqual(10);
  });
});
