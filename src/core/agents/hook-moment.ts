/** What a hook tells of, whichever CLI it is of. */

export type Moment =
  | 'began'
  | 'prompt'
  | 'before-tool'
  | 'after-tool'
  | 'asks'
  | 'notice'
  | 'turn-over'
  | 'failed'
  | 'ended'
  | 'figures';

/** Names as Claude Code, Codex and Gemini CLI have them. */
const MOMENTS: Readonly<Record<string, Moment>> = {
  SessionStart: 'began',
  UserPromptSubmit: 'prompt',
  BeforeAgent: 'prompt',
  PreToolUse: 'before-tool',
  BeforeTool: 'before-tool',
  PostToolUse: 'after-tool',
  PostToolUseFailure: 'after-tool',
  AfterTool: 'after-tool',
  PermissionRequest: 'asks',
  Notification: 'notice',
  Stop: 'turn-over',
  AfterAgent: 'turn-over',
  Interrupt: 'turn-over',
  StopFailure: 'failed',
  SessionEnd: 'ended',
  StatusLine: 'figures',
};

export function momentOf(name: string): Moment | null {
  return Object.hasOwn(MOMENTS, name) ? MOMENTS[name]! : null;
}
