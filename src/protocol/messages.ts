/**
 * Daemon ⇄ client. JSON for control, binary for what is hot: pane rows to the client, keystrokes from it.
 * Client and daemon of different PROTOCOL_VERSION don't talk: the newer side says which command mends it.
 */
import type { ClientCommand, RefusalCode } from '../core/model/commands.ts';
import type { Source } from '../core/agents/board.ts';
import type { JournalEntry } from '../core/model/events.ts';
import type { Round } from '../core/merge/round.ts';
import type { Overlap } from '../core/model/overlap.ts';
import type { State } from '../core/model/state.ts';
import type { JournalFilter } from '../core/records/journal-filter.ts';
import type { WorkspaceKind } from '../core/plan/model.ts';

export const PROTOCOL_VERSION = 1;

/** Frame types, daemon ⇄ client. */
export const FRAME = {
  /** JSON, both ways: a ClientMessage or a DaemonMessage. */
  json: 1,
  /** Daemon → client: rows of one pane (rows.ts). */
  paneRows: 2,
  /** Daemon → client: u32 frame number; what came since the last one belongs on screen together. To be answered by `ack`. */
  frameEnd: 3,
  /** Client → daemon: u32 pane, then raw bytes for the program. */
  input: 4,
  /** Client → daemon: u32 frame number that is on the terminal now. */
  ack: 5,
  /** Daemon → client: u32 request id, then a rows payload: the answer to `lines`. */
  lines: 6,
  /** Client → daemon, without a greeting: a hook of an agent's CLI fired (hook-frame.ts). */
  hook: 7,
  /** Daemon → client: what the hook is to print, which may be nothing. */
  hookAnswer: 8,
  /** Daemon → client, empty: a person is asked, the answer may take its time. */
  hookWait: 9,
} as const;

export type ClientKind = 'tui' | 'cli' | 'agent';

export interface PaneView {
  readonly pane: number;
  /** Columns and rows this client has for the pane's screen; 0 × 0: rows are wanted, its size stays what it is (a folded pane). */
  readonly cols: number;
  readonly rows: number;
}

/** Requests: each is answered by one `reply` with the same id. */
export type Request =
  | {
      readonly method: 'hello';
      readonly version: number;
      readonly kind: ClientKind;
      readonly readOnly: boolean;
      readonly user: string;
      readonly token?: string;
    }
  /** Reply: Snapshot. Afterwards every event comes as an `events` message. */
  | { readonly method: 'subscribe' }
  /** Reply: Snapshot, once. */
  | { readonly method: 'snapshot' }
  /** Reply: {seq}; for pause, resume, stop, restart and health.run only when it is done, or an error. */
  | { readonly method: 'command'; readonly command: ClientCommand }
  /** Daemon-side resolution of a profile or argv before agent.add. Reply: {agent}. */
  | { readonly method: 'add'; readonly agent: AddRequest }
  /** Which panes this client shows, their sizes, and the one that has the keys. Reply: {}. */
  | {
      readonly method: 'view';
      readonly panes: readonly PaneView[];
      readonly focus: number | null;
      readonly active: boolean;
    }
  /** Rows of the scrollback: answered by a binary `lines` frame with this id, not by a reply. */
  | { readonly method: 'lines'; readonly pane: number; readonly from: number; readonly count: number }
  /** Reply: SearchReply. */
  | { readonly method: 'search'; readonly pane: number; readonly query: string }
  /** Reply: OutputReply. */
  | {
      readonly method: 'output';
      readonly agent: string;
      readonly lines: number | null;
      readonly screen: boolean;
      readonly ansi: boolean;
    }
  /** Text of new output lines as `output` messages until the client goes. Reply: {}. */
  | { readonly method: 'follow'; readonly agent: string }
  /** Reply: {entries: JournalEntry[]}. */
  | { readonly method: 'log'; readonly since: number | null; readonly agent: string | null; readonly limit: number }
  /** Events that fit, from one on into the past (-1) or towards now (1), `limit` at most. Reply: JournalReply. */
  | {
      readonly method: 'journal';
      readonly filter: JournalFilter;
      readonly from: number;
      readonly step: 1 | -1;
      readonly limit: number;
    }
  /** What the session came to so far. Reply: SessionReport. */
  | { readonly method: 'report' }
  /** Figures of the whole session, in this many stretches of time at most. Reply: SessionSeries. */
  | { readonly method: 'series'; readonly most: number }
  /** The report, or the figures as CSV and JSON, as files beside the journal. Reply: KeptReply. */
  | { readonly method: 'keep'; readonly what: 'report' | 'metrics' }
  /** The state as it was after event `seq`. Reply: Snapshot. */
  | { readonly method: 'debugAt'; readonly seq: number }
  /** Reply: DiagnosticsReply. */
  | { readonly method: 'diagnostics' }
  /** Every word about an agent's state, and which counts. Reply: EvidenceReply. */
  | { readonly method: 'evidence'; readonly agent: string }
  /**
   * What a check printed. `back`: 0 is the run now, or the last one; `after`: where a reply before ended; `wait`: answer only
   * once there is more. Reply: HealthOutputReply.
   */
  | {
      readonly method: 'healthOutput';
      readonly name: string;
      readonly back: number;
      readonly after: { readonly run: number; readonly offset: number } | null;
      readonly wait: boolean;
    }
  /** What agents and session use. Reply: MetricsReply; rates span the time since this client's request before. */
  | { readonly method: 'metrics' }
  /** One overlap with its texts. `overlap`: an id, or a path. Reply: OverlapReply. */
  | { readonly method: 'overlap'; readonly overlap: string }
  /** What an agent changed: against its merge base with the integration branch (null), or against another agent. Reply: DiffReply. */
  | { readonly method: 'diff'; readonly agent: string; readonly against: string | null; readonly path: string | null }
  /** Where each agent's branch stands. Reply: BranchesReply. */
  | { readonly method: 'branches' }
  /** An agent's hook asks before it writes a file. `path`: absolute. Reply: MayWriteReply. */
  | { readonly method: 'mayWrite'; readonly agent: string; readonly path: string }
  /** An agent's hook says that it wrote a file. `path`: absolute. Reply: {}. */
  | { readonly method: 'wrote'; readonly agent: string; readonly path: string }
  /** An agent says what it is going to write: all of it is its own now, or none. `paths`: absolute, folders with `/` behind. Reply: ClaimReply. */
  | { readonly method: 'claim'; readonly agent: string; readonly paths: readonly string[] }
  /** It needs them no longer; null: anything it holds. Reply: ClaimReply. */
  | { readonly method: 'release'; readonly agent: string; readonly paths: readonly string[] | null }
  /** An agent's MCP client is not as it should be. `text`: what it did, and where. Reply: {}. */
  | { readonly method: 'mcpTrouble'; readonly agent: string; readonly text: string }
  /** Resolves when the daemon has done all it was asked and nothing is under way. Reply: {seq}. */
  | { readonly method: 'idle' }
  /** End the session: stop every agent, the ptyhost and the daemon. Reply: {} just before the socket closes. */
  | { readonly method: 'down' };

