/** run and add: agents outside any plan. Where no session runs, one is started for them. */
import { resolve } from 'node:path';
import { loadConfig } from '../../adapters/config/load.ts';
import type { AddRequest } from '../../protocol/messages.ts';
import type { CommandLine } from '../define.ts';
import { prepareStart } from '../prepare.ts';
import { snapshot } from '../requests.ts';
import { connectOrStart } from '../session.ts';
import { userName } from '../user.ts';

export async function runProgram(line: CommandLine): Promise<void> {
  const [name, command] = line.args as [string, readonly string[]];
  await add(line, () => ({ id: name, command, start: true }));
}

export async function addProfile(line: CommandLine): Promise<void> {
  const { name } = line.options;
  const profile =
    typeof line.options.profile === 'string' ? line.options.profile : (await loadConfig()).config.defaultProfile;
  await add(line, (taken) => ({
    id: typeof name === 'string' ? name : freeName(profile, taken),
    profile,
    start: true,
  }));
}

async function add({ context, options }: CommandLine, what: (taken: ReadonlySet<string>) => AddRequest): Promise<void> {
  const start = await prepareStart(context, options);
  const greeting = { kind: 'cli', readOnly: false, user: userName() } as const;
  const { connection, started } = await connectOrStart(context.paths, start, greeting);
  try {
    const { state } = await snapshot(connection);
    const agent: AddRequest = {
      ...what(new Set(state.order)),
      ...(typeof options.cwd === 'string' ? { cwd: resolve(context.cwd, options.cwd) } : {}),
      ...(options.shared === true ? { workspace: 'shared' } : {}),
      ...(typeof options.prompt === 'string' ? { prompt: options.prompt } : {}),
      // Searched for the program; the daemon's own PATH may be days old.
      ...(process.env.PATH === undefined ? {} : { path: process.env.PATH }),
    };
    const reply = (await connection.request({ method: 'add', agent }).catch(async (error: unknown) => {
      // A session that was started for an agent that can't be is of no use to anybody.
      if (started) await connection.request({ method: 'down' }).catch(() => undefined);
      throw error;
    })) as { agent?: string } | null;
    const id = reply?.agent ?? agent.id;
    context.answer(
      { ok: true, agent: id },
      `agent ${id} added: \`llmctl tui\` shows it, \`llmctl output ${id}\` reads it`,
    );
  } finally {
    connection.close();
  }
}

/** `claude`, `claude-2`, `claude-3`… */
export function freeName(profile: string, taken: ReadonlySet<string>): string {
  const base = profile.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'agent';
  if (!taken.has(base)) return base;
  for (let n = 2; ; n++) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}
