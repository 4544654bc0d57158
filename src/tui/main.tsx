/** The control room on a terminal: everything from its first frame to the line that is left behind. */
import type { RoomClient } from '../client/api.ts';
import type { NotifyRules } from '../core/notify/rules.ts';
import { watchNotices } from './app/notices.ts';
import { Controller, type ExitReason } from './app/controller.ts';
import { drawRoom } from './app/draw-room.ts';
import type { OutsideFiles } from './app/outside-files.ts';
import type { ProfileChoice } from './app/room.ts';
import { RoomStore } from './app/room-store.ts';
import { BINDINGS } from './keys/bindings.ts';
import { type KeyOverrides, applyOverrides, withExitChords } from './keys/overrides.ts';
import { openTerminal } from './terminal/open.ts';
import { detectCharset } from './theme/charset.ts';
import { loadTheme } from './theme/load.ts';

export type { ExitReason };

/** A person's settings, as the config holds them; what is left out has its default. */
export interface TuiConfig {
  readonly keys?: KeyOverrides;
  /** Chords that leave pane mode. */
  readonly exitChord?: readonly string[];
  readonly mouse?: boolean;
  /** What the terminal is told of; left out: nothing. */
  readonly notifications?: NotifyRules;
}

export interface TuiOptions {
  readonly client: RoomClient;
  readonly config?: TuiConfig;
  readonly theme: { readonly name: string; readonly json: string };
  /** What a new agent may be launched from. */
  readonly profiles?: readonly ProfileChoice[];
  /** What is on this machine beside the session; null where the session is on another one. */
  readonly outside?: { readonly files: OutsideFiles | null; readonly gh: boolean };
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Said on leaving while the session runs on; null says nothing. */
  readonly farewell?: string | null;
  /** Keeps the story of an error that nobody caught. @returns the line for stderr; the process ends with 1 after it */
  readonly onCrash?: (error: unknown) => string;
}

const FAREWELL = 'The agents run on. `llmctl tui` brings you back.';

/**
 * Shows the control room until the person leaves or the session ends.
 * @throws ThemeError, KeysError, or an Error in one line where stdin or stdout is no terminal
 */
export async function runTui(options: TuiOptions): Promise<ExitReason> {
  const { client, config = {}, stdin = process.stdin, stdout = process.stdout, env = process.env } = options;
  const exitChords = config.exitChord ?? ['Ctrl+q'];
  const table = withExitChords(applyOverrides(BINDINGS, config.keys ?? {}), exitChords);
  const theme = loadTheme(options.theme.name, options.theme.json, { noColor: (env['NO_COLOR'] ?? '') !== '' });
  const charset = detectCharset(env);
  const left = Promise.withResolvers<ExitReason>();
  // Input can't come before the next turn of the loop, when all of this is there.
  let room: { readonly store: RoomStore; readonly controller: Controller } | null = null;
  const terminal = openTerminal({
    client,
    stdin,
    stdout,
    env,
    exitChords,
    mouse: config.mouse ?? true,
    onKey: (key) => room?.controller.key(key),
    onPaste: (text) => room?.controller.paste(text),
    onMouse: (event) => room?.controller.mouse(event),
    onExitPane: () => room?.controller.paneLeft(),
    onFocus: (focused) => room?.store.setActive(focused),
    onEnd: () => left.resolve('detached'),
    ...(options.onCrash === undefined ? {} : { onCrash: options.onCrash }),
  });
  try {
    const { stage } = terminal;
    const { cols, rows } = stage;
    const profiles = options.profiles ?? [];
    const files = options.outside?.files ?? null;
    const tools = { editor: files !== null, gh: options.outside?.gh ?? false };
    const store = new RoomStore({ client, stage, theme, table, cols, rows, charset, profiles, tools, now: Date.now });
    room = { store, controller: new Controller(store, terminal, left.resolve, files) };
    stage.onResize((toCols, toRows) => store.dispatch({ type: 'resize', cols: toCols, rows: toRows }));
    const stopWatching = client.onChange(() => {
      if (client.connection().state === 'ended') left.resolve('ended');
    });
    const rules = config.notifications;
    const stopTelling = rules && watchNotices(client, rules, (text) => terminal.notify(text, rules));
    const stopDrawing = drawRoom(client, store, terminal);
    const reason = await left.promise;
    stopWatching();
    stopTelling?.();
    store.close();
    stopDrawing();
    return reason;
  } finally {
    await terminal.close();
    const { state } = client.connection();
    if (state !== 'ended' && options.farewell !== null) stdout.write(`${options.farewell ?? FAREWELL}\n`);
  }
}
