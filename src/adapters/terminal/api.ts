/** What the emulators tell the daemon, and what passes between the pool and its worker threads. */
import type { Saying } from '../../core/agents/board.ts';
import type { ScreenRules } from './screen-reader.ts';
import type { OutputReply, SearchReply } from '../../protocol/messages.ts';

/** How closely a pane is looked at: it decides how often its rows are sent. */
export type WatchMode = 'none' | 'background' | 'focus';

/**
 * What a program says about itself beside its screen. Texts have their control characters shown and are short enough
 * to be kept (500 characters).
 */
export type PaneSignal =
  | { readonly kind: 'bell' }
  /** OSC 0 and 2. */
  | { readonly kind: 'title'; readonly text: string }
  /** OSC 9;4: percent is null where the program gives none. */
  | {
      readonly kind: 'progress';
      readonly state: 'none' | 'normal' | 'error' | 'indeterminate' | 'warning';
      readonly percent: number | null;
    }
  /** OSC 9 and 777. */
  | { readonly kind: 'notification'; readonly title: string; readonly text: string }
  /** OSC 7501, the Program Status Protocol; `subject` names a subagent, null the program itself. `clear` withdraws. */
  | {
      readonly kind: 'status';
      readonly state: 'idle' | 'working' | 'blocked' | 'done' | 'error' | 'clear';
      /** permission, question, auth… as the program words it; '' where it says nothing. */
      readonly reason: string;
      readonly message: string;
      readonly subject: string | null;
    }
  /** First output after quiet, and quiet for QUIET_MS after output. */
  | { readonly kind: 'activity'; readonly active: boolean }
  /** What the rules of its profile read off its screen, when that changed; null: nothing that they know. */
  | { readonly kind: 'screen'; readonly saying: Saying | null }
  /** A rule took so many milliseconds that it was switched off. */
  | { readonly kind: 'slow-rule'; readonly rule: string; readonly ms: number };

/** Output that stops for this long counts as quiet. */
export const QUIET_MS = 3_000;

export type PaneText = Omit<OutputReply, 'agent'>;

export interface TextOptions {
  /** Last lines wanted; null for all that is kept. */
  readonly lines: number | null;
  /** The screen as the pane shows it, every row, instead of lines joined where they wrapped. */
  readonly screen: boolean;
  /** Keep colours and styles as SGR sequences. */
  readonly ansi: boolean;
}

export interface PaneStats {
  readonly pane: number;
  /** Bytes of the program's output parsed so far. */
  readonly bytes: number;
  /** Bytes that came and aren't parsed yet. */
  readonly lagBytes: number;
}

export interface PoolStats {
  readonly workers: number;
  /** Workers that hung or died and were replaced. */
  readonly restarts: number;
  readonly panes: readonly PaneStats[];
}

export interface PoolEvents {
  /** A rows payload (protocol/rows.ts) with a buffer of its own: give it to the pane's PaneMirror. */
  readonly onRows: (pane: number, payload: Uint8Array) => void;
  readonly onSignals: (pane: number, signals: readonly PaneSignal[]) => void;
  /** The program ended and all of its output is on the screen. */
  readonly onEnded: (pane: number) => void;
  /** Output of this pane was lost or skipped; one line that says why. */
  readonly onReset: (pane: number, reason: string) => void;
  /** Lines completed since the last call; only while followed. */
  readonly onLines: (pane: number, lines: readonly string[]) => void;
  /** A worker lost the ptyhost's socket or can't reach it; its panes stand still until they are opened again. */
  readonly onDisconnected: (reason: string) => void;
}

/** Calls that a worker answers. */
export type WorkerCall =
  | { readonly method: 'lines'; readonly pane: number; readonly from: number; readonly count: number }
  | { readonly method: 'search'; readonly pane: number; readonly query: string }
  | { readonly method: 'text'; readonly pane: number; readonly options: TextOptions }
  | { readonly method: 'stats' };

export interface WorkerResults {
  readonly lines: Uint8Array;
  readonly search: SearchReply;
  readonly text: PaneText;
  readonly stats: readonly PaneStats[];
}

/** Bytes that hung or killed a worker twice: not parsed again. */
export interface PoisonRange {
  readonly from: number;
  readonly to: number;
}

export interface OpenPane {
  readonly pane: number;
  readonly cols: number;
  readonly rows: number;
  /** Index of the pane's place in the shared Pulse. */
  readonly slot: number;
  /** Output before this offset was parsed once before: its questions are answered, its signals given. */
  readonly answeredTo: number;
  /** Number of the last frame that was published; the next continues from it. */
  readonly frame: number;
  readonly poison: readonly PoisonRange[];
  readonly rules: ScreenRules;
}

/** Pool → worker. */
export type WorkerRequest =
  | ({ readonly type: 'open' } & OpenPane)
  | { readonly type: 'close'; readonly pane: number }
  | { readonly type: 'watch'; readonly pane: number; readonly mode: WatchMode }
  | { readonly type: 'refresh'; readonly pane: number }
  | { readonly type: 'rules'; readonly pane: number; readonly rules: ScreenRules }
  | { readonly type: 'follow'; readonly pane: number; readonly on: boolean }
  | { readonly type: 'call'; readonly id: number; readonly call: WorkerCall };

export interface PaneRows {
  readonly type: 'rows';
  readonly pane: number;
  readonly payload: Uint8Array;
}

/** Worker → pool. */
export type WorkerMessage =
  | PaneRows
  /** Frames of several panes that were made in one go. */
  | { readonly type: 'batch'; readonly rows: readonly PaneRows[] }
  | { readonly type: 'signals'; readonly pane: number; readonly signals: readonly PaneSignal[] }
  | { readonly type: 'ended'; readonly pane: number }
  | { readonly type: 'reset'; readonly pane: number; readonly reason: string }
  | { readonly type: 'lines'; readonly pane: number; readonly lines: readonly string[] }
  | { readonly type: 'disconnected'; readonly reason: string }
  /** Work began after idleness: watch the Pulse until it is idle again. */
  | { readonly type: 'busy' }
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: string };

export interface WorkerData {
  readonly socketPath: string;
  readonly pulse: SharedArrayBuffer;
  /** Colours told to programs that ask (OSC 10, 11), as `rgb:rrrr/gggg/bbbb`. */
  readonly colours: TerminalColours;
}

export interface TerminalColours {
  readonly foreground: string;
  readonly background: string;
}
