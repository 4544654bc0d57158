import type { OverlapReply } from '../../client/api.ts';
import type { Agent } from '../../core/model/agent.ts';
import type { State } from '../../core/model/state.ts';
import type { OutsideTools } from '../app/room.ts';
import type { CaretMove } from '../app/scroll.ts';
import type { UiState } from '../app/ui-state.ts';
import type { HunkChoice } from '../merge/choices.ts';
import type { AreaEdit } from '../widgets/text-area.ts';
import type { FieldEdit } from '../widgets/text-field.ts';

/** What a binding may look at to say why it can't run now. */
export interface RoomFacts {
  readonly ui: UiState;
  readonly state: State;
  readonly focused: Agent | null;
  readonly readOnly: boolean;
  /** The connection lives: commands would reach the session. */
  readonly live: boolean;
  /** The room is shown as it was. */
  readonly past: boolean;
  /** The texts on the merge screen, once they are there. */
  readonly overlap: OverlapReply | null;
  readonly tools: OutsideTools;
}

export type ListPopup =
  | 'help'
  | 'git'
  | 'plan'
  | 'log'
  | 'overlaps'
  | 'explain'
  | 'metrics'
  | 'build'
  | 'alerts'
  | 'emergencies'
  | 'digests'
  | 'todos';
export type Direction = 'left' | 'right' | 'up' | 'down';
/** How far a list or a scrollback moves: rows, pages, or all the way. */
export type Stride = 'line' | 'half' | 'page' | 'end';

/** On the overlaps page and the merge screen. */
export interface MergeKeys {
  open(): void;
  mergeNow(): void;
  defer(): void;
  undo(): void;
  freeLock(): void;
  goHunk(step: -1 | 1): void;
  choose(take: Exclude<HunkChoice['take'], 'edit'>): void;
  chooseAll(take: 'A' | 'B'): void;
  clearChoice(): void;
  toggleResult(): void;
  accept(): void;
  handOver(): void;
  editHunk(): void;
  editArea(what: AreaEdit): void;
  typeTab(): void;
  keepEdit(): void;
}

/** Programs in panes that bring the text of a merge back. */
export interface EditorKeys {
  openEditor(): void;
  openMergetool(): void;
}

/** On the git screen and on diffs. */
export interface GitKeys {
  openDiff(): void;
  diffAgainst(): void;
  pullRequest(): void;
  commit(): void;
  land(): void;
  withdraw(): void;
  rollBack(): void;
}

/** On the build page, and among the failures of a check. */
export interface HealthKeys {
  open(): void;
  run(): void;
  output(): void;
  blame(): void;
  edit(): void;
  send(): void;
}

/** On the plan screen, the page of a task and the dialog of a gate. */
export interface PlanKeys {
  open(): void;
  /** -1 folds, 1 unfolds, 0 what it isn't. */
  fold(sign: -1 | 0 | 1): void;
  otherView(): void;
  start(): void;
  done(): void;
  fail(): void;
  retry(): void;
  assign(): void;
  tick(): void;
  runGate(): void;
  pass(): void;
  noGo(): void;
  waive(): void;
}

/** On the pages of alerts and emergencies. */
export interface WatchKeys {
  /** What the marked alert is about. */
  openAlert(): void;
  ackAlert(): void;
  /** The digest of the marked sync point. */
  openDigest(): void;
  holdSync(): void;
  go(): void;
  skip(): void;
  stop(): void;
  /** To the agent that the marked emergency is about. */
  openAgent(): void;
}

/** On the log page, on one event of it, and in the past. */
export interface JournalKeys {
  nextAgent(): void;
  nextKind(step: -1 | 1): void;
  nextLevel(): void;
  clearFilter(): void;
  openSearch(): void;
  searchStep(step: -1 | 1): void;
  openEvent(): void;
  keepReport(): void;
  /** On the metrics page. */
  otherMetrics(): void;
  keepMetrics(): void;
  stepEvent(step: -1 | 1): void;
  openPast(): void;
  /** @param by - events */
  stepPast(by: number): void;
  leavePast(): void;
}

/** What agents ask before they do it. */
export interface PermissionKeys {
  look(): void;
  allow(): void;
  always(): void;
  deny(): void;
}

/** Looking back through the output of the agent with the focus. */
export interface ScrollKeys {
  by(stride: Stride, sign: -1 | 1): void;
  leave(): void;
  openSearch(): void;
  searchStep(step: -1 | 1): void;
  /** @param at - null: where the cursor of the screen is */
  startSelect(at: null): void;
  moveCaret(move: CaretMove): void;
  toggleAnchor(): void;
  toggleLinewise(): void;
  swapEnds(): void;
  endSelect(): void;
  copy(): void;
}

/** Everything that keys can set going. The table of bindings calls it; the controller is it. */
export interface Commands {
  readonly merge: MergeKeys;
  readonly editors: EditorKeys;
  readonly git: GitKeys;
  readonly health: HealthKeys;
  readonly plan: PlanKeys;
  readonly watch: WatchKeys;
  readonly permission: PermissionKeys;
  readonly scroll: ScrollKeys;
  readonly journal: JournalKeys;
  enterPane(): void;
  togglePause(): void;
  togglePauseAll(): void;
  restart(): void;
  stop(): void;
  remove(): void;
  nextWaiting(): void;
  focusStep(step: -1 | 1): void;
  focusToward(direction: Direction): void;
  focusNumber(number: number): void;
  zoom(): void;
  cycleLayout(step: -1 | 1): void;
  makeMain(): void;
  togglePanel(): void;
  open(popup: ListPopup): void;
  openPalette(): void;
  openNewAgent(): void;
  openSend(): void;
  closePopup(): void;
  moveList(stride: Stride, sign: -1 | 1): void;
  accept(): void;
  editField(what: FieldEdit): void;
  history(step: -1 | 1): void;
  complete(): void;
  toggleTodo(): void;
  addTodo(): void;
  removeTodo(): void;
  clearAlert(): void;
  dismiss(): void;
  redraw(): void;
  detach(): void;
  quit(): void;
}
