import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolve } from './evolve.ts';
import type { Command } from './model/commands.ts';
import type { JournalEntry } from './model/events.ts';
import { emptyState } from './model/state.ts';
import { GATE_STATES, TASK_STAGES, isInHand } from './model/work.ts';
import { eventWords } from './select/recent.ts';
import { statusDocument } from './select/status.ts';
import { AGENTS, WorkSession, planOf } from './working.testkit.ts';

const by = { kind: 'person', name: 'ana' } as const;
const TASKS = ['t0', 't1', 't2', 't3', 't4', 'spare'] as const;

/** Tasks that wait for earlier ones in every way there is, gates behind some of them, a milestone, a handover. */
const plan = fc
  .record({
    tasks: fc.tuple(
      ...[0, 1, 2, 3, 4].map((at) =>
        fc.record({
          agent: fc.constantFrom(...AGENTS, 'coordinator'),
          before: at === 0 ? fc.constant<number[]>([]) : fc.uniqueArray(fc.nat(at - 1), { maxLength: 2 }),
          on: fc.constantFrom('done', 'started', 'landed', 'partial'),
          proof: fc.boolean(),
          priority: fc.constantFrom('critical', 'medium', 'low'),
        }),
      ),
    ),
    gate: fc.record({
      after: fc.nat(2),
      check: fc.constantFrom('run', 'person', 'both'),
      onFail: fc.constantFrom('reassess', 'retry', 'fallback spare'),
    }),
    agents: fc.constantFrom(null, 1, 2),
    blocking: fc.boolean(),
  })
  .map(({ tasks, gate, agents, blocking }) => {
    const run = { run: 'make' };
    const checks = gate.check === 'run' ? [run] : gate.check === 'person' ? ['Go?'] : [run, 'Go?'];
    return planOf({
      tasks: [
        ...tasks.map(({ agent, before, on, proof, priority }, at) => ({
          id: `t${at}`,
          agent,
          priority,
          deliverables: ['a thing'],
          ...(proof ? { validation: ['make'] } : {}),
          dependsOn: before.map((other) => ({
            task: `t${other}`,
            on,
            ...(on === 'partial' ? { percent: 50 } : {}),
          })),
        })),
        { id: 'spare', agent: 'ana' },
      ],
      gates: [{ id: 'g', after: [`t${gate.after}`], before: ['t4'], checks, onFail: gate.onFail }],
      milestones: [{ id: 'm', tasks: ['t0', 't1'], deliverables: [{ text: 'there', path: 'm.txt' }] }],
      handovers: [{ from: 't0', to: 't3', artefact: 'the interface', blocking }],
      ...(agents === null ? {} : { limits: { agents } }),
    });
  });

