/** Commands about what agents change: git, overlaps, merges, worktrees. */
import type { Command } from 'commander';
import { define } from '../define.ts';

export function declareMerge(program: Command): void {
  define(program, {
    usage: 'git',
    summary: "the repository as the session sees it, and each agent's branch: ahead and behind, changed files",
    examples: ['llmctl git', 'llmctl git --json'],
    run: async (line) => (await import('../commands/git.ts')).git(line),
  });
  define(program, {
    usage: 'diff <agent> [path]',
    summary: 'what an agent changed, committed or not, since its branch left the integration branch',
    options: [['--against <agent>', "against another agent's files instead"]],
    examples: ['llmctl diff ana', 'llmctl diff ana src/parser.js', 'llmctl diff ana --against ben'],
    run: async (line) => (await import('../commands/diff.ts')).diff(line),
  });
  define(program, {
    usage: 'overlaps',
    summary: 'files that two agents changed, whether the changes combine, merges and locks',
    options: [['--free <path>', 'whoever comes next may have this locked file']],
    examples: ['llmctl overlaps', "llmctl overlaps --json | jq '.overlaps[].verdict'", 'llmctl overlaps --free go.sum'],
    run: async (line) => (await import('../commands/overlaps.ts')).overlaps(line),
  });
  define(program, {
    usage: 'merge <overlap>',
    summary: 'merge what two agents have in common now; settle a conflict; take a merge back',
    detail:
      'OVERLAP is an id of `llmctl overlaps`, the beginning of one, or a path. Both agents are paused, get the merged file,\n' +
      'are told, and go on. Where the changes conflict they are printed, both stay paused, and --take decides. A and B are\n' +
      "the overlap's agents in the order of their ids. Exits 1 where a person is needed, or it could not be done.",
    choices: { take: ['A', 'B', 'both', 'edit'] },
    options: [
      ['--take <side>', "what stands where they conflict: A's, B's, A's and then B's, or what you write"],
      ['--path <path>', 'the file to decide, where several are in conflict'],
      ['--file <file>', 'with --take edit: the whole file as it shall stand (-: standard input)'],
      ['--defer', 'put it off: both go on as they were'],
      ['--undo', 'take a merge back; OVERLAP may be the merge, too'],
    ],
    examples: [
      'llmctl merge src/parser.js',
      'llmctl merge 3f2a --take both',
      'llmctl merge src/parser.js --take edit',
      'llmctl merge src/parser.js --take edit --file - < merged.js',
      'llmctl merge src/parser.js --undo',
    ],
    run: async (line) => (await import('../commands/merge.ts')).merge(line),
  });
  define(program, {
    usage: 'land <agent>',
    summary: "take an agent's work into the integration branch, once its checks pass on the merged tree",
    detail:
      'Merged and tested in a tree of its own; the branch moves only where all checks are green. Exits 1 where one fails,\n' +
      'with the first error on stderr, and the branch stays where it is.',
    options: [['--withdraw', 'take a landing that still waits out of the queue']],
    examples: ['llmctl land ana', 'llmctl land ana --json'],
    run: async (line) => (await import('../commands/land.ts')).land(line),
  });
  define(program, {
    usage: 'blame-build [check]',
    summary: 'which landing broke a check: tested on the integration branch, in a tree of its own',
    detail:
      'Without CHECK the first one that fails. Commits between the last green one and now are tested, each half of what is left;\n' +
      'what is red is tried again before anybody is blamed, and a check that passes and fails on one commit is called flaky.\n' +
      'Exits 1 where the check fails, whoever is to blame, with one line on stderr.',
    examples: ['llmctl blame-build', 'llmctl blame-build test', "llmctl blame-build --json | jq '.inquiry.blame'"],
    run: async (line) => (await import('../commands/blame.ts')).blameBuild(line),
  });
  define(program, {
    usage: 'rollback <merge>',
    summary: 'take a landing out of the integration branch again; its agent keeps branch and work',
    detail:
      'MERGE is a landing, its merge commit, or its agent (the newest of it). The branch is made again without it, never by a\n' +
      'revert, and tested before it moves there. Every other agent is brought forward before it lands again. Where the branch was\n' +
      'before stays under refs/llmctl/landed, and --undo goes back there while nothing has landed since.',
    options: [
      ['--undo', 'put it back where it was'],
      ['--untested', 'without the checks on what that makes of the branch'],
    ],
    examples: ['llmctl rollback ben', 'llmctl rollback 3f2a91c0', 'llmctl rollback ben --undo'],
    run: async (line) => (await import('../commands/rollback.ts')).rollback(line),
  });
  define(program, {
    usage: 'worktrees [agents...]',
    summary: 'worktrees of agents that are in the session no more: what they still hold; removed where nothing is lost',
    detail:
      'With --clean those go that hold no uncommitted file and stand on a branch; the branch stays unless all of it is in\n' +
      'the base or the integration branch. One that holds something stays, and is named with what it holds.',
    options: [['--clean', 'remove them, or the named ones, where nothing would be lost']],
    examples: ['llmctl worktrees', 'llmctl worktrees --clean', 'llmctl worktrees --clean ana'],
    run: async (line) => (await import('../commands/worktrees.ts')).worktrees(line),
  });
}
