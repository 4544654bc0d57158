/** A request that can't be done: one line for a person, a code for scripts. */
import type { Refusal } from '../../core/model/commands.ts';
import type { ErrorCode } from '../../protocol/messages.ts';

export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ErrorCode;
  readonly nearest: readonly string[];

  constructor(code: ErrorCode, message: string, nearest: readonly string[] = []) {
    super(message);
    this.code = code;
    this.nearest = nearest;
  }
}

export function refused({ code, refused: words, nearest }: Refusal): RequestError {
  return new RequestError(code, words, nearest ?? []);
}
