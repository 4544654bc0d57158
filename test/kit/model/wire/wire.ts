/** One answer on its way out, in the shape of its protocol. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ModelRequest } from '../request.ts';
import type { ToolCall } from '../tools.ts';

export interface Usage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  /** It ends with a call of a tool. */
  readonly calls: boolean;
}

/** A part of the answer that comes in pieces; `end` gets all of it. */
export interface Block {
  delta(piece: string): void;
  end(whole: string): void;
}

export interface Wire {
  start(): void;
  text(): Block;
  think(): Block;
  tool(call: ToolCall): Block;
  end(usage: Usage): void;
}

export type MakeWire = (response: ServerResponse, request: ModelRequest) => Wire;

export const newId = (prefix: string): string => prefix + randomBytes(12).toString('hex');

export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function startStream(response: ServerResponse, headers: Record<string, string> = {}): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...headers,
  });
}
