/**
 * A scripted stand-in for a provider of models, on 127.0.0.1 only: Anthropic Messages, OpenAI Responses and Chat Completions,
 * Gemini. A prompt names its script: `Add a module [[stub:edit]]`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendError } from './errors.ts';
import { record, type Json } from './json.ts';
import { pick } from './pick.ts';
import { apiOf, readRequest, type Api, type ModelRequest } from './request.ts';
import type { Part, Script, Scripts } from './script.ts';
import { toolCall } from './tools.ts';
import { anthropic } from './wire/anthropic.ts';
import { chat } from './wire/chat.ts';
import { gemini } from './wire/gemini.ts';
import { responses } from './wire/responses.ts';
import { sendJson, type Block, type MakeWire, type Wire } from './wire/wire.ts';

/** One request and what came of it. */
export interface Asked {
  readonly api: Api;
  readonly script: string;
  readonly turn: number;
  /** All that the user said, the last at the end. */
  readonly prompts: readonly string[];
  /** What tools answered, the last at the end. */
  readonly results: readonly string[];
  readonly tools: readonly string[];
}

export interface Model {
  readonly url: string;
  readonly port: number;
  readonly asked: readonly Asked[];
  /** Requests that are being answered now. */
  readonly open: number;
  close(): Promise<void>;
}

const WIRES: Readonly<Record<Api, MakeWire>> = { anthropic, responses, chat, gemini };
/** Characters of one piece of text. */
const PIECE = 6;

export async function startModel(scripts: Scripts, port = 0): Promise<Model> {
  const asked: Asked[] = [];
  const failures = new Map<string, number>();
  let open = 0;
  const server = createServer((incoming, response) => {
    open++;
    response.once('close', () => open--);
    void handle(incoming, response).catch(() => response.destroy());
  });
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { body, bytes } = await readBody(incoming);
    const path = (incoming.url ?? '/').split('?')[0]!;
    const api = incoming.method === 'POST' ? apiOf(path) : null;
    if (api === null) return beside(response, path, bytes);
    const request = readRequest(api, path, body, bytes);
    const { name, script, turn, index } = pick(scripts, request);
    const of = (role: string): string[] => request.said.filter((one) => one.role === role).map(({ text }) => text);
    const tools = request.tools.map((tool) => tool.name);
    asked.push({ api, script: name, turn: index, prompts: of('user'), results: of('tool'), tools });
    if (!('error' in turn)) return answer(response, request, script, turn);
    const key = `${name} ${index} ${of('user').join('\n')}`;
    const times = (failures.get(key) ?? 0) + 1;
    failures.set(key, times);
    if (times <= (turn.error.times ?? Infinity)) return sendError(response, api, turn.error);
    const next = script.turns[index + 1];
    return answer(response, request, script, next && !('error' in next) ? next : [{ text: 'It works again.' }]);
  };
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    asked,
    get open() {
      return open;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  response: ServerResponse,
  request: ModelRequest,
  script: Script,
  parts: readonly Part[],
): Promise<void> {
  const wire = WIRES[request.api](response, request);
  const { firstMs = 150, tokenMs = 5, usage } = script;
  await sleep(firstMs);
  wire.start();
  let chars = 0;
  for (const part of parts) {
    if (response.destroyed) return;
    if ('sleepMs' in part) await sleep(part.sleepMs);
    else if ('drop' in part) return void response.destroy();
    else {
      const { block, whole } = begin(wire, request, part);
      for (const piece of pieces(whole)) {
        if (response.destroyed) return;
        block.delta(piece);
        if (tokenMs > 0) await sleep(tokenMs);
      }
      block.end(whole);
      chars += whole.length;
    }
  }
  const calls = parts.some((part) => 'tool' in part);
  const counted = { input: Math.ceil(request.bytes / 4), output: Math.max(1, Math.ceil(chars / 4)) };
  wire.end({ cached: 0, ...counted, ...usage, calls });
}

function begin(
  wire: Wire,
  request: ModelRequest,
  part: Exclude<Part, { sleepMs: number } | { drop: true }>,
): { readonly block: Block; readonly whole: string } {
  if ('text' in part) return { block: wire.text(), whole: part.text };
  if ('think' in part) return { block: wire.think(), whole: part.think };
  const call = toolCall(request, part);
  return { block: wire.tool(call), whole: call.free ?? JSON.stringify(call.input) };
}

function pieces(text: string): readonly string[] {
  const chars = [...text];
  const made: string[] = [];
  for (let at = 0; at < chars.length; at += PIECE) made.push(chars.slice(at, at + PIECE).join(''));
  return made;
}

/** What CLIs ask beside answers. */
function beside(response: ServerResponse, path: string, bytes: number): void {
  const tokens = Math.ceil(bytes / 4);
  if (path.endsWith('/count_tokens')) sendJson(response, { input_tokens: tokens });
  else if (path.endsWith(':countTokens')) sendJson(response, { totalTokens: tokens });
  else if (path.endsWith('/models')) {
    const model = {
      id: 'stub-1',
      object: 'model',
      type: 'model',
      display_name: 'Stub 1',
      created_at: '2026-01-01T00:00:00Z',
    };
    sendJson(response, { object: 'list', data: [model], has_more: false });
  } else sendJson(response, { type: 'error', error: { type: 'not_found_error', message: 'no such endpoint' } }, 404);
}

async function readBody(incoming: IncomingMessage): Promise<{ readonly body: Json; readonly bytes: number }> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  try {
    return { body: record(JSON.parse(whole.toString('utf8'))), bytes: whole.length };
  } catch {
    return { body: {}, bytes: whole.length };
  }
}
