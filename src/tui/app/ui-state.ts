import type { AgentId } from '../../core/model/agent.ts';
import { LAYOUT_MODES, type LayoutMode } from '../layout/room.ts';
import { type MergeAction, reduceMerge } from '../merge/choices.ts';
import { type FieldEdit, type TextField, edit, insert } from '../widgets/text-field.ts';
import { type Popup, fieldOfPopup, withField } from './popup.ts';
import {
  type CaretMove,
  type Match,
  type Point,
  type ScrollBounds,
  type ScrollView,
  enterScroll,
  moveCaret,
  scrollTo,
  startCaret,
  stepMatch,
  withMatches,
} from './scroll.ts';

export interface Toast {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
  /** Tells one message from the next with the same words. */
  readonly number: number;
}

/** The state of this screen alone; what the session knows is elsewhere. */
export interface UiState {
  readonly cols: number;
  readonly rows: number;
  readonly mode: 'control' | 'pane';
  /** The agent that keys are about; null until one was chosen, which stands for the first. */
  readonly focus: AgentId | null;
  readonly layout: LayoutMode;
  readonly main: AgentId | null;
  readonly zoom: boolean;
  readonly panelOpen: boolean;
  readonly popup: Popup | null;
  readonly scroll: ScrollView | null;
  readonly toast: Toast | null;
  /** The room is shown as it was right after this event; null: as it is now. */
  readonly past: number | null;
  /** Lines sent, newest first. */
  readonly sent: readonly string[];
}

export type UiAction =
  | { readonly type: 'resize'; readonly cols: number; readonly rows: number }
  | { readonly type: 'mode'; readonly mode: UiState['mode'] }
  | { readonly type: 'focus'; readonly agent: AgentId }
  | { readonly type: 'layout'; readonly step: -1 | 1 }
  | { readonly type: 'main'; readonly agent: AgentId }
  | { readonly type: 'zoom'; readonly on: boolean }
  | { readonly type: 'panel' }
  /** `seq`: number of the event; null: back to now. */
  | { readonly type: 'past'; readonly seq: number | null }
  | { readonly type: 'popup'; readonly popup: Popup | null }
  /** `count` entries in the list, of which `view` are seen at once. */
  | { readonly type: 'popup.move'; readonly by: number; readonly count: number; readonly view: number }
  | { readonly type: 'field.insert'; readonly text: string }
  | { readonly type: 'field.edit'; readonly what: FieldEdit }
  | { readonly type: 'field.set'; readonly field: TextField }
  | { readonly type: 'merge'; readonly action: MergeAction }
  | { readonly type: 'popup.top'; readonly top: number }
  | { readonly type: 'sent'; readonly text: string }
  | { readonly type: 'scroll.enter'; readonly agent: AgentId; readonly pane: number; readonly top: number }
  | { readonly type: 'scroll.by'; readonly lines: number; readonly bounds: ScrollBounds }
  | { readonly type: 'scroll.leave' }
  | { readonly type: 'select.start'; readonly bounds: ScrollBounds; readonly at: Point | null }
  | { readonly type: 'select.move'; readonly move: CaretMove; readonly bounds: ScrollBounds }
  | { readonly type: 'select.drag'; readonly to: Point; readonly bounds: ScrollBounds }
  | { readonly type: 'select.anchor' }
  | { readonly type: 'select.linewise' }
  | { readonly type: 'select.swap' }
  | { readonly type: 'select.end' }
  | {
      readonly type: 'search.found';
      readonly query: string;
      readonly matches: readonly Match[];
      readonly bounds: ScrollBounds;
    }
  | { readonly type: 'search.step'; readonly step: -1 | 1; readonly bounds: ScrollBounds }
  | { readonly type: 'toast'; readonly level: Toast['level']; readonly text: string }
  | { readonly type: 'toast.over'; readonly number: number };

const HISTORY_LIMIT = 100;

export function initialUi(cols: number, rows: number, layout: LayoutMode = 'grid'): UiState {
  return {
    cols,
    rows,
    mode: 'control',
    focus: null,
    layout,
    main: null,
    zoom: false,
    panelOpen: true,
    popup: null,
    scroll: null,
    toast: null,
    past: null,
    sent: [],
  };
}

