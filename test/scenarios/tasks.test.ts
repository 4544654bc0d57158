import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { State } from '../../src/core/model/state.ts';
import { worker } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';
import { git, writeFiles } from '../kit/temp.ts';
import { until } from '../kit/wait.ts';

const stageOf = (state: State, task: string) => state.work?.tasks[task]?.stage;
const allDone = (state: State): boolean =>
  state.work !== null && Object.values(state.work.tasks).every(({ stage, active }) => stage === 'done' || !active);

describe('a plan with tasks', () => {
  it('runs to its end by what its agents report: proved, landed, handed on', async () => {
    const room = await startRoom({
      agents: {
        ana: worker(),
        ben: worker({ c: 'cat a.txt b.txt > c.txt && llmctl report done --artifact c.txt joined' }),
      },
      plan: {
        tasks: [
          { id: 'a', agent: 'ana', deliverables: [{ text: 'a file', path: 'a.txt' }], acceptance: ['it is good'] },
          { id: 'b', agent: 'ana', dependsOn: ['a'], validation: ['test -f b.txt'] },
          { id: 'c', agent: 'ben', dependsOn: ['a', 'b'], validation: [['test', '-f', 'c.txt']] },
        ],
        milestones: [
          {
            id: 'm',
            tasks: ['a', 'b', 'c'],
            owner: 'ana',
            commit: { message: 'feat: all of it\n\n{{milestone.deliverables}}', tag: 'all-1' },
          },
        ],
      },
    });
    await room.becomes('all done', allDone);
    await room.becomes('its commit', ({ work }) => work?.milestones.m?.recorded === true);
    const { tasks, milestones, session } = await room.status();
    expect(tasks.map(({ id, state, progress }) => [id, state, progress])).toEqual([
      ['a', 'done', 100],
      ['b', 'done', 100],
      ['c', 'done', 100],
    ]);
    expect(tasks[0]!.todos.map(({ done }) => done)).toEqual([true, true]);
    expect(git(room.place, 'show', `${session.integration}:c.txt`)).toBe('a\nb\n');
    const tip = git(room.place, 'rev-parse', session.integration).trim();
    expect(milestones[0]).toMatchObject({ state: 'reached', commit: tip });
    expect(git(room.place, 'rev-parse', 'all-1^{commit}').trim()).toBe(tip);
    expect(git(room.place, 'log', '-1', '--format=%B', 'all-1').trim()).toBe('feat: all of it\n\n- a file (a.txt)');
    expect((await room.ok('task', 'list')).stdout).toMatch(/c +done +ben +100 %/);
    expect(stageOf(await room.state(), 'c')).toBe('done');
  });
});

/** Two tasks side by side, a gate of one command behind them, and a task behind that. */
const GATED = {
  tasks: [
    { id: 'a', agent: 'ana', validation: ['test -f a.txt'] },
    { id: 'b', agent: 'ben' },
    { id: 'c', agent: 'ben', dependsOn: ['a', { gate: 'both' }] },
  ],
  gates: [{ id: 'both', after: ['a', 'b'], checks: [{ run: 'cat a.txt b.txt' }] }],
};

describe('a daemon that is killed in the middle of a plan', () => {
  it.each(['task.briefing', 'task.verifying', 'task.landing', 'gate.started'])(
    'right after %s: the next one goes on, and nothing is done twice',
    async (step) => {
      const room = await startRoom({ agents: { ana: worker(), ben: worker() }, plan: GATED, up: false });
      await room.cliWith({ env: { LLMCTL_FAULT_AT: step } }, 'up');
      await until('the daemon to die', () => room.processes().every(({ command }) => !command.includes('daemon.js')));
      await room.up();
      await room.becomes('all done', allDone);
      await room.idle();
      const { gates, session } = await room.status();
      expect(gates[0]).toMatchObject({ id: 'both', state: 'passed' });
      expect(git(room.place, 'show', `${session.integration}:c.txt`)).toBe('c\n');
      const told = (await room.output('ana')).filter((line) => line.includes('works on a'));
      expect(told).toHaveLength(1);
      const { stdout } = await room.ok('log', '--json');
      for (const task of ['a', 'b', 'c']) expect(stdout.split(`"type":"task.done","task":"${task}"`)).toHaveLength(2);
    },
  );
});

describe('work that does not land', () => {
  it('goes back to its agent, with the first error, until it does', async () => {
    const room = await startRoom({
      agents: {
        ana: worker({ a: 'echo bad > a.txt; llmctl report done', 'a again': 'echo good > a.txt; llmctl report done' }),
      },
      plan: { tasks: [{ id: 'a', agent: 'ana' }], health: { words: '! grep -n bad a.txt' } },
    });
    await room.becomes('all done', allDone);
    const { tasks, session } = await room.status();
    expect(tasks[0]).toMatchObject({ state: 'done', attempts: 1 });
    expect(git(room.place, 'show', `${session.integration}:a.txt`)).toBe('good\n');
    const { stdout } = await room.ok('log');
    expect(stdout).toMatch(/task\.returned .*it did not land: /);
  });
});

