import { describe, expect, it } from 'vitest';
import { milestoneMessage } from '../plan/prompt/milestone.ts';
import { WorkSession, planOf } from '../working.testkit.ts';
import { isOwnFile, milestoneChecks, milestoneFigures } from './milestone-figures.ts';
import { durationText } from './durations.ts';

const PARTS = {
  health: { build: 'make', test: 'make test', lint: 'make lint' },
  integration: { checks: ['build', 'test'] },
  tasks: [
    { id: 'a', title: 'The parser', agent: 'ana' },
    { id: 'b', agent: 'ben' },
  ],
  gates: [
    {
      id: 'fast',
      after: ['a'],
      checks: [{ run: 'make check' }, { threshold: 'parse', run: 'make bench', limit: '< 20', unit: 'ms' }],
    },
  ],
  milestones: [{ id: 'm', title: 'It parses', tasks: ['a'], gate: 'fast', commit: { type: 'perf', tag: 'v1' } }],
  commits: { trailers: ['Signed-off-by: ana'] },
};
const plan = planOf(PARTS);
const milestone = plan.milestones[0]!;

const passed = {
  name: 'test',
  state: 'green',
  ms: 4_300,
  firstError: '',
  counts: { passed: 42, failed: 0, skipped: 1 },
} as const;
const failed = { name: 'build', state: 'red', ms: 61_000, firstError: 'src/a.c:3: no', counts: null } as const;

/** The parser is done, and its gate has looked at it. */
function workDone() {
  const { work } = new WorkSession(plan).state;
  const a = { ...work!.tasks.a!, stage: 'done', agent: 'ana', commit: '1234567890abcdef' } as const;
  const checks = [
    { state: 'passed', said: '' },
    { state: 'passed', said: 'parse: 12 ms (< 20 ms)' },
  ] as const;
  const fast = { ...work!.gates.fast!, state: 'passed', checks } as const;
  return { ...work!, tasks: { ...work!.tasks, a }, gates: { ...work!.gates, fast } };
}

describe('the figures of a milestone', () => {
  it('are what landed for it, what was tested, and what that measured', () => {
    expect(milestoneFigures(workDone(), milestone, [failed, passed])).toEqual({
      changes: ['The parser (ana, 1234567890)'],
      tested: 'build RED: src/a.c:3: no; test green, 42 passed, 1 skipped; make check passed',
      performance: 'parse: 12 ms (< 20 ms); build in 1 m 1 s; test in 4.3 s',
    });
  });

  it('are those that a check took out of its output, too', () => {
    const measure = { name: 'size', value: 3, unit: 'MB', ok: true, said: 'size: 3 MB (<= 4 MB)', baseline: null };
    const { performance } = milestoneFigures(workDone(), milestone, [{ ...passed, measures: [measure] }]);
    expect(performance).toBe('parse: 12 ms (< 20 ms); size: 3 MB (<= 4 MB); test in 4.3 s');
  });

  it('say so where there are none', () => {
    const bare = planOf({ tasks: [{ id: 'a' }], milestones: [{ id: 'm', tasks: ['a'], commit: 'chore: m' }] });
    const { work } = new WorkSession(bare).state;
    expect(milestoneFigures(work!, bare.milestones[0]!, [])).toEqual({
      changes: [],
      tested: 'nothing: the plan has no checks',
      performance: 'not measured',
    });
  });

  it('stand in the message of a commit without a template of its own', () => {
    expect(milestoneMessage(plan, milestone, milestoneFigures(workDone(), milestone, [passed]))).toBe(
      [
        'perf: It parses',
        '',
        '- The parser (ana, 1234567890)',
        '',
        'Tested: test green, 42 passed, 1 skipped; make check passed',
        'Performance: parse: 12 ms (< 20 ms); test in 4.3 s',
        '',
        'Signed-off-by: ana',
      ].join('\n'),
    );
  });

  it('come from the checks that guard the branch', () => {
    expect(milestoneChecks(plan).map(({ name }) => name)).toEqual(['build', 'test']);
    expect(milestoneChecks(planOf({ health: { build: 'make' } })).map(({ name }) => name)).toEqual(['build']);
  });
});

it('knows files of llmctl that belong into no history', () => {
  for (const path of ['.llmctl/worktrees/ana/a.c', '.llmctl/gates/x', 'src/a.c.llmctl-saved', 'b.llmctl-saved-2'])
    expect(isOwnFile(path)).toBe(true);
  for (const path of ['.llmctl/plan.yaml', 'llmctl.yaml', 'src/a.c', '.llmctl/prompts/a.md'])
    expect(isOwnFile(path)).toBe(false);
});

it.each([
  [0, '0 s'],
  [420, '0.4 s'],
  [9_960, '10 s'],
  [60_000, '1 m'],
  [185_000, '3 m 5 s'],
  [7_620_000, '2 h 7 m'],
])('says %d ms as %s', (ms, text) => expect(durationText(ms)).toBe(text));
