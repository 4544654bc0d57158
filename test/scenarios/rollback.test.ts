import { describe, expect, it } from 'vitest';
import { shell } from '../kit/agents.ts';
import { isAlive } from '../kit/procs.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { git, writeFiles } from '../kit/temp.ts';
import { until } from '../kit/wait.ts';
import { agentWrites, lines, read, treeOf } from '../kit/worktrees.ts';

const C = (name: string, value: number): string => `int ${name}(void) { return ${value}; }\n`;
const PROGRAM = {
  Makefile: `all: sum
sum: main.c a.c b.c c.c
\tcc -Wall -Werror -o sum main.c a.c b.c c.c
test: all
\t@./sum
clean:
\trm -f sum
`,
  '.gitignore': 'sum\n',
  'a.c': C('a', 1),
  'b.c': C('b', 1),
  'c.c': C('c', 1),
  'main.c': `#include <stdio.h>
int a(void), b(void), c(void);
int main(void) {
  if (a() + b() < 10) return 0;
  fprintf(stderr, "main.c:4: error: %d and %d are too much\\n", a(), b());
  return 1;
}
`,
};
/** What lands has to compile; that it works as well is looked at later. */
const PLAN = { health: { build: 'make', test: 'make -s test' }, integration: { checks: ['build'] } };
const BRANCH = 'llmctl/integration';

const onBranch = (room: Room, path: string): string => git(room.place, 'show', `${BRANCH}:${path}`);
const tip = (room: Room): string => git(room.place, 'rev-parse', BRANCH).trim();
const landed = async (room: Room, agent: string): Promise<{ readonly id: string; readonly merge: string }> => {
  const found = (await room.state()).landings.findLast((one) => one.agent === agent && one.state === 'landed')!;
  return { id: found.id, merge: found.merge! };
};
const isLevel = async (room: Room, agent: string): Promise<void> => {
  await room.becomes(`${agent} to be level`, (now) => now.agents[agent]?.git?.behind === 0 && !(agent in now.rebuilt));
};

