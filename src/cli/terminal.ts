/** The door to the control room: is this a terminal that can show it, and what came of showing it. */
import { pathToFileURL } from 'node:url';
import { distFile } from '../adapters/paths/dist.ts';
import { RoomConnection } from '../client/room.ts';
import type { ExitReason } from '../tui/main.tsx';
import { printError } from './io.ts';
import type { StartOptions } from './session.ts';
import { loadSettings, problemLines } from './settings.ts';
import { findTheme } from './themes.ts';
import { userName } from './user.ts';

/** Why the control room can't be shown here, in one line; null where it can. */
export function terminalProblem(): string | null {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    return 'the control room needs a terminal on standard input and output: `llmctl status` and `llmctl output` need none';
  }
  const term = process.env.TERM;
  if (term === undefined || term === '' || term === 'dumb') {
    return `TERM is ${term ? `'${term}'` : 'not set'}: the control room needs one such as xterm-256color`;
  }
  return null;
}

export interface TuiOptions {
  readonly socket: string;
  readonly readOnly?: boolean;
  /** Name of a theme; what the settings or the terminal say where left out. */
  readonly theme?: string | undefined;
  /** Starts the daemon again, should it die while the control room is open. */
  readonly start?: (options: StartOptions) => Promise<void>;
  /** Said on leaving while the session runs on. */
  readonly farewell?: string;
}

/** @throws CliError for a theme that isn't there, LlmctlError where nobody answers on the socket */
export async function openTui({ socket, readOnly = false, theme, start, farewell }: TuiOptions): Promise<ExitReason> {
  const revive = async (): Promise<void> => {
    const { plan, git } = (await connecting).state().session;
    await start?.({ plan, git });
  };
  const greeting = { kind: 'tui', readOnly, user: userName() } as const;
  const connecting = RoomConnection.open({ socket, greeting, revive });
  const tui = import(pathToFileURL(distFile('tui.js')).href) as Promise<typeof import('../tui/main.tsx')>;
  const [client, settings, { runTui }] = await Promise.all([connecting, loadSettings(), tui]);
  try {
    for (const line of problemLines(settings)) printError(line);
    const { config, profiles } = settings;
    return await runTui({
      client,
      config: { keys: config.keys, exitChord: config.exitChord, mouse: config.mouse },
      theme: findTheme(theme ?? config.theme, process.env),
      profiles,
      ...(farewell === undefined ? {} : { farewell }),
    });
  } finally {
    client.close();
  }
}
