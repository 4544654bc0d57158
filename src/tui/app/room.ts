import type { BranchesReply, Connection, DiffReply, OverlapReply } from '../../client/api.ts';
import type { Agent, AgentId } from '../../core/model/agent.ts';
import type { JournalEntry } from '../../core/model/events.ts';
import type { State } from '../../core/model/state.ts';
import type { Highlighter } from '../code/runs.ts';
import type { Binding } from '../keys/binding.ts';
import type { RoomFacts } from '../keys/commands.ts';
import { type RoomLayout, layoutRoom } from '../layout/room.ts';
import type { Fetched } from './feed.ts';
import type { JournalView } from './journal-feed.ts';
import type { MetricsView } from './metrics-feed.ts';
import type { UiState } from './ui-state.ts';

/** A way to launch an agent that the person may pick. */
export interface ProfileChoice {
  readonly name: string;
  readonly description: string;
}

/** What else there is on this machine; for a session on another one nothing. */
export interface OutsideTools {
  /** An editor and git can work on a file that is kept for a while. */
  readonly editor: boolean;
  /** GitHub's command line. */
  readonly gh: boolean;
}

/** A moment of before that is shown, or looked for. */
export interface PastView {
  /** The event that was asked for. */
  readonly seq: number;
  /** The event after which it was as it is shown; null until it is known. */
  readonly entry: JournalEntry | null;
  readonly trouble: string | null;
}

/** All that a frame is drawn from: the session as the client knows it, and this screen's own state. */
export interface Room {
  readonly ui: UiState;
  readonly state: State;
  readonly connection: Connection;
  readonly recent: readonly JournalEntry[];
  readonly clients: number;
  readonly readOnly: boolean;
  readonly table: readonly Binding[];
  readonly profiles: readonly ProfileChoice[];
  /** null while the metrics page is closed. */
  readonly metrics: MetricsView | null;
  /** The texts of the overlap that the merge screen shows; null while it is closed, as with those below. */
  readonly overlap: Fetched<OverlapReply> | null;
  readonly branches: Fetched<BranchesReply> | null;
  readonly diff: Fetched<DiffReply> | null;
  /** null until a page with code was opened. */
  readonly code: Highlighter | null;
  /** null while the log is closed. */
  readonly journal: JournalView | null;
  /** Number of the newest event. */
  readonly last: number;
  /** `state`, `recent` and the rest are of then; null: of now. */
  readonly past: PastView | null;
  readonly tools: OutsideTools;
  /** The rows of a pane's screen as text, as they were last seen here; [] where none came yet. */
  screenText(pane: number): readonly string[];
}

/** The agent that keys are about: the one chosen, or the first while none is. */
export function focusedId(room: Pick<Room, 'ui' | 'state'>): AgentId | null {
  const { focus } = room.ui;
  return focus !== null && room.state.agents[focus] ? focus : (room.state.order[0] ?? null);
}

export function focusedAgent(room: Pick<Room, 'ui' | 'state'>): Agent | null {
  const id = focusedId(room);
  return id === null ? null : (room.state.agents[id] ?? null);
}

/** Position of an agent in the session's order, counted from 0; 0 for one that isn't there. */
export function indexOf(state: State, agent: AgentId | null): number {
  return Math.max(0, agent === null ? 0 : state.order.indexOf(agent));
}

export function factsOf(room: Room): RoomFacts {
  return {
    ui: room.ui,
    state: room.state,
    focused: focusedAgent(room),
    readOnly: room.readOnly,
    live: room.connection.state === 'live',
    past: room.past !== null,
    overlap: room.overlap?.latest ?? null,
    tools: room.tools,
  };
}

export function layoutOf(room: Pick<Room, 'ui' | 'state'>): RoomLayout {
  const { ui, state } = room;
  return layoutRoom({
    cols: ui.cols,
    rows: ui.rows,
    agents: state.order.length,
    mode: ui.layout,
    focus: indexOf(state, focusedId(room)),
    main: indexOf(state, ui.main),
    zoom: ui.zoom,
    panelOpen: ui.panelOpen,
  });
}
