/** What a screen may ask of the session: implemented over the socket by RoomConnection, by a fake in component tests. */
import type { ClusterTable } from '../core/clusters.ts';
import type { ClientCommand } from '../core/model/commands.ts';
import type { JournalEntry } from '../core/model/events.ts';
import type { State } from '../core/model/state.ts';
import type { SessionSeries } from '../core/records/series.ts';
import type { JournalFilter } from '../core/records/journal-filter.ts';
import type {
  AddRequest,
  AgentMetrics,
  BranchFacts,
  BranchesReply,
  DiffReply,
  JournalReply,
  MergeSegment,
  MetricsReply,
  OverlapReply,
  PaneView,
  SearchReply,
  Snapshot,
} from '../protocol/messages.ts';

export type {
  AddRequest,
  AgentMetrics,
  BranchFacts,
  BranchesReply,
  DiffReply,
  JournalReply,
  MergeSegment,
  MetricsReply,
  OverlapReply,
  PaneView,
  SearchReply,
  Snapshot,
};

export interface JournalSought {
  readonly filter: JournalFilter;
  readonly from: number;
  readonly step: 1 | -1;
  readonly limit: number;
}

/** A pane's screen, kept current by the connection and mutated in place: read it, never keep rows of it. */
export interface PaneScreen {
  readonly pane: number;
  cols: number;
  rows: number;
  /** rows × cols cells of WORDS_PER_CELL words; combined cells index `RoomClient.clusters`. */
  cells: Uint32Array;
  cursorX: number;
  cursorY: number;
  /** PANE_FLAG bits of protocol/rows.ts. */
  flags: number;
  cursorStyle: number;
  kittyFlags: number;
  /** Absolute number of the screen's first line, and of the oldest line kept. */
  base: number;
  oldest: number;
}

/** What changed in one pane: rows first..last (inclusive) after shifting everything up by `scroll` rows. */
export interface Damage {
  readonly pane: number;
  readonly first: number;
  readonly last: number;
  readonly scroll: number;
  /** Size changed or the whole screen was replaced. */
  readonly full: boolean;
}

/** Lines of the scrollback, oldest first; the same cell layout as a screen's. */
export interface LineBlock {
  /** Absolute number of the first: the one asked for, or the oldest kept where that is gone. */
  readonly from: number;
  readonly count: number;
  readonly cols: number;
  readonly cells: Uint32Array;
}

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** Being tried again by itself; the screens stay as they were last seen. */
  | { readonly state: 'lost'; readonly reason: string }
  | { readonly state: 'ended'; readonly reason: string };

export interface RoomClient {
  readonly clusters: ClusterTable;
  readonly readOnly: boolean;
  /** The latest replica; a new object whenever something changed, so it may be compared by identity. */
  state(): State;
  connection(): Connection;
  /** Last events, oldest first, at most 200. */
  recent(): readonly JournalEntry[];
  clients(): number;
  /** Called after state, connection, recent or clients changed; not for pane output. Returns the unsubscriber. */
  onChange(listener: () => void): () => void;

  screen(pane: number): PaneScreen | undefined;
  /** Called for each decoded paneRows frame, synchronously. */
  onDamage(listener: (damage: Damage) => void): () => void;
  /** Everything before belongs on screen together; answer with ack(frame) once the terminal shows it. */
  onFrameEnd(listener: (frame: number) => void): () => void;
  ack(frame: number): void;
  onBell(listener: (agent: string) => void): () => void;

  view(panes: readonly PaneView[], focus: number | null, active: boolean): void;
  /** Raw bytes for the program; written at once. No-op when read-only. */
  input(pane: number, bytes: Uint8Array): void;
  lines(pane: number, from: number, count: number): Promise<LineBlock>;
  search(pane: number, query: string): Promise<SearchReply>;
  /** What agents and session use now; rates span the time since the call before. */
  metrics(): Promise<MetricsReply>;
  /** Events that fit, from one on into the past or towards now. Several answers may be needed, see JournalReply. */
  journal(sought: JournalSought): Promise<JournalReply>;
  /** The state as it was after an event. */
  stateAt(seq: number): Promise<Snapshot>;
  /** Writes a report of the session, or its figures, beside its journal. @returns absolute paths on the session's machine */
  keep(what: 'report' | 'metrics'): Promise<readonly string[]>;
  /** Figures of the whole session, in this many stretches of time at most. */
  series(most: number): Promise<SessionSeries>;
  /** One overlap with the texts of its file. @param overlap - its id */
  overlap(overlap: string): Promise<OverlapReply>;
  /** Where each agent's branch stands, and what it changed. */
  branches(): Promise<BranchesReply>;
  /** What an agent changed, against its base (null) or another agent. */
  diff(agent: string, against: string | null): Promise<DiffReply>;

  /** Rejects with a one-line Error when refused. */
  command(command: ClientCommand): Promise<void>;
  add(agent: AddRequest): Promise<void>;
  down(): Promise<void>;
  close(): void;
}
