import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { isRefusal } from './decide/refuse.ts';
import { evolve } from './evolve.ts';
import { assertInvariants } from './invariants.ts';
import type { Command } from './model/commands.ts';
import { DEFAULT_MERGE_POLICY } from './model/overlap.ts';
import { emptyState, type State } from './model/state.ts';
import { heldBy, holderOf, takenBy } from './overlap/holders.ts';
import { lockDocuments } from './select/overlap-documents.ts';
import { statusDocument } from './select/status.ts';

class Session {
  state: State = emptyState({ id: 's', repo: '/r', git: true, startedAt: 0, plan: null, planName: '', pid: 1 });
  #ids = 0;

  constructor() {
    const rules = [{ match: '*.lock', policy: 'lock', driver: null, regenerate: null } as const];
    this.ask({ type: 'plan.merge', policy: { ...DEFAULT_MERGE_POLICY, rules } });
    for (const id of ['ana', 'ben']) {
      const dir = `/r/.llmctl/worktrees/${id}`;
      const spec = { id, name: id, profile: 'claude', command: ['x'], cwd: dir, worktree: dir, env: {}, prompt: null };
      this.ask({ type: 'agent.add', agent: { ...spec, task: null, origin: 'plan' }, start: true });
      this.ask({ type: 'agent.placed', agent: id, tree: { dir, branch: id, portBase: null, made: 'new' } });
      this.ask({ type: 'pty.spawned', agent: id, pid: 1, token: id });
    }
  }

  /** @returns the refusal; null where it was done */
  ask(command: Command): string | null {
    const decision = decide(this.state, command, { now: this.state.seq, newId: () => `i${++this.#ids}` });
    if (isRefusal(decision)) return decision.refused;
    for (const event of decision) {
      const before = this.state;
      this.state = evolve(before, { seq: before.seq + 1, at: before.seq + 1, event });
      assertInvariants(this.state, before);
    }
    return null;
  }

  claim = (agent: string, ...paths: string[]) => this.ask({ type: 'agent.claim', agent, paths });
  release = (agent: string, ...paths: string[]) =>
    this.ask({ type: 'agent.release', agent, paths: paths.length === 0 ? null : paths });

  changes(agent: string, ...changed: string[]): void {
    this.ask({ type: 'agent.git', agent, git: { branch: agent, changed, ahead: 0, behind: 0 } });
  }
}

describe('who holds a path', () => {
  const locks = { 'a.js': 'ana', 'src/ui/': 'ben', 'src/core/x.js': 'ana' };
  it.each([
    ['a.js', 'ana'],
    ['b/a.js', undefined],
    ['src/ui/deep/er.js', 'ben'],
    ['src/ui', undefined],
    ['src/uix/a', undefined],
    ['src/core/', undefined],
    ['__proto__', undefined],
  ])('%s: %s', (path, holder) => {
    expect(holderOf(locks, path)?.holder).toBe(holder);
  });

  it('looks below a folder that is wanted, too', () => {
    expect(takenBy(locks, 'src/', 'ana')).toEqual({ path: 'src/ui/', holder: 'ben' });
    expect(takenBy(locks, 'src/core/', 'ben')).toEqual({ path: 'src/core/x.js', holder: 'ana' });
    expect(takenBy(locks, 'src/core/', 'ana')).toBeNull();
    expect(takenBy(locks, 'src', 'cleo')).toBeNull();
  });
});

describe('a claim', () => {
  it('is seen by all, and is all or nothing', () => {
    const session = new Session();
    expect(session.claim('ana', 'src/a.js', 'src/b.js', 'src/a.js')).toBeNull();
    expect(session.claim('ben', 'free.js', 'src/b.js')).toBe(
      '"src/b.js" is held by ana: leave it alone until it is free',
    );
    expect(session.claim('ben', 'src/')).toMatch(/"src\/" \("src\/a\.js"\) is held by ana/);
    expect(heldBy(session.state, 'ben')).toEqual([]);
    expect(statusDocument(session.state, 0).agents.map(({ claims }) => claims)).toEqual([['src/a.js', 'src/b.js'], []]);
    expect(lockDocuments(session.state)[0]).toEqual({ path: 'src/a.js', holder: 'ana', binding: false });
    const { seq } = session.state;
    expect(session.claim('ana', 'src/a.js')).toBeNull();
    expect(session.state.seq).toBe(seq);
  });

  it('is a lock where the plan says so: whoever writes there all the same is told', () => {
    const session = new Session();
    session.claim('ana', 'deps.lock', 'plain.js');
    session.ask({ type: 'path.touched', toucher: 'ben', path: 'deps.lock' });
    session.ask({ type: 'path.touched', toucher: 'ben', path: 'plain.js' });
    expect(session.state.alerts.map(({ text }) => text)).toEqual([
      'ben changed deps.lock, which ana holds: ben was told to leave it',
    ]);
    expect(lockDocuments(session.state)[0]).toMatchObject({ binding: true });
  });

  it('of a folder holds all below it', () => {
    const session = new Session();
    session.claim('ana', 'packages/');
    session.ask({ type: 'path.touched', toucher: 'ana', path: 'packages/x/a.lock' });
    session.ask({ type: 'path.touched', toucher: 'ben', path: 'packages/y/b.lock' });
    expect(session.state.locks).toEqual({ 'packages/': 'ana' });
    expect(session.state.alerts).toHaveLength(1);
    session.release('ana', 'packages/');
    expect(session.state).toMatchObject({ locks: {}, alerts: [] });
  });

  it('is let go by whom it is of, but not in the middle of a change that only one may make', () => {
    const session = new Session();
    session.claim('ana', 'a.js', 'deps.lock', 'other.lock');
    session.changes('ana', 'a.js', 'deps.lock');
    expect(session.release('ben', 'a.js')).toBe('ben does not hold "a.js"');
    expect(session.release('ana', 'deps.lock')).toMatch(/^ana has changed "deps\.lock".*kept until that has landed/);
    expect(session.release('ana')).toBeNull();
    expect(session.state.locks).toEqual({ 'deps.lock': 'ana' });
    session.changes('ana');
    expect(session.release('ana', 'deps.lock')).toBeNull();
    expect(session.state.locks).toEqual({});
  });

  it('ends with the work that it was made for; a lock stays', () => {
    const session = new Session();
    session.claim('ana', 'a.js', 'deps.lock');
    session.claim('ben', 'b.js');
    session.ask({ type: 'agent.report', agent: 'ana', kind: 'done', percent: null, text: '' });
    expect(session.state.locks).toEqual({ 'deps.lock': 'ana', 'b.js': 'ben' });
    session.ask({ type: 'agent.stop', agent: 'ben' });
    session.ask({ type: 'pty.exited', agent: 'ben', exit: { code: 0, signal: null, at: 1 } });
    session.ask({ type: 'agent.remove', agent: 'ben' });
    expect(session.state.locks).toEqual({ 'deps.lock': 'ana' });
  });
});
