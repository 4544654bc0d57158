import type { AgentId } from '../../core/model/agent.ts';
import { EMPTY_FIELD, type TextField } from '../widgets/text-field.ts';

/** What a confirmed question does. */
export type Deed =
  | { readonly type: 'none' }
  | { readonly type: 'detach' }
  | { readonly type: 'down' }
  | { readonly type: 'stop'; readonly agent: AgentId }
  | { readonly type: 'restart'; readonly agent: AgentId }
  | { readonly type: 'remove'; readonly agent: AgentId };

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
  | Each<'help' | 'git' | 'log' | 'overlaps' | 'explain' | 'metrics', { readonly top: number }>
  | Each<'build' | 'alerts', { readonly index: number; readonly top: number }>
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
      }
    >;

export type PopupKind = Popup['kind'];

/** The text field that has the keys, if one has. */
export function fieldOfPopup(popup: Popup | null): TextField | null {
  return popup !== null && 'field' in popup ? popup.field : null;
}

export function withField(popup: Popup, field: TextField): Popup {
  switch (popup.kind) {
    case 'todos':
      return { ...popup, field };
    case 'palette':
    case 'new-agent':
      // What is listed depends on the text: its best match is the first.
      return { ...popup, field, index: 0 };
    case 'send':
    case 'search':
      return { ...popup, field };
    default:
      return popup;
  }
}

export function openPopup(kind: Exclude<PopupKind, 'send' | 'search' | 'confirm'>): Popup {
  switch (kind) {
    case 'help':
    case 'git':
    case 'log':
    case 'overlaps':
    case 'explain':
    case 'metrics':
      return { kind, top: 0 };
    case 'build':
    case 'alerts':
      return { kind, index: 0, top: 0 };
    case 'todos':
      return { kind, index: 0, field: null };
    case 'palette':
    case 'new-agent':
      return { kind, index: 0, field: EMPTY_FIELD };
  }
}
