import type { Binding } from './binding.ts';
import { another, branched, changes, inNoMerge, pullRequests, treed, waitingLanding } from './merge-reasons.ts';
import { firstOf, writable } from './reasons.ts';

/** The git screen, and diffs. */
export const GIT_BINDINGS: readonly Binding[] = [
  {
    id: 'git-diff',
    title: 'diff',
    description: 'What the agent changed, against its base',
    keys: ['Enter'],
    when: ['git'],
    footer: 20,
    disabled: branched,
    run: (c) => c.git.openDiff(),
  },
  {
    id: 'diff-against',
    title: 'against',
    description: 'The diff against another agent; again for the next one',
    keys: ['D'],
    when: ['git', 'diff'],
    footer: 21,
    disabled: firstOf(branched, another),
    run: (c) => c.git.diffAgainst(),
  },
  {
    id: 'land',
    title: 'land',
    description: "Land the agent's work: tested on the merged tree, then on the integration branch",
    keys: ['L'],
    when: ['git'],
    footer: 22,
    disabled: firstOf(treed, inNoMerge, writable),
    run: (c) => c.git.land(),
  },
  {
    id: 'landing-withdraw',
    title: 'withdraw',
    description: 'Take a landing that waits out of the queue',
    keys: ['x'],
    when: ['git'],
    footer: 24,
    disabled: firstOf(waitingLanding, writable),
    run: (c) => c.git.withdraw(),
  },
  {
    id: 'commit',
    title: 'commit',
    description: 'Commit all that the agent has written, with `git commit` in a pane',
    keys: ['C'],
    when: ['git'],
    footer: 25,
    disabled: firstOf(treed, changes, inNoMerge, writable),
    run: (c) => c.git.commit(),
  },
  {
    id: 'pull-request',
    title: 'pull request',
    description: "Open a pull request of the agent's branch, with `gh` in a pane",
    keys: ['o'],
    when: ['git'],
    footer: 26,
    disabled: firstOf(treed, pullRequests, writable),
    run: (c) => c.git.pullRequest(),
  },
];
