import { describe, expect, it } from 'vitest';
import { parsePlan } from './load.ts';

const plan = (health: string): string => `version: 1
name: p
agents: [{id: a, command: [sh]}]
${health}`;

/** Every problem as `line:column message`. */
const problems = (health: string): readonly string[] => {
  const loaded = parsePlan(plan(health), 'llmctl.yaml');
  const all = loaded.ok ? loaded.warnings : loaded.problems;
  return all.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

describe('checks of a plan', () => {
  it('are read with where they look, whom they tell and what they are held to', () => {
    const loaded = parsePlan(
      plan(`health:
  bench:
    run: make bench
    in: agent
    tell: ask
    thresholds:
      - {name: time, metric: 'took (\\S+)', limit: '< 5 s', baseline: bench.txt, tolerance: 10%}
failures:
  - {kind: packaging, match: setup, agent: a}
`),
      'llmctl.yaml',
    );
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.plan.health[0]).toMatchObject({
      place: 'agent',
      tell: 'ask',
      thresholds: [
        {
          text: 'time',
          limit: { op: '<', value: 5, unit: 's' },
          baseline: 'bench.txt',
          tolerance: 10,
          better: 'lower',
        },
      ],
    });
    expect(loaded.plan.failures).toEqual([{ kind: 'packaging', match: 'setup', agent: 'a' }]);
  });

  it.each([
    ['{name: t, limit: "< 5"}', /^\d+:\d+ threshold "t" has no unit.*write one as in "limit: < 5 s"/],
    ['{name: t}', /threshold "t" is held to nothing; write "limit: < 5 s" or "baseline: FILE"/],
    ['{name: t, limit: "5 s"}', /can't be "5 s"; write one such as "< 5 s"/],
    ['{name: t, limit: "< 5 s", metric: "("}', /can't be "\("; write a regular expression/],
    ['{limit: "< 5 s"}', /has no name; write "name: parse time"/],
  ])('say what is wrong with the threshold %s, with its place', (threshold, message) => {
    const found = problems(`health:\n  bench:\n    run: b\n    thresholds:\n      - ${threshold}\n`);
    expect(found.some((line) => message.test(line) && /^8:\d+ /.test(line))).toBe(true);
  });

  it.each([
    ['failures: [{kind: odd}]', /kind.*compile, crash, assertion/],
    ['failures: [{kind: crash, agent: nobody}]', /names "nobody", which is no agent/],
    ['health: {b: {run: x, tell: later}}', /"tell" of health check "b" can't be "later"; write auto, ask or off/],
    ['integration: {red: loud}', /"red" of "integration" can't be "loud"/],
    ['integration: {red: {pause: maybe}}', /"pause" of .*can't be "maybe"; write auto, ask or off/],
    ['integration: {red: {pause: auto, rollback: off}}', /pauses whoever broke a check, and nobody mends it then/],
  ])('say what is wrong with %s', (part, message) => {
    expect(problems(`${part}\n`).join('\n')).toMatch(message);
  });

  it.each([
    ['blame', { blame: 'auto', pause: 'off', rollback: 'ask', others: 'go-on' }],
    ['rollback', { blame: 'auto', pause: 'auto', rollback: 'auto', others: 'go-on' }],
    ['off', { blame: 'off', pause: 'off', rollback: 'off', others: 'go-on' }],
    ['{pause: ask, others: pause}', { blame: 'auto', pause: 'ask', rollback: 'ask', others: 'pause' }],
  ])('take red: %s', (red, steps) => {
    const loaded = parsePlan(plan(`integration: {red: ${red}}\n`), 'llmctl.yaml');
    expect(loaded.ok && loaded.plan.integration.red).toEqual(steps);
  });
});
