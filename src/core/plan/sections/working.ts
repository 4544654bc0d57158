/** How agents work together: handovers, sync points, checklists, emergencies, the order of launch. */
import { duration, flag, id, number, prose, text, word } from '../shape/leaves.ts';
import { list, may, need, or, record } from '../shape/record.ts';
import type { Reads } from '../shape/shape.ts';
import { ids, items, lines } from './task.ts';

export const handover = record(
  {
    id: may(id, 'Its name; made from its ends where there is none.'),
    from: need(ids, 'The task or agent that owes it.', 'write "from: a"'),
    to: need(ids, 'The task or agent that needs it.', 'write "to: b"'),
    artefact: need(text({ max: 500 }), 'What is handed over: an interface, a file.', 'write "artefact: …"'),
    interface: may(prose, 'What the receiver may rely on.'),
    path: may(text({ max: 500 }), 'Where it is.'),
    day: may(number(0, 10_000, true), 'By which day, counted from 1.'),
    blocking: or(flag, false, 'The receiver waits until it is there.'),
  },
  { noun: 'handover', nameKey: 'id', example: '- {from: a, to: b, artefact: "the parser\'s interface"}' },
);
export type PlanHandover = Reads<typeof handover>;

export const syncPoint = record(
  {
    id: may(id, 'Its name.'),
    title: need(text({ max: 200 }), 'What it is for.', 'write "title: …"'),
    at: may(text({ max: 20 }), 'By the clock: "09:00".'),
    on: may(
      word(['task-done', 'milestone', 'gate', 'phase', 'failure']),
      'By an event instead: after every one of these.',
    ),
    digest: or(lines, [], 'What the digest holds.'),
    actions: or(lines, [], 'What is done at it.'),
  },
  { noun: 'sync point', nameKey: 'title', example: '- {title: Morning, at: "09:00"}' },
);
export type PlanSyncPoint = Reads<typeof syncPoint>;

export const checklist = record(
  {
    id: need(id, 'Its name.', 'write "id: a"'),
    title: may(text({ max: 200 }), 'What it is for.'),
    when: need(word(['after-task', 'after-milestone', 'end']), 'When it is gone through.', 'write "when: after-task"'),
    owner: may(id, 'The agent that goes through it; default: the coordinator.'),
    items: or(items, [], 'Its lines; "verify" proves one by a command.'),
  },
  { noun: 'checklist', nameKey: 'id', example: '- {id: end, when: end, items: […]}' },
);
export type PlanChecklist = Reads<typeof checklist>;

const step = record(
  {
    do: need(
      word([
        'ask-status',
        'pause',
        'resume',
        'restart',
        'split',
        'blame',
        'rollback',
        'reassign',
        'retry',
        'notify',
        'collect-output',
        'ask-person',
      ]),
      'What llmctl does.',
      'write "do: ask-status"',
    ),
    to: may(id, 'The agent it is done to or given to.'),
    if: may(text({ max: 200 }), 'Only where this is so.'),
    text: may(text({ max: 500 }), 'Said with it.'),
  },
  { noun: 'step', example: '- {do: ask-status}' },
);

export const emergency = record(
  {
    when: need(
      word(['stuck', 'build-broken', 'tests-failing', 'limited', 'conflict', 'failed']),
      'What has happened.',
      'write "when: stuck"',
    ),
    after: may(duration(1000, 7 * 24 * 3_600_000), 'After how long without a change.'),
    title: may(text({ max: 200 }), 'In words.'),
    steps: or(list(step, 'a step', '- {do: ask-status}'), [], 'What is done, in order.'),
    notes: may(prose, 'Anything else.'),
  },
  { noun: 'emergency', nameKey: 'when', example: '- {when: stuck, after: 30m, steps: […]}' },
);
export type PlanEmergency = Reads<typeof emergency>;

export const stuck = record(
  {
    after: may(duration(1000, 7 * 24 * 3_600_000), 'How long an agent may show no progress; default: 30m.'),
    answer: may(duration(1000, 24 * 3_600_000), 'How long it has to answer when it is asked; default: 5m.'),
    otherwise: or(
      word(['ask-person', 'restart', 'reassign', 'split']),
      'ask-person',
      'What is done where it does not answer; a person is asked where that does not help either.',
    ),
    waiting: may(duration(1000, 7 * 24 * 3_600_000), 'How long it may wait for a person unanswered; default: 10m.'),
  },
  { noun: 'set of rules for agents that are stuck', example: '{after: 20m, otherwise: restart}' },
);
export type PlanStuck = Reads<typeof stuck>;

export const launchStep = record(
  {
    title: may(text({ max: 200 }), 'What is started.'),
    start: or(ids, [], 'Tasks, phases or agents that are started.'),
    after: or(ids, [], 'Tasks, gates, phases or milestones that must be done before.'),
    notes: may(prose, 'Anything else.'),
  },
  { noun: 'launch step', nameKey: 'title', example: '- {title: First, start: [a, b]}' },
);
export type PlanLaunchStep = Reads<typeof launchStep>;

const runaway = record(
  {
    processes: may(number(1, 100_000, true), 'How many processes an agent may have; default: 1000.'),
    memory: may(
      number(1, 10_000_000, true),
      "How much memory they may take, in MB; default: three quarters of the machine's.",
    ),
    cpu: may(number(1, 100_000), 'How many percent of one core they may take; default: as much as there is.'),
    after: may(duration(1000, 24 * 3_600_000), 'For how long; default: 1m.'),
    do: or(word(['tell', 'pause', 'stop']), 'tell', 'What is done with an agent that takes more.'),
  },
  { noun: 'set of limits of one agent', example: '{memory: 4000, do: pause}' },
);

export const limits = record(
  {
    agents: may(number(1, 1000, true), 'How many agents may have a task in hand at once; default: all of them.'),
    load: may(number(0, 1000), 'Nothing new starts while the load of the machine is above this for each of its cores.'),
    memory: may(number(0, 10_000_000, true), 'Nothing new starts while less memory than this is free, in MB.'),
    pressure: may(
      number(0, 100),
      'Nothing new starts while work waits for memory in more than this percentage of the time (Linux: PSI).',
    ),
    runaway: may(runaway, 'How much one agent may take of the machine.'),
    attempts: may(
      number(1, 100, true),
      'How often a task may prove not to be done before it counts as failed; default: 3.',
    ),
  },
  { noun: 'set of limits', example: '{agents: 4}' },
);
export type PlanLimits = Reads<typeof limits>;