export function reduceUi(ui: UiState, action: UiAction): UiState {
  switch (action.type) {
    case 'resize':
      return { ...ui, cols: action.cols, rows: action.rows };
    case 'mode':
      if (action.mode === 'control') return { ...ui, mode: action.mode, popup: null };
      // What is typed goes to how it is now.
      return { ...ui, mode: action.mode, popup: null, scroll: null, past: null };
    case 'focus':
      return ui.focus === action.agent ? ui : { ...ui, focus: action.agent, scroll: null };
    case 'layout':
      return { ...ui, layout: cycled(ui.layout, action.step), main: ui.focus, zoom: false };
    case 'main':
      return { ...ui, main: action.agent, layout: 'main-stack', zoom: false };
    case 'zoom':
      return { ...ui, zoom: action.on };
    case 'past':
      return { ...ui, past: action.seq, scroll: null };
    case 'panel':
      return { ...ui, panelOpen: !ui.panelOpen };
    case 'toast':
      return { ...ui, toast: { level: action.level, text: action.text, number: (ui.toast?.number ?? 0) + 1 } };
    case 'toast.over':
      return ui.toast?.number === action.number ? { ...ui, toast: null } : ui;
    case 'sent':
      return { ...ui, sent: [action.text, ...ui.sent.filter((text) => text !== action.text)].slice(0, HISTORY_LIMIT) };
    case 'popup':
    case 'popup.move':
    case 'popup.top':
    case 'merge':
    case 'field.insert':
    case 'field.edit':
    case 'field.set':
      return { ...ui, popup: reducePopup(ui.popup, action) };
    case 'scroll.enter':
      return { ...ui, focus: action.agent, scroll: enterScroll(action.agent, action.pane, action.top) };
    default:
      return ui.scroll ? { ...ui, scroll: reduceScroll(ui.scroll, action) } : ui;
  }
}

type PopupAction = Extract<UiAction, { type: 'popup' | 'popup.move' | 'popup.top' | 'merge' | `field.${string}` }>;

function reducePopup(popup: Popup | null, action: PopupAction): Popup | null {
  if (action.type === 'popup') return action.popup;
  if (!popup) return null;
  if (action.type === 'popup.move') return movePopup(popup, action);
  if (action.type === 'popup.top') return 'top' in popup ? { ...popup, top: Math.max(0, action.top) } : popup;
  if (popup.kind === 'merge') return mergePopup(popup, action);
  if (action.type === 'merge') return popup;
  const field = fieldOfPopup(popup);
  if (!field) return popup;
  switch (action.type) {
    case 'field.insert':
      return withField(popup, insert(field, action.text));
    case 'field.edit':
      return withField(popup, edit(field, action.what));
    case 'field.set':
      return withField(popup, action.field);
  }
}

function mergePopup(popup: Extract<Popup, { kind: 'merge' }>, action: PopupAction): Popup {
  const change = action.type === 'field.insert' ? ({ do: 'area.insert', text: action.text } as const) : null;
  const asked = action.type === 'merge' ? action.action : change;
  return asked ? { ...popup, merge: reduceMerge(popup.merge, asked) } : popup;
}

function movePopup(popup: Popup, move: Extract<UiAction, { type: 'popup.move' }>): Popup {
  const within = (value: number, most: number) => Math.max(0, Math.min(most, value));
  if (popup.kind === 'send' || popup.kind === 'search' || popup.kind === 'reason' || popup.kind === 'log') return popup;
  if (popup.kind === 'confirm') {
    const count = popup.choices.length;
    return { ...popup, index: (popup.index + move.by + count) % count };
  }
  if ('index' in popup) return { ...popup, index: within(popup.index + move.by, move.count - 1) };
  return { ...popup, top: within(popup.top + move.by, move.count - move.view) };
}

type ScrollAction = Exclude<
  UiAction,
  | PopupAction
  | {
      type:
        | 'resize'
        | 'mode'
        | 'focus'
        | 'layout'
        | 'main'
        | 'zoom'
        | 'panel'
        | 'past'
        | 'toast'
        | 'toast.over'
        | 'sent'
        | 'scroll.enter';
    }
>;

function reduceScroll(view: ScrollView, action: ScrollAction): ScrollView | null {
  switch (action.type) {
    case 'scroll.by':
      return scrollTo(view, view.top + action.lines, action.bounds);
    case 'scroll.leave':
      return null;
    case 'select.start':
      return startCaret(view, action.bounds, action.at);
    case 'select.move':
      return moveCaret(view, action.move, action.bounds);
    case 'select.drag':
      return { ...view, caret: action.to };
    case 'select.anchor':
      return { ...view, anchor: view.caret };
    case 'select.linewise':
      return { ...view, linewise: !view.linewise, anchor: view.anchor ?? view.caret };
    case 'select.swap':
      return view.anchor ? { ...view, caret: view.anchor, anchor: view.caret } : view;
    case 'select.end':
      return { ...view, caret: null, anchor: null, linewise: false };
    case 'search.found':
      return withMatches(view, action.query, action.matches, action.bounds);
    case 'search.step':
      return stepMatch(view, action.step, action.bounds);
  }
}

function cycled(mode: LayoutMode, step: number): LayoutMode {
  const count = LAYOUT_MODES.length;
  return LAYOUT_MODES[(LAYOUT_MODES.indexOf(mode) + step + count) % count]!;
}
