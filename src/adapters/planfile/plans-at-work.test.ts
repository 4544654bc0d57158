import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WorkSession } from '../../core/working.testkit.ts';
import { loadPlan } from './load.ts';

const FOLDER = join(import.meta.dirname, '../../../plans');

describe('the plans that come with llmctl', () => {
  it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.yaml')))(
    '%s comes to its end where all do what it has for them',
    async (name) => {
      const loaded = await loadPlan(join(FOLDER, name));
      if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
      const session = new WorkSession(loaded.plan, false);
      session.finish();
      const { tasks, milestones } = session.state.work!;
      const left = Object.entries(tasks).filter(([, { stage, active }]) => active && stage !== 'done');
      expect(left).toEqual([]);
      expect(Object.values(milestones).every(({ reachedAt }) => reachedAt !== null)).toBe(true);
    },
  );
});