describe('a gate that fails', () => {
  it('has the plan take its fallback, and what waited goes on behind it', async () => {
    const room = await startRoom({
      agents: { ana: worker(), ben: worker({ later: 'cat slow.txt plan-b.txt > later.txt; llmctl report done' }) },
      plan: {
        tasks: [
          { id: 'slow', agent: 'ana' },
          { id: 'plan-b', agent: 'ana' },
          { id: 'later', agent: 'ben', dependsOn: [{ gate: 'fast' }] },
        ],
        gates: [
          {
            id: 'fast',
            after: ['slow'],
            checks: [
              { threshold: 'tokens a second', run: 'echo 12 tokens/s', metric: '(\\d+) tokens', limit: '>= 20' },
            ],
            onFail: 'fallback plan-b',
          },
        ],
      },
    });
    const failed = await room.becomes('the gate to fail', ({ work }) => work?.gates.fast?.state === 'failed');
    expect(stageOf(failed, 'later')).toBe('open');
    await room.becomes('all done', allDone);
    const { tasks, gates, session } = await room.status();
    expect(tasks.map(({ id, state }) => [id, state])).toEqual([
      ['slow', 'done'],
      ['plan-b', 'done'],
      ['later', 'done'],
    ]);
    expect(gates[0]!.checks[0]).toMatchObject({
      state: 'failed',
      said: 'tokens a second: 12 tokens/s (>= 20 tokens/s)',
    });
    expect(git(room.place, 'show', `${session.integration}:later.txt`)).toBe('slow\nplan-b\n');
  });
});

describe('a person', () => {
  it('decides a gate, gives tasks away, and forces what the plan has something against', async () => {
    const stuck = { a: 'llmctl report blocked which grammar?' };
    const room = await startRoom({
      agents: { ana: worker(stuck), ben: worker() },
      plan: {
        tasks: [
          { id: 'a', agent: 'ana' },
          { id: 'b', agent: 'ben', dependsOn: [{ gate: 'go' }] },
          { id: 'mine', dependsOn: ['b'], acceptance: ['I like it'] },
        ],
        gates: [{ id: 'go', after: ['a'], checks: ['Go on?'] }],
      },
    });
    const blocked = await room.becomes('a question', (now) => stageOf(now, 'a') === 'blocked');
    expect(blocked.alerts.map(({ text }) => text)).toContain('ana is blocked (task a): which grammar?');
    const early = await room.cli('gate', 'pass', 'go');
    expect([early.code, early.stderr]).toEqual([
      1,
      expect.stringContaining("isn't reached yet: a is not done; --force"),
    ]);
    await room.ok('task', 'assign', 'a', 'ben');
    await room.becomes('the gate to ask', ({ work }) => work?.gates.go?.asked === true);
    const asked = (await room.status()).alerts.map(({ text }) => text);
    expect(asked).toContain('gate go: Go on? `llmctl gate pass go` or `fail go`');
    const forced = await room.ok('task', 'start', 'b', '--force');
    expect(forced.stdout).toBe('task b is running\n');
    await room.ok('gate', 'pass', 'go', '--reason', 'looks good');
    await room.becomes('my own task', ({ work }) => work?.tasks.mine?.offered === true);
    await room.ok('task', 'done', 'mine');
    await room.becomes('all done', allDone);
    const { tasks, gates, alerts } = await room.status();
    expect(tasks.find(({ id }) => id === 'mine')!.todos[0]).toMatchObject({ done: true, by: expect.any(String) });
    expect(tasks.find(({ id }) => id === 'a')!.agent).toBe('ben');
    expect(gates[0]).toMatchObject({ state: 'passed', reason: 'looks good' });
    expect(alerts).toEqual([]);
    expect((await room.ok('log')).stdout).toMatch(/task\.started .*task=b .*forced=true/);
  });
});

describe('a plan that is edited while it runs', () => {
  it('is taken up; a mistake in it is told with its place and changes nothing', async () => {
    const wait = { a: 'echo a > a.txt; while [ ! -f ../../../go ]; do sleep 0.1; done; llmctl report done' };
    const agents = { ana: worker(wait) };
    const room = await startRoom({ agents, plan: { tasks: [{ id: 'a', agent: 'ana' }] } });
    await room.becomes('a to run', (now) => stageOf(now, 'a') === 'running');
    const plan = readFileSync(join(room.repo, 'llmctl.yaml'), 'utf8');
    writeFiles(room.repo, {
      'llmctl.yaml': 'version: 1\nname: test\nagents: [{id: ana, profile: claude}]\ntasks: [{id: a, agnet: ana}]\n',
    });
    const wrong = await room.becomes('the mistake to be told', ({ alerts }) => alerts.length > 0);
    expect(wrong.alerts[0]!.text).toMatch(/llmctl\.yaml:4:17: .*agnet/);
    expect(stageOf(wrong, 'a')).toBe('running');
    const more = JSON.parse(plan) as { tasks: object[] };
    more.tasks.push({ id: 'b', agent: 'ana', dependsOn: ['a'] });
    writeFiles(room.repo, { 'llmctl.yaml': JSON.stringify(more) });
    const taken = await room.becomes('task b', ({ work }) => work?.tasks.b !== undefined);
    expect(taken.alerts).toEqual([]);
    expect(stageOf(taken, 'a')).toBe('running');
    expect((await room.ok('log')).stdout).toMatch(/plan\.taken .*/);
    writeFiles(room.repo, { go: '' });
    await room.becomes('all done', allDone);
    expect((await room.output('ana')).filter((line) => line.includes('works on a'))).toHaveLength(1);
  });
});
