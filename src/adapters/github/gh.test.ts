/** The plan on GitHub, through a program that stands in for gh: it keeps a repository in a file. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { githubSteps, stepWords } from '../../core/github/steps.ts';
import { wantedOnGithub } from '../../core/github/wanted.ts';
import { parsePlan } from '../planfile/load.ts';
import { Github } from './gh.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-gh-')));
const bin = join(folder, 'bin');
const store = join(folder, 'store.json');
mkdirSync(bin);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As much of `gh api` as is asked for: pages of 100, numbers that count, an error that the store asks for. */
const FAKE = `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const [file, args] = [process.env.FAKE_GH_STORE, process.argv.slice(2)];
const kept = JSON.parse(readFileSync(file, 'utf8'));
const fail = (code, text) => { process.stderr.write(text + '\\n'); process.exit(code); };
const save = () => writeFileSync(file, JSON.stringify(kept));
appendFileSync(file + '.calls', JSON.stringify(args) + '\\n');
if (kept.fails) fail(kept.fails.code, kept.fails.text);
if (args[0] === 'repo') { console.log(JSON.stringify({ nameWithOwner: args.at(-1).includes('/') ? args.at(-1) : 'o/r' })); process.exit(0); }
const method = args[1] === '--method' ? args[2] : 'GET';
const [path, query] = (method === 'GET' ? args[1] : args[3]).replace(/^repos\\/[^/]+\\/[^/]+\\//, '').split('?');
const body = method === 'GET' ? null : JSON.parse(readFileSync(0, 'utf8'));
const [kind, at, part] = path.split('/');
if (method === 'GET') {
  const page = Number(new URLSearchParams(query).get('page'));
  console.log(JSON.stringify(kept[kind].slice((page - 1) * 100, page * 100)));
} else if (at === undefined) {
  if (kept.refuses && kept.refuses === body.title) fail(1, 'gh: Validation Failed (HTTP 422)');
  const number = kept.next++;
  const labels = (body.labels ?? []).map((name) => ({ name }));
  const milestone = body.milestone === undefined ? null : { number: body.milestone };
  const made = kind === 'issues' ? { ...body, number, labels, milestone } : { ...body, number };
  kept[kind].push(made);
  save();
  console.log(JSON.stringify({ ...made, html_url: 'https://example.test/' + kind + '/' + number }));
} else {
  const issue = kept.issues.find(({ number }) => number === Number(at));
  if (part === 'labels') issue.labels.push(...body.labels.map((name) => ({ name })));
  else issue.milestone = { number: body.milestone };
  save();
  console.log('{}');
}
`;

interface Store {
  next: number;
  labels: { name: string; color?: string }[];
  milestones: { number: number; title: string; description: string | null }[];
  issues: {
    number: number;
    title: string;
    body: string | null;
    labels: { name: string }[];
    milestone: { number: number } | null;
    pull_request?: object;
  }[];
  fails?: { code: number; text: string };
  refuses?: string;
}

const kept = (): Store => JSON.parse(readFileSync(store, 'utf8')) as Store;
const keep = (change: Partial<Store>): void => writeFileSync(store, JSON.stringify({ ...kept(), ...change }));

/** Every call so far: several run at once, so each is appended by itself. */
const calls = (): string[][] =>
  readFileSync(`${store}.calls`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);

beforeEach(() => {
  writeFileSync(join(bin, 'gh'), FAKE);
  chmodSync(join(bin, 'gh'), 0o755);
  const empty: Store = { next: 1, labels: [], milestones: [], issues: [] };
  writeFileSync(store, JSON.stringify(empty));
  vi.stubEnv('PATH', bin);
  vi.stubEnv('FAKE_GH_STORE', store);
});
afterEach(() => vi.unstubAllEnvs());

const PLAN = `
version: 1
name: --demo--> of two
agents: [{ id: ana, name: Ana, command: [sh] }]
tasks:
  - { id: a, title: 'Parser; $(touch /tmp/x)', agent: ana, labels: [core, 'with, comma'], files: [src/], acceptance: [It parses] }
  - { id: b, title: Docs, agent: coordinator, labels: [Core, joint], dependsOn: a }
  - { id: c, title: There already, agent: ana, issue: 77 }
  - { id: d, title: Over, agent: ana, done: true, dependsOn: c }
milestones:
  - { id: m1, title: First, tasks: [a] }
  - { id: m2, title: Second, tasks: [b, c, d] }
github:
  issues: tasks
  milestones: milestones
  labels: [{ name: core, color: '#D73A4A', description: The core }]
  issueTemplates:
    - { id: task, title: Task, body: 'By {{agent.name}}: {{task.acceptance}}' }
    - { id: together, title: 'Joint: {{task.title}}', labels: [joint], body: 'For {{agent.name}}' }
`;

