/** What the model stand-in answers, as data. */

/** A tool by what it does; which of the CLI's own tools that is follows from what the request offers (tools.ts). */
export type ToolPart =
  /** `escalate`: it asks for more than its sandbox allows, where the CLI has one. */
  | { readonly tool: 'bash'; readonly command: string; readonly description?: string; readonly escalate?: boolean }
  | { readonly tool: 'write'; readonly path: string; readonly content: string }
  | { readonly tool: 'edit'; readonly path: string; readonly old: string; readonly new: string }
  | { readonly tool: 'read'; readonly path: string }
  | { readonly tool: 'ask'; readonly question: string; readonly options: readonly string[] }
  /** One of the CLI's own tools, by its name. */
  | { readonly tool: 'own'; readonly name: string; readonly input: Readonly<Record<string, unknown>> }
  /** A tool of an MCP server, by the end of its name. */
  | { readonly tool: 'mcp'; readonly name: string; readonly input: Readonly<Record<string, unknown>> };

export type Part =
  | { readonly text: string }
  | { readonly think: string }
  | ToolPart
  | { readonly sleepMs: number }
  /** The connection breaks here. */
  | { readonly drop: true };

export interface ErrorTurn {
  /** HTTP status: 429, 500, 529, 401… */
  readonly status: number;
  readonly message: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** So many times; then the turn after it answers. Default: always. */
  readonly times?: number;
}

export type Turn = readonly Part[] | { readonly error: ErrorTurn };

export interface Script {
  /** One for each answer of the model after the prompt that named the script. */
  readonly turns: readonly Turn[];
  /** Before the first byte, and between pieces. */
  readonly firstMs?: number;
  readonly tokenMs?: number;
  /** What each answer says it used. */
  readonly usage?: { readonly input: number; readonly output: number; readonly cached?: number };
}

export type Scripts = Readonly<Record<string, Script>>;

/** Named by a prompt: "Add a module [[stub:edit]]". */
export const MARK = /\[\[stub:([\w.-]+)\]\]/g;
