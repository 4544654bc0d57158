/**
 * hook: what an agent CLI runs around its turns and tools, where native/hook.c could not be compiled; both do the same. The agent waits
 * for it, so it hands on what it is given and leaves the rest to the daemon; it gives up soon and never fails.
 */
import { createConnection } from 'node:net';
import { FrameDecoder, MAX_PAYLOAD_BYTES } from '../../protocol/framing.ts';
import { encodeHookCall } from '../../protocol/hook-frame.ts';
import { FRAME } from '../../protocol/messages.ts';
import { patienceFor } from './patience.ts';

/** From when there is an answer: it is the reader's time then. */
const PRINTING_MS = 1_000;

/** Ends the process itself: input that never ends must not hold it. */
export async function hook(name: string): Promise<never> {
  process.once('uncaughtException', () => process.exit(0));
  const { LLMCTL_SOCKET: socket, LLMCTL_AGENT: agent, LLMCTL_TOKEN: token } = process.env;
  if (!socket || !agent) process.exit(0);
  const { ms, answer } = patienceFor(name, socket);
  let timer = setTimeout(() => process.exit(0), ms);
  const text = await input().catch(() => null);
  const call = text && encodeHookCall({ token: token ?? '', agent, name, cwd: folder(), text });
  if (!call) process.exit(0);
  const said = answer ? await ask(socket, call, () => clearTimeout(timer)) : await tell(socket, call);
  clearTimeout(timer);
  timer = setTimeout(() => process.exit(0), PRINTING_MS);
  if (said.length > 0) await new Promise<void>((done) => process.stdout.write(said, () => done()));
  process.exit(0);
}

/** '' where it was removed meanwhile. */
function folder(): string {
  try {
    return process.cwd();
  } catch {
    return '';
  }
}

/** Resolves once it is with the kernel, or nobody listens. Never rejects. */
function tell(path: string, call: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const nothing = (): void => resolve(Buffer.alloc(0));
    const socket = createConnection(path);
    socket.once('error', nothing);
    socket.once('close', nothing);
    socket.end(call, nothing);
  });
}

/**
 * @param patient called where a person is asked: nothing is in anybody's way then
 * @returns what to print; nothing where the daemon is away or talks nonsense. Never rejects.
 */
function ask(path: string, call: Buffer, patient: () => void): Promise<Buffer> {
  return new Promise((resolve) => {
    const nothing = (): void => resolve(Buffer.alloc(0));
    const decoder = new FrameDecoder();
    const socket = createConnection(path);
    socket.once('error', nothing);
    socket.once('close', nothing);
    socket.on('data', (chunk: Buffer) => {
      try {
        decoder.push(chunk, ({ type, payload }) => {
          if (type === FRAME.hookWait) patient();
          if (type === FRAME.hookAnswer) resolve(Buffer.from(payload));
        });
      } catch {
        nothing();
      }
    });
    socket.write(call);
  });
}

async function input(): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_PAYLOAD_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
