import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shell } from '../kit/agents.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { git, writeFiles } from '../kit/temp.ts';
import { until } from '../kit/wait.ts';
import { agentWrites, lines, read, treeOf } from '../kit/worktrees.ts';

/** Says that it began, waits until it may go on, and finds a word that nobody wants. */
const CHECK = `echo run >> "$HOME/../runs"
while [ -e "$HOME/../wait" ]; do sleep 0.05; done
found=$(grep -rn BROKEN src | head -n 1 | cut -d: -f1,2)
[ -z "$found" ] || { echo "$found: error: not like this" >&2; exit 1; }
`;
const FILES = {
  'check.sh': CHECK,
  'src/a.txt': lines(),
  'src/b.txt': lines(),
  'src/c.txt': lines(),
  'src/z.txt': lines(),
};
const PLAN = { health: { test: 'sh check.sh' } };

const runs = (room: Room): number =>
  existsSync(room.path('runs')) ? readFileSync(room.path('runs'), 'utf8').trim().split('\n').length : 0;
const onBranch = (room: Room, path: string, branch = 'llmctl/integration'): string =>
  git(room.place, 'show', `${branch}:${path}`);
/** Without locks: the agent's own git must not trip over a look. */
const inTree = (room: Room, agent: string, ...args: string[]): string =>
  git(room.place, '--no-optional-locks', '-C', treeOf(room, agent), ...args);
const holdChecks = (room: Room): void => writeFileSync(room.path('wait'), '');
const letChecksGo = (room: Room): void => rmSync(room.path('wait'));

