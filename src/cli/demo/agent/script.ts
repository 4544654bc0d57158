/** A scripted agent's day as data: what it says, reads, edits and runs, in order. Seconds are at speed 1. */

export type Step =
  /** Streams an answer, word by word. */
  | { readonly do: 'say'; readonly text: string }
  /** A spinner for a while. */
  | { readonly do: 'think'; readonly about: string; readonly seconds: number }
  /** Really reads a file. */
  | { readonly do: 'read'; readonly path: string }
  /** Really searches the source files for a word. */
  | { readonly do: 'search'; readonly word: string }
  /** Replaces the one place where `find` stands; skipped with a word where somebody changed it. */
  | { readonly do: 'edit'; readonly path: string; readonly find: string; readonly put: string }
  /** Writes a new file. */
  | { readonly do: 'write'; readonly path: string; readonly text: string }
  /** Really runs a program; `node` is the Node this agent runs on. `fails` says that a failure is part of the story. */
  | { readonly do: 'run'; readonly argv: readonly string[]; readonly fails?: boolean }
  /** Commits these paths and nothing else. */
  | { readonly do: 'commit'; readonly message: string; readonly paths: readonly string[] }
  /** Its word to the coordinator. */
  | { readonly do: 'progress'; readonly percent: number; readonly text: string }
  /** Checks off one of its todos in the plan. */
  | { readonly do: 'todo'; readonly text: string }
  /** A permission dialog; waits for a person. */
  | { readonly do: 'ask'; readonly command: string; readonly yes: readonly Step[]; readonly no: readonly Step[] }
  /** A program that never ends, and no progress meanwhile; given up after `seconds`, or at once on Ctrl+C. */
  | { readonly do: 'stall'; readonly argv: readonly string[]; readonly seconds: number }
  /** The agent's own list, with this many items done. */
  | { readonly do: 'list'; readonly items: readonly string[]; readonly done: number };

export interface Script {
  readonly id: string;
  /** Said in the banner and the title. */
  readonly task: string;
  /** 24-bit colour of its banner and box. */
  readonly color: readonly [number, number, number];
  /** Seconds before it begins, where no prompt comes; real ones at any speed. */
  readonly patience: number;
  readonly steps: readonly Step[];
}
