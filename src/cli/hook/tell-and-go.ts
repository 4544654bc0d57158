/** One thing said to the daemon without waiting for an answer: greeting and request go out together. */
import { createConnection } from 'node:net';
import { encodeJsonFrame } from '../../protocol/framing.ts';
import { FRAME, PROTOCOL_VERSION, type ClientMessage, type Request } from '../../protocol/messages.ts';
import type { Voice } from '../agent/voice.ts';

/** Resolves once it is with the kernel, or nobody listens. Never rejects. */
export function tellAndGo({ socket: path, agent, token }: Voice, request: Request): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('error', () => resolve());
    socket.once('close', () => resolve());
    const hello = { method: 'hello', version: PROTOCOL_VERSION, kind: 'agent', readOnly: false, user: agent } as const;
    const messages: readonly ClientMessage[] = [
      { ...hello, ...(token === null ? {} : { token }), id: 1 },
      { ...request, id: 2 },
    ];
    socket.end(Buffer.concat(messages.map((message) => encodeJsonFrame(FRAME.json, message))), () => resolve());
  });
}
