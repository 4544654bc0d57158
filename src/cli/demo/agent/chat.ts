/** Answers to what a person types: a handful of rules, enough to feel that somebody listens. */
import type { Agent } from './agent.ts';
import type { Step } from './script.ts';

interface Rule {
  readonly when: RegExp;
  readonly steps: (agent: Agent, message: string) => readonly Step[];
}

const RULES: readonly Rule[] = [
  // After a merge: which files, what the other one changed, and to read them again.
  {
    when: /^llmctl: /,
    steps: (_, message) => [
      ...[...message.matchAll(/^- (\S+)$/gm)].map(([, path]) => ({ do: 'read', path: path! }) as const),
      { do: 'say', text: 'Read again: both our changes stand side by side. I go on from there.' },
    ],
  },
  {
    when: /\b(tests?|npm t)\b/i,
    steps: () => [
      { do: 'say', text: "I'll run all tests." },
      { do: 'run', argv: ['node', '--test'] },
    ],
  },
  {
    when: /\b(diff|changed?|changes)\b/i,
    steps: () => [
      { do: 'run', argv: ['git', 'status', '--short', '--branch'] },
      { do: 'run', argv: ['git', 'diff', '--stat'] },
    ],
  },
  { when: /\b(log|commits?|history)\b/i, steps: () => [{ do: 'run', argv: ['git', 'log', '--oneline', '-8'] }] },
  {
    when: /\b(status|progress|how far|where are you|what are you)\b/i,
    steps: (agent) => [{ do: 'say', text: `I'm at: *${agent.script.task}*. The bar in my title says how far.` }],
  },
  {
    when: /\b(help|what can you)\b|^\?$/i,
    steps: () => [
      {
        do: 'say',
        text: "I'm a scripted agent, but my hands are real. Try: `run the tests`, `show the diff`, `show the log`, `status`. Anything else I take to heart.",
      },
    ],
  },
  { when: /\b(thanks|thank you|great|good|nice)\b/i, steps: () => [{ do: 'say', text: 'Thank you! On we go.' }] },
];

/** Answers one message, really doing what it asks where a rule knows how. */
export async function react(agent: Agent, message: string, perform: (step: Step) => Promise<void>): Promise<void> {
  agent.busy('Listening');
  await agent.pause(0.5);
  const rule = RULES.find(({ when }) => when.test(message));
  const fallback: readonly Step[] = [{ do: 'say', text: `Understood: “${message.slice(0, 200)}”. I keep it in mind.` }];
  for (const step of rule?.steps(agent, message) ?? fallback) await perform(step);
}
