import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../adapters/planfile/load.ts';
import { packageRoot } from '../../adapters/paths/dist.ts';
import type { Plan } from '../plan/model.ts';
import { judge } from '../health/threshold.ts';
import { chance } from './chance.ts';
import { figuresFor, baselineOf } from './figures.ts';
import { filesOf, firstFiles, mended, met, shortLine, written } from './files.ts';
import { meetingsOf } from './meetings.ts';
import { mishapOf } from './mishaps.ts';
import { defaultSpeed, taskMs } from './pace.ts';

const FOLDER = join(packageRoot(), 'plans');
const plans = readdirSync(FOLDER).map((name): [string, Plan] => {
  const loaded = parsePlan(readFileSync(join(FOLDER, name)), name);
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  return [name, loaded.plan];
});

describe('chance', () => {
  it('is the same for the same question, whatever else was asked', () => {
    const before = chance(7, 'mishap', 'a');
    for (let i = 0; i < 100; i++) chance(7, 'mishap', String(i));
    expect(chance(7, 'mishap', 'a')).toBe(before);
    expect(chance(8, 'mishap', 'a')).not.toBe(before);
  });

  it('is spread evenly', () => {
    const values = Array.from({ length: 2000 }, (_, i) => chance(1, 'x', String(i)));
    for (const part of [0, 1, 2, 3]) {
      const share = values.filter((value) => Math.floor(value * 4) === part).length / values.length;
      expect(share).toBeGreaterThan(0.2);
      expect(share).toBeLessThan(0.3);
    }
  });
});

describe.each(plans)('%s', (_, plan) => {
  it('has files to write for every task, no file where another has a folder', () => {
    const all = new Set(plan.tasks.flatMap((task) => filesOf(plan, task)));
    for (const path of [...all, ...firstFiles(plan, []).keys()]) {
      expect(path).toMatch(/^[^/*?].*[^/]$/);
      for (const other of all) expect(other.startsWith(`${path}/`)).toBe(false);
    }
    for (const task of plan.tasks) expect(filesOf(plan, task).length).toBeGreaterThan(0);
  });

  it('has figures on both sides of every threshold', () => {
    for (const check of plan.gates.flatMap(({ checks }) => checks)) {
      if (check.kind !== 'threshold') continue;
      const { good, bad } = figuresFor(check);
      const plain = { ...check, metric: null, baseline: baselineOf(check) };
      expect(judge(plain, [String(good)], plain.baseline).ok).toBe(true);
      expect(judge(plain, [String(bad)], plain.baseline).ok).toBe(false);
    }
  });

  it('meets only between agents, each task once, in a file that has a place for it', () => {
    for (let seed = 1; seed < 8; seed++) {
      const meetings = meetingsOf(seed, plan);
      const tasks = meetings.flatMap((one) => one.tasks);
      expect(new Set(tasks).size).toBe(tasks.length);
      const files = firstFiles(plan, meetings);
      for (const meeting of meetings) {
        const text = files.get(meeting.path)!;
        const [a, b] = meeting.tasks.map((task) => met(text, meeting, task));
        expect(a).not.toBe(text);
        expect(b).not.toBe(a);
        for (const id of meeting.tasks)
          expect(
            mishapOf(
              seed,
              plan,
              plan.tasks.find((task) => task.id === id)!,
            ),
          ).toBe(null);
      }
    }
    expect(meetingsOf(null, plan)).toEqual([]);
  });

  it('takes seconds by default', () => {
    const speed = defaultSpeed(plan);
    for (const task of plan.tasks) expect(taskMs(plan, task, speed)).toBeLessThan(10_000);
  });
});

describe('files', () => {
  it('hold a section for each task, and lose what was wrong with it', () => {
    const text = written(written('', 'a', '# one'), 'b', '# two');
    expect(text).toBe('# -- a --\n# one\n# -- b --\n# two\n');
    expect(written(text, 'a', '# one')).toBe(text);
    expect(mended(written(text, 'b', shortLine('b')), 'b')).toBe(text);
  });
});
