import { type AreaEdit, type TextArea, areaOf, areaText, editArea, insertArea } from '../widgets/text-area.ts';

/** What is to stand in a hunk's place. */
export type HunkChoice =
  | { readonly take: 'A' | 'B' | 'A then B' | 'B then A' }
  | { readonly take: 'edit'; readonly text: string };

/** One decision for the whole file: a side of it, or a text that came back from an editor. */
export type WholeChoice = { readonly take: 'A' | 'B' } | { readonly take: 'edit'; readonly text: string };

/** What the person decided so far, and what of it is being looked at. */
export interface MergeState {
  /** Number of the hunk that keys are about, from 0. */
  readonly hunk: number;
  /** By the keys of the hunks. */
  readonly choices: Readonly<Record<string, HunkChoice>>;
  /** Texts being edited that were put aside. */
  readonly drafts: Readonly<Record<string, string>>;
  readonly whole: WholeChoice | null;
  /** The text being edited, and the hunk that it is for. */
  readonly edit: { readonly key: string; readonly area: TextArea } | null;
  /** The result is shown instead of the hunks. */
  readonly result: boolean;
}

export const NOTHING_CHOSEN: MergeState = {
  hunk: 0,
  choices: {},
  drafts: {},
  whole: null,
  edit: null,
  result: false,
};

export type MergeAction =
  | { readonly do: 'go'; readonly hunk: number }
  /** `next`: the hunk to look at then. */
  | { readonly do: 'choose'; readonly keys: readonly string[]; readonly choice: HunkChoice; readonly next: number }
  | { readonly do: 'clear'; readonly key: string }
  | { readonly do: 'whole'; readonly choice: WholeChoice | null }
  | { readonly do: 'result' }
  /** Begins with the draft that was put aside, else with `text`. */
  | { readonly do: 'edit'; readonly key: string; readonly text: string }
  | { readonly do: 'edit.keep' }
  | { readonly do: 'edit.aside' }
  | { readonly do: 'area.insert'; readonly text: string }
  | { readonly do: 'area.edit'; readonly what: AreaEdit };

export function reduceMerge(state: MergeState, action: MergeAction): MergeState {
  switch (action.do) {
    case 'go':
      return { ...state, hunk: action.hunk, result: false };
    case 'choose': {
      const chosen = Object.fromEntries(action.keys.map((key) => [key, action.choice]));
      return { ...state, choices: { ...state.choices, ...chosen }, whole: null, hunk: action.next };
    }
    case 'clear':
      return { ...state, choices: without(state.choices, action.key), whole: null };
    case 'whole':
      return { ...state, whole: action.choice };
    case 'result':
      return { ...state, result: !state.result };
    case 'edit':
      return {
        ...state,
        result: false,
        edit: { key: action.key, area: areaOf(state.drafts[action.key] ?? action.text) },
      };
    default:
      return state.edit ? reduceEdit(state, state.edit, action) : state;
  }
}

type EditAction = Extract<MergeAction, { do: `edit.${string}` | `area.${string}` }>;

function reduceEdit(state: MergeState, edit: NonNullable<MergeState['edit']>, action: EditAction): MergeState {
  const { key, area } = edit;
  switch (action.do) {
    case 'edit.keep': {
      const choice: HunkChoice = { take: 'edit', text: areaText(area) };
      const choices = { ...state.choices, [key]: choice };
      return { ...state, choices, drafts: without(state.drafts, key), whole: null, edit: null };
    }
    case 'edit.aside':
      return { ...state, drafts: { ...state.drafts, [key]: areaText(area) }, edit: null };
    case 'area.insert':
      return { ...state, edit: { key, area: insertArea(area, action.text) } };
    case 'area.edit':
      return { ...state, edit: { key, area: editArea(area, action.what) } };
  }
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([one]) => one !== key));
}
