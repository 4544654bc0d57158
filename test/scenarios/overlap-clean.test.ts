import { describe, expect, it } from 'vitest';
import { shell } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';
import { git } from '../kit/temp.ts';
import { agentWrites, lines, onlyRound, overlapOf, read, treeOf } from '../kit/worktrees.ts';

const FILES = { 'src/app.txt': lines(), 'other.txt': 'untouched\n' };
const twoShells = () => startRoom({ agents: { ana: shell(), ben: shell() }, files: FILES });

describe('two agents change one file', () => {
  it('in different places: seen, clean, and nobody is disturbed', async () => {
    const room = await twoShells();
    await agentWrites(room, 'ana', 'src/app.txt', lines({ 3: 'ana was here' }));
    await agentWrites(room, 'ben', 'src/app.txt', lines({ 20: 'ben was here' }));
    await room.becomes('the overlap', (now) => overlapOf(now, 'src/app.txt') !== undefined);
    await room.idle();
    const { overlaps, agents } = await room.status();
    expect(overlaps).toEqual([
      expect.objectContaining({
        path: 'src/app.txt',
        agents: ['ana', 'ben'],
        state: 'watching',
        verdict: 'clean',
        sameRegion: false,
        resolvedAt: null,
      }),
    ]);
    expect(agents.map(({ state }) => state)).not.toContain('paused');
    expect(agents.map(({ worktree }) => worktree)).toEqual([treeOf(room, 'ana'), treeOf(room, 'ben')]);
    expect(agents.map(({ branch }) => branch)).toEqual(['llmctl/ana', 'llmctl/ben']);
    expect((await room.ok('overlaps')).stdout).toMatch(/watching +clean +ana and ben +merge .* src\/app\.txt/);

    // A person may merge it all the same.
    const merged = await room.ok('merge', 'src/app.txt');
    expect(merged.stdout).toMatch(/^src\/app\.txt merged: ana and ben both have it/);
    for (const agent of ['ana', 'ben']) {
      expect(read(room, agent, 'src/app.txt')).toBe(lines({ 3: 'ana was here', 20: 'ben was here' }));
    }
  });

  it('in the same place: paused, merged, told and resumed; undone byte for byte', async () => {
    const room = await twoShells();
    const [mine, theirs] = [lines({ 10: 'ana was here' }), lines({ 12: 'ben was here' })];
    const both = lines({ 10: 'ana was here', 12: 'ben was here' });
    const heads = ['ana', 'ben'].map((agent) => git(room.place, 'rev-parse', `llmctl/${agent}`));
    await agentWrites(room, 'ana', 'src/app.txt', mine);
    await agentWrites(room, 'ben', 'src/app.txt', theirs);

    const done = await room.becomes('a merge', (now) => onlyRound(now)?.phase === 'resolved');
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'src/app.txt')).toBe(both);
    expect(onlyRound(done)).toMatchObject({ merged: ['src/app.txt'], conflicts: [], by: { kind: 'coordinator' } });
    const { overlaps, agents } = await room.status();
    expect(overlaps[0]).toMatchObject({ state: 'resolved', reason: 'merged', resolvedAt: expect.stringMatching(/Z$/) });
    expect(agents.map(({ state }) => state)).not.toContain('paused');
    // No branch moved, and nothing was committed for anybody.
    expect(['ana', 'ben'].map((agent) => git(room.place, 'rev-parse', `llmctl/${agent}`))).toEqual(heads);

    const events = JSON.stringify((await room.ok('log', '--json')).json);
    for (const type of ['agent.paused', 'round.backed-up', 'round.applied', 'round.told', 'agent.resumed']) {
      expect(events).toContain(`"${type}"`);
    }
    await room.idle();
    for (const [agent, other, line] of [
      ['ana', 'ben', '+ben was here'],
      ['ben', 'ana', '+ana was here'],
    ] as const) {
      const told = (await room.output(agent)).join('\n');
      expect(told).toContain(`${other} and you changed the same file`);
      expect(told).toContain(line);
    }
    // Both shells took it as a comment and are there for more.
    await agentWrites(room, 'ana', 'other.txt', 'ana goes on\n');

    const undone = await room.ok('merge', '--undo', 'src/app.txt');
    expect(undone.stdout).toContain('undone: ana and ben have their own files again');
    expect(read(room, 'ana', 'src/app.txt')).toBe(mine);
    expect(read(room, 'ben', 'src/app.txt')).toBe(theirs);
    expect(read(room, 'ana', 'other.txt')).toBe('ana goes on\n');
    // It isn't merged again behind a person's back.
    await room.becomes('the overlap', (now) => overlapOf(now, 'src/app.txt')?.state === 'needs-person');
    await room.idle();
    expect(read(room, 'ana', 'src/app.txt')).toBe(mine);
    expect((await room.status()).overlaps[0]).toMatchObject({ reason: expect.stringContaining('was undone') });
    const again = await room.cli('merge', '--undo', onlyRound(done)!.id);
    expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/^llmctl: merge .* is undone already\n$/)]);
    await room.ok('merge', 'src/app.txt');
    expect(read(room, 'ben', 'src/app.txt')).toBe(both);
  });

  it('and what each has committed and what it hasn’t stays so', async () => {
    const room = await twoShells();
    await agentWrites(room, 'ana', 'src/app.txt', lines({ 10: 'ana was here' }));
    await room.ok('send', 'ana', 'git commit -qam work');
    await room.becomes('the commit', () => git(room.place, 'log', '-1', '--format=%s', 'llmctl/ana') === 'work\n');
    await agentWrites(room, 'ben', 'src/app.txt', lines({ 11: 'ben was here' }));
    await room.becomes(
      'a merge',
      (now) => onlyRound(now) !== undefined && overlapOf(now, 'src/app.txt')?.state !== 'watching',
    );
    const overlap = overlapOf(await room.state(), 'src/app.txt')!;
    // Lines that touch: git can't combine them by itself.
    await room.becomes('a question', (now) => now.overlaps[overlap.id]?.state === 'needs-person');
    await room.ok('merge', overlap.id, '--take', 'both');
    const both = lines({ 10: 'ana was here\nline 11', 11: 'line 10\nben was here' });
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'src/app.txt')).toBe(both);
    expect(git(room.place, '-C', treeOf(room, 'ana'), 'status', '--porcelain')).toBe(' M src/app.txt\n');
    expect(git(room.place, 'log', '-1', '--format=%s', 'llmctl/ana')).toBe('work\n');
  });
});
