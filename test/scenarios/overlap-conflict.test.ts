import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { State } from '../../src/core/model/state.ts';
import { shell } from '../kit/agents.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { LLMCTL, writeFiles } from '../kit/temp.ts';
import { agentWrites, lines, onlyRound, overlapOf, read, treeOf } from '../kit/worktrees.ts';

const FILES = { 'src/app.txt': lines() };
const MINE = lines({ 10: 'ana was here' });
const THEIRS = lines({ 10: 'ben was here' });

/** Both have changed the same line otherwise, are paused, and wait for a person. */
async function inConflict(plan: Readonly<Record<string, unknown>> = {}): Promise<Room> {
  const room = await startRoom({ agents: { ana: shell(), ben: shell() }, files: FILES, plan });
  await agentWrites(room, 'ana', 'src/app.txt', MINE);
  await agentWrites(room, 'ben', 'src/app.txt', THEIRS);
  await room.becomes('a conflict', (now) => overlapOf(now, 'src/app.txt')?.state === 'needs-person');
  return room;
}

describe('two agents change the same line', () => {
  it('both are paused until a person decides', async () => {
    const room = await inConflict();
    const { overlaps, agents, alerts } = await room.status();
    expect(overlaps).toEqual([expect.objectContaining({ state: 'needs-person', verdict: 'conflict' })]);
    expect(agents.map(({ state }) => state)).toEqual(['paused', 'paused']);
    expect(alerts.map(({ level, text }) => [level, text])).toContainEqual([
      'error',
      expect.stringContaining('ana and ben are paused for a conflict: src/app.txt'),
    ]);

    const asked = await room.cli('merge', 'src/app.txt');
    expect(asked.code).toBe(1);
    expect(asked.stdout).toContain(
      '<<<<<<< A ana\nana was here\n||||||| base\nline 10\n=======\nben was here\n>>>>>>> B ben',
    );
    expect(asked.stdout).toMatch(/llmctl merge \S+ --take A /);
    expect(asked.stderr).toMatch(
      /^llmctl: src\/app\.txt of ana and ben can't be combined, both are paused: .*--take.*\n$/,
    );
    const { json } = await room.cli('merge', 'src/app.txt', '--json');
    expect(json).toMatchObject({
      ok: false,
      code: 'conflict',
      conflicts: [{ path: 'src/app.txt', a: 'text', b: 'text', segments: expect.any(Array) }],
    });

    const taken = await room.ok('merge', overlaps[0]!.id.slice(0, 4), '--take', 'A', '--json');
    expect(taken.json).toMatchObject({ ok: true, overlap: { state: 'resolved' }, round: { phase: 'resolved' } });
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'src/app.txt')).toBe(MINE);
    expect((await room.status()).agents.map(({ state }) => state)).not.toContain('paused');
    await room.idle();
    expect((await room.output('ben')).join('\n')).toContain('A person decided on src/app.txt: ana');

    // What a choice dropped is not lost.
    await room.ok('merge', '--undo', overlaps[0]!.id);
    expect(read(room, 'ana', 'src/app.txt')).toBe(MINE);
    expect(read(room, 'ben', 'src/app.txt')).toBe(THEIRS);
  });

  it.each([
    ['B', THEIRS],
    ['both', lines({ 10: 'ana was here\nben was here' })],
  ])('--take %s settles it', async (side, text) => {
    const room = await inConflict();
    await room.ok('merge', 'src/app.txt', '--take', side);
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'src/app.txt')).toBe(text);
  });

  it('a choice that can not be is refused, and takes nothing with it that was decided before', async () => {
    const room = await startRoom({ agents: { ana: shell(), ben: shell() }, files: FILES });
    // In one step: one round is about both files.
    for (const [agent, text] of [
      ['ana', MINE],
      ['ben', THEIRS],
    ] as const) {
      writeFiles(room.dir, { [`${agent}/app.txt`]: text, [`${agent}/b.dat`]: `${agent}\0` });
      writeFiles(room.dir, { [agent === 'ana' ? 'ana/x' : 'ben/x/inside']: 'x\n' });
      renameSync(room.path(agent), join(treeOf(room, agent), 'new'));
    }
    const asks = (now: State) =>
      Object.values(now.overlaps).filter(({ state }) => state === 'needs-person').length === 3;
    await room.becomes('three conflicts', asks);
    const one = await room.cli('merge', 'new/app.txt', '--take', 'A');
    expect(one.stderr).toMatch(/new\/b\.dat, new\/x of ana and ben can't be combined/);
    const both = await room.cli('merge', 'new/b.dat', '--take', 'both');
    expect([both.code, both.stderr]).toEqual([1, 'llmctl: new/b.dat is binary: take A or B\n']);
    const file = await room.cli('merge', 'new/x', '--take', 'A');
    expect(file.stderr).toMatch(
      /^llmctl: new\/x is a folder with files in it for ben: take B, or move one of the two\n$/,
    );
    expect((await room.cli('merge', 'new/b.dat', '--take', 'B')).code).toBe(1);
    await room.ok('merge', 'new/x', '--take', 'B');
    for (const agent of ['ana', 'ben']) {
      expect(read(room, agent, 'new/app.txt')).toBe(MINE);
      expect(read(room, agent, 'new/b.dat')).toBe('ben\0');
    }
  });

  it('a person may write it anew: from a file, and in an editor', async () => {
    const room = await inConflict();
    const wrong = await room.cli('merge', 'src/app.txt', '--take', 'edit');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--file')]);
    const marked = await room.cliWith(
      { input: '<<<<<<< A ana\nx\n' },
      'merge',
      'src/app.txt',
      '--take',
      'edit',
      '--file',
      '-',
    );
    expect([marked.code, marked.stderr]).toEqual([1, expect.stringContaining('line 1 still has a conflict marker')]);
    expect((await room.status()).agents.map(({ state }) => state)).toEqual(['paused', 'paused']);

    const editor = room.path('editor.sh');
    // Keeps both, as somebody in a hurry would: by taking the markers and the base out.
    writeFileSync(
      editor,
      '#!/bin/sh\ncp "$1" "$0.seen"\nsed -i -e "/^|||||||/,/^=======/d" -e "/^<<<<<<</d" -e "/^>>>>>>>/d" "$1"\n',
      { mode: 0o755 },
    );
    const EDITOR = `'${editor}'`;
    const terminal = room.terminal(process.execPath, [LLMCTL, 'merge', 'src/app.txt', '--take', 'edit'], {
      env: { EDITOR },
    });
    expect((await terminal.exited).code).toBe(0);
    expect(terminal.picture()).toContain('src/app.txt merged: ana and ben both have it');
    expect(readFileSync(`${editor}.seen`, 'utf8')).toBe(
      lines({ 10: '<<<<<<< A ana\nana was here\n||||||| base\nline 10\n=======\nben was here\n>>>>>>> B ben' }),
    );
    const both = lines({ 10: 'ana was here\nben was here' });
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'src/app.txt')).toBe(both);
  });

  it('or put it off: both go on as they were, and it stays red', async () => {
    const room = await inConflict();
    const put = await room.ok('merge', 'src/app.txt', '--defer');
    expect(put.stdout).toContain('src/app.txt is put off: ana and ben go on as they were');
    const { overlaps, agents } = await room.status();
    expect(overlaps[0]).toMatchObject({
      state: 'needs-person',
      verdict: 'conflict',
      reason: expect.stringContaining('put off'),
    });
    expect(agents.map(({ state }) => state)).not.toContain('paused');
    expect([read(room, 'ana', 'src/app.txt'), read(room, 'ben', 'src/app.txt')]).toEqual([MINE, THEIRS]);
    const nothing = await room.cli('merge', 'src/app.txt', '--defer');
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('nothing is under way')]);

    // It can be settled at any time; what was written meanwhile is in it.
    await agentWrites(room, 'ana', 'src/app.txt', lines({ 1: 'and on top', 10: 'ana was here' }));
    await room.ok('merge', 'src/app.txt', '--take', 'B');
    // B's version is all of B's file.
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'src/app.txt')).toBe(THEIRS);
    await room.ok('merge', 'src/app.txt', '--undo');
    expect(read(room, 'ana', 'src/app.txt')).toBe(lines({ 1: 'and on top', 10: 'ana was here' }));
  });

  it('is put off by itself where nobody decides in time', async () => {
    const room = await inConflict({ overlaps: { settleWithin: '1s' } });
    await room.becomes('both to go on', (now) => onlyRound(now)?.phase === 'deferred');
    const { overlaps, agents, alerts } = await room.status();
    expect(overlaps[0]).toMatchObject({ state: 'needs-person', reason: 'put off: nobody decided within 1 s' });
    expect(agents.map(({ state }) => state)).not.toContain('paused');
    expect(alerts.map(({ text }) => text).join()).toContain('was put off: nobody decided within 1 s');
    expect([read(room, 'ana', 'src/app.txt'), read(room, 'ben', 'src/app.txt')]).toEqual([MINE, THEIRS]);
  });

  it('may be none of llmctl’s business: with the policy warn it only says so', async () => {
    const room = await startRoom({
      agents: { ana: shell(), ben: shell() },
      files: FILES,
      plan: { overlaps: { policy: 'warn' } },
    });
    await agentWrites(room, 'ana', 'src/app.txt', MINE);
    await agentWrites(room, 'ben', 'src/app.txt', THEIRS);
    await room.becomes('the alert', (now) => now.alerts.some(({ text }) => text.includes('do not combine')));
    await room.idle();
    expect((await room.status()).overlaps).toEqual([
      expect.objectContaining({ state: 'watching', verdict: 'conflict', policy: 'warn' }),
    ]);
    expect((await room.state()).rounds).toEqual({});
  });
});
