import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shell } from '../kit/agents.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { git, writeFiles } from '../kit/temp.ts';
import { until } from '../kit/wait.ts';
import { isAlive } from '../kit/procs.ts';
import { agentWrites, read } from '../kit/worktrees.ts';

const BRANCH = 'llmctl/integration';
const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { a } from '../a.mjs';
import { b } from '../b.mjs';

test('they add up', () => {
  assert.equal(a() + b(), 2);
});
`;
const js = (name: string, value: string): string => `export const ${name} = () => ${value};\n`;
const FILES = {
  'a.mjs': js('a', '1'),
  'b.mjs': js('b', '1'),
  'c.mjs': js('c', '1'),
  'test/sum.test.mjs': TEST,
};
const onBranch = (room: Room, path: string): string => git(room.place, 'show', `${BRANCH}:${path}`);
const types = async (room: Room): Promise<readonly string[]> => {
  const { events } = (await room.ok('log', '--json', '--limit', '2000')).json as { events: { type: string }[] };
  return events.map(({ type }) => type);
};

describe('three agents land, and the second breaks what is tested later', () => {
  it('is named, stands still, is taken out, told, mends it and lands again', async () => {
    const test = { run: ['node', '--test', '--test-reporter=spec', 'test/sum.test.mjs'], on: 'land' };
    const syntax = { run: 'node --check a.mjs && node --check b.mjs && node --check c.mjs' };
    const red = { blame: 'auto', pause: 'auto', rollback: 'auto' };
    const plan = { health: { syntax, test }, integration: { checks: ['syntax'], red } };
    const room = await startRoom({ agents: { ana: shell(), ben: shell(), cleo: shell() }, files: FILES, plan });
    for (const [agent, name, value] of [
      ['ana', 'a', '0 + 1'],
      ['ben', 'b', '2'],
      ['cleo', 'c', '3'],
    ] as const) {
      await agentWrites(room, agent, `${name}.mjs`, js(name, value));
      await room.ok('land', agent);
    }
    await room.becomes('it to be taken out', ({ landings }) =>
      landings.some(({ agent, state }) => agent === 'ben' && state === 'undone'),
    );
    const after = await room.becomes(
      'the check to pass, and ben to go on',
      ({ health: { test: now }, agents }) =>
        now?.state === 'green' && !now.stale && agents['ben']?.status.state !== 'paused',
    );
    expect(after.landings.map(({ agent, state }) => [agent, state]).toSorted()).toEqual([
      ['ana', 'landed'],
      ['ben', 'undone'],
      ['cleo', 'landed'],
    ]);
    expect(['a', 'b', 'c'].map((name) => onBranch(room, `${name}.mjs`))).toEqual([
      js('a', '0 + 1'),
      js('b', '1'),
      js('c', '3'),
    ]);
    expect(read(room, 'ben', 'b.mjs')).toBe(js('b', '2'));
    const happened = await types(room);
    for (const type of [
      'health.blamed',
      'health.held',
      'agent.paused',
      'rollback.done',
      'health.released',
      'agent.resumed',
    ]) {
      expect(happened).toContain(type);
    }
    await until('it to be told', async () => (await room.output('ben')).join(' ').includes('it broke test'));
    await agentWrites(room, 'ben', 'b.mjs', js('b', '3 - 2'));
    await room.ok('land', 'ben');
    await room.becomes('the check to pass', ({ health: { test: now } }) => now?.state === 'green' && !now.stale);
    expect(onBranch(room, 'b.mjs')).toBe(js('b', '3 - 2'));
    expect((await room.status()).health.test).toMatchObject({ counts: { passed: 1, failed: 0, skipped: 0 } });
  });
});

describe('the daemon is killed while somebody stands still for a check', () => {
  it('is settled by the next one', async () => {
    const test = { run: ['node', '--test', 'test/sum.test.mjs'], on: 'land' };
    const plan = { health: { test }, integration: { checks: [], red: 'rollback' } };
    const room = await startRoom({ agents: { ana: shell() }, files: FILES, plan, up: false });
    expect(await room.cliWith({ env: { LLMCTL_FAULT_AT: 'health.held' } }, 'up')).toMatchObject({ code: 0 });
    const pid = await room.daemonPid();
    await agentWrites(room, 'ana', 'a.mjs', js('a', '7'));
    await room.cli('land', 'ana');
    await until('the daemon to die', () => !isAlive(pid));
    await room.up();
    await room.becomes('it to be taken out', ({ landings }) => landings[0]?.state === 'undone');
    await room.becomes('ana to go on', ({ agents, health: { test: now } }) => {
      return agents['ana']?.status.state !== 'paused' && now?.held?.length === 0;
    });
    expect(onBranch(room, 'a.mjs')).toBe(js('a', '1'));
    expect(read(room, 'ana', 'a.mjs')).toBe(js('a', '7'));
  });
});

describe('a check of agents’ worktrees', () => {
  it('runs on each change of one, tells that agent what failed, and a person reads, sends and edits it', async () => {
    const py = {
      'calc.py': 'def add(a, b):\n    return a + b\n',
      'test_calc.py': 'from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n',
    };
    const unit = {
      run: ['python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider'],
      on: 'change',
      quiet: '200ms',
      in: 'agent',
    };
    const files = { ...py, '.gitignore': '__pycache__/\n' };
    const room = await startRoom({ agents: { ana: shell(), ben: shell() }, files, plan: { health: { unit } } });
    await room.ok('health', 'run', 'unit');
    await agentWrites(room, 'ana', 'calc.py', 'def add(a, b):\n    return a - b\n');
    const now = await room.becomes('ana’s to be red', ({ health }) => health['unit@ana']?.state === 'red');
    expect(now.health['unit@ben']).toMatchObject({ state: 'green', stale: false });
    expect(now.health['unit@ana']).toMatchObject({
      counts: { passed: 0, failed: 1 },
      failures: [{ kind: 'assertion', file: 'test_calc.py', line: 5, owner: 'ana' }],
    });
    await until('ana to be told', async () =>
      (await room.output('ana')).join(' ').includes('unit@ana is red in your worktree'),
    );
    const { failures } = (await room.ok('health', 'failures', 'unit@ana', '--json')).json as {
      failures: { text: string }[];
    };
    expect(failures[0]!.text).toContain('assert -1 == 3');
    expect((await room.ok('health', 'output', 'unit@ana')).stdout).toContain('1 failed');
    const sent = await room.ok('health', 'send', 'unit@ana', '--to', 'ben', '--json');
    expect(sent.json).toMatchObject({ ok: true, told: ['ben'], failures: 1 });

    writeFiles(room.dir, { editor: '#!/bin/sh\nprintf "%s\\n" "$*" > "$0.args"\nsed -i "s/a - b/a + b/" calc.py\n' });
    const screen = room.tui({ cols: 120, rows: 40, env: { VISUAL: `sh ${room.path('editor')}` } });
    await screen.sees(/✗ unit@ana red/);
    await screen.sees('unit green in 1 worktree');
    screen.press('b');
    await screen.sees('build health');
    screen.press('Enter');
    await screen.sees('failures of unit@ana');
    await screen.sees(/assertion test_calc\.py:5/);
    screen.press('Enter');
    await room.becomes('ana’s to be green', ({ health }) => health['unit@ana']?.state === 'green');
    expect(read(room, 'ana', 'calc.py')).toContain('a + b');
    expect(read(room, 'ben', 'calc.py')).toContain('a + b');
    expect(readFileSync(room.path('editor.args'), 'utf8')).toMatch(/^\+5 .*\/ana\/test_calc\.py\n$/);
    await screen.sees('nothing fails: unit@ana is green');
    // What it prints is looked on at in a pane, which goes when that is left.
    screen.press('o');
    await screen.sees('output-unit-ana');
    await screen.sees('1 passed in');
    screen.press('C-c');
    await room.becomes('the pane to go', ({ order }) => order.length === 2);
  });
});

describe('five that land at once, one of them broken', () => {
  it('are tested together, and only the broken one stays out', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'] as const;
    const source = (name: string, value: string): string => `int ${name}(void) { return ${value}; }\n`;
    const files = {
      ...Object.fromEntries(names.map((name) => [`${name}.c`, source(name, '1')])),
      Makefile:
        'all:\n\t@cc -c -o /dev/null a.c && cc -c -o /dev/null b.c && cc -c -o /dev/null c.c && cc -c -o /dev/null d.c && cc -c -o /dev/null e.c\n',
    };
    const agents = Object.fromEntries(names.map((name) => [`agent-${name}`, shell()]));
    const room = await startRoom({ agents, files, plan: { health: { build: 'make' } } });
    for (const name of names) {
      const value = name === 'c' ? '1 +' : '2';
      await agentWrites(room, `agent-${name}`, `${name}.c`, source(name, value));
    }
    const landed = await Promise.all(names.map((name) => room.cli('land', `agent-${name}`)));
    expect(landed.map(({ code }) => code)).toEqual([0, 0, 1, 0, 0]);
    expect(landed[2]!.stderr).toMatch(/agent-c did not land: .*c\.c:1/);
    expect(names.map((name) => onBranch(room, `${name}.c`))).toEqual(
      names.map((name) => source(name, name === 'c' ? '1' : '2')),
    );
  });
});

describe('a figure that is held to a baseline', () => {
  it('keeps out what is 12 % slower where 10 % are allowed, at a landing and at a gate', async () => {
    const figure = { baseline: 'bench.txt', tolerance: '10%', metric: 'parse took (\\S+)' };
    const bench = { run: 'cat took.txt', thresholds: [{ name: 'parse time', ...figure }] };
    const gate = { id: 'fast', checks: [{ threshold: 'parse time', run: 'cat took.txt', ...figure }] };
    const files = { 'took.txt': 'parse took 100 ms\n', 'bench.txt': '0.1 s\n' };
    const room = await startRoom({ agents: { ana: shell() }, files, plan: { health: { bench }, gates: [gate] } });
    await agentWrites(room, 'ana', 'took.txt', 'parse took 112 ms\n');
    const refused = await room.cli('land', 'ana');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('parse time: 112 ms (baseline 0.1 s with 10 % to spare, 12 % above)');
    await agentWrites(room, 'ana', 'took.txt', 'parse took 108 ms\n');
    await room.ok('land', 'ana');
    await room.ok('gate', 'run', 'fast');

    git(room.place, 'switch', '-q', BRANCH);
    writeFiles(room.repo, { 'took.txt': 'parse took 112 ms\n' });
    git(room.place, 'commit', '-qam', 'Slower');
    git(room.place, 'switch', '-q', 'main');
    const stopped = await room.cli('gate', 'run', 'fast');
    expect(stopped).toMatchObject({ code: 1 });
    expect(stopped.stderr).toContain('112 ms');
    await room.cli('health', 'run', 'bench');
    const written = await room.ok('health', 'baseline', 'bench', '--value', '120 ms', '--json');
    expect(written.json).toMatchObject({ baselines: [{ file: 'bench.txt', text: '120 ms' }] });
    expect((await room.cli('health', 'baseline', 'bench', '--value', 'fast')).stderr).toMatch(/is no figure/);
  });
});
