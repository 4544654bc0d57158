/** Errors that reach a user: one line that says what happened and, where it helps, which names were perhaps meant. */
import type { ErrorCode } from '../protocol/messages.ts';

/** The daemon's codes, and the connection's own: nobody listens, the line broke, the other side speaks nonsense. */
export type LlmctlErrorCode = ErrorCode | 'no-session' | 'lost' | 'protocol';

export class LlmctlError extends Error {
  override readonly name = 'LlmctlError';
  readonly code: LlmctlErrorCode;
  /** Names that were perhaps meant, nearest first. */
  readonly nearest: readonly string[];

  constructor(code: LlmctlErrorCode, message: string, nearest: readonly string[] = []) {
    super(message);
    this.code = code;
    this.nearest = nearest;
  }
}
