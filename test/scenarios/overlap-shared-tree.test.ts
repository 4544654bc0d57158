import { describe, expect, it } from 'vitest';
import { shell } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';

describe('two agents in one checkout', () => {
  it('that write the same file are told of, with how sure that is', async () => {
    const room = await startRoom({
      agents: { ana: shell(), ben: shell(), cleo: shell() },
      plan: { workspace: 'shared' },
      files: { 'f.txt': 'one\n', 'g.txt': 'one\n' },
    });
    // Held open for a moment, as an editor or a compiler does: the surest sign short of a hook.
    const writes = (name: string) => `exec 9>>f.txt; echo ${name} >&9; sleep 1; exec 9>&-`;
    await room.ok('send', 'ana', writes('ana'));
    await room.becomes(
      'the change of ana',
      (state) => state.git?.changed.some(({ path }) => path === 'f.txt') === true,
    );
    await room.ok('send', 'ben', writes('ben'));
    const state = await room.becomes('the overlap', (now) => Object.keys(now.overlaps).length > 0);
    const [overlap] = Object.values(state.overlaps);
    expect(overlap).toMatchObject({ path: 'f.txt', agents: ['ana', 'ben'], verdict: 'unknown', state: 'watching' });
    expect(overlap!.reason).toMatch(/ana \d+ % sure \(.*\), ben \d+ % sure \(.*\)/);
    expect(state.alerts.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/ana and ben both changed f\.txt/),
    );
    const merge = await room.cli('merge', 'f.txt');
    expect([merge.code, merge.stderr]).toEqual([1, expect.stringContaining('no two versions to merge')]);
    // Committed, it is between nobody any more.
    await room.ok('send', 'cleo', 'git commit -qam both');
    await room.becomes('no overlap', (now) => Object.values(now.overlaps).every((one) => one.state === 'resolved'));
  });
});
