import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shell } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';
import { git } from '../kit/temp.ts';
import { until } from '../kit/wait.ts';
import { treeOf } from '../kit/worktrees.ts';

describe('agents in the repository itself', () => {
  it('share one checkout where the plan says so: no worktree, no branch', async () => {
    const room = await startRoom({ agents: { ana: shell(), ben: shell() }, plan: { workspace: 'shared' } });
    await room.ok('send', 'ana', 'echo ana > from-ana.txt');
    await room.ok('send', 'ben', 'echo ben > from-ben.txt');
    for (const name of ['ana', 'ben']) {
      await until(`the file of ${name}`, () => {
        try {
          return readFileSync(join(room.repo, `from-${name}.txt`), 'utf8') === `${name}\n`;
        } catch {
          return false;
        }
      });
    }
    const { agents } = await room.status();
    expect(agents.map(({ worktree }) => worktree)).toEqual([room.repo, room.repo]);
    expect(agents.map(({ branch }) => branch)).toEqual(['main', 'main']);
    expect(git(room.place, 'worktree', 'list').trim().split('\n')).toHaveLength(1);
    const none = await room.cli('land', 'ana');
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('has no worktree of its own')]);
  });

  it('come and go beside those with a worktree', async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    await room.ok('run', 'own', '--', ...shell());
    await room.ok('run', 'guest', '--shared', '--', ...shell());
    const { agents } = await room.status();
    expect(agents.map(({ id, worktree }) => [id, worktree])).toEqual([
      ['ana', treeOf(room, 'ana')],
      ['own', treeOf(room, 'own')],
      ['guest', room.repo],
    ]);
    expect(git(room.place, 'branch', '--list', 'llmctl/*', '--format=%(refname:short)')).toBe(
      'llmctl/ana\nllmctl/own\n',
    );
  });
});