export interface AddRequest {
  readonly id: string;
  readonly name?: string;
  readonly profile?: string;
  readonly command?: readonly string[];
  readonly cwd?: string;
  readonly prompt?: string;
  readonly start: boolean;
  /** `worktree`: a working tree and a branch of its own; `shared`: the repository itself. Default: as the plan has it. */
  readonly workspace?: WorkspaceKind;
  /** PATH of the person's own shell, searched for the program; the daemon's may be days old. */
  readonly path?: string;
}

export type ClientMessage = Request & { readonly id: number };

export interface Snapshot {
  readonly state: State;
  readonly seq: number;
  /** Last events, oldest first, for the line of recent ones. */
  readonly recent: readonly JournalEntry[];
  readonly clients: number;
}

/** What was written: absolute paths on the session's machine. */
export interface KeptReply {
  readonly files: readonly string[];
}

/** A piece of the journal: in the order in which it was met. */
export interface JournalReply {
  readonly entries: readonly JournalEntry[];
  /** Where to go on: one answer looks at so many events at most. null: there is nothing more that way. */
  readonly next: number | null;
}

export interface HealthOutputReply {
  /** false: nothing is kept of such a run. */
  readonly there: boolean;
  /** Number of the run since the daemon began, and how far this goes: for the next request. */
  readonly run: number;
  readonly offset: number;
  readonly running: boolean;
  /** Bytes that are gone from memory between what was asked for and these lines. */
  readonly dropped: number;
  /** Without escape sequences. */
  readonly lines: readonly string[];
}

/** A piece of the journal: in the order in which it was met. */
export interface JournalReply {
  readonly entries: readonly JournalEntry[];
  /** Where to go on: one answer looks at so many events at most. null: there is nothing more that way. */
  readonly next: number | null;
}

export interface OutputReply {
  readonly agent: string;
  readonly lines: readonly string[];
  readonly cols: number;
  readonly rows: number;
  readonly cursor: { readonly x: number; readonly y: number };
}

/**
 * A piece of the merge of one file. Lines carry their line ends but for a last one without; a byte that isn't UTF-8 stands as the lone
 * surrogate U+DC00 + byte, so that a text goes through JSON and back byte for byte (core/byte-text.ts).
 */
export type MergeSegment =
  | { readonly kind: 'same'; readonly lines: readonly string[] }
  /** Changed by one side, or by both alike. */
  | {
      readonly kind: 'merged';
      readonly from: 'A' | 'B' | 'both';
      readonly base: readonly string[];
      readonly lines: readonly string[];
    }
  | {
      readonly kind: 'conflict';
      readonly a: readonly string[];
      readonly base: readonly string[];
      readonly b: readonly string[];
    };

/** What a side has at a path. */
export type SideContent = 'absent' | 'text' | 'binary' | 'symlink' | 'submodule';

export interface OverlapReply {
  readonly overlap: Overlap;
  /** The round at work on it, or the last one; null before the first. */
  readonly round: Round | null;
  readonly base: SideContent;
  readonly a: SideContent;
  readonly b: SideContent;
  /** The whole file in order; null where it is not text on all sides, or too large to show. */
  readonly segments: readonly MergeSegment[] | null;
  /** Why there are none; '' else. */
  readonly why: string;
}

