/** What is measured: tmux and llmctl behind one face. */
import type { Size } from './terminal.ts';

export interface Subject {
  readonly name: 'tmux' | 'llmctl';
  /** A running session with one pane per command. */
  start(commands: readonly (readonly string[])[], size: Size): Promise<Session>;
}

export interface Session {
  /** Program and environment of one more client. */
  readonly client: { readonly file: string; readonly args: readonly string[]; readonly env: Record<string, string> };
  /** Keys that put the first pane in front, typed once after attaching. */
  readonly focusFirst: readonly string[];
  /** What runs beside the clients: server; daemon and ptyhost. */
  servers(): Promise<readonly number[]>;
  /** Sizes of the panes' screens. */
  sizes(): Promise<readonly Size[]>;
  stop(): Promise<void>;
}
