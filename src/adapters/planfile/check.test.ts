/** What is wrong with plans whose parts are all right by themselves. */
import { describe, expect, it } from 'vitest';
import { analysePlan } from '../../core/plan/check/figures.ts';
import { taskBrief } from '../../core/plan/prompt/brief.ts';
import { planDocument } from '../../core/plan/show/document.ts';
import { dotGraph, mermaidGraph } from '../../core/plan/show/graph-text.ts';
import { schedule } from '../../core/plan/show/schedule.ts';
import type { Plan } from '../../core/plan/model.ts';
import { parsePlan } from './load.ts';

const HEAD = 'version: 1\nname: x\nagents:\n  - {id: a, profile: shell}\n  - {id: b, profile: shell}\n';

/** Severity, line, column and message of each problem; lines count from the one behind the agents. */
function problemsOf(text: string) {
  const loaded = parsePlan(HEAD + text, 'f');
  const before = HEAD.split('\n').length - 1;
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  return problems.map(({ severity, line, column, message }) => [severity, line - before, column, message]);
}

function planOf(text: string): Plan {
  const loaded = parsePlan(HEAD + text, 'f');
  expect(loaded.ok ? [] : loaded.problems).toEqual([]);
  return (loaded as { plan: Plan }).plan;
}

/** ▸ stands before the place that is told. */
const rows: readonly (readonly [name: string, text: string, severity: string, says: RegExp])[] = [
  [
    'a circle',
    'tasks:\n  - {id: t1, agent: a, dependsOn: ▸t3}\n  - {id: t2, agent: a, dependsOn: t1}\n  - {id: t3, agent: a, dependsOn: [t2]}\n',
    'error',
    /in a circle: t1 → t2 → t3 → t1; take one/,
  ],
  ['a task that waits for itself', 'tasks:\n  - {id: t1, agent: a, dependsOn: ▸t1}\n', 'error', /waits for itself/],
  [
    'an unknown dependency',
    'tasks:\n  - {id: parser, agent: a}\n  - {id: t2, agent: a, dependsOn: [▸parsr]}\n',
    'error',
    /task "t2" names "parsr".*did you mean "parser"/,
  ],
  ['an unknown agent', 'tasks:\n  - {id: t1, agent: ▸c}\n', 'error', /names "c", which is no agent/],
  [
    'an unknown phase',
    'tasks:\n  - {id: t1, agent: a, phase: ▸p}\n',
    'error',
    /no phase of the plan; the plan has none/,
  ],
  [
    'an unknown task in a gate',
    'tasks: [{id: t1, agent: a}]\ngates:\n  - {id: g, after: t1, before: ▸t9, checks: [{run: make}]}\n',
    'error',
    /gate "g" names "t9"/,
  ],
  [
    'a fallback to nowhere',
    'tasks: [{id: t1, agent: a}]\ngates:\n  - {id: g, after: t1, checks: [{run: make}], onFail: ▸fallback t2}\n',
    'error',
    /names "t2"/,
  ],
  [
    'an id twice',
    'tasks:\n  - {id: t1, agent: a}\ngates:\n  - {id: ▸t1, after: t1}\n',
    'error',
    /stands twice \(as a task on line 7\)/,
  ],
  [
    'a deliverable that nobody makes',
    'tasks:\n  - {id: t1, agent: a, deliverables: [Parser]}\n  - {id: t2, agent: b, dependsOn: {task: ▸t1, on: partial, deliverables: [Parsr]}}\n',
    'error',
    /"t1" has no deliverable "Parsr"; did you mean "Parser"/,
  ],
  [
    'a task beside what it waits for',
    'tasks:\n  - {id: t1, agent: a, estimateHours: 1}\n  - {id: t2, agent: b, dependsOn: t1, runsBeside: [▸t1], estimateHours: 1}\n',
    'error',
    /is to run beside "t1", but "t2" waits for "t1"/,
  ],
  [
    'a parallel phase with an order in it',
    'phases: [{id: p, parallel: ▸true}]\ntasks:\n  - {id: t1, agent: a, phase: p}\n  - {id: t2, agent: b, phase: p, dependsOn: t1}\n',
    'error',
    /are to run in parallel, but "t2" waits for "t1"/,
  ],
  [
    'a task that waits for a later phase',
    'phases: [{id: p}, {id: q}]\ntasks:\n  - {id: t1, agent: a, phase: q}\n  - {id: t2, agent: b, phase: p, dependsOn: ▸t1}\n',
    'error',
    /of a later phase/,
  ],
  ['figures that disagree', 'expected: {agents: ▸3}\n', 'error', /expected to be 3, but the plan comes to 2/],
  [
    'one file of two tasks',
    'tasks:\n  - {id: t1, agent: a, estimateHours: 1, files: [src/]}\n  - {id: t2, agent: b, estimateHours: 1, files: [▸src/x.ts]}\n',
    'warning',
    /"src\/x.ts" \(with "src\/"\) is claimed by tasks "t1" and "t2"/,
  ],
  ["a task that is nobody's", 'tasks:\n  - ▸{id: t1, estimateHours: 1}\n', 'warning', /is nobody's/],
  [
    'a task tied to nothing',
    'tasks:\n  - {id: t1, agent: a, estimateHours: 1}\n  - {id: t2, agent: a, dependsOn: t1, estimateHours: 1}\n  - ▸{id: t3, agent: a, estimateHours: 1}\n',
    'warning',
    /"t3" is tied to nothing/,
  ],
  ['a gate nothing reaches', 'gates:\n  - ▸{id: g, checks: [{run: make}]}\n', 'warning', /nothing reaches gate "g"/],
  [
    'a gate after an empty phase',
    'phases: [{id: p}]\ngates:\n  - ▸{id: g, after: p, checks: [{run: make}]}\n',
    'warning',
    /nothing reaches/,
  ],
  [
    'a gate that checks nothing',
    'tasks: [{id: t, agent: a, estimateHours: 1}]\ngates: [▸{id: g, after: t}]\n',
    'warning',
    /checks nothing/,
  ],
  [
    'estimates that are missing',
    'tasks:\n  - {id: t1, agent: a, estimateHours: 1}\n  - ▸{id: t2, agent: a, dependsOn: t1}\n',
    'warning',
    /no estimate for t2/,
  ],
  [
    'a name that a template may not have',
    'prompts:\n  p: |\n    Do {{▸task.titel}}.\n',
    'error',
    /\{\{task\.titel\}\}.*did you mean "task\.title"/,
  ],
  ['a template that is never closed', 'prompts: {p: "Do ▸{{task.id"}\n', 'error', /never closed/],
  ['an unknown variable', 'vars: {speed: 1}\nprompts: {p: "{{▸vars.sped}}"}\n', 'error', /did you mean "vars\.speed"/],
  [
    'a prompt that is none',
    'tasks:\n  - {id: t1, agent: a, estimateHours: 1, prompt: {use: ▸p}}\n',
    'error',
    /which is none of "prompts"/,
  ],
];

describe('plan check', () => {
  it.each(rows)('%s', (_name, text, severity, says) => {
    const before = text.slice(0, text.indexOf('▸')).split('\n');
    const found = problemsOf(text.replace('▸', ''));
    expect(found).toContainEqual([severity, before.length, before.at(-1)!.length + 1, expect.stringMatching(says)]);
  });

  it('has nothing to say where one agent or an order keeps two tasks apart', () => {
    const text =
      'tasks:\n' +
      '  - {id: t1, agent: a, estimateHours: 1, files: [src/]}\n' +
      '  - {id: t2, agent: a, estimateHours: 1, files: [src/x.ts], dependsOn: {task: t1, on: started}}\n' +
      '  - {id: t3, agent: b, estimateHours: 1, files: [src/x.ts], dependsOn: [t1, t2]}\n';
    expect(problemsOf(text)).toEqual([]);
  });

  it('says which agent has too much, in all and in a phase', () => {
    const text =
      'version: 1\nname: x\nagents:\n  - {id: a, profile: s, limits: {hours: 10, hoursPerWeek: 4}}\n' +
      'phases: [{id: p, weeks: [1, 2]}]\ntasks: [{id: t, agent: a, phase: p, estimateHours: 12}]\n';
    const loaded = parsePlan(text, 'f');
    expect(loaded.ok && loaded.warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('12 hours, more than its 10'),
      expect.stringContaining('12 hours in phase "p", more than 8 (4 a week)'),
    ]);
  });

  it('says which agent the plan waits for, while another has little to do', () => {
    const text = 'tasks:\n  - {id: t1, agent: a, estimateHours: 4}\n  - {id: t2, agent: a, estimateHours: 4}\n';
    const other = (hours: number) => `${text}  - {id: t3, agent: b, estimateHours: ${hours}}\n`;
    expect(problemsOf(other(3))).toEqual([
      ['warning', -1, 10, expect.stringMatching(/"a" has tasks of 8 hours while the critical path takes 4/)],
    ]);
    expect(problemsOf(other(4))).toEqual([]);
  });

  it('reads keys as other formats write them', () => {
    const plan = planOf(
      'tasks:\n  - {id: t1, agent: a, estimate_hours: 2-4h}\n  - {id: t2, agent: a, depends_on: t1}\n',
    );
    expect(plan.tasks.map(({ estimateHours, dependsOn }) => [estimateHours, dependsOn.length])).toEqual([
      [[2, 4], 0],
      [null, 1],
    ]);
  });
});