describe('landing', () => {
  it('of three at once, the second of which breaks the tests: the others land, and it mends its work', async () => {
    const agents = { zoe: shell(), ana: shell(), ben: shell(), cleo: shell() };
    const room = await startRoom({ agents, files: FILES, plan: PLAN });
    await agentWrites(room, 'zoe', 'src/z.txt', lines({ 1: 'zoe' }));
    await agentWrites(room, 'ana', 'src/a.txt', lines({ 2: 'ana' }));
    await agentWrites(room, 'ben', 'src/b.txt', lines({ 7: 'BROKEN' }));
    await agentWrites(room, 'cleo', 'src/c.txt', lines({ 3: 'cleo' }));
    // One of them committed by its agent, the others not.
    await room.ok('send', 'ana', 'git commit -qam "Say who it was"');
    await until('the commit', () => inTree(room, 'ana', 'status', '--porcelain') === '');

    holdChecks(room);
    const first = room.cli('land', 'zoe');
    await until('the first check', () => runs(room) === 1);
    const landing = ['ana', 'ben', 'cleo'].map(async (agent, n) => {
      await room.becomes(`${n + 1} to wait`, (now) => now.landings.length === n + 1);
      return room.cli('land', agent);
    });
    await room.becomes('all to wait', (now) => now.landings.length === 4);
    letChecksGo(room);

    expect(await first).toMatchObject({ code: 0 });
    const [ana, ben, cleo] = await Promise.all(landing);
    expect([ana!.code, cleo!.code]).toEqual([0, 0]);
    expect(ben).toMatchObject({ code: 1, stdout: '' });
    expect(ben!.stderr).toMatch(
      /^llmctl: the work of ben did not land: the check fails with it: .*src\/b\.txt:7.*not like this.*\n$/,
    );
    for (const [path, text] of [
      ['src/z.txt', lines({ 1: 'zoe' })],
      ['src/a.txt', lines({ 2: 'ana' })],
      ['src/b.txt', lines()],
      ['src/c.txt', lines({ 3: 'cleo' })],
    ] as const) {
      expect(onBranch(room, path)).toBe(text);
    }
    const log = git(
      room.place,
      'log',
      '--first-parent',
      '--format=%(trailers:key=Agent,valueonly,separator=)',
      '-3',
      'llmctl/integration',
    );
    expect(log.trim().split('\n').toSorted()).toEqual(['ana', 'cleo', 'zoe']);

    // Its work is as it was, uncommitted, on its branch.
    expect(read(room, 'ben', 'src/b.txt')).toBe(lines({ 7: 'BROKEN' }));
    expect(inTree(room, 'ben', 'diff', '--name-only')).toBe('src/b.txt\n');
    await agentWrites(room, 'ben', 'src/b.txt', lines({ 7: 'mended' }));
    await room.ok('land', 'ben');
    expect(onBranch(room, 'src/b.txt')).toBe(lines({ 7: 'mended' }));

    // All get it as soon as they are idle, and nothing is left to land or to commit.
    for (const agent of Object.keys(agents)) {
      await room.becomes(`${agent} to be level`, (now) => now.agents[agent]?.git?.behind === 0);
      expect(read(room, agent, 'src/b.txt')).toBe(lines({ 7: 'mended' }));
      expect(inTree(room, agent, 'status', '--porcelain')).toBe('');
    }
  });

  it('of two that only fail together says so, and names the other', async () => {
    const check = 'sh both.sh || { echo "src/a.txt:2: error: not both" >&2; exit 1; }\n';
    const both = '! { grep -q left src/a.txt && grep -q right src/b.txt; }\n';
    const room = await startRoom({
      agents: { zoe: shell(), ana: shell(), ben: shell() },
      files: { ...FILES, 'check.sh': CHECK + check, 'both.sh': both },
      plan: { ...PLAN, integration: { forward: 'off' } },
    });
    await agentWrites(room, 'zoe', 'src/z.txt', lines({ 1: 'zoe' }));
    await agentWrites(room, 'ana', 'src/a.txt', lines({ 2: 'left' }));
    await agentWrites(room, 'ben', 'src/b.txt', lines({ 2: 'right' }));
    holdChecks(room);
    const first = room.cli('land', 'zoe');
    await until('the first check', () => runs(room) === 1);
    const ana = room.cli('land', 'ana');
    await room.becomes('ana to wait', (now) => now.landings.length === 2);
    const ben = room.cli('land', 'ben');
    await room.becomes('ben to wait', (now) => now.landings.length === 3);
    letChecksGo(room);
    expect(await first).toMatchObject({ code: 0 });
    expect(await ana).toMatchObject({ code: 0 });
    expect((await ben).stderr).toMatch(/passes with it alone and fails together with the work of ana: .*src\/a\.txt:2/);
    expect(onBranch(room, 'src/b.txt')).toBe(lines());
  });

  it('begins again where the branch was moved by hand while it was tested', async () => {
    const room = await startRoom({ agents: { ana: shell() }, files: FILES, plan: PLAN });
    await agentWrites(room, 'ana', 'src/a.txt', lines({ 2: 'ana' }));
    holdChecks(room);
    const landing = room.cli('land', 'ana');
    await until('the check', () => runs(room) === 1);
    git(room.place, 'switch', '-q', 'llmctl/integration');
    writeFiles(room.repo, { 'src/b.txt': lines({ 9: 'by hand' }) });
    git(room.place, 'commit', '-qam', 'By hand');
    git(room.place, 'switch', '-q', 'main');
    letChecksGo(room);
    expect(await landing).toMatchObject({ code: 0 });
    expect(runs(room)).toBe(2);
    expect(onBranch(room, 'src/a.txt')).toBe(lines({ 2: 'ana' }));
    expect(onBranch(room, 'src/b.txt')).toBe(lines({ 9: 'by hand' }));
  });

  it('on main itself takes its files along, and never over somebody’s changes', async () => {
    const plan = { ...PLAN, integration: 'main' };
    const room = await startRoom({ agents: { ana: shell() }, files: FILES, plan });
    writeFiles(room.repo, { 'src/c.txt': lines({ 5: 'a person was here' }), 'todo.txt': 'later\n' });
    await agentWrites(room, 'ana', 'src/a.txt', lines({ 2: 'ana' }));
    await room.ok('land', 'ana');
    expect(readFileSync(join(room.repo, 'src/a.txt'), 'utf8')).toBe(lines({ 2: 'ana' }));
    expect(git(room.place, 'status', '--porcelain')).toBe(' M src/c.txt\n?? todo.txt\n');

    const tip = git(room.place, 'rev-parse', 'main');
    await agentWrites(room, 'ana', 'src/c.txt', lines({ 6: 'ana' }));
    const refused = await room.cli('land', 'ana');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /main is checked out in .*, where src\/c\.txt has changes in the way; commit or stash/,
    );
    expect(git(room.place, 'rev-parse', 'main')).toBe(tip);
    expect(readFileSync(join(room.repo, 'src/c.txt'), 'utf8')).toBe(lines({ 5: 'a person was here' }));
    expect(read(room, 'ana', 'src/c.txt')).toBe(lines({ 6: 'ana' }));
    git(room.place, 'stash', '-q');
    await room.ok('land', 'ana');
    expect(readFileSync(join(room.repo, 'src/c.txt'), 'utf8')).toBe(lines({ 6: 'ana' }));
  });

  it('makes nobody meet in what has landed: only one of the two has changed it', async () => {
    const agents = { ana: shell(), ben: shell(), cleo: shell() };
    const room = await startRoom({ agents, files: FILES });
    await agentWrites(room, 'ana', 'src/a.txt', lines({ 2: 'ana' }));
    await agentWrites(room, 'cleo', 'src/c.txt', lines({ 3: 'cleo' }));
    // cleo keeps busy: what lands isn't brought to her.
    await room.ok('send', 'cleo', 'while sleep 0.2; do echo busy; done');
    await room.ok('land', 'ana');
    await until('ben to have it', () => read(room, 'ben', 'src/a.txt') === lines({ 2: 'ana' }));
    expect(read(room, 'cleo', 'src/a.txt')).toBe(lines());
    const draft = room.path('late');
    writeFiles(room.dir, { late: lines({ 2: 'cleo' }) });
    await room.ok('keys', 'cleo', 'C-c');
    await room.ok('send', 'cleo', `mv '${draft}' src/a.txt; while sleep 0.2; do echo busy; done`);
    const state = await room.becomes(
      'the change of cleo',
      (now) => now.agents.cleo?.git?.changed.includes('src/a.txt') === true,
    );
    await room.idle();
    // ben has the line from ana and wrote nothing himself.
    expect(Object.values((await room.state()).overlaps).filter(({ path }) => path === 'src/a.txt')).toEqual([]);
    expect(Object.keys(state.rounds)).toEqual([]);
  });
});
