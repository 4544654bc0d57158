/** An MCP server over a pair of streams, with the official SDK. What the tools do is the caller's. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  type CallToolResult,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { oneLine } from '../../core/text.ts';
import { jsonLines } from './lines.ts';

export interface McpTool {
  readonly name: string;
  readonly title: string;
  /** For the model: what it tells or does, and when to use it. */
  readonly description: string;
  readonly input: z.ZodObject;
  /** It changes nothing. */
  readonly readOnly: boolean;
  /**
   * @param args as `input` has them
   * @returns text for the model
   * @throws Error whose message is one line for the model
   */
  readonly run: (args: unknown) => Promise<string>;
}

/** Texts that a client reads by their URI. */
export interface McpResources {
  readonly uris: readonly string[];
  /** @returns null where there is nothing of that URI */
  readonly read: (uri: string) => Promise<string | null>;
}

export interface McpServing {
  readonly name: string;
  readonly version: string;
  /** Told to the model once, before anything else. */
  readonly instructions: string;
  readonly tools: readonly McpTool[];
  /** null: it has none, and doesn't say that it could. */
  readonly resources: McpResources | null;
  readonly input: Readable;
  readonly output: Writable;
  /** What a client did wrong; one line. It may come as often as the client likes. */
  readonly onTrouble: (line: string) => void;
}

/** Each is a connection to the session while it lasts; no model makes as many. */
const AT_ONCE = 16;

/** Serves until the input ends, and answers first what was asked until then. */
export async function serveMcp(serving: McpServing): Promise<void> {
  const { name, version, instructions, tools, resources, input, output, onTrouble } = serving;
  const capabilities = { tools: {}, ...(resources === null ? {} : { resources: {} }) };
  const server = new Server({ name, version }, { capabilities, instructions });
  const trouble = (line: string): void => onTrouble(oneLine(line, 300));
  let open = 0;
  let ended = false;
  let finish = (): void => {};
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const settle = (): void => {
    // The answer is written in the turn after the tool's.
    if (ended && open === 0) setImmediate(finish);
  };
  // The SDK has one handler and no listeners to add.
  Object.assign(server, { onerror: (error: Error) => trouble(error.message) });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(described) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const found = tools.find((one) => one.name === params.name);
    if (!found) {
      const name = oneLine(params.name, 60);
      trouble(`it calls the tool "${name}", which is not there`);
      return wrong(`there is no tool "${name}"; there are ${tools.map((one) => one.name).join(', ')}`);
    }
    if (open >= AT_ONCE) {
      const text = `more than ${AT_ONCE} calls at once`;
      trouble(`it makes ${text}: the others are refused`);
      return wrong(`${text}: make them one after the other`);
    }
    open++;
    try {
      return await called(found, params.arguments ?? {});
    } finally {
      open--;
      settle();
    }
  });
  if (resources !== null) offer(server, resources);
  const lines = jsonLines(trouble);
  input.on('error', () => lines.end());
  lines.on('end', () => {
    ended = true;
    // What came last is dispatched in a turn of its own.
    setImmediate(settle);
  });
  await server.connect(new StdioServerTransport(lines, output));
  input.pipe(lines);
  await over;
  await server.close();
}

function offer(server: Server, { uris, read }: McpResources): void {
  const mimeType = 'text/plain';
  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: uris.map((uri) => ({ uri, name: uri, mimeType })),
  }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => {
    const text = await read(uri);
    if (text === null) throw new McpError(ErrorCode.InvalidParams, `there is nothing at ${oneLine(uri, 100)}`);
    return { contents: [{ uri, mimeType, text }] };
  });
}

function described({ name, title, description, input, readOnly }: McpTool): Tool {
  const { $schema: _, ...inputSchema } = z.toJSONSchema(input, { io: 'input' });
  const annotations = { title, readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false };
  return { name, title, description, inputSchema: inputSchema as Tool['inputSchema'], annotations };
}

async function called(tool: McpTool, given: unknown): Promise<CallToolResult> {
  const parsed = tool.input.safeParse(given);
  if (!parsed.success) return wrong(`${tool.name}: ${inputFault(parsed.error)}`);
  try {
    return { content: [{ type: 'text', text: await tool.run(parsed.data) }] };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

/** A result that the model reads, not a fault of the protocol: it may mend its call. */
function wrong(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: oneLine(text, 1000) }] };
}

function inputFault({ issues }: z.ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length === 0 ? message : `"${path.join('.')}": ${message}`))
    .join('; ');
}
