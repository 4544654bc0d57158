/** Commands about what is watched: emergencies and alerts. */
import type { Command } from 'commander';
import { define, group } from '../define.ts';

export function declareWatch(program: Command): void {
  define(program, {
    usage: 'alerts',
    summary: 'open alerts',
    options: [
      ['--ack <id>', 'somebody sees to this one: it stays, and calls nobody any more'],
      ['--clear <id>', 'this one is dealt with'],
      ['--clear-all', 'all of them are'],
      ['--test', 'tell desktop, command and webhook of your settings something, and say what fails'],
    ],
    examples: ['llmctl alerts', 'llmctl alerts --ack 7', 'llmctl alerts --clear 7', 'llmctl alerts --test'],
    run: async (line) => (await import('../commands/alerts.ts')).alerts(line),
  });
  define(program, {
    usage: 'sync [point]',
    summary: 'how things stand, on one page: landed, blocked, overlaps, health, cost, next gates',
    detail:
      'POINT is one of the sync points of the plan, which are held by the clock or after events by themselves; without it: now.\n' +
      'The page is kept as a file, and its first line goes to the alerts and to your notifications.',
    options: [['--list', 'the sync points of the plan, and when each was held']],
    examples: ['llmctl sync', 'llmctl sync morning --json', 'llmctl sync --list'],
    run: async (line) => (await import('../commands/sync.ts')).sync(line),
  });
  declareEmergencies(program);
}

function declareEmergencies(program: Command): void {
  const emergency = group(program, 'emergency', 'what went wrong, the steps taken about it, and your word on them', [
    'llmctl emergency list',
    'llmctl emergency go stuck:ana',
  ]);
  define(emergency, {
    usage: 'list',
    summary: 'every emergency with its steps: taken, awaited, asking you',
    detail:
      'An agent that shows no progress is asked how it stands, then you are (`stuck:` in the plan says after how long, and what is\n' +
      "tried in between). What else is an emergency, and what is done then, are the plan's `emergencies:`.",
    examples: [
      'llmctl emergency list',
      'llmctl emergency list --json | jq \'.emergencies[] | select(.state == "asking").id\'',
    ],
    run: async (line) => (await import('../commands/emergency.ts')).list(line),
  });
  define(emergency, {
    usage: 'start <when>',
    summary: 'go through the steps that the plan has for a case, now',
    choices: { when: ['stuck', 'build-broken', 'tests-failing', 'limited', 'conflict', 'failed'] },
    options: [['--agent <agent>', 'it is about this agent']],
    examples: ['llmctl emergency start build-broken', 'llmctl emergency start stuck --agent ana'],
    run: async (line) => (await import('../commands/emergency.ts')).start(line),
  });
  const verbs = [
    ['go', 'the step that asks is taken'],
    ['skip', 'the step that asks, or is awaited, is left out'],
    ['stop', 'no further step is taken'],
  ] as const;
  for (const [verb, summary] of verbs) {
    define(emergency, {
      usage: `${verb} <emergency>`,
      summary,
      detail: 'EMERGENCY is its id, or its cause such as stuck:ana.',
      examples: [`llmctl emergency ${verb} 3f2a91c0`, `llmctl emergency ${verb} stuck:ana`],
      run: async (line) => (await import('../commands/emergency.ts')).decide(verb, line),
    });
  }
}
