/** Answers that say no, as each provider words them. */
import type { ServerResponse } from 'node:http';
import type { Api } from './request.ts';
import type { ErrorTurn } from './script.ts';
import { sendJson } from './wire/wire.ts';

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

export function sendError(response: ServerResponse, api: Api, { status, message, retryAfter }: ErrorTurn): void {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  sendJson(response, body(api, status, message, retryAfter), status, headers);
}

function body(api: Api, status: number, message: string, retryAfter: number | undefined): object {
  const type = TYPES[status] ?? 'api_error';
  switch (api) {
    case 'anthropic':
      return { type: 'error', error: { type, message } };
    case 'responses':
    case 'chat':
      return { error: { message, type, code: type } };
    case 'gemini': {
      const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s` };
      const details = retryAfter === undefined ? {} : { details: [retry] };
      const name = status === 429 ? 'RESOURCE_EXHAUSTED' : 'INTERNAL';
      return { error: { code: status, message, status: name, ...details } };
    }
  }
}
