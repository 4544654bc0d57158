import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shell, type Command } from '../kit/agents.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';
import { agentWrites, lines, onlyRound, overlapOf, read, treeOf } from '../kit/worktrees.ts';

/** Settles whatever conflict it is told about, as a merge agent would: with a command. */
const settler: Command = [
  '/bin/sh',
  '-c',
  'while read -r line; do case $line in *"llmctl merge "*) id=${line#*llmctl merge }; llmctl merge "${id%% *}" --take both;; esac; done',
];

async function meet(room: Room, path: string, mine: string, theirs: string): Promise<void> {
  await agentWrites(room, 'ana', path, mine);
  await agentWrites(room, 'ben', path, theirs);
}

const git = (room: Room, agent: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd: treeOf(room, agent), env: room.place.env, encoding: 'utf8' }).trim();

describe('what the plan says of files that meet', () => {
  it('is done without asking: both sides’ lines of one, a command’s of another; and a person decides the rest', async () => {
    const paths = [
      { match: 'CHANGELOG.md', driver: 'union' },
      { match: 'all.txt', regenerate: 'cat parts/* > all.txt && test ! -e stop' },
    ];
    const room = await startRoom({
      agents: { ana: shell(), ben: shell() },
      files: { 'CHANGELOG.md': lines(), 'all.txt': 'one\n', 'parts/1': 'one\n' },
      plan: { overlaps: { paths } },
    });
    await meet(room, 'CHANGELOG.md', lines({ 5: 'by ana' }), lines({ 5: 'by ben' }));
    await room.becomes('the change log', (now) => overlapOf(now, 'CHANGELOG.md')?.state === 'resolved');
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'CHANGELOG.md')).toBe(lines({ 5: 'by ana\nby ben' }));

    // Made anew on what both have together, of which neither has all.
    await agentWrites(room, 'ana', 'parts/2', 'two of ana\n');
    await agentWrites(room, 'ben', 'parts/3', 'three of ben\n');
    await meet(room, 'all.txt', 'one\ntwo of ana\n', 'one\nthree of ben\n');
    await room.becomes('the generated file', (now) => overlapOf(now, 'all.txt')?.state === 'resolved');
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'all.txt')).toBe('one\ntwo of ana\nthree of ben\n');
    expect(existsSync(join(treeOf(room, 'ana'), 'parts/3'))).toBe(false);
    expect((await room.status()).agents.map(({ state }) => state)).not.toContain('paused');

    // A command that fails settles nothing.
    await agentWrites(room, 'ana', 'stop', '');
    await meet(room, 'all.txt', 'one\ntwo of ana\nmore of ana\n', 'one\ntwo of ana\nmore of ben\n');
    await room.becomes('a question', (now) => overlapOf(now, 'all.txt')?.state === 'needs-person');
    await room.ok('merge', 'all.txt', '--take', 'B');
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'all.txt')).toBe('one\ntwo of ana\nmore of ben\n');
  });

  it('may be another agent’s to settle', async () => {
    const room = await startRoom({
      agents: { ana: shell(), ben: shell(), max: settler },
      files: { 'src/app.txt': lines() },
      plan: { overlaps: { mergeAgent: 'max' } },
    });
    await meet(room, 'src/app.txt', lines({ 10: 'by ana' }), lines({ 10: 'by ben' }));
    await room.becomes('the merge agent’s word', (now) => overlapOf(now, 'src/app.txt')?.state === 'resolved');
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'src/app.txt')).toBe(lines({ 10: 'by ana\nby ben' }));
    const { settled } = onlyRound(await room.state())!;
    expect(settled).toEqual([{ path: 'src/app.txt', take: 'both' }]);
    await room.idle();
    expect((await room.output('max')).join('\n')).toContain('ana and ben are paused for a conflict');
  });

  it('may be that both get all of each other’s work', async () => {
    const room = await startRoom({
      agents: { ana: shell(), ben: shell() },
      files: { 'src/app.txt': lines() },
      plan: { overlaps: { scope: 'tree' } },
    });
    await agentWrites(room, 'ana', 'ana.txt', 'committed\n');
    await room.ok('send', 'ana', 'git add -A && git commit -qm "Ana’s work"');
    await until('the commit', () => git(room, 'ana', 'log', '-1', '--format=%s') === 'Ana’s work');
    await agentWrites(room, 'ben', 'ben.txt', 'not committed\n');
    const before = git(room, 'ana', 'rev-parse', 'HEAD');
    await meet(room, 'src/app.txt', lines({ 10: 'by ana' }), lines({ 12: 'by ben' }));
    await room.becomes('the merge', (now) => overlapOf(now, 'src/app.txt')?.state === 'resolved');
    await room.becomes('both to go on', (now) =>
      Object.values(now.agents).every(({ status }) => status.state !== 'paused'),
    );
    const both = lines({ 10: 'by ana', 12: 'by ben' });
    for (const agent of ['ana', 'ben']) {
      expect(read(room, agent, 'src/app.txt')).toBe(both);
      expect([read(room, agent, 'ana.txt'), read(room, agent, 'ben.txt')]).toEqual(['committed\n', 'not committed\n']);
      expect(git(room, agent, 'log', '--format=%s')).toContain('Ana’s work');
    }
    expect(git(room, 'ben', 'rev-parse', 'HEAD')).toBe(git(room, 'ana', 'rev-parse', 'HEAD'));

    await room.ok('merge', '--undo', onlyRound(await room.state())!.id);
    expect(git(room, 'ana', 'rev-parse', 'HEAD')).toBe(before);
    expect(existsSync(join(treeOf(room, 'ben'), 'ana.txt'))).toBe(false);
    expect(read(room, 'ben', 'src/app.txt')).toBe(lines({ 12: 'by ben' }));
  });

  it('and what a merged file needs that only one of them has is said, or red where a check has to pass', async () => {
    const script = (mine = 'true # 10', theirs = 'true # 12'): string =>
      Array.from({ length: 20 }, (_, n) => `${n === 10 ? mine : n === 12 ? theirs : `true # ${n}`}\n`).join('');
    const room = await startRoom({
      agents: { ana: shell(), ben: shell() },
      files: { 'app.sh': script() },
      plan: { health: { build: 'sh app.sh || test -e allowed' }, overlaps: { policy: 'warn', verify: 'build' } },
    });
    await agentWrites(room, 'ben', 'util.sh', 'true\n');
    const [mine, theirs] = [script('true # ana'), script(undefined, '. ./util.sh # from ben')];
    await meet(room, 'app.sh', mine, theirs);
    await room.becomes('the overlap', (now) => overlapOf(now, 'app.sh')?.verdict === 'clean');
    const red = await room.cli('merge', 'app.sh');
    expect(red.code).toBe(1);
    expect(red.stderr).toContain('build fails in the worktree of ana with the merge: ');
    expect(red.stderr).toContain('ben has 1 file that only it has');
    expect([read(room, 'ana', 'app.sh'), read(room, 'ben', 'app.sh')]).toEqual([mine, theirs]);
    expect((await room.status()).agents.map(({ state }) => state)).not.toContain('paused');

    for (const agent of ['ana', 'ben']) await agentWrites(room, agent, 'allowed', '');
    await room.ok('merge', 'app.sh');
    const both = script('true # ana', '. ./util.sh # from ben');
    expect([read(room, 'ana', 'app.sh'), read(room, 'ben', 'app.sh')]).toEqual([both, both]);
    await room.idle();
    expect((await room.output('ana')).join(' ')).toContain('name what only ben has until it has landed: util.sh');
    expect((await room.output('ben')).join(' ')).not.toContain('until it has landed');
  });
});
