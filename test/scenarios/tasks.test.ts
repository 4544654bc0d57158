import { describe, expect, it } from 'vitest';
import type { State } from '../../src/core/model/state.ts';
import { worker } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';
import { git } from '../kit/temp.ts';

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
        milestones: [{ id: 'm', tasks: ['a', 'b', 'c'], owner: 'ana' }],
      },
    });
    await room.becomes('all done', allDone);
    const { tasks, milestones, session } = await room.status();
    expect(tasks.map(({ id, state, progress }) => [id, state, progress])).toEqual([
      ['a', 'done', 100],
      ['b', 'done', 100],
      ['c', 'done', 100],
    ]);
    expect(tasks[0]!.todos.map(({ done }) => done)).toEqual([true, true]);
    expect(git(room.place, 'show', `${session.integration}:c.txt`)).toBe('a\nb\n');
    expect(milestones[0]).toMatchObject({
      state: 'reached',
      commit: git(room.place, 'rev-parse', session.integration).trim(),
    });
    expect((await room.ok('task', 'list')).stdout).toMatch(/c +done +ben +100 %/);
    expect(stageOf(await room.state(), 'c')).toBe('done');
  });
});