export interface DiffReply {
  /** A unified diff, without colour (git-diff(1)); lines without their ends, control characters not yet shown. */
  readonly lines: readonly string[];
  /** It was cut: there is more. */
  readonly cut: boolean;
}

export interface BranchesReply {
  readonly base: string;
  readonly integration: string;
  readonly agents: readonly BranchFacts[];
}

export interface BranchFacts {
  readonly agent: string;
  readonly branch: string;
  readonly head: string;
  /** Commits against the integration branch. */
  readonly ahead: number;
  readonly behind: number;
  /** Against the merge base with the integration branch, committed or not; lines are null where it is binary. */
  readonly files: readonly { readonly path: string; readonly added: number | null; readonly deleted: number | null }[];
}

/** Under the `lock` policy the first to touch or claim a path holds it. */
export interface MayWriteReply {
  readonly allowed: boolean;
  /** Who holds the path, by touch or by claim; it may be the one who asks. */
  readonly holder: string | null;
  /** What to tell the agent; '' where it may. */
  readonly reason: string;
}

export interface ClaimReply {
  /** All that the agent holds now, relative to its tree. */
  readonly held: readonly string[];
}

export interface SearchReply {
  /** Absolute line numbers as in rows.ts (`base`), oldest first, with the column of the match and its length in cells. */
  readonly matches: readonly { readonly line: number; readonly column: number; readonly length: number }[];
}

export interface DiagnosticsReply {
  readonly pid: number;
  readonly ptyhostPid: number;
  readonly rssBytes: number;
  readonly uptimeMs: number;
  readonly clients: readonly { readonly kind: ClientKind; readonly readOnly: boolean; readonly user: string }[];
  readonly panes: readonly {
    readonly agent: string;
    readonly pane: number;
    readonly bytes: number;
    readonly lagBytes: number;
  }[];
}

/** Figures of one moment. Percents are of one core; rates are null until two moments are known. */
/** Ages are milliseconds; the first of `words` is the one that counts. */
export interface EvidenceReply {
  readonly profile: string;
  readonly words: readonly {
    readonly source: Source;
    /** Place among all sources; 1 is the best. */
    readonly rank: number;
    readonly state: string;
    readonly waitingFor: string | null;
    readonly text: string;
    /** Rule of the profile that understood it, and the text that it matched. */
    readonly rule: string | null;
    readonly matched: string;
    readonly ageMs: number;
    readonly heardMs: number;
    readonly counts: boolean;
    /** Why it counts, or not. */
    readonly why: string;
  }[];
  /** What its profile listens to and has heard nothing from in this run. */
  readonly silent: readonly Source[];
  /** Rules of its profile that are switched off, and why: one line each. */
  readonly off: readonly string[];
  /** A state that will be shown once it has stood for a moment. */
  readonly coming: string | null;
}

export interface MetricsReply {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What the rates span; null where this is the first request of the connection. */
  readonly overMs: number | null;
  readonly cores: number;
  readonly machine: MachineMetrics;
  readonly agents: readonly AgentMetrics[];
  readonly daemon: ProcessMetrics;
  readonly ptyhost: ProcessMetrics;
}

/** The machine as a whole. */
export interface MachineMetrics {
  /** Average of the last minute, for each core. */
  readonly load: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Percent of the last ten seconds in which some work waited; null where the kernel doesn't say. */
  readonly pressure: { readonly cpu: number | null; readonly memory: number | null; readonly io: number | null };
}

/** One process of llmctl itself; what it started is not in it. */
export interface ProcessMetrics {
  readonly pid: number;
  readonly cpuPercent: number | null;
  readonly rssBytes: number;
}

/** The tree below an agent's program; nothing but zeros while it doesn't run. */
export interface AgentMetrics {
  readonly agent: string;
  readonly pid: number | null;
  readonly processes: number;
  readonly cpuPercent: number | null;
  /** Sum over the tree: what processes share counts for each. */
  readonly rssBytes: number;
  /** The same with what is shared divided among those that share it; null until it was measured, which is done now and then. */
  readonly pssBytes: number | null;
  readonly outputBytesPerSecond: number | null;
}

export type ErrorCode = RefusalCode | 'read-only' | 'not-found' | 'version' | 'failed';

export type DaemonMessage =
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly result: unknown }
  | {
      readonly type: 'reply';
      readonly id: number;
      readonly ok: false;
      readonly error: string;
      readonly code: ErrorCode;
      readonly nearest?: readonly string[];
    }
  | { readonly type: 'events'; readonly entries: readonly JournalEntry[] }
  | { readonly type: 'clients'; readonly count: number }
  | { readonly type: 'output'; readonly agent: string; readonly lines: readonly string[] }
  /** OSC 52 or a bell of an agent that a person allowed; text is base64 for a clipboard. */
  | { readonly type: 'bell'; readonly agent: string }
  | { readonly type: 'bye'; readonly reason: string };
