/**
 * Daemon ⇄ ptyhost, over the ptyhost's own socket. One control connection (the daemon), any number of data
 * connections (the emulators' workers). The stream of a pane is numbered by byte offset, from 0 at its spawn.
 */

export const PTYHOST_VERSION = 2;

/** Frame types on the ptyhost's socket. */
export const PTY_FRAME = {
  /** JSON both ways: PtyRequest / PtyMessage. */
  json: 1,
  /** Host → data connection: u32 pane · f64 offset of the first byte · bytes. */
  data: 2,
  /** Host → data connection, in stream order: u32 pane · f64 offset · u16 cols · u16 rows. */
  resized: 3,
  /** Host → data connection, in stream order: u32 pane · f64 offset; nothing follows. */
  ended: 4,
  /** Either connection → host: u32 pane · bytes for the program's input. */
  write: 5,
  /** Data connection → host: u32 pane · f64 offset parsed so far; the host reads on while less than CREDIT_BYTES are open. */
  consumed: 6,
  /** Data connection → host: u32 pane · f64 offset · u16 cols · u16 rows · bytes that redraw the screen as it was at offset. */
  checkpoint: 7,
  /** Host → data connection, first answer to attach: as checkpoint; without bytes where none was left. */
  restore: 8,
  /**
   * Daemon → host: u32 pane · u16 ms · u32 length of a first piece of input · that piece · a second one, written so long after the
   * terminal took the first. A daemon that dies in between leaves no message without its Enter.
   */
  message: 9,
} as const;

/** Output not yet parsed per pane: past this the host stops reading that PTY, which is what slows a flooding program. */
export const CREDIT_BYTES = 128 * 1024;
/** Ring of output kept per pane since its last checkpoint. A new checkpoint is asked for at half. */
export const RING_BYTES = 2 * 1024 * 1024;

/** Input kept per pane for a program that doesn't read; what would go beyond is refused as a whole. */
export const INPUT_LIMIT_BYTES = 4 * 1024 * 1024;

export interface SpawnRequest {
  readonly pane: number;
  readonly agent: string;
  /** Absolute path, looked up before: exec errors look like exit code 1. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cols: number;
  readonly rows: number;
  /** Value of LLMCTL_TOKEN in env: finds processes that left the tree. */
  readonly token: string;
}

export type PtyRequest =
  /** First on every connection. `pid` is the caller's: a process of a connection is never stopped or paused. Reply: HelloReply. */
  | { readonly method: 'hello'; readonly version: number; readonly role: 'control' | 'data'; readonly pid: number }
  /** Reply: {pid}. A pane whose program ended is replaced; one that lives is an error. */
  | ({ readonly method: 'spawn' } & SpawnRequest)
  | { readonly method: 'resize'; readonly pane: number; readonly cols: number; readonly rows: number }
  /** Reply: TreeReply, once no process of the tree runs. */
  | { readonly method: 'pause'; readonly pane: number }
  | { readonly method: 'resume'; readonly pane: number }
  /** TERM, wait at most graceMs, then kill the whole tree. Reply: TreeReply, once the tree is gone. */
  | { readonly method: 'stop'; readonly pane: number; readonly graceMs: number }
  /** Reply: {panes: PaneInfo[]}. */
  | { readonly method: 'list' }
  /** Drops ring, checkpoint and record of a pane whose program ended. */
  | { readonly method: 'forget'; readonly pane: number }
  /** Data connections: send `restore` and everything after it, then live output. */
  | { readonly method: 'attach'; readonly pane: number }
  | { readonly method: 'detach'; readonly pane: number }
  /** Stop every tree and exit. */
  | { readonly method: 'shutdown'; readonly graceMs: number };

/** A request as it travels: its answer carries the same id. */
export type PtyRequestMessage = PtyRequest & { readonly id: number };

export interface HelloReply {
  readonly pid: number;
  readonly version: number;
  /** Orphans of the agents come to the ptyhost; else they are found by their token alone. */
  readonly subreaper: boolean;
}

export interface PaneInfo {
  readonly pane: number;
  readonly agent: string;
  readonly pid: number;
  readonly token: string;
  readonly cols: number;
  readonly rows: number;
  readonly paused: boolean;
  readonly exit: { readonly code: number | null; readonly signal: number | null } | null;
  /** Bytes the program has printed. */
  readonly offset: number;
}

export interface TreeReply {
  readonly ok: boolean;
  /** Processes that were stopped, resumed or ended. */
  readonly processes: number;
  readonly ms: number;
  readonly reason: string;
}

export type PtyMessage =
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: string }
  | { readonly type: 'exit'; readonly pane: number; readonly code: number | null; readonly signal: number | null }
  | { readonly type: 'checkpoint-wanted'; readonly pane: number }
  /** Input thrown away: the program has not read for so long that the queue is full. */
  | { readonly type: 'input-refused'; readonly pane: number; readonly bytes: number };
