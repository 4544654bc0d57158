/** The operator's terminal as the screens use it: one call opens it, one object has all that is needed. */
import type { RoomClient } from '../../client/api.ts';
import type { InputHandlers } from '../input/events.ts';
import type { NoticeWish } from './notice-sequence.ts';
import type { Stage } from '../paint/api.ts';

export interface TerminalOptions extends InputHandlers {
  readonly client: RoomClient;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether to ask for mouse reports of our own; a program that asks for the mouse gets it either way. */
  readonly mouse: boolean;
  /** Chords that leave pane mode, as key names: `Ctrl+q`, `F12`. See parseChords. */
  readonly exitChords: readonly string[];
  /** The terminal went away (SIGHUP, EIO), or a signal or a crash ends the process; already restored. */
  onEnd?(reason: string): void;
  /**
   * An error that nobody caught ends the process; the terminal is restored already.
   * @returns the one line to say on stderr, without a line end
   */
  onCrash?(error: unknown): string;
}

export interface TerminalSession {
  readonly stage: Stage;
  /** For Ink's render(): `{stdout, stdin, debug: true, interactive: true, patchConsole: false, exitOnCtrlC: false}`. */
  readonly inkStdout: NodeJS.WriteStream;
  readonly inkStdin: NodeJS.ReadStream;
  /** Keys, pastes and mouse go raw to `pane` from here on, until the exit chord or leavePane. */
  enterPane(pane: number): void;
  leavePane(): void;
  /** Puts `text` on the operator's clipboard through the terminal (OSC 52). @returns false where it is too long */
  copy(text: string): boolean;
  /** Rings, and shows a notification, as far as that is wished for. Control characters are shown, not sent. */
  notify(text: string, wish: NoticeWish): void;
  /** Paints everything anew, for a terminal that something else wrote to. */
  redraw(): void;
  /** Waits (at most 100 ms) for answers under way, then gives the terminal back as it was found. */
  close(): Promise<void>;
}
