/** A person's own settings. */
import { DEFAULT_RULES, type NotifyRules } from '../notify/rules.ts';

export interface Config {
  /** Command id → its keys; an empty list takes them away. Checked against the table of bindings where that is. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Chords that leave pane mode, as input events name them: `Ctrl+q`. Never empty. */
  readonly exitChord: readonly string[];
  /** null: what suits the terminal. */
  readonly theme: string | null;
  /** Profile of a new agent where none is named. */
  readonly defaultProfile: string;
  /** Lines of scrollback kept for each pane. */
  readonly scrollback: number;
  readonly mouse: boolean;
  /** False: the terminal is told of nothing, neither by its bell nor otherwise. */
  readonly notify: boolean;
  readonly notifications: NotifyRules;
}

export const DEFAULT_CONFIG: Config = {
  keys: {},
  exitChord: ['Ctrl+q'],
  theme: null,
  defaultProfile: 'shell',
  scrollback: 1000,
  mouse: true,
  notify: true,
  notifications: DEFAULT_RULES,
};