const WORK = `
phases: [{id: p}]
tasks:
  - {id: t1, agent: a, phase: p, estimateHours: [2, 4], deliverables: [One, Two], files: [one.ts]}
  - {id: t2, agent: b, phase: p, estimateHours: [1, 2], dependsOn: {task: t1, on: partial, deliverables: [One]}}
  - {id: t3, agent: b, estimateHours: [3, 3], dependsOn: [m, {gate: g}]}
  - {id: t4, agent: a, estimateHours: 1, dependsOn: {task: t1, on: started}, priority: low}
  - {id: never, agent: a, estimateHours: 50}
milestones: [{id: m, tasks: [t1], owner: a}]
gates: [{id: g, after: t2, before: t3, checks: [{run: make}], onFail: fallback never}]
`;

describe('the graph of a plan', () => {
  const plan = planOf(WORK);
  const analysis = analysePlan(plan)!;

  it('waits for parts, milestones and gates; what only runs in need takes no time', () => {
    expect(analysis.timing.critical).toEqual({ tasks: ['t1', 't3'], hours: [5, 7] });
    expect(analysis.figures).toMatchObject({ tasks: 4, totalHours: [7, 10], deliverables: 2 });
    const start = Object.fromEntries(analysis.graph.nodes.map(({ id }, at) => [id, analysis.timing.start[at]]));
    expect(start).toMatchObject({ t1: 0, t2: 2, g: 4, t3: 4, t4: 0, m: 4 });
  });

  it('is scheduled with one task an agent at a time', () => {
    const { tasks, hours } = schedule(analysis);
    expect(tasks.map(({ id, start, end, slack }) => [id, start, end, slack])).toEqual([
      ['t1', 0, 4, 0],
      ['t2', 2, 4, 0],
      ['t4', 4, 5, 6],
      ['t3', 4, 7, 0],
    ]);
    expect(hours).toBe(7);
  });

  it('is drawn with names that can be no syntax', () => {
    const nasty = planOf('tasks:\n  - {id: end, title: \'say "hi"] --> [x\', agent: a, estimateHours: 1}\n');
    const drawn = analysePlan(nasty)!;
    expect(mermaidGraph(nasty, drawn)).toContain('n0["end · say \'hi\'] --> [x · a · 1 h"]');
    expect(dotGraph(nasty, drawn)).toContain('n0 [label="end · say \'hi\'] --> [x · a · 1 h", shape=box, penwidth=3];');
  });

  it('comes as the document that scripts rely on', () => {
    const document = planDocument(plan, []);
    expect(document).toMatchObject({
      ok: true,
      totalHours: [7, 10],
      criticalPath: { tasks: ['t1', 't3'], hours: [5, 7] },
    });
    expect(document.tasks[2]).toMatchObject({ id: 't3', agent: 'b', dependsOn: ['m', 'g'], estimateHours: [3, 3] });
    expect(document.milestones[0]?.deliverables.map(({ text }) => text)).toEqual(['One', 'Two']);
  });
});

describe('a brief', () => {
  it('is the prompt of the task, of its agent, or the usual one, filled in', () => {
    const plan = planOf(
      WORK.replace('id: t2,', 'id: t2, prompt: "{{task.id}} for {{agent.id}}: \\\\{{x}} {{dependencies.outputs}}",'),
    );
    expect(taskBrief(plan, plan.tasks[1]!)).toBe('t2 for b: {{x}} - t1 (One; Two; one.ts)');
    expect(taskBrief(plan, plan.tasks[0]!)).toContain('Your task is t1: t1');
    expect(taskBrief(plan, plan.tasks[0]!)).toContain('- one.ts');
  });
});
