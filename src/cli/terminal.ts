/** The door to the control room: is this a terminal that can show it, and what came of showing it. */
import { pathToFileURL } from 'node:url';
import { distFile } from '../adapters/paths/dist.ts';
import { LlmctlError } from '../client/error.ts';
import { RoomConnection } from '../client/room.ts';
import type { ExitReason } from '../tui/main.tsx';
import { recordCrash } from './crash.ts';
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
  /** File for the story of a crash, absolute. */
  readonly log: string;
  readonly readOnly?: boolean;
  /** Name of a theme; what the settings or the terminal say where left out. */
  readonly theme?: string | undefined;
  /** Starts the session where none runs yet; without it that is an error. */
  readonly begin?: () => Promise<void>;
  /** Runs on this machine: editors and `gh` can be started beside it. */
  readonly here?: boolean;
  /** Starts the daemon again, should it die while the control room is open. */
  readonly start?: (options: StartOptions) => Promise<void>;
  /** Said on leaving while the session runs on. */
  readonly farewell?: string;
}

/** @throws CliError for a theme that isn't there, LlmctlError where nobody answers on the socket */
export async function openTui(options: TuiOptions): Promise<ExitReason> {
  // Begun first: reading the screen's code takes longer than all the rest.
  const loading = loadScreen();
  // Should connecting fail first, that is the error to tell.
  loading.catch(() => undefined);
  const [client, settings] = await Promise.all([connect(options), loadSettings()]);
  const { runTui } = await loading;
  try {
    for (const line of problemLines(settings)) printError(line);
    const { config, profiles } = settings;
    return await runTui({
      client,
      config: {
        keys: config.keys,
        exitChord: config.exitChord,
        mouse: config.mouse,
        ...(config.notify ? { notifications: config.notifications } : {}),
      },
      theme: findTheme(options.theme ?? config.theme, process.env),
      profiles,
      ...(options.here && !options.readOnly ? { outside: await outside() } : {}),
      onCrash: (error) => recordCrash(error, options.log),
      ...(options.farewell === undefined ? {} : { farewell: options.farewell }),
    });
  } finally {
    client.close();
  }
}

/** What there is beside the session for the screen to use. */
async function outside() {
  const [{ outsideFiles }, { findProgram }] = await Promise.all([
    import('./outside-files.ts'),
    import('../adapters/ptyhost/find-program.ts'),
  ]);
  const gh = findProgram('gh', process.env.PATH ?? '', process.cwd()).ok;
  return { files: outsideFiles(process.env), gh };
}

async function connect({ socket, readOnly = false, begin, start }: TuiOptions): Promise<RoomConnection> {
  let room: RoomConnection | null = null;
  const revive = async (): Promise<void> => {
    if (room === null || start === undefined) return;
    const { plan, git } = room.state().session;
    await start({ plan, git });
  };
  const open = () => RoomConnection.open({ socket, greeting: { kind: 'tui', readOnly, user: userName() }, revive });
  try {
    room = await open();
  } catch (error) {
    if (begin === undefined || !(error instanceof LlmctlError) || error.code !== 'no-session') throw error;
    await begin();
    room = await open();
  }
  return room;
}

/**
 * Yoga, Ink's layout, asks for `fetch` to unpack its own bytes, and Node then loads an HTTP client: 30 ms for nothing.
 * Without it yoga unpacks them itself; nothing else here speaks HTTP.
 */
function loadScreen(): Promise<typeof import('../tui/main.tsx')> {
  Reflect.deleteProperty(globalThis, 'fetch');
  return import(pathToFileURL(distFile('tui.js')).href) as Promise<typeof import('../tui/main.tsx')>;
}
