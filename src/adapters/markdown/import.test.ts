/** Documents in, plans out: the shapes that people use, and anything else without an error. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importPlan } from '../../core/plan/import/import.ts';
import { planDocument } from '../../core/plan/show/document.ts';
import { packageRoot } from '../paths/dist.ts';
import { parsePlan } from '../planfile/load.ts';
import { planYaml } from '../planfile/write-plan.ts';
import { readMarkdown } from './read.ts';

function imported(texts: Readonly<Record<string, string>>) {
  const documents = Object.entries(texts).map(([file, text]) => ({ file, blocks: readMarkdown(text, file) }));
  const { plan, notUnderstood } = importPlan(documents, 'claude');
  const yaml = planYaml(plan, ['imported']);
  const loaded = parsePlan(yaml, 'plan.yaml');
  expect(loaded.ok ? [] : loaded.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const document = planDocument(loaded.ok ? loaded.plan : null, []);
  return { ...document, notUnderstood, yaml };
}

function fixture(name: string) {
  return imported({ [name]: readFileSync(join(packageRoot(), 'test/fixtures/plans', name), 'utf8') });
}

describe('a document about agents, milestones and days', () => {
  const plan = fixture('bakery.md');

  it('gives agents, milestones with deliverables, and handovers', () => {
    expect(plan.agents.map(({ id, name }) => [id, name])).toEqual([
      ['agent-1', 'Oven'],
      ['agent-2', 'Counter'],
    ]);
    expect(plan.milestones.map(({ owner, deliverables }) => [owner, deliverables.length])).toEqual([
      ['agent-1', 2],
      ['agent-2', 1],
      ['coordinator', 1],
    ]);
    expect(plan.handovers).toMatchObject([
      { from: ['agent-1'], to: ['agent-2'], artefact: 'Product interface', day: 2 },
    ]);
  });

  it('takes the part that "partial" means from the handover', () => {
    const [, orders] = plan.milestones;
    expect(orders?.dependsOn).toMatchObject([{ target: 'milestone-1', on: 'partial', deliverables: ['Product list'] }]);
    expect(plan.milestones[2]?.dependsOn.map(({ target }) => target)).toEqual(['milestone-1', 'milestone-2']);
  });

  it('counts labels from one to the other, and marks values with their lines', () => {
    expect(plan.github?.labels.map(({ name }) => name)).toEqual([
      'milestone-1',
      'milestone-2',
      'milestone-3',
      'blocked',
    ]);
    expect(plan.yaml).toMatch(/- Price rules # bakery\.md:25\n/);
  });

  it('tells what it made nothing of', () => {
    expect(plan.notUnderstood).toContainEqual({ file: 'bakery.md', line: 54, text: 'A remark that fits nowhere.' });
  });
});

describe('a document about specialists, whose encoding was mangled', () => {
  const plan = fixture('engine.md');

  it('gives roles, tasks and what they wait for', () => {
    expect(plan.agents.map(({ id }) => id)).toEqual(['overseer', 'agent-1', 'agent-2', 'agent-3']);
    expect(plan.tasks.map(({ agent, dependsOn, estimateHours }) => [agent, dependsOn, estimateHours])).toEqual([
      ['agent-1', [], [2, 3]],
      ['agent-2', ['agent-1-work'], [0.5, 0.5]],
      ['agent-3', [], [0.25, 0.25]],
    ]);
    expect(plan.tasks[0]).toMatchObject({
      title: 'Pistons → valves',
      files: ['engine/piston.c'],
      priority: 'critical',
    });
    expect(plan.tasks[0]?.validation).toEqual([{ kind: 'shell', line: 'make run' }]);
  });

  it('gives commits, gates, tolerances, checklists and the stuck rule', () => {
    expect(plan.milestones.map(({ done, tasks }) => [done, tasks])).toEqual([
      [true, []],
      [false, ['agent-1-work']],
      [false, ['agent-2-work']],
    ]);
    const tolerances = plan.gates.flatMap(({ checks }) =>
      checks.flatMap((check) => (check.kind === 'threshold' ? [check.tolerance] : [])),
    );
    expect(tolerances).toEqual([5, 15]);
    expect(plan.checklists.map(({ when }) => when)).toEqual(['after-task', 'end']);
    expect(plan.emergencies).toMatchObject([{ when: 'stuck', after: 45 * 60_000 }, { when: 'tests-failing' }]);
  });

  it('gives steps of an emergency only where they are meant, and what proves an end', () => {
    const steps = plan.emergencies.map((one) => one.steps.map(({ do: what, to, if: only }) => [what, to, only]));
    expect(steps).toEqual([
      [
        ['notify', null, null],
        ['ask-status', null, null],
        ['reassign', null, 'blocked'],
      ],
      [
        ['ask-person', null, null],
        ['reassign', 'agent-1', 'Compilation error'],
        ['reassign', 'agent-2', 'Rattling'],
      ],
    ]);
    expect(plan.rules).toEqual(['Each agent tells the overseer: What is done']);
    expect(plan.success.at(-1)).toMatchObject({ verify: { kind: 'shell', line: 'make run' } });
  });

  it('makes commits of what is to be committed', () => {
    expect(plan.milestones.map(({ commit }) => commit?.description ?? null)).toEqual([null, 'Runs', 'Inspected']);
    expect(plan.yaml).toContain('readOnly: true # engine.md:6\n');
  });

  it('tells contradictions instead of settling them', () => {
    const said = plan.notUnderstood.map(({ text }) => text).join('\n');
    expect(said).toMatch(/work in parallel", but agent-2-work waits for agent-1-work/);
    expect(said).toMatch(/says "5 agents", but 4 were found/);
    expect(said).not.toMatch(/1 Tasks/);
  });
});

describe('a document about workstreams and checkpoints', () => {
  const plan = fixture('harbour.md');

  it('gives a task for each, and the one that only a table knows', () => {
    expect(plan.tasks.map(({ id, agent, dependsOn }) => [id, agent, dependsOn])).toEqual([
      ['ws1', 'sea-surveyor', []],
      ['ws2', 'quay-builder', ['ws1']],
      ['opening', 'coordinator', ['ws1', 'ws2']],
    ]);
    expect(plan.criticalPath).toEqual({ tasks: ['ws1', 'ws2', 'opening'], hours: [5, 7] });
    expect(plan.tasks[0]?.files).toEqual(['maps/harbour.svg']);
  });

  it('gives prompts as templates, gates, handovers and risks', () => {
    expect(plan.prompts).toBe(2);
    expect(plan.agents[0]?.prompt).toBe('ROLE: You survey. Write \\{{nothing}} twice.\nFiles: {{task.files}}');
    expect(plan.gates).toMatchObject([{ id: 'checkpoint-1', after: ['ws1'], dueHours: [1, 2] }]);
    expect(plan.handovers).toMatchObject([{ from: ['ws1'], to: ['ws2'] }]);
    expect(plan.risks).toMatchObject([{ title: 'Storm', impact: 'high', why: 'stops all', mitigation: ['Wait'] }]);
  });

  it('gives what go and no-go mean, and holds the last task back until every checkpoint has passed', () => {
    expect(plan.gates).toMatchObject([
      {
        before: ['ws2', 'opening'],
        checks: [{ kind: 'person', go: 'WS2 begins', noGo: 'The harbour moves' }, { kind: 'person' }],
        onPass: 'WS2 begins',
        notes: 'Affected: The town (its mayor asks)',
      },
    ]);
    expect(plan.launch).toMatchObject([{ start: ['ws1'] }, { start: ['opening'], notes: '- Cut the ribbon' }]);
  });

  it('keeps what else stands with a task as its notes', () => {
    expect(plan.tasks.map(({ notes }) => notes)).toEqual([
      'Priority: CRITICAL (blocks WS2)',
      '- quay/plan.md (pages 3-5)\nSteps:\npump --out',
      '- Feast: Invite the town; Cook',
    ]);
  });
});

describe('a document with tasks as YAML', () => {
  it('gives them with their phases, hours and criteria, also where the YAML is none', () => {
    const plan = fixture('telescope.md');
    expect(plan.tasks.map(({ id, agent, phase }) => [id, agent, phase])).toEqual([
      ['LENS-001', 'agent-a', 'phase-1'],
      ['SKY-001', 'agent-b', 'phase-2'],
    ]);
    expect(plan.tasks[0]?.acceptance.map(({ text }) => text)).toEqual(['> 90% clear', 'No scratch']);
    expect(plan.totalHours).toEqual([32, 32]);
    expect(plan.phases.map(({ title, weeks, success }) => [title, weeks, success.length])).toEqual([
      ['Glass', [1, 2], 1],
      ['Sky', [3, 4], 0],
    ]);
    expect(plan.yaml).toMatch(/- A lens # telescope\.md:20\n/);
  });

  it('tells files that are none, and keys that it does not know', () => {
    const yaml = '```yaml\ntask_id: T-1\nfiles: [a.c, two words, ../b.c]\ncolour: red\n```\n';
    const { tasks, notUnderstood } = imported({ 'x.md': `# X\n\n## Agent-A: One\n\n${yaml}` });
    expect(tasks[0]?.files).toEqual(['a.c']);
    expect(notUnderstood.map(({ line, text }) => [line, text])).toEqual([
      [7, '"two words" is no file in the repository: left out'],
      [7, '"../b.c" is no file in the repository: left out'],
      [8, 'colour: red'],
    ]);
  });
});

describe('a document about phases and tasks', () => {
  const plan = fixture('workshop.md');

  it('gives tasks under headings, in lists of YAML, and by what a sentence says', () => {
    expect(
      plan.tasks.map(({ id, agent, phase, dependsOn, estimateHours }) => [id, agent, phase, dependsOn, estimateHours]),
    ).toEqual([
      ['agent-2-work', 'agent-2', null, ['task-1'], null],
      ['task-1', 'agent-1', 'phase-1', [], [8, 16]],
      ['task-2', 'agent-2', 'phase-1', ['task-1'], [40, 40]],
      ['PAINT-1', 'agent-1', null, ['task-2'], [2, 2]],
      ['PAINT-2', 'agent-2', null, ['PAINT-1'], [0.5, 0.5]],
    ]);
    expect(plan.tasks[1]).toMatchObject({ files: ['wood/cut.c'], acceptance: [{ text: 'It fits' }] });
  });

  it('gives phases with their weeks and what ends them, and agents out of a table', () => {
    expect(plan.phases.map(({ title, weeks, success }) => [title, weeks, success.length])).toEqual([
      ['Wood (Week 1-2)', [1, 2], 1],
    ]);
    expect(plan.agents.map(({ id, role, files }) => [id, role, files])).toEqual([
      ['agent-2', 'Glue', ['wood/glue.c']],
      ['agent-1', 'Sawing', ['wood/cut.c']],
    ]);
  });
});

describe('a document in short lines', () => {
  const plan = fixture('rocket.md');

  it('gives values that stand behind their names, and parts of what is waited for', () => {
    expect(plan.agents[0]).toMatchObject({ role: 'Builder', files: ['hull/a.c', 'hull/b.c'] });
    expect(plan.tasks[1]).toMatchObject({
      dependencies: [{ on: 'partial', percent: 50 }, { target: 'task-1' }],
      estimateHours: [1.5, 1.5],
      acceptance: [{ text: 'It burns' }],
    });
    expect(plan.milestones[1]?.dependsOn).toMatchObject([{ target: 'milestone-1', on: 'started' }]);
    expect(plan.milestones[0]?.commit).toMatchObject({ message: 'feat: \\{{ready}}', tag: 'v1.0' });
  });

  it('gives tasks that stand in lists, with what their brackets say', () => {
    expect(plan.tasks.filter(({ id }) => id.startsWith('task-'))).toMatchObject([
      { title: 'Cut', agent: 'agent-1', phase: 'phase-1', estimateHours: [3, 3], done: true },
      {
        title: 'Weld',
        agent: 'agent-2',
        dependsOn: ['task-1'],
        estimateHours: [2, 4],
        notes: 'with care',
        done: false,
      },
    ]);
    expect(plan.phases).toMatchObject([{ weeks: [1, 2], success: [] }]);
  });

  it('gives decisions, sync points by the clock, and how commits are written', () => {
    expect(plan.gates[0]?.checks).toMatchObject([{ go: 'Fuel it', noGo: 'Back to the drawing board' }]);
    expect(plan.syncPoints).toMatchObject([
      { title: 'Standup', at: '09:00' },
      { title: 'Merge', at: '17:30' },
    ]);
    expect(plan.commits).toMatchObject({ style: 'conventional', examples: ['feat: new things'] });
    expect(plan.notUnderstood).toEqual([]);
  });
});

describe('a document without a title', () => {
  it('gives a plan that is called like its file', () => {
    expect(imported({ '/home/eva/PLAN.md': 'Words.\n' }).name).toBe('PLAN.md');
  });
});

describe('any document', () => {
  const lines = fc.constantFrom(
    '# Plan',
    '## Agent 1: One',
    '## Agent 2: Two',
    '### Agent-A: Alpha',
    '## Workstream 1: First',
    '### Task 1: Saw',
    '### Task 2: Glue',
    '## Phase 1: Wood (Week 3-1)',
    'Waits for Task 2 and Agent 1.',
    'Blocked by: Task 1',
    '## Workstream 2: Second',
    '## Milestone 1: M (Week 1-2)',
    '## Milestone 2: N',
    '### Checkpoint 1: C (After 2-4 hours)',
    '### Integration Points:',
    '### Milestones to Commit:',
    '### Labels',
    '### If Agent Gets Stuck:',
    '## Risk 1: {{x}}',
    '**Agent**: some one',
    '**Depends On:** Agent 2 completion',
    '**Dependencies**: Milestones 1 & 2 (partial)',
    '**Dependencies**: All WS',
    '**Estimated Time:** 9-2 hours',
    '**Estimated Time:** 2-4 hours',
    '**Gate**: WS2 completion',
    '**Owner**: Agent 1',
    '- **Deliverables**:',
    '  - [ ] `../../etc/passwd`',
    '  - [ ] It is within 10% of {{before}}',
    '- Agent 1 → Agent 2: Thing (Day 2)',
    '- All → Agent 4',
    '1. **Done** (after Agent 1)',
    '- **Phase 1:** Agent 1 and Agent 2 in parallel',
    '| Workstream | Duration | Dependencies |\n|---|---|---|\n| WS1 | 2h | WS2 |\n| Other | 1h | All |',
    '| Agent | Focus | Issues | Modules |\n|---|---|---|---|\n| 1 | F | #1-3 | `a.c` |',
    '```yaml\ntask_id: T-1\nname: "x"\ndependencies: [T-2, T-1]\nestimated_hours: many\n```',
    '```yaml\ntask_id: T-2\nfiles: [/etc/x, a b, "c.ts"]\ndependencies: [T-1]\nestimated_hours: 4\n```',
    '### Agent-A Spawn Prompt (Alpha)\n```\n{{ [TASK_ID] }}\n```',
    '',
    '---',
  );
  it('gives a plan without an error', () => {
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 40 }), (parts) => {
        expect(imported({ 'any.md': parts.join('\n') }).ok).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('every line of a document', () => {
  const mark = 'Zqx';
  /** What people add to a plan somewhere in its middle. */
  const additions = fc.constantFrom(
    ['', `${mark} is said here.`, ''],
    ['', `- ${mark} item`, `  - nested`, ''],
    ['', `- item`, `  - ${mark} nested`, ''],
    ['', `**${mark}**: value`, ''],
    ['', `- [ ] ${mark} box`, ''],
    ['', `1. ${mark} number`, ''],
    ['', '| a | b |', '|---|---|', `| ${mark} | c |`, ''],
    ['', '```bash', 'first --line', `${mark} --run`, '```', ''],
    ['', `> ${mark} quoted`, ''],
  );
  it('is in the plan, or is told', () => {
    const names = ['bakery.md', 'engine.md', 'harbour.md', 'rocket.md', 'telescope.md', 'workshop.md'];
    const texts = names.map((name) =>
      readFileSync(join(packageRoot(), 'test/fixtures/plans', name), 'utf8').split('\n'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(200), additions, (lines, place, more) => {
        // Between two blocks: in the middle of one it would be something else.
        const at = lines.findIndex((line, n) => n >= place % lines.length && line === '');
        const text = lines.toSpliced(at, 0, ...more).join('\n');
        const { plan, notUnderstood } = importPlan([{ file: 'x.md', blocks: readMarkdown(text, 'x.md') }], 'claude');
        const all = planYaml(plan, []) + JSON.stringify(notUnderstood);
        expect(all).toContain(mark);
      }),
      { numRuns: 80 },
    );
  });
});

