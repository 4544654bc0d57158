import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { worker } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';
import { git } from '../kit/temp.ts';

describe('a milestone', () => {
  it('is a commit with what landed for it, what was tested on it, and the figures; with nothing of llmctl in it; the report of the session tells it', async () => {
    const room = await startRoom({
      agents: { ana: worker(), ben: worker() },
      plan: {
        health: { test: "test -f a.txt; echo '5 passed, 1 skipped in 0.1s'", lint: 'test -f b.txt' },
        integration: { checks: ['test', 'lint'] },
        tasks: [
          { id: 'a', title: 'The parser', agent: 'ana' },
          { id: 'b', agent: 'ben' },
        ],
        gates: [
          {
            id: 'fast',
            after: ['a', 'b'],
            checks: [{ threshold: 'parse', run: "echo 'took 12'", limit: '< 20', unit: 'ms' }],
          },
        ],
        milestones: [
          {
            id: 'm',
            title: 'Both are there',
            tasks: ['a', 'b'],
            gate: 'fast',
            commit: { type: 'perf', tag: 'both-1' },
          },
        ],
        commits: { trailers: ['Reviewed-by: nobody'] },
      },
    });
    const { work } = await room.becomes('its commit', (now) => now.work?.milestones.m?.recorded === true);
    const { commit } = work!.milestones.m!;
    const { session, alerts } = await room.status();
    expect(alerts).toEqual([]);
    expect(git(room.place, 'rev-parse', 'both-1^{commit}', session.integration).trim().split('\n')).toEqual([
      commit,
      commit,
    ]);
    const merge = (task: string): string => work!.tasks[task]!.commit!.slice(0, 10);
    const said = git(room.place, 'log', '-1', '--format=%B', 'both-1').trim();
    expect(said.replaceAll(/\d+(\.\d+)? s\b/g, 'N s')).toBe(
      [
        'perf: Both are there',
        '',
        `- The parser (ana, ${merge('a')})`,
        `- b (ben, ${merge('b')})`,
        '',
        'Tested: test green, 5 passed, 1 skipped; lint green',
        'Performance: parse: 12 ms (< 20 ms); test in N s; lint in N s',
        '',
        'Reviewed-by: nobody',
      ].join('\n'),
    );
    expect(git(room.place, 'diff', '--stat', 'both-1^', 'both-1')).toBe('');
    const { json } = await room.ok('report-session', '--json');
    expect(json).toMatchObject({
      plan: { tasks: { total: 2, done: 2 } },
      agents: [
        { id: 'ana', done: ['a'], landed: 1 },
        { id: 'ben', done: ['b'], landed: 1 },
      ],
      milestones: [{ id: 'm', state: 'reached', commit }],
      cost: { tokens: null },
    });
    const file = room.path('report.md');
    await room.ok('report-session', '--out', file);
    expect(readFileSync(file, 'utf8')).toMatch(/## Tasks\n\n.*\n.*\n\| `a` \| The parser \| ana \| done \|/);
    await room.ok('down', '--yes');
    const { stdout } = await room.ok('report-session');
    expect(stdout).toMatch(/\| `m` \| Both are there \|/);
    expect(stdout).not.toContain('still running');
    expect(git(room.place, 'ls-tree', '-r', '--name-only', 'both-1')).not.toMatch(/llmctl\/|llmctl-saved/);
  });
});
