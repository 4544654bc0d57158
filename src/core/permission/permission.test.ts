import { describe, expect, it } from 'vitest';
import { decide } from '../decide.ts';
import { isRefusal } from '../decide/refuse.ts';
import { evolve } from '../evolve.ts';
import { assertInvariants } from '../invariants.ts';
import type { Command } from '../model/commands.ts';
import type { Effect } from '../model/effects.ts';
import type { PermissionAsk, PermissionRule } from '../model/permission.ts';
import { emptyState, type State } from '../model/state.ts';
import { react } from '../react.ts';
import { askOf } from './ask.ts';
import { fitsCommand, isSimple } from './command-line.ts';
import { likeness } from './judge.ts';

const person = { kind: 'person', name: 'ana' } as const;

class Session {
  state: State = emptyState({ id: 's', repo: '/r', git: true, startedAt: 0, plan: null, planName: '', pid: 1 });
  effects: Effect[] = [];
  #ids = 0;

  constructor() {
    const spec = { name: 'a', profile: 'claude', command: ['claude'], cwd: '/r', env: {}, prompt: null, task: null };
    this.do({ type: 'agent.add', agent: { ...spec, id: 'a', origin: 'person' }, start: true });
    this.do({ type: 'pty.spawned', agent: 'a', pid: 7, token: 't' });
  }

  do(command: Command): string[] {
    const decision = decide(this.state, command, { now: this.state.seq, newId: () => `p${++this.#ids}` });
    if (isRefusal(decision)) return [`refused ${decision.code}: ${decision.refused}`];
    this.effects = [];
    for (const event of decision) {
      const before = this.state;
      this.state = evolve(before, { seq: before.seq + 1, at: before.seq + 1, event });
      assertInvariants(this.state, before);
      this.effects.push(...react(this.state, event));
    }
    return decision.map((event) => event.type);
  }

  ask(ask: PermissionAsk): string[] {
    return this.do({ type: 'permission.ask', agent: 'a', ask });
  }

  answer(verdict: 'allow' | 'always' | 'deny', named = 'a', by: Command['by'] = person): string[] {
    return this.do({ type: 'permission.answer', permission: named, verdict, reason: 'no network', by });
  }

  rules(...rules: readonly Partial<PermissionRule>[]): void {
    const none = { tools: [], paths: [], commands: [], agents: [], why: '' };
    this.do({ type: 'permission.rules', rules: rules.map((rule) => ({ answer: 'ask', ...none, ...rule })) });
  }

  get status() {
    return this.state.agents.a!.status;
  }
}

let refs = 0;
const run = (command: string) => askOf('Bash', { command }, [], 'hook', `r${++refs}`);
const write = (path: string) => askOf('Write', { content: 'one\ntwo\n' }, [path], 'hook', `r${++refs}`);

describe('a question of an agent', () => {
  it('waits for a person, whose word goes back the way it came', () => {
    const s = new Session();
    expect(s.ask(run('npm test'))).toEqual(['permission.asked', 'agent.state']);
    expect(s.status).toMatchObject({ state: 'waiting', reason: 'permission: run npm test', evidence: 'hook' });
    expect(s.answer('deny')).toEqual(['permission.answered', 'agent.state']);
    expect(s.effects).toMatchObject([{ type: 'permission.tell', verdict: 'deny', reason: 'no network' }]);
    expect(s.status).toMatchObject({ state: 'working', reason: 'was told no' });
    expect(s.answer('allow')).toEqual(['refused already: agent a asks for no permission just now']);
  });

  it('is no agent’s to answer', () => {
    const s = new Session();
    s.ask(run('npm test'));
    expect(s.answer('allow', 'a', { kind: 'agent', name: 'a' })[0]).toMatch(/^refused invalid: agents ask/);
    expect(s.answer('allow', 'b')[0]).toMatch(/^refused invalid: no permission or agent "b": there are p1/);
  });

  it('is named where there are several', () => {
    const s = new Session();
    s.ask(run('one'));
    s.ask(run('two'));
    expect(s.answer('allow')).toEqual(['refused invalid: agent a asks for several: name one of p1, p2']);
    expect(s.answer('allow', 'p1')).toEqual(['permission.answered']);
    expect(s.status.state).toBe('waiting');
    s.answer('allow', 'p2');
    expect(s.status.state).toBe('working');
  });

  it('is over when its turn is, or its program', () => {
    const s = new Session();
    s.ask(run('one'));
    s.do({ type: 'permission.gone', agent: 'a', ref: null, reason: 'its turn is over' });
    expect(s.state.permissions.waiting).toEqual({});
    s.ask(run('two'));
    s.do({ type: 'pty.exited', agent: 'a', exit: { code: 0, signal: null, at: 9 } });
    expect(s.state.permissions.waiting).toEqual({});
  });

  it('is not asked again about what is alike, once a person allowed that', () => {
    const s = new Session();
    s.ask(run('git status'));
    s.answer('always');
    expect(s.ask(run('git status --short'))).toEqual(['permission.asked', 'permission.answered']);
    expect(s.ask(run('git push'))).toEqual(['permission.asked', 'agent.state']);
    expect(s.ask(run('git status; rm -rf .'))).toEqual(['permission.asked', 'agent.state']);
    s.do({ type: 'permission.gone', agent: 'a', ref: null, reason: '' });
    s.ask(write('src/a.js'));
    s.answer('always');
    expect(s.ask(write('src/b.js'))).toEqual(['permission.asked', 'permission.answered']);
    expect(s.ask(write('/etc/passwd'))).toEqual(['permission.asked', 'agent.state']);
  });
});