function wanted(text = PLAN) {
  const parsed = parsePlan(text, 'plan.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return wantedOnGithub(parsed.plan, parsed.plan.github!);
}

async function sync(text = PLAN): Promise<string[]> {
  const github = await Github.open(folder, null);
  const { steps, milestones } = githubSteps(wanted(text), await github.look());
  const numbers = new Map(milestones);
  for (const step of steps) await github.carryOut(step, numbers);
  return steps.map(stepWords);
}

describe('the plan on GitHub', () => {
  it('is made once: labels, milestones, and issues in them', async () => {
    expect(await sync()).toEqual([
      'label core',
      'label with, comma',
      'label joint',
      'milestone First',
      'milestone Second',
      'issue Task: Parser; $(touch /tmp/x) [core, with, comma]',
      'issue Joint: Docs [Core, joint]',
      'issue #77 of c is not there: correct "issue:" in the plan, or take it out',
    ]);
    const { labels, milestones, issues } = kept();
    expect(labels[0]).toMatchObject({ name: 'core', color: 'd73a4a', description: 'The core' });
    expect(issues).toMatchObject([
      { title: 'Task: Parser; $(touch /tmp/x)', milestone: { number: milestones[0]!.number } },
      { title: 'Joint: Docs', milestone: { number: milestones[1]!.number } },
    ]);
    expect(issues[0]!.body).toBe('By Ana: - It parses\n\n<!-- llmctl: task a of - -demo- -> of two -->\n');
    expect(issues[1]!.body).toMatch(/^For a person\n/);
    const before = calls().length;
    expect(before).toBeGreaterThan(8);
    expect(await sync()).toEqual([expect.stringMatching(/^issue #77 of c is not there/)]);
    expect(
      calls()
        .slice(before)
        .filter((args) => args.includes('--method')),
    ).toEqual([]);
  });

  it('is found again whatever people made of it, and gets only what it lacks', async () => {
    await sync();
    const { issues, milestones } = kept();
    const [first, second] = issues;
    const there = { number: 77, title: 'By hand', body: null, labels: [], milestone: { number: 500 } };
    keep({
      milestones: milestones.map((one) => ({ ...one, title: `${one.title} (renamed)` })),
      issues: [
        {
          ...first!,
          title: 'New title',
          body: `Text before.\r\n${first!.body}\r\nand after`,
          labels: [{ name: 'CORE' }],
        },
        { ...second!, milestone: null },
        there,
        { number: 9, title: 'A pull request', body: second!.body, labels: [], milestone: null, pull_request: {} },
      ],
    });
    expect(await sync()).toEqual(['issue #6 New title: with, comma', 'issue #7 Joint: Docs: milestone m2']);
    const after = kept().issues;
    expect(after[0]).toMatchObject({ title: 'New title', labels: [{ name: 'CORE' }, { name: 'with, comma' }] });
    expect(after[1]).toMatchObject({ milestone: { number: milestones[1]!.number } });
    // People put it elsewhere.
    expect(after[2]).toEqual(there);
    expect(await sync()).toEqual([]);
  });

  it('takes a milestone that is there by its title, and looks at more than one page', async () => {
    const many = Array.from({ length: 250 }, (_, i) => ({ number: 1000 + i, title: `M${i}`, description: null }));
    keep({ milestones: [...many, { number: 1, title: 'Second', description: '' }] });
    expect((await sync()).filter((words) => words.startsWith('milestone'))).toEqual(['milestone First']);
    expect(kept().issues.find(({ title }) => title === 'Joint: Docs')).toMatchObject({ milestone: { number: 1 } });
  });

  it('goes on where it broke off', async () => {
    keep({ refuses: 'Joint: Docs' });
    await expect(sync()).rejects.toThrow('gh: Validation Failed (HTTP 422)');
    expect(kept().issues).toHaveLength(1);
    keep({ refuses: '' });
    expect(await sync()).toEqual(['issue Joint: Docs [Core, joint]', expect.stringContaining('#77')]);
  });

  it('has issues of milestones and milestones of phases where the plan says so', async () => {
    const text = PLAN.replace('issues: tasks', 'issues: milestones')
      .replace('  milestones: milestones', '  milestones: phases')
      .replace('\ntasks:', '\nphases: [{ id: p, title: Phase one }]\ntasks:');
    const { milestones, issues } = wanted(text);
    expect(milestones.map(({ title }) => title)).toEqual(['Phase one']);
    expect(issues.map(({ title, milestone }) => [title, milestone])).toEqual([
      ['First', null],
      ['Second', null],
    ]);
    expect(issues[0]!.body).toMatch(/- a: Parser/);
  });

  it('says in one line what is wrong with gh', async () => {
    keep({ fails: { code: 4, text: 'To get started with GitHub CLI, please run:  gh auth login' } });
    await expect(sync()).rejects.toThrow(/^gh is not logged in: run `gh auth login`$/);
    keep({ fails: { code: 1, text: 'gh: Bad credentials (HTTP 401)' } });
    await expect(sync()).rejects.toThrow(/^gh is not logged in/);
    keep({ fails: { code: 1, text: 'no git remotes\u001b[31m found\nmore' } });
    await expect(sync()).rejects.toThrow(/^gh: no git remotes␛\[31m found$/);
    writeFileSync(join(bin, 'gh'), `#!${process.execPath}\nconsole.log('I am another gh')`);
    await expect(sync()).rejects.toThrow(/is `gh` the GitHub CLI\?$/);
    rmSync(join(bin, 'gh'));
    await expect(sync()).rejects.toThrow(/^gh is not on the PATH: install the GitHub CLI/);
    await expect(Github.open(folder, '--help')).rejects.toThrow(/write owner\/name$/);
  });
});
