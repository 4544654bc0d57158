import { describe, expect, it } from 'vitest';
import type { Failure } from '../health/failures.ts';
import { usualMs } from '../health/usual.ts';
import type { Measure } from '../model/health.ts';
import { COORDINATOR } from '../model/agent.ts';
import { isHeldByCheck } from '../select/held.ts';
import { react } from '../react.ts';
import { checksNamed } from '../health/agent-checks.ts';
import { planOf, WorkSession } from '../working.testkit.ts';

const PLAN = planOf({
  tasks: [
    { id: 'one', title: 'One', agent: 'ana', files: ['src/parser/'] },
    { id: 'two', title: 'Two', agent: 'ben', files: ['src/a.c', 'docs/**'] },
  ],
});
const failure = (...files: string[]): Failure => ({
  kind: 'compile',
  text: `no ${files[0] ?? ''}`,
  file: files[0] ?? null,
  line: 3,
  column: null,
  files,
});
const RESULT = { type: 'health.result', name: 'test', ms: 10, commit: 'c', firstError: 'no', tail: [] } as const;

function room(place?: 'integration'): WorkSession {
  const made = new WorkSession(PLAN);
  made.spawned('ana');
  made.spawned('ben');
  made.ask({ type: 'health.define', name: 'test', command: 'make test', timeoutMs: 1, ...(place ? { place } : {}) });
  return made;
}
const sentTo = (made: WorkSession, id: string): readonly string[] =>
  made.journal.flatMap(({ event }) =>
    event.type === 'agent.sent' && event.agent === id && event.text.includes('is red') ? [event.text] : [],
  );

describe('the owner of a failure', () => {
  it.each([
    [['src/parser/lex.c'], 'ana', /its task one has src\/parser\/lex\.c/],
    [['test/x.c', 'src/a.c'], 'ben', /its task two has src\/a\.c/],
    [['docs/b/c.md'], 'ben', /task two/],
    [['main.c'], 'ana', /last to land in main\.c/],
    [['src/parserx.c'], null, /no task has its files/],
    [[], null, /names no file/],
  ] as const)('of %j is %s', (files, owner, why) => {
    const made = room('integration');
    made.report('ana', 'done');
    made.landed('one');
    const landedBy = { 'main.c': made.state.landings[0]!.id };
    made.ask({ ...RESULT, state: 'red', failures: [failure(...files)], landedBy });
    const [found] = made.state.health['test']!.failures!;
    expect(found!.owner).toBe(owner);
    expect(found!.why).toMatch(why);
  });

  it('is whom the plan names for its kind, before whose task has its files', () => {
    const made = room();
    made.ask({ ...RESULT, state: 'red', failures: [{ ...failure('src/a.c'), to: 'ana' }] });
    expect(made.state.health['test']!.failures![0]).toMatchObject({
      owner: 'ana',
      why: 'the plan sends compile failures there',
    });
  });
});

describe('failures', () => {
  it('go to their owners once, and a person is asked about the rest', () => {
    const made = room('integration');
    const failures = [failure('src/a.c'), failure('other.c')];
    for (let times = 0; times < 2; times++) {
      made.ask({ ...RESULT, state: 'red', failures });
      made.ask({ type: 'health.tell', name: 'test' });
    }
    expect(sentTo(made, 'ben')).toHaveLength(1);
    expect(sentTo(made, 'ben')[0]).toContain('1. compile src/a.c:3: no src/a.c');
    expect(sentTo(made, 'ana')).toHaveLength(0);
    const asked = made.state.alerts.filter(({ cause }) => cause === 'unowned:test');
    expect(asked).toMatchObject([{ count: 1 }]);
    expect(asked[0]!.text).toContain('`llmctl health send test --to AGENT`');
    expect(made.ask({ type: 'health.send', name: 'test', failure: 2, agent: null })).toMatch(/name an agent with --to/);
    expect(made.ask({ type: 'health.send', name: 'test', failure: 3, agent: 'ana' })).toMatch(
      /has no failure 3; it has 2/,
    );
    expect(made.ask({ type: 'health.send', name: 'test', failure: 2, agent: 'ana' })).toBeNull();
    expect(sentTo(made, 'ana')).toHaveLength(1);
    expect(made.state.alerts.some(({ cause }) => cause === 'unowned:test')).toBe(false);
    made.ask({ ...RESULT, state: 'green', firstError: '' });
    made.ask({ ...RESULT, state: 'red', failures });
    made.ask({ type: 'health.tell', name: 'test' });
    expect(sentTo(made, 'ben')).toHaveLength(2);
  });

  it('of a person’s own checkout go to nobody unless somebody wants it', () => {
    const made = room();
    made.ask({ ...RESULT, state: 'red', failures: [failure('src/a.c')] });
    made.ask({ type: 'health.tell', name: 'test' });
    expect(sentTo(made, 'ben')).toHaveLength(0);
    expect(made.ask({ type: 'health.send', name: 'test', failure: null, agent: null })).toBeNull();
    expect(sentTo(made, 'ben')).toHaveLength(1);
  });
});