const agent = fc.constantFrom(...AGENTS);
const task = fc.constantFrom(...TASKS, 'nobody');
const force = fc.boolean();
const gate = fc.constantFrom('g', 'milestone:m', 'nothing');
const command = fc.oneof(
  fc.record({
    type: fc.constant('agent.report'),
    agent,
    kind: fc.constantFrom('started', 'progress', 'blocked', 'done', 'failed', 'ask'),
    percent: fc.constantFrom(null, 60, 1000),
    text: fc.constantFrom('', 'x\u001b[2J'),
    artefacts: fc.constantFrom([], ['a/b.txt\u0007']),
  }),
  fc.record({ type: fc.constant('task.start'), task, agent: fc.oneof(agent, fc.constant(null)), force }),
  fc.record({ type: fc.constant('task.done'), task, force }),
  fc.record({ type: fc.constant('task.fail'), task, reason: fc.constantFrom('', 'x\u001b') }),
  fc.record({ type: fc.constant('task.retry'), task, force }),
  fc.record({ type: fc.constant('task.assign'), task, agent: fc.oneof(agent, fc.constant(null)) }),
  fc.record({ type: fc.constant('gate.run'), gate, force }),
  fc.record({ type: fc.constant('gate.pass'), gate, reason: fc.constant(''), force }),
  fc.record({ type: fc.constant('gate.fail'), gate, reason: fc.constant(''), force }),
  fc.record({ type: fc.constant('gate.waive'), gate, reason: fc.constant('') }),
  fc.record({ type: fc.constant('schedule.hold'), reason: fc.constantFrom(null, 'later') }),
  fc.record({ type: fc.constantFrom('agent.stop', 'agent.restart', 'agent.pause', 'agent.remove'), agent }),
  fc.record({ type: fc.constant('pty.exited'), agent, exit: fc.constant({ code: 0, signal: null, at: 9e6 }) }),
  fc.record({ type: fc.constant('pty.exited'), agent, exit: fc.constant({ code: 3, signal: null, at: 1 }) }),
  fc.record({ type: fc.constant('pty.spawned'), agent, pid: fc.constant(1), token: fc.constant('t') }),
  fc.record({
    type: fc.constant('evidence'),
    agent,
    state: fc.constantFrom('working', 'idle', 'limited'),
    reason: fc.constant(''),
    evidence: fc.constant('hook'),
  }),
  fc.record({ type: fc.constant('agent.claim'), agent, paths: fc.constantFrom(['a.ts'], ['b/', 'a.ts']) }),
  fc.record({ type: fc.constant('task.told'), task }),
  fc.record({ type: fc.constant('task.unlandable'), task, reason: fc.constant('no') }),
);
/** What the first agent that has a task in hand says of it. */
const word = fc.constantFrom('blocked' as const, 'done' as const, 'progress' as const, 'failed' as const);
const move = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('say' as const), kind: word }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('ask' as const), command }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('checked' as const), task, ok: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('gate' as const), gate, ok: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('land' as const), task, fault: fc.constantFrom(null, 'own', 'tip') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('take' as const), plan }) },
);

describe('whatever happens to a plan', () => {
  it('keeps what must hold, comes to its end, and folds to the same again', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(plan, fc.boolean(), fc.array(move, { maxLength: 25 }), (first, trees, moves) => {
        const session = new WorkSession(first, trees);
        for (const one of moves) {
          switch (one.do) {
            case 'say': {
              const hand = Object.values(session.state.work!.tasks).find(
                (task) => task.agent !== null && isInHand(task),
              );
              if (hand?.agent) session.spawned(hand.agent);
              if (hand?.agent) session.report(hand.agent, one.kind, 'so it is', 70);
              break;
            }
            case 'ask':
              session.ask(one.command as Command);
              break;
            case 'checked':
              session.checked(one.task, [one.ok]);
              break;
            case 'gate':
              session.gateChecked(one.gate, [one.ok]);
              break;
            case 'land':
              if (session.task(one.task)?.stage === 'landing')
                session.landed(one.task, one.fault as 'own' | 'tip' | null);
              break;
            case 'take':
              session.ask({ type: 'plan.take', plan: one.plan, path: '/r/llmctl.yaml' });
              break;
          }
        }
        session.ask({ type: 'schedule.hold', reason: null, by });
        session.bringBack();
        session.finish();
        for (const one of session.seen) seen.add(one);
        const left = Object.entries(session.state.work!.tasks).filter(([, one]) => one.active && one.stage !== 'done');
        expect(left).toEqual([]);
        expect(session.state.work!.milestones.m!.reachedAt).not.toBeNull();
        const folded = (JSON.parse(JSON.stringify(session.journal)) as JournalEntry[]).reduce(
          evolve,
          emptyState(session.state.session),
        );
        expect(folded).toEqual(JSON.parse(JSON.stringify(session.state)));
        const words = session.journal.map(({ event }) => eventWords(event));
        const shown = JSON.stringify([words, session.state.alerts, statusDocument(session.state, 1)]);
        expect(shown).not.toMatch(/\\u00[01][0-9a-f]/);
      }),
      { numRuns: 300 },
    );
    expect([...seen].toSorted()).toEqual([...new Set([...TASK_STAGES, ...GATE_STATES])].toSorted());
  });
});
