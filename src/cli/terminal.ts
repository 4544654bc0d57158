/** The door to the control room: is this a terminal that can show it, and what came of showing it. */
import { pathToFileURL } from 'node:url';
import { distFile } from '../adapters/paths/dist.ts';
import type { RoomClient } from '../client/api.ts';
import { RoomConnection } from '../client/room.ts';
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
  readonly theme?: string;
  /** Starts the daemon again, should it die while the control room is open. */
  readonly start?: () => Promise<void>;
}

interface TuiModule {
  runTui(options: { client: RoomClient; theme: string | undefined }): Promise<Left>;
}

/** How the control room was left. */
export type Left = 'detached' | 'ended';

export async function openTui({ socket, readOnly = false, theme, start }: TuiOptions): Promise<Left> {
  const [room, { runTui }] = await Promise.all([
    RoomConnection.open({ socket, greeting: { kind: 'tui', readOnly, user: userName() }, revive: start }),
    import(pathToFileURL(distFile('tui.js')).href) as Promise<TuiModule>,
  ]);
  return runTui({ client: room, theme });
}
