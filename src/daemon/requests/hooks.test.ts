import { describe, expect, it } from 'vitest';
import type { Agent, AgentSpec } from '../../core/model/agent.ts';
import { DEFAULT_MERGE_POLICY } from '../../core/model/overlap.ts';
import { emptyState, type State } from '../../core/model/state.ts';
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
