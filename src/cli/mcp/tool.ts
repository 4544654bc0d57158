/** How a tool is written: its words, the shape of what it is given, and what it does. */
import type { z } from 'zod';
import type { McpTool } from '../../adapters/mcp/serve.ts';
import type { AgentSession, Call } from './agent-session.ts';

export interface ToolWords<Input extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly readOnly: boolean;
}

/** @param act says its answer as data or as a sentence; its input has been checked */
export function tool<Input extends z.ZodObject>(
  words: ToolWords<Input>,
  act: (call: Call, args: z.output<Input>) => Promise<object | string>,
): (session: AgentSession) => McpTool {
  return (session) => ({
    ...words,
    run: async (args) => {
      const answer = await session.call((call) => act(call, args as z.output<Input>));
      return typeof answer === 'string' ? answer : JSON.stringify(answer, null, 1);
    },
  });
}
