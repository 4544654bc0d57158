import { describe, expect, it } from 'vitest';
import { machineHolds } from './machine.ts';

describe('the machine', () => {
  it('holds new work back where the plan limits its load or its memory, and nowhere else', () => {
    const none = { load: null, memory: null, pressure: null };
    const limits = { agents: null, attempts: null, load: 2, memory: 1000, pressure: 20, runaway: null };
    expect(machineHolds(limits, { load: 3, freeMb: 400.4, pressure: 55.5 })).toEqual({
      load: 'the machine is busy: load 3.0 a core, 2 at most',
      memory: 'memory is short: 400 MB free, 1000 at least',
      pressure: 'work waits for memory 56 % of the time, 20 at most',
    });
    expect(machineHolds(limits, { load: 1.9, freeMb: 1000, pressure: null })).toEqual(none);
    expect(machineHolds(null, { load: 99, freeMb: 1, pressure: 99 })).toEqual(none);
  });
});
