import type { Binding } from './binding.ts';
import { aFailure, aFailureFile, runsNot } from './health-reasons.ts';
import { aCheck, aLanding, firstOf, writable } from './reasons.ts';

/** Keys of the build page and of the failures of a check. */
export const HEALTH_BINDINGS: readonly Binding[] = [
  {
    id: 'check-open',
    title: 'failures',
    description: 'Read what failed and whose that is; run the check where nothing did',
    keys: ['Enter'],
    when: ['build'],
    footer: 19,
    disabled: aCheck,
    run: (c) => c.health.open(),
  },
  {
    id: 'check-run',
    title: 'run',
    description: 'Run the check now',
    keys: ['r'],
    when: ['build', 'failures'],
    footer: 20,
    disabled: firstOf(aCheck, runsNot, writable),
    run: (c) => c.health.run(),
  },
  {
    id: 'check-output',
    title: 'output',
    description: 'Watch what the check prints, in a pane (Ctrl+C there ends that)',
    keys: ['o'],
    when: ['build', 'failures'],
    footer: 21,
    disabled: firstOf(aCheck, writable),
    run: (c) => c.health.output(),
  },
  {
    id: 'check-blame',
    title: 'who broke it',
    description: 'Look for the landing that broke the check: it runs on commits of the integration branch',
    keys: ['B'],
    when: ['build', 'failures'],
    footer: 22,
    disabled: firstOf(aCheck, aLanding, writable),
    run: (c) => c.health.blame(),
  },
  {
    id: 'failure-edit',
    title: 'edit',
    description: 'Open the file of the failure in your editor, in the worktree of whose it is',
    keys: ['Enter'],
    when: ['failures'],
    footer: 18,
    disabled: firstOf(aFailure, aFailureFile, writable),
    run: (c) => c.health.edit(),
  },
  {
    id: 'failure-send',
    title: 'send',
    description: 'Send the failure to an agent as a brief: its owner is asked for first',
    keys: ['s'],
    when: ['failures'],
    footer: 19,
    disabled: firstOf(aFailure, writable),
    run: (c) => c.health.send(),
  },
];
