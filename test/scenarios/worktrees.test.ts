import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shell } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';
import { git, writeFiles } from '../kit/temp.ts';
import { until } from '../kit/wait.ts';
import { agentWrites, lines, treeOf } from '../kit/worktrees.ts';

const FILES = { 'src/app.txt': lines(), '.gitignore': '.env\n', '.worktreeinclude': '.env\n' };

describe('each agent works in a worktree of its own', () => {
  it('with its branch, its changes and its diff for everybody to read', async () => {
    const room = await startRoom({ agents: { ana: shell(), ben: shell() }, files: FILES });
    await agentWrites(room, 'ana', 'src/app.txt', lines({ 2: 'ana was here\tand there' }));
    await agentWrites(room, 'ana', 'new.txt', 'one\ntwo\n');
    await room.becomes('the changes', (now) => now.agents.ana?.git?.changed.length === 2);
    const text = (await room.ok('git')).stdout;
    expect(text).toMatch(/ana: llmctl\/ana [0-9a-f]{8} · 0 ahead, 0 behind \S+ · 2 changed files/);
    expect(text).toMatch(/\+2 +−0 +new\.txt/);
    expect(text).toMatch(/\+1 +−1 +src\/app\.txt/);
    const { json } = await room.ok('git', '--json');
    expect(json).toMatchObject({
      agents: [
        { agent: 'ana', branch: 'llmctl/ana' },
        { agent: 'ben', files: [] },
      ],
    });

    // What is piped is a patch, byte for byte.
    const diff = await room.ok('diff', 'ana');
    writeFileSync(room.path('ana.patch'), diff.stdout);
    git(room.place, 'apply', room.path('ana.patch'));
    expect(readFileSync(join(room.repo, 'src/app.txt'), 'utf8')).toBe(lines({ 2: 'ana was here\tand there' }));
    expect((await room.ok('diff', 'ana', 'new.txt')).stdout).not.toContain('app.txt');
    expect((await room.ok('diff', 'ana', '--against', 'ben', '--json')).json).toMatchObject({
      agent: 'ana',
      against: 'ben',
      lines: expect.arrayContaining(['+two']),
    });
    const wrong = await room.cli('diff', 'anna');
    expect([wrong.code, wrong.stderr.trim().split('\n').length]).toEqual([1, 1]);
  });

  it('lands what it has once the check passes, and is told the first error where it fails', async () => {
    const room = await startRoom({
      agents: { ana: shell() },
      files: { ...FILES, 'check.sh': 'true\n' },
      plan: { health: { build: 'sh check.sh' } },
    });
    await agentWrites(room, 'ana', 'check.sh', 'echo "src/app.txt:7: error: not like this" >&2; exit 1\n');
    const failed = await room.cli('land', 'ana');
    expect([failed.code, failed.stdout]).toEqual([1, '']);
    expect(failed.stderr).toMatch(/^llmctl: the work of ana did not land: .*src\/app\.txt:7.*\n$/);
    expect((await room.cli('land', 'ana', '--json')).json).toMatchObject({
      ok: false,
      landing: { state: 'failed', fault: 'own' },
    });
    await agentWrites(room, 'ana', 'check.sh', 'echo mended\n');
    const landed = await room.ok('land', 'ana');
    expect(landed.stdout).toMatch(/^ana has landed on llmctl\/integration as [0-9a-f]{12}\n$/);
    expect(git(room.place, 'show', 'llmctl/integration:check.sh')).toBe('echo mended\n');
  });

  it('which goes when its agent is gone, unless it holds something', async () => {
    const room = await startRoom({ agents: { ana: shell() }, files: FILES, up: false });
    writeFiles(room.repo, { '.env': 'SECRET=1\n' });
    await room.up();
    for (const name of ['ben', 'cleo']) await room.ok('run', name, '--', ...shell());
    expect(readFileSync(join(treeOf(room, 'ben'), '.env'), 'utf8')).toBe('SECRET=1\n');
    await agentWrites(room, 'cleo', 'half-done.txt', 'work\n');
    await room.ok('remove', 'ben', 'cleo', '--yes');

    const listed = (await room.ok('worktrees')).stdout;
    expect(listed).toMatch(/ben +llmctl\/ben +0 unlanded +nothing +--clean removes it/);
    expect(listed).toMatch(/cleo +llmctl\/cleo +0 unlanded +half-done\.txt +stays: it holds 1 uncommitted file/);
    expect(listed).not.toContain('ana');
    const live = await room.cli('worktrees', '--clean', 'ana');
    expect([live.code, live.stderr]).toEqual([1, expect.stringContaining('agent ana is in the session')]);
    const held = await room.cli('worktrees', '--clean', 'cleo');
    expect([held.code, held.stderr]).toEqual([1, 'llmctl: cleo stays: it holds 1 uncommitted file\n']);

    const cleaned = await room.ok('worktrees', '--clean', '--json');
    expect(cleaned.json).toMatchObject({
      ok: true,
      worktrees: [
        { agent: 'ben', removed: true },
        { agent: 'cleo', removed: false, keep: 'it holds 1 uncommitted file' },
      ],
    });
    await until('the folder to be gone', () => !existsSync(treeOf(room, 'ben')));
    expect(readFileSync(join(treeOf(room, 'cleo'), 'half-done.txt'), 'utf8')).toBe('work\n');
  });
});
