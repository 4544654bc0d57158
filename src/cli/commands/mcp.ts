/** mcp: the session as an MCP server for the agent that it runs in. Standard output is the protocol's alone. */
import { serveMcp, type McpResources } from '../../adapters/mcp/serve.ts';
import { keptMessage, MESSAGE_NAMES } from '../../adapters/profiles/run-folder.ts';
import { AgentSession } from '../mcp/agent-session.ts';
import { checkFile, claimFiles, releaseFiles } from '../mcp/files.ts';
import { myTask, overlaps, planOverview, whoWorksOnWhat } from '../mcp/looking.ts';
import { askCoordinator, report, tickTodo } from '../mcp/telling.ts';
import type { CommandLine } from '../define.ts';
import { Trouble } from '../mcp/trouble.ts';
import { version } from '../version.ts';

const INSTRUCTIONS =
  'You are one of several agents that work on this repository side by side; llmctl coordinates them. Read my_task first. Claim files before you write them, report progress as you go and done when you are, and ask_coordinator where a person has to decide.';

const TOOLS = [
  myTask,
  planOverview,
  whoWorksOnWhat,
  report,
  askCoordinator,
  claimFiles,
  releaseFiles,
  checkFile,
  overlaps,
  tickTodo,
];

/** Returns when standard input has ended and what was asked is answered. */
export async function mcp({ options }: CommandLine): Promise<void> {
  const { messages } = options;
  const session = new AgentSession(process.env);
  const trouble = new Trouble(process.env);
  await serveMcp({
    name: 'llmctl',
    version: version(),
    instructions: INSTRUCTIONS,
    tools: TOOLS.map((make) => make(session)),
    resources: typeof messages === 'string' ? messagesIn(messages) : null,
    input: process.stdin,
    output: process.stdout,
    onTrouble: (line) => trouble.hear(line),
  });
  await trouble.end();
}

const MESSAGE_URI = 'message://';

/** Messages to the agent that its input box would change. */
function messagesIn(folder: string): McpResources {
  return {
    uris: MESSAGE_NAMES.map((name) => MESSAGE_URI + name),
    read: async (uri) => (uri.startsWith(MESSAGE_URI) ? keptMessage(folder, uri.slice(MESSAGE_URI.length)) : null),
  };
}
