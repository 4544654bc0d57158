import type { AgentId } from '../../core/model/agent.ts';
import type { ClientCommand } from '../../core/model/commands.ts';
import type { PermissionClientCommand } from '../../core/model/permission.ts';
import type { WorkClientCommand } from '../../core/model/work-commands.ts';
import { ANY_EVENT, type JournalFilter } from '../../core/records/journal-filter.ts';
import type { JournalEntry } from '../../core/model/events.ts';
import { type MergeState, NOTHING_CHOSEN } from '../merge/choices.ts';
import type { Folds } from '../plan/entries.ts';
import { EMPTY_FIELD, type TextField } from '../widgets/text-field.ts';

/** What happened, without the steps in between; and with them. */
const NEWS: JournalFilter = { ...ANY_EVENT, level: 'info' };
export const EVERYTHING: JournalFilter = { ...ANY_EVENT };

/** What a confirmed question does. */
export type Deed =
  | { readonly type: 'none' }
  | { readonly type: 'detach' }
  | { readonly type: 'down' }
  | { readonly type: 'stop'; readonly agent: AgentId }
  | { readonly type: 'restart'; readonly agent: AgentId }
  | { readonly type: 'remove'; readonly agent: AgentId }
  | { readonly type: 'undo'; readonly round: string }
  | { readonly type: 'work'; readonly command: WorkClientCommand }
  | { readonly type: 'health'; readonly command: Extract<ClientCommand, { type: 'health.send' }> }
  /** A message of several lines to an agent. */
  | { readonly type: 'brief'; readonly agent: AgentId; readonly text: string };

/** What is done with a word why. */
export type Reasoned =
  | Extract<WorkClientCommand, { type: 'task.fail' | 'gate.pass' | 'gate.fail' | 'gate.waive' }>
  | PermissionClientCommand;

export interface Choice {
  /** Single letter that picks it. */
  readonly key: string;
  readonly label: string;
  readonly deed: Deed;
}

/** One member a kind, so that each can be picked out by its kind. */
type Each<K extends string, T> = { [P in K]: { readonly kind: P } & T }[K];

/** What lies over the room; one at a time. */
export type Popup =
  | Each<'help' | 'explain', { readonly top: number }>
  | Each<'metrics', { readonly view: 'now' | 'session'; readonly top: number }>
  /** `mark`: number of the event that is marked; null: the newest. `field`: what is searched for is being typed. */
  | Each<
      'log',
      {
        readonly filter: JournalFilter;
        readonly mark: number | null;
        readonly query: string;
        readonly field: TextField | null;
      }
    >
  | Each<'event', { readonly entry: JournalEntry; readonly top: number; readonly back: Popup | null }>
  | Each<'overlaps' | 'git' | 'emergencies' | 'alerts' | 'digests', { readonly index: number }>
  /** What a sync point was held with. `back`: what is open again once it is closed. */
  | Each<'digest', { readonly point: string; readonly top: number; readonly back: Popup | null }>
  | Each<'plan', { readonly view: 'tree' | 'timeline'; readonly index: number; readonly folds: Folds }>
  /** One task; its todos are the first lines. `back`: what is open again once it is closed. */
  | Each<'task', { readonly task: string; readonly index: number; readonly back: Popup | null }>
  | Each<'gate', { readonly gate: string; readonly top: number; readonly back: Popup | null }>
  /** What an agent asks; `permission`: its id. */
  | Each<'permission', { readonly permission: string; readonly top: number }>
  /** The word with which something about the plan's work is done. */
  | Each<
      'reason',
      {
        readonly question: string;
        readonly command: Reasoned;
        readonly field: TextField;
        readonly back: Popup | null;
      }
    >
  /** `overlap`: its id. Left for the list that it was opened from. */
  | Each<'merge', { readonly overlap: string; readonly merge: MergeState; readonly top: number }>
  /** `against`: null is its base. */
  | Each<'diff', { readonly agent: AgentId; readonly against: AgentId | null; readonly top: number }>
  /** What failed in a check. */
  | Each<'failures', { readonly name: string; readonly index: number }>
  | Each<'build', { readonly index: number }>
  | Each<'todos', { readonly index: number; readonly field: TextField | null }>
  | Each<'palette' | 'new-agent', { readonly index: number; readonly field: TextField }>
  /** `back`: how far back in the history of sent lines; 0 is the line being typed. */
  | Each<'send', { readonly agent: AgentId; readonly field: TextField; readonly back: number }>
  | Each<'search', { readonly agent: AgentId; readonly field: TextField }>
  | Each<
      'confirm',
      {
        readonly question: string;
        readonly detail: string;
        readonly choices: readonly Choice[];
        readonly index: number;
        /** What is open again once it is answered; nothing where absent. */
        readonly back?: Popup;
      }
    >;

export type PopupKind = Popup['kind'];

/** The text field that has the keys, if one has. */
export function fieldOfPopup(popup: Popup | null): TextField | null {
  return popup !== null && 'field' in popup ? popup.field : null;
}

/** Whether what is typed and pasted goes into a text. */
export function takesText(popup: Popup | null): boolean {
  return fieldOfPopup(popup) !== null || (popup?.kind === 'merge' && popup.merge.edit !== null);
}

export function openMerge(overlap: string): Popup {
  return { kind: 'merge', overlap, merge: NOTHING_CHOSEN, top: 0 };
}

export function withField(popup: Popup, field: TextField): Popup {
  switch (popup.kind) {
    case 'todos':
    case 'log':
      return { ...popup, field };
    case 'palette':
    case 'new-agent':
      // What is listed depends on the text: its best match is the first.
      return { ...popup, field, index: 0 };
    case 'send':
    case 'search':
    case 'reason':
      return { ...popup, field };
    default:
      return popup;
  }
}

/** Those that are about something. */
type Opened =
  | 'event'
  | 'digest'
  | 'failures'
  | 'send'
  | 'search'
  | 'confirm'
  | 'merge'
  | 'diff'
  | 'task'
  | 'gate'
  | 'permission'
  | 'reason';

export function openPopup(kind: Exclude<PopupKind, Opened>): Popup {
  switch (kind) {
    case 'log':
      return { kind, filter: NEWS, mark: null, query: '', field: null };
    case 'help':
    case 'explain':
      return { kind, top: 0 };
    case 'metrics':
      return { kind, view: 'now', top: 0 };
    case 'overlaps':
    case 'git':
    case 'emergencies':
    case 'alerts':
    case 'digests':
    case 'build':
      return { kind, index: 0 };
    case 'plan':
      return { kind, view: 'tree', index: 0, folds: [] };
    case 'todos':
      return { kind, index: 0, field: null };
    case 'palette':
    case 'new-agent':
      return { kind, index: 0, field: EMPTY_FIELD };
  }
}
