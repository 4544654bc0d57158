/** The way from inside an agent to its coordinator: who speaks, and a line for one thing to say. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DaemonConnection } from '../../client/connection.ts';
import { LlmctlError } from '../../client/error.ts';
import { realFile } from '../../adapters/paths/real-file.ts';

export interface Voice {
  readonly socket: string;
  readonly agent: string;
  /** LLMCTL_TOKEN of its run. */
  readonly token: string | null;
}

/** Out of the environment that every agent has; null outside of one. */
export function voiceOf(env: Readonly<Record<string, string | undefined>>): Voice | null {
  const { LLMCTL_SOCKET: socket, LLMCTL_AGENT: agent, LLMCTL_TOKEN: token } = env;
  return socket && agent ? { socket, agent, token: token || null } : null;
}

/**
 * Connects, says one thing, and lets go whatever happens.
 * @throws LlmctlError in one line: no session, a token of another run, a refusal
 */
export async function withVoice<T>(
  { socket, agent, token }: Voice,
  act: (connection: DaemonConnection) => Promise<T>,
): Promise<T> {
  const greeting = { kind: 'agent', readOnly: false, user: agent } as const;
  const connection = await DaemonConnection.open(socket, token === null ? greeting : { ...greeting, token });
  try {
    return await act(connection);
  } finally {
    connection.close();
  }
}

/** A daemon that is being replaced is back in a moment; a word of an agent is worth waiting for, and said twice it does no harm. */
const PATIENCE_MS = 10_000;
const AGAIN_MS = 250;

/** Says it again while there is no daemon to hear it. @throws what `say` throws */
export async function patiently<T>(say: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await say();
    } catch (error) {
      const gone = error instanceof LlmctlError && (error.code === 'no-session' || error.code === 'lost');
      if (!gone || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/**
 * Paths as an agent names them, as the daemon wants them: absolute, symlinks resolved, folders with `/` behind.
 * @param from absolute folder that relative ones start from
 */
export function claimable(paths: readonly string[], from: string): readonly string[] {
  return paths.map((path) => {
    const file = realFile(resolve(from, path));
    const folder = path.endsWith('/') || (statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false);
    return folder ? `${file}/` : file;
  });
}
