/** Requests of four protocols as one: who said what, and which tools there are. */
import { list, record, text, words, type Json } from './json.ts';

export const APIS = ['anthropic', 'responses', 'chat', 'gemini'] as const;
export type Api = (typeof APIS)[number];

export interface Said {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly text: string;
}

export interface Tool {
  readonly name: string;
  /** `custom` takes free text instead of JSON (OpenAI Responses). */
  readonly custom: boolean;
}

export interface ModelRequest {
  readonly api: Api;
  readonly model: string;
  readonly stream: boolean;
  readonly system: string;
  readonly tools: readonly Tool[];
  readonly said: readonly Said[];
  /** JSON Schema of the answer, where one is asked for. */
  readonly schema: unknown;
  readonly bytes: number;
}

/** @returns null for a path that is of none of the four */
export function apiOf(path: string): Api | null {
  if (path.endsWith('/messages')) return 'anthropic';
  if (path.endsWith('/responses')) return 'responses';
  if (path.endsWith('/chat/completions')) return 'chat';
  return /:(stream)?generateContent$/i.test(path) ? 'gemini' : null;
}

export function readRequest(api: Api, path: string, body: Json, bytes: number): ModelRequest {
  const common = { api, model: text(body.model), stream: body.stream === true, bytes };
  switch (api) {
    case 'anthropic':
      return {
        ...common,
        system: words(body.system),
        tools: list(body.tools).map(named),
        said: list(body.messages).map(anthropicMessage),
        schema: record(record(body.output_config).format).schema,
      };
    case 'responses':
      return {
        ...common,
        system: words(body.instructions),
        tools: list(body.tools).flatMap(responsesTools),
        said: responsesItems(typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input),
        schema: record(record(body.text).format).schema,
      };
    case 'chat': {
      const messages = list(body.messages).map(record);
      const isSystem = ({ role }: Json): boolean => role === 'system' || role === 'developer';
      return {
        ...common,
        system: messages
          .filter(isSystem)
          .map(({ content }) => words(content))
          .join('\n'),
        tools: list(body.tools).map((tool) => named(record(tool).function)),
        said: messages
          .filter((message) => !isSystem(message))
          .map(({ role, content }) => ({
            role: role === 'assistant' ? 'assistant' : role === 'tool' ? 'tool' : 'user',
            text: words(content),
          })),
        schema: record(record(body.response_format).json_schema).schema,
      };
    }
    case 'gemini': {
      const config = record(body.generationConfig);
      return {
        ...common,
        model: /models\/([^:/]+):/.exec(path)?.[1] ?? '',
        stream: path.endsWith(':streamGenerateContent'),
        system: words(record(body.systemInstruction).parts),
        tools: list(body.tools).flatMap((tool) => list(record(tool).functionDeclarations).map(named)),
        said: list(body.contents).map(geminiContent),
        schema: config.responseJsonSchema ?? config.responseSchema,
      };
    }
  }
}

function named(tool: unknown): Tool {
  const { name, type } = record(tool);
  return { name: text(name) || text(type), custom: type === 'custom' };
}

/** A namespace holds the tools of one MCP server. */
function responsesTools(tool: unknown): readonly Tool[] {
  const { type, name, tools } = record(tool);
  if (type !== 'namespace') return [named(tool)];
  return list(tools).map((inner) => ({ ...named(inner), name: `${text(name)}.${named(inner).name}` }));
}

function anthropicMessage(message: unknown): Said {
  const { role, content } = record(message);
  if (role === 'assistant') return { role, text: words(content) };
  const answers = list(content).some((part) => record(part).type === 'tool_result');
  return { role: answers ? 'tool' : 'user', text: words(content) };
}

const OWN_ITEMS = ['function_call', 'custom_tool_call', 'local_shell_call', 'reasoning', 'web_search_call'];

/** All that the model made in one answer is one of its turns. */
function responsesItems(input: unknown): readonly Said[] {
  const said: Said[] = [];
  let wasOwn = false;
  for (const item of list(input).map(record)) {
    const own = item.role === 'assistant' || OWN_ITEMS.includes(text(item.type));
    if (own && !wasOwn) said.push({ role: 'assistant', text: words(item.content) });
    wasOwn = own;
    if (own) continue;
    const isOutput = text(item.type).endsWith('_output');
    said.push({ role: isOutput ? 'tool' : 'user', text: words(isOutput ? item.output : item.content) });
  }
  return said;
}

function geminiContent(content: unknown): Said {
  const { role, parts } = record(content);
  if (role === 'model') return { role: 'assistant', text: words(parts) };
  const answers = list(parts).some((part) => record(part).functionResponse !== undefined);
  return { role: answers ? 'tool' : 'user', text: words(parts) };
}
