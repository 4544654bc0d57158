import { describe, expect, it } from 'vitest';
import type { Agent, AgentSpec } from '../../core/model/agent.ts';
import { DEFAULT_MERGE_POLICY } from '../../core/model/overlap.ts';
import { emptyState, type State } from '../../core/model/state.ts';
import { AgentFiles } from './agent-files.ts';
import { mayWrite, pathOfAgent } from './hooks.ts';

function agent(id: string, dir: string | null): Agent {
  const spec: AgentSpec = {
    id,
    name: id,
    profile: 'shell',
    command: ['sh'],
    cwd: dir ?? '/repo',
    env: {},
    prompt: null,
    task: null,
    origin: 'plan',
  };
  const status = { state: 'working', since: 0, reason: '', evidence: 'process', by: null } as const;
  return {
    spec,
    pane: 1,
    status,
    beforePause: null,
    pending: null,
    run: null,
    exit: null,
    restarts: 0,
    quickExits: 0,
    progress: null,
    activity: '',
    git: null,
    tree: dir === null ? null : { dir, branch: `llmctl/${id}`, portBase: null, made: 'new' },
  };
}

const ana = agent('ana', '/repo/.llmctl/worktrees/ana');
const ben = agent('ben', null);
const session = {
  id: 's',
  repo: '/repo',
  git: true,
  startedAt: 0,
  plan: null,
  planName: '',
  pid: 1,
};
const state: State = {
  ...emptyState(session),
  agents: { ana, ben },
  order: ['ana', 'ben'],
  mergePolicy: {
    ...DEFAULT_MERGE_POLICY,
    rules: [{ match: '*.lock', policy: 'lock', driver: null, regenerate: null }],
  },
  locks: { 'a.lock': 'ana', 'src/gone.lock': 'nobody', 'plain.txt': 'ana' },
};

describe('a path of an agent', () => {
  it.each([
    [ana, '/repo/.llmctl/worktrees/ana/src/x.js', 'src/x.js'],
    [ana, '/repo/src/x.js', null],
    [ana, '/repo/.llmctl/worktrees/ana-2/x', null],
    [ana, '/repo/.llmctl/worktrees/ana', null],
    [ana, '/repo/.llmctl/worktrees/ana/..x', '..x'],
    [ben, '/repo/src/x.js', 'src/x.js'],
    [ben, '/etc/passwd', null],
  ])('is as git has it in its own tree', (who, file, path) => {
    expect(pathOfAgent(state, who, file)).toBe(path);
  });
});

describe('may it write', () => {
  it('what another one holds: no, and by whom', () => {
    expect(mayWrite(state, ben, '/repo/a.lock')).toEqual({
      allowed: false,
      holder: 'ana',
      reason: expect.stringMatching(/a\.lock is held by ana/),
    });
  });

  it.each([
    ['what it holds itself', ana, '/repo/.llmctl/worktrees/ana/a.lock'],
    ['what nobody holds', ben, '/repo/b.lock'],
    ['what somebody held who is gone', ben, '/repo/src/gone.lock'],
    ['what another policy is for', ben, '/repo/plain.txt'],
    ['what lies elsewhere', ben, '/tmp/a.lock'],
  ])('%s: yes', (_, who, file) => {
    expect(mayWrite(state, who, file).allowed).toBe(true);
  });
});

describe('of two that ask for the same file', () => {
  const asks = (files: AgentFiles, who: Agent, file: string) =>
    files.answer(who, { method: 'mayWrite', agent: who.spec.id, path: file });
  const [mine, theirs] = ['/repo/.llmctl/worktrees/ana/b.lock', '/repo/b.lock'];

  it('the first has a yes, and the other a no until that has written or let it be', () => {
    let now = 0;
    const room = { state, dispatch: () => ({ ok: true, seq: 0, events: [] }) as const };
    const files = new AgentFiles(room, { wrote: () => {}, claimed: () => {} }, () => now);
    expect(asks(files, ana, mine)).toMatchObject({ allowed: true });
    expect(asks(files, ben, theirs)).toMatchObject({
      allowed: false,
      holder: 'ana',
      reason: expect.stringMatching(/b\.lock is about to be written by ana/),
    });
    expect(asks(files, ana, mine)).toMatchObject({ allowed: true });
    expect(asks(files, ben, '/repo/plain.txt')).toMatchObject({ allowed: true });
    now = 10 * 60_000;
    expect(asks(files, ben, theirs)).toMatchObject({ allowed: true });
    files.answer(ben, { method: 'wrote', agent: 'ben', path: theirs });
    expect(asks(files, ana, mine)).toMatchObject({ allowed: true });
  });
});
