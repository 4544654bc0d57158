import { describe, expect, it } from 'vitest';
import { Busy } from './busy.ts';
import { Lanes } from './lanes.ts';

describe('Lanes', () => {
  it('keeps the order within a key, and lets other keys go on', async () => {
    const lanes = new Lanes();
    const done: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = lanes.run('a', async () => {
      await gate.promise;
      done.push('a1');
    });
    const second = lanes.run('a', async () => void done.push('a2'));
    await lanes.run('b', async () => void done.push('b1'));
    expect(done).toEqual(['b1']);
    gate.resolve();
    await Promise.all([first, second]);
    expect(done).toEqual(['b1', 'a1', 'a2']);
  });

  it('goes on after a task that failed, and is settled when nothing is left', async () => {
    const lanes = new Lanes();
    const done: string[] = [];
    const failed = lanes.run('a', () => Promise.reject(new Error('no')));
    const caught = failed.catch((error: Error) => error.message);
    void lanes.run('a', async () => {
      done.push('first');
      void lanes.run('a', async () => void done.push('added meanwhile'));
    });
    await lanes.settled('a');
    expect(await caught).toBe('no');
    expect(done).toEqual(['first', 'added meanwhile']);
    await lanes.allSettled();
    await lanes.settled('never used');
  });
});

describe('Busy', () => {
  it('is idle when nothing is under way, and what follows in the same turn counts too', async () => {
    const busy = new Busy();
    await busy.idle();
    const gate = Promise.withResolvers<void>();
    let second = false;
    void busy
      .during(() => gate.promise)
      .then(() =>
        busy.during(async () => {
          await new Promise((resolve) => setImmediate(resolve));
          second = true;
        }),
      );
    const idle = busy.idle();
    gate.resolve();
    await idle;
    expect(second).toBe(true);
    expect(busy.count).toBe(0);
  });

  it('counts an end once, and passes errors on', async () => {
    const busy = new Busy();
    const done = busy.begin();
    done();
    done();
    expect(busy.count).toBe(0);
    await expect(busy.during(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(busy.count).toBe(0);
  });
});
