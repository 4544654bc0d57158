/** What llmctl itself says to an agent, in the way that its program takes it. */
import type { Agent } from '../model/agent.ts';

/** No coding agent that is known, but a shell or any program: it would take what it is told for commands. */
function isPlain({ spec }: Agent): boolean {
  return spec.profile === 'shell' || spec.profile === 'command';
}

/** Lines for a shell come as comments. */
export function asMessage(agent: Agent, text: string): string {
  if (!isPlain(agent)) return text;
  return text
    .split('\n')
    .map((line) => `# ${line}`)
    .join('\n');
}