describe('whoever broke a check', () => {
  const blamed = (made: WorkSession): void => {
    made.report('ana', 'done');
    made.landed('one');
    made.ask({ ...RESULT, state: 'red' });
    const { id: landing, agent } = made.state.landings[0]!;
    const blame = { landing, agent, merge: 'm', partner: null, reason: 'no' };
    made.ask({
      type: 'health.blamed',
      name: 'test',
      inquiry: { verdict: 'landing', commit: 'm', blame, reason: 'no', runs: 1 },
    });
  };
  const effects = (made: WorkSession): readonly (readonly [string, readonly string[]])[] =>
    made.journal.flatMap(({ event }) =>
      react(made.state, event).flatMap((effect) =>
        effect.type === 'agents.hold' || effect.type === 'agents.release'
          ? [[effect.type, effect.agents] as const]
          : [],
      ),
    );
  const isAlerted = (made: WorkSession): boolean => made.state.alerts.some(({ cause }) => cause === 'held:test');

  it('stands still until it is green, alone or with all others', () => {
    for (const others of [false, true]) {
      const made = room('integration');
      blamed(made);
      made.ask({ type: 'health.hold', name: 'test', others });
      const held = others ? ['ana', 'ben'] : ['ana'];
      expect(held.map((id) => isHeldByCheck(made.state, id))).not.toContain(false);
      expect(isAlerted(made)).toBe(true);
      made.ask({ ...RESULT, state: 'green', firstError: '' });
      expect(held.map((id) => isHeldByCheck(made.state, id))).not.toContain(true);
      expect(effects(made)).toEqual([
        ['agents.hold', held],
        ['agents.release', held],
      ]);
      expect(isAlerted(made)).toBe(false);
    }
  });

  it('is left to a person who paused it, or who lets it go on', () => {
    const made = room('integration');
    blamed(made);
    const by = { kind: 'person', name: 'eve' } as const;
    made.ask({ type: 'agent.pause', agent: 'ana', by });
    made.ask({ type: 'tree.paused', agent: 'ana', processes: 1, ms: 1, by });
    made.ask({ type: 'health.hold', name: 'test', others: false });
    expect(effects(made)).toEqual([]);
    made.ask({ type: 'agent.resume', agent: 'ana', by });
    made.ask({ type: 'tree.resumed', agent: 'ana', by });
    made.ask({ type: 'health.hold', name: 'test', others: false });
    made.ask({ type: 'agent.pause', agent: 'ana', by: COORDINATOR });
    made.ask({ type: 'tree.paused', agent: 'ana', processes: 1, ms: 1, by: COORDINATOR });
    expect(isHeldByCheck(made.state, 'ana')).toBe(true);
    made.ask({ type: 'agent.resume', agent: 'ana', by });
    made.ask({ type: 'tree.resumed', agent: 'ana', by });
    expect(isHeldByCheck(made.state, 'ana')).toBe(false);
  });
});

describe('a check', () => {
  it('says once that a baseline is missing, and keeps what its runs were like', () => {
    const made = room();
    const measure: Measure = { name: 'time', value: 5, unit: 'ms', ok: null, said: 'time: 5 ms', baseline: 'b.txt' };
    for (const ms of [10, 20, 30, 1000])
      made.ask({ ...RESULT, state: 'green', ms, firstError: '', measures: [measure] });
    expect(made.state.alerts).toMatchObject([{ count: 1, level: 'warn' }]);
    made.ask({ ...RESULT, state: 'green', firstError: '', measures: [{ ...measure, ok: true }] });
    expect(made.state.alerts).toEqual([]);
    const { history = [] } = made.state.health['test']!;
    expect(history.map(({ ms }) => ms)).toEqual([10, 20, 30, 1000, 10]);
    expect(history[0]!.values).toEqual({ time: 5 });
    expect([usualMs(history), usualMs(history.slice(0, 3))]).toEqual([25, null]);
  });

  it('of worktrees is one for each agent, runs for all of them, is stale alone, and goes with its agent', () => {
    const made = room();
    for (const tree of ['ana', 'ben']) {
      const words = { command: 'make lint', timeoutMs: 1, place: 'agent' } as const;
      made.ask({ type: 'health.define', name: `lint@${tree}`, ...words, tree });
    }
    made.ask({ type: 'health.run', name: 'lint' });
    expect(checksNamed(made.state.health, 'lint').map(({ state }) => state)).toEqual(['running', 'running']);
    for (const tree of ['ana', 'ben']) made.ask({ ...RESULT, name: `lint@${tree}`, state: 'green', firstError: '' });
    made.ask({ type: 'health.moved', tree: 'ana' });
    expect(checksNamed(made.state.health, 'lint').map(({ stale }) => stale)).toEqual([true, false]);
    made.ask({ ...RESULT, name: 'lint@ana', state: 'red', failures: [failure('src/a.c')] });
    made.ask({ type: 'health.tell', name: 'lint@ana' });
    expect(sentTo(made, 'ana')).toHaveLength(1);
    expect(made.state.alerts).toMatchObject([{ level: 'warn', agent: 'ana' }]);
    expect(made.ask({ type: 'health.run', name: 'lnt' })).toMatch(/no check is named/);
  });
});