const seeds = join(packageRoot(), '../shared/seeds');

describe.runIf(existsSync(seeds))(
  'the documents that started it all (skipped where they are not beside the repository)',
  () => {
    const read = (...numbers: readonly string[]) => {
      const files = readdirSync(seeds).filter((name) => numbers.some((number) => name.startsWith(number)));
      return imported(Object.fromEntries(files.map((file) => [file, readFileSync(join(seeds, file), 'utf8')])));
    };

    it('000: 4 agents, 5 milestones, 23 deliverables, 4 handovers', () => {
      const plan = read('000');
      expect([plan.agents.length, plan.milestones.length, plan.deliverables, plan.handovers.length]).toEqual([
        4, 5, 23, 4,
      ]);
    });

    it('001: 12 issues, 7 modules, and with 000 one plan', () => {
      const plan = read('001');
      expect(plan.tasks.filter(({ issue }) => issue !== null)).toHaveLength(12);
      expect(new Set(plan.tasks.flatMap(({ files }) => files)).size).toBe(7);
      expect(plan.agents[2]?.inputs).toEqual(['book_chapters/training.pdf']);
      const both = read('000', '001');
      expect([both.agents.length, both.milestones.length, both.deliverables]).toEqual([4, 5, 23]);
      expect(both.tasks.filter(({ issue }) => issue !== null)).toHaveLength(12);
    });

    it('002: 8 roles, dependencies, the 30-minute rule, the 10 % tolerance, 6 commits', () => {
      const plan = read('002');
      expect([plan.agents.length, plan.milestones.length]).toEqual([8, 6]);
      const waits = Object.fromEntries(plan.tasks.map(({ id, dependsOn }) => [id, dependsOn]));
      expect(waits['agent-5-work']).toEqual(['agent-3-work', 'agent-4-work']);
      expect(plan.emergencies).toContainEqual(expect.objectContaining({ when: 'stuck', after: 30 * 60_000 }));
      const checks = plan.gates.flatMap((gate) => gate.checks);
      expect(checks).toContainEqual(expect.objectContaining({ kind: 'threshold', tolerance: 10 }));
      expect(plan.yaml).toContain('gpt_params → common_params');
      expect(plan.milestones.filter(({ commit }) => commit !== null)).toHaveLength(5);
      expect(plan.tasks.find(({ id }) => id === 'agent-5-work')?.notes).toContain('granite-4.0-h-tiny-Q6_K.gguf');
    });

    it('003: 5 workstreams, 5 checkpoints, 5 prompts, the critical path', () => {
      const plan = read('003');
      expect(plan.tasks.filter(({ id }) => /^ws\d$/.test(id))).toHaveLength(5);
      expect([plan.gates.length, plan.prompts]).toEqual([5, 5]);
      expect(plan.criticalPath).toEqual({ tasks: ['ws1', 'ws2', 'integration'], hours: [6, 11] });
      expect(plan.gates.every(({ before }) => before.includes('integration'))).toBe(true);
      expect(plan.tasks[1]?.notes).toContain('lines 11-14, 41-81, 87-126');
      expect(plan.launch).toHaveLength(4);
    });

    it('004: 27 tasks, 500 hours, 6 prompts, 4 phases, 200 critical hours', () => {
      const plan = read('004');
      expect([plan.tasks.length, plan.prompts, plan.phases.length]).toEqual([27, 6, 4]);
      expect([plan.totalHours, plan.criticalPath.hours]).toEqual([
        [500, 500],
        [200, 200],
      ]);
      expect(plan.notUnderstood.filter(({ text }) => text.includes('it says'))).toEqual([]);
      expect(plan.notUnderstood).toContainEqual(
        expect.objectContaining({ text: 'pytest modern_dev/tests/phase1/ -v' }),
      );
    });
  },
);