describe('rules of a plan', () => {
  it('answer in their order; what no rule is about is a person’s', () => {
    const s = new Session();
    s.rules(
      { answer: 'deny', commands: ['git push*'], why: 'The coordinator pushes.' },
      { answer: 'allow', commands: ['git *', 'npm test'] },
      { answer: 'allow', tools: ['edit'], paths: ['src/**'] },
      { answer: 'deny', paths: ['*.lock'] },
    );
    const verdict = (ask: PermissionAsk): unknown => {
      s.ask(ask);
      const told = s.effects.find((effect) => effect.type === 'permission.tell');
      return told?.type === 'permission.tell' ? [told.verdict, told.reason] : 'a person';
    };
    expect(verdict(run('git log -1'))).toEqual(['allow', "rule 2 of the plan's permissions"]);
    expect(verdict(run('git push origin'))).toEqual(['deny', 'The coordinator pushes.']);
    expect(verdict(run('git log && git push'))).toEqual(['deny', 'The coordinator pushes.']);
    expect(verdict(run('git log && rm -rf x'))).toBe('a person');
    expect(verdict(write('src/a.js'))).toEqual(['allow', "rule 3 of the plan's permissions"]);
    expect(verdict(write('deps.lock'))).toEqual(['deny', "rule 4 of the plan's permissions"]);
    expect(verdict(write('/r/src/../../etc/x'))).toBe('a person');
    expect(verdict(run('cat notes'))).toBe('a person');
  });

  it('that say "ask" are stronger than what a person allowed before', () => {
    const s = new Session();
    s.ask(run('make'));
    s.answer('always');
    s.rules({ answer: 'ask', commands: ['make*'] });
    expect(s.ask(run('make'))).toEqual(['permission.asked', 'agent.state']);
  });
});

describe('command lines', () => {
  it.each(['ls', 'git log --oneline -3', "grep 'a b' file", 'echo "$HOME"'])('%s is one program', (line) => {
    expect(isSimple(line)).toBe(true);
  });
  it.each(['a; b', 'a && b', 'a | b', 'a > f', 'a $(b)', 'a `b`', 'a\nb', '(a)', 'a &', 'a ${b}'])(
    '%s is more',
    (line) => {
      expect(isSimple(line)).toBe(false);
    },
  );
  it('fit patterns as a whole', () => {
    expect(fitsCommand('git *', 'git  log')).toBe(true);
    expect(fitsCommand('git', 'git log')).toBe(false);
    expect(fitsCommand('rm -rf [x].+', 'rm -rf [x].+')).toBe(true);
    expect(fitsCommand('rm .', 'rm x')).toBe(false);
  });
});

describe('a tool call as a question', () => {
  it('says what it would change', () => {
    expect(askOf('Edit', { old_string: 'a', new_string: 'b\nc' }, ['x.js'], 'hook', '')).toMatchObject({
      kind: 'edit',
      text: 'edit x.js',
      diff: ['-a', '+b', '+c'],
    });
    expect(askOf('exec_command', { cmd: 'ls' }, [], 'hook', '')).toMatchObject({ kind: 'command', command: 'ls' });
    expect(askOf('mcp__db__drop', { description: 'Drop it' }, [], 'hook', '').text).toBe('use mcp__db__drop Drop it');
  });

  it('is like others of its kind', () => {
    expect(likeness(run('npm run build'))).toBe('command npm run');
    expect(likeness(run('ls -la'))).toBe('command ls');
    expect(likeness(write('a'))).toBe('edit');
    expect(likeness(askOf('mcp__db__drop', {}, [], 'hook', ''))).toBe('tool mcp__db__drop');
  });
});
