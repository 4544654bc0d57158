/** What one kind of agent needs to be launched, briefed and interrupted. */
export interface Profile {
  readonly id: string;
  /** For people: "Claude Code". */
  readonly title: string;
  /** argv; the first word is looked up on the PATH. */
  readonly command: readonly string[];
  /** How a prompt gets in: bracketed paste, a moment, Enter; or not at all. */
  readonly briefing: 'paste-enter' | 'none';
  /** Keys that make it stop what it does and listen, as `llmctl keys` names them. */
  readonly interrupt: readonly string[];
  /** What to do where its program is not there; '' where nothing is known. */
  readonly install: string;
  readonly from: 'llmctl' | 'person';
}
