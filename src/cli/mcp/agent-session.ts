/** The session as an agent's tools need it: a line for each call, so that a daemon that comes and goes is no matter. */
import { LlmctlError } from '../../client/error.ts';
import type { DaemonConnection } from '../../client/connection.ts';
import type { Agent } from '../../core/model/agent.ts';
import type { State } from '../../core/model/state.ts';
import { statusDocument } from '../../core/select/status.ts';
import { voiceOf, withVoice, type Voice } from '../agent/voice.ts';
import { snapshot } from '../requests.ts';

/** An agent waits for its tool. */
const CALL_MS = 10_000;

export type StatusDocument = ReturnType<typeof statusDocument>;

/** What the session says at the moment of a call. */
export interface Seen {
  readonly state: State;
  readonly status: StatusDocument;
  readonly me: Agent;
}

export interface Call extends Voice {
  readonly connection: DaemonConnection;
  see(): Promise<Seen>;
}

export class AgentSession {
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** @throws Error in one line that says what an agent can do about it */
  async call<T>(act: (call: Call) => Promise<T>): Promise<T> {
    const voice = voiceOf(this.#env);
    if (voice === null) {
      throw new Error('this is no agent of llmctl (LLMCTL_SOCKET and LLMCTL_AGENT are not set): work on without it');
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const text = `llmctl has not answered for ${CALL_MS / 1000} s: work on, and try again later`;
      timer = setTimeout(() => reject(new Error(text)), CALL_MS);
    });
    const said = withVoice(voice, (connection) =>
      act({ ...voice, connection, see: () => see(connection, voice.agent) }),
    );
    try {
      return await Promise.race([said, late]);
    } catch (error) {
      throw away(error) ? new Error(AWAY) : error;
    } finally {
      clearTimeout(timer);
    }
  }
}

const AWAY = 'the llmctl session does not run just now: work on, and try again later';

function away(error: unknown): boolean {
  return error instanceof LlmctlError && (error.code === 'no-session' || error.code === 'lost');
}

async function see(connection: DaemonConnection, agent: string): Promise<Seen> {
  const { state, clients } = await snapshot(connection);
  const me = Object.hasOwn(state.agents, agent) ? state.agents[agent] : undefined;
  if (me === undefined) throw new Error(`agent ${agent} was taken out of the session`);
  return { state, status: statusDocument(state, clients), me };
}
