/** What a hook prints, in the words of its CLI. '' lets the CLI go on as it would. */
import type { HookFired, HookReply } from './fired.ts';

/** @returns one line of JSON with its end, or a line for people where that is what the hook is for */
export function answerOf({ name }: HookFired, { verdict, reason }: HookReply): string {
  if (name === 'StatusLine') return reason;
  if (verdict === null) return '';
  const why = `llmctl: ${reason}`;
  switch (name) {
    case 'PreToolUse':
      // A yes here would skip the CLI's own rules: only what it asks for itself is answered with yes.
      return verdict === 'deny' ? specific(name, { permissionDecision: 'deny', permissionDecisionReason: why }) : '';
    case 'PermissionRequest':
      return specific(name, {
        decision: verdict === 'allow' ? { behavior: 'allow' } : { behavior: 'deny', message: why },
      });
    case 'BeforeTool':
      return verdict === 'deny' ? JSON.stringify({ decision: 'deny', reason: why }) : '';
    default:
      return '';
  }
}

function specific(hookEventName: string, more: object): string {
  return JSON.stringify({ hookSpecificOutput: { hookEventName, ...more } });
}