describe('a landing that broke what was tested later', () => {
  it('is named with the one it fails together with, taken out, mended and landed again', async () => {
    const room = await startRoom({ agents: { ana: shell(), ben: shell(), cleo: shell() }, files: PROGRAM, plan: PLAN });
    await agentWrites(room, 'ana', 'a.c', C('a', 6));
    await agentWrites(room, 'ben', 'b.c', C('b', 6));
    await agentWrites(room, 'cleo', 'c.c', 'int c(void) { return "no"; }\n');
    const [ana, ben, cleo] = await Promise.all(['ana', 'ben', 'cleo'].map((agent) => room.cli('land', agent)));
    expect([ana!.code, ben!.code, cleo!.code]).toEqual([0, 0, 1]);
    expect(cleo!.stderr).toMatch(/the work of cleo did not land: .*c\.c:1/);
    await agentWrites(room, 'cleo', 'c.c', C('c', 3));
    await room.ok('land', 'cleo');

    const asked = await room.cli('blame-build', '--json');
    expect(asked.code).toBe(1);
    const told = JSON.parse(asked.stdout);
    const [first, second] = [await landed(room, 'ana'), await landed(room, 'ben')];
    const order = (await room.state()).landings.filter(({ state }) => state === 'landed').map(({ agent }) => agent);
    const [culprit, partner] = order.indexOf('ben') > order.indexOf('ana') ? [second, first] : [first, second];
    const [bad, good] = culprit === second ? (['ben', 'ana'] as const) : (['ana', 'ben'] as const);
    expect(told).toMatchObject({ ok: false, name: 'test', inquiry: { verdict: 'landing', commit: culprit.merge } });
    expect(told.inquiry.blame).toMatchObject({ landing: culprit.id, agent: bad, partner: partner.id });
    expect(told.inquiry.blame.reason).toContain('main.c:4');
    expect((await room.status()).health.test).toMatchObject({ state: 'red', brokenBy: bad, commit: tip(room) });

    const file = bad === 'ben' ? 'b.c' : 'a.c';
    const name = bad === 'ben' ? 'b' : 'a';
    await room.ok('rollback', culprit.merge);
    expect(onBranch(room, file)).toBe(C(name, 1));
    expect(onBranch(room, 'c.c')).toBe(C('c', 3));
    // Its own work stays; the others go on without it.
    expect(read(room, bad, file)).toBe(C(name, 6));
    for (const agent of [good, 'cleo']) {
      await isLevel(room, agent);
      expect(read(room, agent, file)).toBe(C(name, 1));
    }
    await until('it to be told', async () => (await room.output(bad)).join(' ').includes('was taken out of'));
    // What it broke was run on the branch without it, before the branch moved there.
    expect((await room.status()).health.test).toMatchObject({ state: 'green', brokenBy: null, commit: tip(room) });
    await room.ok('blame-build', 'test');
    expect((await room.status()).health.test).toMatchObject({ state: 'green', brokenBy: null });

    // What another one lands brings none of it back; mended, it brings all of its own.
    await agentWrites(room, 'cleo', 'c.c', C('c', 4));
    await room.ok('land', 'cleo');
    expect(onBranch(room, file)).toBe(C(name, 1));
    await agentWrites(room, bad, file, C(name, 2));
    await room.ok('land', bad);
    expect(onBranch(room, file)).toBe(C(name, 2));
    expect(onBranch(room, 'c.c')).toBe(C('c', 4));
    await room.ok('blame-build');
  });

  it('is put back with --undo, while nothing landed since', async () => {
    const room = await startRoom({ agents: { ana: shell(), ben: shell() }, files: PROGRAM, plan: PLAN });
    await agentWrites(room, 'ana', 'a.c', C('a', 2));
    await room.ok('land', 'ana');
    await isLevel(room, 'ben');
    await agentWrites(room, 'ben', 'b.c', C('b', 2));
    await room.ok('land', 'ben');
    const before = tip(room);
    await room.ok('rollback', 'ana');
    expect(onBranch(room, 'a.c')).toBe(C('a', 1));
    expect(onBranch(room, 'b.c')).toBe(C('b', 2));
    const { rollbacks } = await room.state();
    expect(git(room.place, 'rev-parse', `refs/llmctl/landed/${rollbacks[0]!.id}`).trim()).toBe(before);
    await isLevel(room, 'ben');
    expect(read(room, 'ben', 'a.c')).toBe(C('a', 1));
    await room.ok('rollback', 'ana', '--undo');
    expect(tip(room)).toBe(before);
    await isLevel(room, 'ben');
    expect(read(room, 'ben', 'a.c')).toBe(C('a', 2));
    expect((await room.state()).landings.map(({ state }) => state)).toEqual(['landed', 'landed']);
    const again = await room.cli('rollback', 'ana', '--undo');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(/is on the branch: there is nothing to undo/);

    await room.ok('rollback', 'ana');
    await agentWrites(room, 'ben', 'b.c', C('b', 3));
    await room.ok('land', 'ben');
    expect((await room.cli('rollback', 'ana', '--undo')).stderr).toMatch(/has moved on since: `llmctl land ana`/);
    expect(onBranch(room, 'a.c')).toBe(C('a', 1));
    expect((await room.cli('rollback', 'nobody')).stderr).toMatch(/^llmctl: no landing or merge is "?nobody/);
  });

  it('is blamed on nobody where the check is flaky, or failed before', async () => {
    const flaky = `n=$(cat "$HOME/../n" 2>/dev/null || echo 0); echo $((n + 1)) > "$HOME/../n"; [ $((n % 2)) -eq 1 ]\n`;
    const files = { ...PROGRAM, 'flaky.sh': flaky, 'always.sh': 'echo "a.c:1: error: never" >&2; exit 1\n' };
    const health = { build: 'make', flaky: 'sh flaky.sh', always: 'sh always.sh' };
    const room = await startRoom({ agents: { ana: shell() }, files, plan: { ...PLAN, health } });
    await agentWrites(room, 'ana', 'a.c', C('a', 2));
    await room.ok('land', 'ana');
    const asked = await room.cli('blame-build', 'flaky');
    expect(asked).toMatchObject({ code: 1, stdout: '' });
    expect(asked.stderr).toMatch(/^llmctl: flaky passes and fails on one commit, [0-9a-f]{12}: nobody is to blame/);
    const before = JSON.parse((await room.cli('blame-build', 'always', '--json')).stdout);
    expect(before.inquiry).toMatchObject({ verdict: 'before', blame: null, reason: 'a.c:1: never' });
    expect((await room.status()).health).toMatchObject({ flaky: { brokenBy: null }, always: { brokenBy: null } });
    // A commit by hand is nobody's landing.
    git(room.place, 'switch', '-q', BRANCH);
    writeFiles(room.repo, { 'b.c': 'oh\n' });
    git(room.place, 'commit', '-qam', 'By hand');
    git(room.place, 'switch', '-q', 'main');
    const hand = JSON.parse((await room.cli('blame-build', 'build', '--json')).stdout);
    expect(hand.inquiry).toMatchObject({ verdict: 'hand', commit: tip(room), blame: null });
  });
});

describe('a check of the branch that is red after a landing', () => {
  it('has the landing that broke it found and taken out by itself, where the plan wants that', async () => {
    const health = { build: 'make', test: { run: 'make -s test', on: 'land' } };
    const plan = { health, integration: { checks: ['build'], red: 'rollback' } };
    const room = await startRoom({ agents: { ana: shell(), ben: shell() }, files: PROGRAM, plan });
    await agentWrites(room, 'ana', 'a.c', C('a', 6));
    await room.ok('land', 'ana');
    await room.becomes('the check to pass', ({ health: { test } }) => test?.state === 'green' && !test.stale);
    await agentWrites(room, 'ben', 'b.c', C('b', 6));
    await room.ok('land', 'ben');
    await room.becomes('it to be taken out', ({ landings }) => landings.at(-1)?.state === 'undone');
    const after = await room.becomes(
      'the check to pass',
      ({ health: { test } }) => test?.state === 'green' && !test.stale,
    );
    expect(after.health['test']).toMatchObject({ commit: tip(room), inquiry: null });
    expect(after.landings.at(-1)!.reason).toMatch(/^it broke test: main\.c:4: 6 and 6 are too much/);
    expect([onBranch(room, 'a.c'), onBranch(room, 'b.c')]).toEqual([C('a', 6), C('b', 1)]);
    expect(read(room, 'ben', 'b.c')).toBe(C('b', 6));
    await until('it to be told', async () => (await room.output('ben')).join(' ').includes('it broke test'));
  });
});

describe('the daemon is killed in the middle of a roll-back', () => {
  it.each(['rollback.begun', 'rollback.done', 'rollback.followed'])(
    'right after %s: the next one ends it',
    async (step) => {
      const files = { ...PROGRAM, 'notes.txt': lines() };
      const room = await startRoom({ agents: { ana: shell(), ben: shell() }, files, plan: PLAN, up: false });
      expect(await room.cliWith({ env: { LLMCTL_FAULT_AT: step } }, 'up')).toMatchObject({ code: 0 });
      const pid = await room.daemonPid();
      await agentWrites(room, 'ana', 'a.c', C('a', 2));
      await room.ok('land', 'ana');
      await isLevel(room, 'ben');
      await agentWrites(room, 'ben', 'notes.txt', lines({ 4: 'ben' }));
      await room.cli('rollback', 'ana');
      await until('the daemon to die', () => !isAlive(pid));

      await room.up();
      await room.becomes('the roll-back to end', (now) => now.rollbacks[0]?.state === 'done');
      expect(onBranch(room, 'a.c')).toBe(C('a', 1));
      // Nothing that was taken out comes back with it, though it may have been at work and was not brought forward yet.
      await room.ok('land', 'ben');
      expect((await room.state()).rebuilt).toEqual({});
      expect(read(room, 'ben', 'a.c')).toBe(C('a', 1));
      expect(read(room, 'ben', 'notes.txt')).toBe(lines({ 4: 'ben' }));
      expect(read(room, 'ana', 'a.c')).toBe(C('a', 2));
      expect(git(room.place, '-C', treeOf(room, 'ben'), 'status', '--porcelain')).toBe('');
      expect(onBranch(room, 'a.c')).toBe(C('a', 1));
      expect(onBranch(room, 'notes.txt')).toBe(lines({ 4: 'ben' }));
      await agentWrites(room, 'ana', 'a.c', C('a', 3));
      await room.ok('land', 'ana');
      expect(onBranch(room, 'a.c')).toBe(C('a', 3));
    },
  );
});
