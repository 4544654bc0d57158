import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openIntegration, tipOf } from './integration.ts';
import { filesOf, recordMilestone, tagCommit, uncommitted } from './milestone.ts';
import { PairOfAgents, got } from './pair.testkit.ts';

let pair: PairOfAgents;
beforeEach(async () => {
  pair = new PairOfAgents();
  await pair.start({ f: 'f\n' });
});
afterEach(() => pair.remove());

const branch = 'llmctl/integration';
const at = Date.UTC(2026, 0, 2);
const inRepo = (...args: string[]) => pair.git(pair.repo, ...args).trimEnd();
const record = { id: 'm1', branch, message: () => 'feat: one\n\n- a thing\n', tag: 'v1', at };

describe('a milestone', () => {
  it('is a commit that changes nothing, and a tag; recorded again it is the same', async () => {
    const { git, tip } = got(await openIntegration(pair.repo, { branch, base: null }));
    const first = got(await recordMilestone(git, record));
    expect(first.untagged).toBeNull();
    expect(await tipOf(git, branch)).toBe(first.commit);
    expect(inRepo('rev-parse', `${first.commit}^`)).toBe(tip);
    expect(inRepo('diff', tip, first.commit)).toBe('');
    expect(inRepo('log', '-1', '--format=%B', 'v1')).toBe('feat: one\n\n- a thing');
    const again = { ...record, message: () => 'feat: one, measured anew' };
    expect(got(await recordMilestone(git, again))).toEqual(first);
    expect(await filesOf(git, first.commit)).toEqual(['f']);
    expect(inRepo('rev-list', '--count', `${tip}..${branch}`)).toBe('1');
  });

  it('leaves a tag where it is that is there already, and makes none of a bad name', async () => {
    const { git, tip } = got(await openIntegration(pair.repo, { branch, base: null }));
    inRepo('tag', 'v1', tip);
    expect(got(await recordMilestone(git, record)).untagged).toMatch(/tag v1 already/);
    expect(inRepo('rev-parse', 'v1')).toBe(tip);
    expect(got(await tagCommit(git, '-f', tip)).untagged).toMatch(/no name for a tag/);
    expect(got(await tagCommit(git, 'a..b', tip)).untagged).toMatch(/no name for a tag/);
  });

  it('is measured anew where a landing moves the branch meanwhile', async () => {
    const { git } = got(await openIntegration(pair.repo, { branch, base: null }));
    const tips: string[] = [];
    const done = await recordMilestone(git, {
      ...record,
      message: (tip) => {
        tips.push(tip);
        if (tips.length === 1)
          inRepo(
            'update-ref',
            `refs/heads/${branch}`,
            inRepo('commit-tree', `${tip}^{tree}`, '-p', tip, '-m', 'landed'),
          );
        return `feat: on ${tip}`;
      },
    });
    expect(tips).toHaveLength(2);
    expect(inRepo('log', '-1', '--format=%B', got(done).commit)).toBe(`feat: on ${tips[1]!}`);
  });

  it('knows which tracked files are not committed', async () => {
    const { git } = got(await openIntegration(pair.repo, { branch, base: null }));
    expect(await uncommitted(git)).toEqual([]);
    writeFileSync(join(pair.repo, 'f'), 'other\n');
    writeFileSync(join(pair.repo, 'new'), 'new\n');
    expect(await uncommitted(git)).toEqual(['f']);
  });

  it('has nowhere to be without the branch', async () => {
    const { git } = got(await openIntegration(pair.repo, { branch, base: null }));
    expect(await recordMilestone(git, { ...record, branch: 'other' })).toMatchObject({
      ok: false,
      reason: 'there is no branch other to record milestone m1 on',
    });
  });
});
