/** pause, resume, restart, stop, remove: one agent, several, or all. */
import type { DaemonConnection } from '../../client/connection.ts';
import { LlmctlError } from '../../client/error.ts';
import { isLive, type Agent } from '../../core/model/agent.ts';
import type { CommandLine } from '../define.ts';
import { CliError, usageError } from '../errors.ts';
import { ask } from '../io.ts';
import { command, snapshot } from '../requests.ts';

export type Verb = 'pause' | 'resume' | 'restart' | 'stop';

const DONE = { pause: 'paused', resume: 'resumed', restart: 'restarted', stop: 'stopped', remove: 'removed' } as const;

interface Result {
  readonly agent: string;
  readonly ok: boolean;
  readonly error?: string;
  readonly nearest?: readonly string[];
}

export async function steer(verb: Verb, { context, args, options }: CommandLine): Promise<void> {
  const named = (args[0] ?? []) as readonly string[];
  const all = options.all === true;
  if (all === named.length > 0) throw usageError(`name the agents to ${verb}, or say --all`);
  await context.withSession(async (connection) => {
    const agents = all ? await those(connection, verb) : [...new Set(named)];
    const results = await Promise.all(agents.map((agent) => one(connection, verb, agent)));
    finish(context, verb, results);
  });
}

export async function remove({ context, args }: CommandLine): Promise<void> {
  const named = [...new Set(args[0] as readonly string[])];
  await context.withSession(async (connection) => {
    const { state } = await snapshot(connection);
    const live = named.filter((id) => state.agents[id] !== undefined && isLive(state.agents[id]));
    if (live.length > 0 && !context.yes && context.interactive) {
      const go = await ask(`${live.join(', ')} still ${live.length === 1 ? 'runs' : 'run'}: stop and remove?`, false);
      if (!go) throw new CliError('nothing was removed');
    }
    finish(context, 'remove', await Promise.all(named.map((agent) => one(connection, 'remove', agent))));
  });
}

async function one(connection: DaemonConnection, verb: Verb | 'remove', agent: string): Promise<Result> {
  try {
    await command(connection, { type: `agent.${verb}`, agent });
    return { agent, ok: true };
  } catch (error) {
    if (!(error instanceof LlmctlError) || error.code === 'lost') throw error;
    // Asked for and so already: that is what was wanted.
    if (error.code === 'already') return { agent, ok: true };
    return { agent, ok: false, error: error.message, nearest: error.nearest };
  }
}

/** With --all: those for which the verb makes sense now. */
async function those(connection: DaemonConnection, verb: Verb): Promise<string[]> {
  const { state } = await snapshot(connection);
  const wanted: Record<Verb, (agent: Agent) => boolean> = {
    pause: (agent) => isLive(agent) && agent.status.state !== 'paused',
    resume: (agent) => agent.status.state === 'paused',
    restart: () => true,
    stop: isLive,
  };
  return state.order.filter((id) => state.agents[id] !== undefined && wanted[verb](state.agents[id]));
}

function finish(context: CommandLine['context'], verb: Verb | 'remove', results: readonly Result[]): void {
  const bad = results.filter((result) => !result.ok);
  if (bad.length === 0) {
    const names = results.map(({ agent }) => agent).join(', ');
    const agents = results.map(({ agent }) => agent);
    context.answer({ ok: true, agents }, names === '' ? `no agent to ${verb}` : `${DONE[verb]}: ${names}`);
    return;
  }
  const nearest = bad.flatMap((result) => result.nearest ?? []);
  throw new LlmctlError('failed', bad.map(({ error }) => error).join('; '), nearest);
}
