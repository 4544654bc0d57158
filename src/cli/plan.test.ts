/** The commands about plans, as processes: what they print, and what they exit with. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

const PLAN = `version: 1
name: two
agents: [{id: a, profile: shell}, {id: b, profile: shell}]
tasks:
  - {id: one, agent: a, estimateHours: [1, 2], deliverables: [It]}
  - {id: two, agent: b, estimateHours: 3, dependsOn: one}
gates: [{id: g, after: two, checks: [{run: "true"}]}]
`;

describe('llmctl plan', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'llmctl-plan-cli-'));
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, 'two.yaml'), PLAN);
    writeFileSync(
      join(folder, 'DOC.md'),
      '# Doc\n\n## Agent 1: One\n**Focus**: x\n**Estimated Time**: 2 hours\n\nWhat is this?\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function plan(...args: readonly string[]) {
    const env = { PATH: process.env.PATH, HOME: folder };
    return spawnSync(process.execPath, [MAIN, 'plan', ...args], { cwd: folder, env, encoding: 'utf8' });
  }

  it('check prints totals and the critical path', () => {
    expect(plan('check', 'two.yaml')).toMatchObject({
      status: 0,
      stderr: '',
      stdout:
        'two.yaml: two, 2 agents: no errors\n' +
        '  2 tasks, 1 gate, 1 deliverable\n' +
        '  total 4-5 h; with these agents at most 5 h\n' +
        '  critical path 4-5 h: one → two\n',
    });
  });

  it('check knows which profiles are here', () => {
    writeFileSync(join(folder, 'far.yaml'), 'version: 1\nname: far\nagents:\n  - {id: a, profile: cluade}\n');
    const says =
      /^llmctl: far\.yaml:4:22: warning: agent "a" names the profile "cluade", which is not here; did you mean "claude"\?\n$/;
    expect(plan('check', 'far.yaml')).toMatchObject({ status: 0, stderr: expect.stringMatching(says) });
  });

  it('graph prints the schedule, Mermaid, dot or a document', () => {
    expect(plan('graph', 'two.yaml').stdout).toMatch(
      /^\s+task\s+agent[^\n]+\n\* {2}one {3}a {6}0 {5}2[^\n]+\n\* {2}two {3}b {6}2 {5}5[^\n]+after one\n/,
    );
    expect(plan('graph', 'two.yaml', '--format', 'mermaid').stdout).toMatch(/^%% two\nflowchart LR\n[^]*n0 --> n1\n/);
    expect(plan('graph', 'two.yaml', '--format', 'dot').stdout).toMatch(/^digraph "two" \{\n[^]*n0 -> n1;\n/);
    expect(JSON.parse(plan('graph', 'two.yaml', '--json').stdout)).toMatchObject({
      schedule: [
        { id: 'one', agent: 'a', start: 0, end: 2 },
        { id: 'two', agent: 'b', start: 2, end: 5 },
      ],
    });
    expect(plan('graph', 'two.yaml', '--format', 'png')).toMatchObject({ status: 2, stdout: '' });
  });

  it('schema prints one JSON document', () => {
    expect(JSON.parse(plan('schema').stdout)).toMatchObject({
      required: ['version', 'name', 'agents'],
      properties: { tasks: {} },
    });
  });

  it('import writes a plan that passes check, and never over a file unasked', () => {
    const first = plan('import', 'DOC.md', '-o', 'out.yaml');
    expect([first.status, first.stdout]).toEqual([
      0,
      expect.stringMatching(/1 line of the documents not understood:\nDOC\.md:7: What is this\?\n$/),
    ]);
    expect(readFileSync(join(folder, 'out.yaml'), 'utf8')).toMatch(/estimateHours: 2 # DOC\.md:5\n/);
    expect(plan('check', 'out.yaml').status).toBe(0);
    const again = plan('import', 'DOC.md', '-o', 'out.yaml');
    expect([again.status, again.stderr]).toEqual([1, 'llmctl: out.yaml is there already: --force writes over it\n']);
    const document = JSON.parse(plan('import', 'DOC.md', '--json').stdout);
    expect(document).toMatchObject({
      ok: true,
      totalHours: [2, 2],
      notUnderstood: [{ line: 7, text: 'What is this?' }],
    });
  });

  it('import says in a line what it can not read', () => {
    writeFileSync(join(folder, 'bin.md'), Buffer.from([0x23, 0xff, 0x00]));
    for (const [name, says] of [
      ['none.md', /^llmctl: none\.md:1:1: the document can't be read: there is no such file/],
      ['bin.md', /^llmctl: bin\.md:1:2: the document is not valid UTF-8 here/],
    ] as const) {
      const ran = plan('import', name);
      expect(ran).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(says) });
      expect(ran.stderr.split('\n')).toHaveLength(2);
    }
  });
});
