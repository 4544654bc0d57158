import type { Binding } from './binding.ts';
import { another, branched, pullRequests } from './merge-reasons.ts';
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
    run: (c) => c.openDiff(),
  },
  {
    id: 'diff-against',
    title: 'against',
    description: 'The diff against another agent; again for the next one',
    keys: ['D'],
    when: ['git', 'diff'],
    footer: 21,
    disabled: firstOf(branched, another),
    run: (c) => c.diffAgainst(),
  },
  {
    id: 'pull-request',
    title: 'pull request',
    description: "Open a pull request of the agent's branch, with `gh` in a pane",
    keys: ['o'],
    when: ['git'],
    footer: 26,
    disabled: firstOf(branched, pullRequests, writable),
    run: (c) => c.pullRequest(),
  },
];
