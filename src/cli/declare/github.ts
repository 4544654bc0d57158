/** Commands about the world outside of the repository. */
import type { Command } from 'commander';
import { define, group } from '../define.ts';

export function declareGithub(program: Command): void {
  const github = group(program, 'github', 'the plan on GitHub', ['llmctl github sync --dry-run']);
  define(github, {
    usage: 'sync',
    summary: "make the plan's labels, milestones and issues on GitHub, through the gh program",
    detail:
      'Says what `github:` of the plan says. What is there already is found again by a mark in its text and only gets labels\n' +
      'and a milestone that it lacks: titles, texts and states there stay as people have them. Run it as often as you like.',
    options: [
      ['--dry-run', 'look, and say what would be done'],
      ['--plan <file>', "the plan (default: the repository's)"],
    ],
    examples: [
      'llmctl github sync --dry-run',
      'llmctl github sync',
      'llmctl github sync --plan plans/guile-llm.yaml --json',
    ],
    run: async (line) => (await import('../commands/github.ts')).githubSync(line),
  });
}
