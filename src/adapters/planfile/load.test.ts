import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_MERGE_POLICY } from '../../core/model/overlap.ts';
import { packageRoot } from '../paths/dist.ts';
import { findPlan, loadPlan, parsePlan } from './load.ts';
import { GOOD_PLAN, malformedPlans } from './malformed.ts';

const cases = [...malformedPlans()];

/** What an agent has where its plan says nothing about its work. */
const NO_WORK = {
  role: null,
  focus: null,
  model: null,
  permission: null,
  files: [],
  inputs: [],
  references: [],
  readOnly: false,
  priority: 'medium',
  stuckAfter: null,
  limits: null,
};

const NO_SECTIONS = {
  description: null,
  vars: {},
  prompts: {},
  phases: [],
  milestones: [],
  tasks: [],
  gates: [],
  handovers: [],
  syncPoints: [],
  checklists: [],
  emergencies: [],
  permissions: [],
  budget: null,
  commits: null,
  github: null,
  risks: [],
  launch: [],
  limits: null,
  stuck: null,
  rules: [],
  success: [],
  failures: [],
  expected: null,
};

describe('a malformed plan', () => {
  it('comes in more than 200 ways', () => {
    expect(cases.length).toBeGreaterThan(200);
    expect(new Set(cases.map((entry) => entry.name)).size).toBe(cases.length);
  });

  it.each(cases)('$name', ({ bytes, says, line, column }) => {
    const began = performance.now();
    const loaded = parsePlan(bytes, 'llmctl.yaml');
    expect(performance.now() - began).toBeLessThan(1500);
    const problems = loaded.ok ? [] : loaded.problems;
    const first = problems.find((problem) => problem.severity === 'error')!;
    expect(first.message).toMatch(says ?? /./);
    expect([first.line, first.column]).toEqual([line ?? first.line, column ?? first.column]);
    for (const problem of problems) {
      expect(problem.file).toBe('llmctl.yaml');
      expect(problem.line).toBeGreaterThanOrEqual(1);
      expect(problem.column).toBeGreaterThanOrEqual(1);
      expect(problem.message).toMatch(/^[^\u0000-\u001f\u007f-\u009f]+$/);
      expect(problem.message.length).toBeLessThan(400);
    }
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof parsePlan(bytes, 'f').ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on a good plan that was cut and stirred', () => {
    const edit = fc.tuple(
      fc.nat(GOOD_PLAN.length),
      fc.nat(20),
      fc.constantFrom(...'[]{}:-"\'&*!|>%@`#,?\t\n \0\u0085é🚀'),
    );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        let text = GOOD_PLAN;
        for (const [at, cut, insert] of edits) text = text.slice(0, at) + insert + text.slice(at + cut);
        expect(typeof parsePlan(text, 'f').ok).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a large plan', () => {
  const texts = readdirSync(join(packageRoot(), 'plans')).map((name) =>
    readFileSync(join(packageRoot(), 'plans', name), 'utf8'),
  );

  it('never throws with lines swapped, doubled, emptied and indented anew, and what is left is told with its place', () => {
    const edit = fc.tuple(fc.nat(10_000), fc.nat(10_000), fc.constantFrom('swap', 'double', 'empty', 'indent', 'cut'));
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
        const lines = text.split('\n');
        for (const [a, b, how] of edits) {
          const [x, y] = [a % lines.length, b % lines.length];
          if (how === 'swap') [lines[x], lines[y]] = [lines[y]!, lines[x]!];
          else if (how === 'double') lines.splice(y, 0, lines[x]!);
          else if (how === 'empty') lines[x] = lines[x]!.replace(/:.*/, ':');
          else if (how === 'indent') lines[x] = `  ${lines[x]!}`;
          else lines.splice(x, 1 + (b % 5));
        }
        const loaded = parsePlan(lines.join('\n'), 'f');
        for (const problem of loaded.ok ? loaded.warnings : loaded.problems) {
          expect(problem.line).toBeLessThanOrEqual(lines.length + 1);
          expect(problem.message.length).toBeLessThan(500);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('a good plan', () => {
  it('is read whole', () => {
    const loaded = parsePlan(GOOD_PLAN, 'llmctl.yaml');
    expect(loaded).toEqual({
      ok: true,
      files: [],
      warnings: [],
      plan: {
        version: 1,
        ...NO_SECTIONS,
        name: 'good',
        base: 'main',
        workspace: { kind: 'worktree', copy: [], reflink: [], setup: [], ports: 10 },
        overlaps: DEFAULT_MERGE_POLICY,
        integration: { branch: 'llmctl/integration', checks: null, forward: 'idle', land: 'done', message: null },
        health: [
          { name: 'build', run: { kind: 'shell', line: 'make' }, timeoutMs: 600_000 },
          { name: 'test', run: { kind: 'shell', line: 'npm test' }, timeoutMs: 300_000 },
        ],
        todos: [{ id: expect.any(String), text: 'Read the notes', done: false, agent: null }],
        agents: [
          {
            id: 'a',
            name: 'Parser',
            command: ['bash', '-l'],
            profile: null,
            ...NO_WORK,
            prompt: { kind: 'text', text: 'Fix the parser.', file: null },
            cwd: 'src',
            env: { LEVEL: '3' },
            workspace: null,
            task: 't1',
            todos: [{ id: expect.any(String), text: 'Write a test', done: false, agent: 'a' }],
          },
          {
            id: 'b',
            name: 'b',
            command: null,
            profile: 'claude',
            cwd: '.',
            env: {},
            workspace: null,
            task: null,
            todos: [],
            ...NO_WORK,
            prompt: null,
          },
        ],
      },
    });
  });

  it('may be JSON, may begin with a byte order mark, may have CRLF', () => {
    const json = '{"version":1,"name":"j","agents":[{"id":1,"command":"sh -c \'a; b\'"}]}';
    const loaded = parsePlan(json, 'f');
    expect(loaded.ok && loaded.plan.agents[0]).toMatchObject({ id: '1', command: ['sh', '-c', 'a; b'] });
    const marked = parsePlan(`\uFEFF${GOOD_PLAN.replaceAll('\n', '\r\n')}`, 'f');
    expect(marked.ok && marked.warnings).toMatchObject([{ severity: 'warning', line: 1, column: 1 }]);
  });

  it('keeps words as they were written', () => {
    const text = 'version: 1\nname: x\nagents: [{id: a, command: [run, 0x10, 1.0, true, 007, on]}]\n';
    const loaded = parsePlan(text, 'f');
    expect(loaded.ok && loaded.plan.agents[0]!.command).toEqual(['run', '0x10', '1.0', 'true', '007', 'on']);
  });

  it('warns of what this version does not use, and leaves x- keys and plain aliases alone', () => {
    const text = `${GOOD_PLAN}    host: far\nnotify: []\nx-mine: 1\n`;
    const loaded = parsePlan(text, 'f');
    expect(loaded.ok && loaded.warnings.map((warning) => [warning.line, warning.message])).toEqual([
      [20, '"host" of agent "b" is not used by this version of llmctl'],
      [21, '"notify" of the plan is not used by this version of llmctl'],
    ]);
    const alias = parsePlan('version: 1\nname: x\nx-p: &p Do it.\nagents: [{id: a, profile: s, prompt: *p}]\n', 'f');
    expect(alias.ok && alias.plan.agents[0]!.prompt).toMatchObject({ text: 'Do it.' });
  });

  it('tells every problem at once, in the order of the file', () => {
    const text = 'version: 3\nname: 5\nagents:\n  - id: "a b"\n  - profile: x\n';
    const loaded = parsePlan(text, 'f');
    expect(loaded.ok ? [] : loaded.problems.map((problem) => [problem.line, problem.column])).toEqual([
      [1, 10],
      [2, 7],
      [4, 9],
      [5, 5],
    ]);
  });

  it('gives a todo the same id wherever it stands', () => {
    const ids = (todos: string) => {
      const loaded = parsePlan(`version: 1\nname: x\ntodos: ${todos}\nagents: [{id: a, profile: s}]\n`, 'f');
      return loaded.ok ? loaded.plan.todos.map((todo) => todo.id) : [];
    };
    const [one, two] = ids('[one, two]');
    expect(ids('[zero, two, one]').slice(1)).toEqual([two, one]);
    expect(new Set(ids('[one, one, one]')).size).toBe(3);
  });
});

describe('plans on disk', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llmctl-plan-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are found in their two places, in order', async () => {
    expect(await findPlan(folder)).toBeNull();
    await mkdir(join(folder, '.llmctl'));
    await writeFile(join(folder, '.llmctl/plan.yaml'), GOOD_PLAN);
    expect(await findPlan(folder)).toBe(join(folder, '.llmctl/plan.yaml'));
    await writeFile(join(folder, 'llmctl.yaml'), GOOD_PLAN);
    expect(await findPlan(folder)).toBe(join(folder, 'llmctl.yaml'));
    expect((await loadPlan(join(folder, 'llmctl.yaml'))).ok).toBe(true);
  });

  it('that are no file are refused in a line', async () => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);
    const paths: [string, RegExp][] = [
      [join(folder, 'absent.yaml'), /no such file/],
      [folder, /not a file|folder/],
      [join(folder, 'pipe'), /not a file/],
      ['/dev/zero', /not a file/],
    ];
    for (const [path, says] of paths) {
      const loaded = await loadPlan(path);
      expect(loaded.ok ? [] : loaded.problems).toMatchObject([{ file: path, message: expect.stringMatching(says) }]);
    }
  });
});
