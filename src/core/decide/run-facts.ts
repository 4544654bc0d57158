/** What an agent's CLI tells about its conversation. */
import { withUsage } from '../agents/usage.ts';
import type { Agent } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Conversation, Usage } from '../model/run-facts.ts';
import type { State } from '../model/state.ts';
import { oneLine } from '../text.ts';
import type { Decision } from './refuse.ts';

/** Becomes a word on a command line: never one that could be an option. */
const ID = /^[A-Za-z0-9][\w.:-]{0,127}$/;

export function decideConversation(agent: Agent, { id, transcript }: Conversation): Decision {
  const known = agent.conversation ?? null;
  const file = transcript?.startsWith('/') && !transcript.includes('\0') ? transcript : null;
  if (!ID.test(id) || (known?.id === id && known.transcript === (file ?? known.transcript))) return [];
  return [{ type: 'agent.conversation', agent: agent.spec.id, conversation: { id, transcript: file } }];
}

export function decideUsage(_state: State, agent: Agent, usage: Usage, _context: DecideContext): Decision {
  const model = usage.model === null ? null : oneLine(usage.model, 80);
  const clean: Usage = {
    tokens: counted(usage.tokens),
    costUsd: counted(usage.costUsd),
    contextUsed: counted(usage.contextUsed),
    model,
  };
  const before = agent.usage ?? null;
  if (before !== null && JSON.stringify(withUsage(before, clean)) === JSON.stringify(before)) return [];
  return [{ type: 'agent.usage', agent: agent.spec.id, usage: clean }];
}

function counted(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null;
}
