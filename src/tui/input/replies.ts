/** Answers of the terminal to questions of ours. A program never gets them: it asks its own emulator. */
import type { Token } from './sequence.ts';
import { csiParts } from './sequence.ts';

export type TerminalReply =
  /** `CSI 0 n`: all that was written before the question is on screen. */
  | { readonly kind: 'ready' }
  /** DECRPM: 0 not known, 1 set, 2 reset, 3 always set, 4 always reset. */
  | { readonly kind: 'mode'; readonly mode: number; readonly value: number }
  /** The kitty keyboard protocol is there. */
  | { readonly kind: 'kitty'; readonly flags: number }
  /** Where the cursor stands, from 1. */
  | { readonly kind: 'cursor'; readonly row: number; readonly column: number }
  | { readonly kind: 'attributes' }
  | { readonly kind: 'other' };

/** @returns null where the token is no answer */
export function replyOf(bytes: Uint8Array, token: Token): TerminalReply | null {
  if (token.kind === 'string') return { kind: 'other' };
  if (token.kind !== 'csi') return null;
  const { prefix, params, intermediates, final } = csiParts(bytes, token);
  const first = params[0]?.[0] ?? NaN;
  const second = params[1]?.[0] ?? NaN;
  if (final === 'n') return { kind: prefix === '' && first === 0 ? 'ready' : 'other' };
  if (final === 'y' && intermediates === '$') return { kind: 'mode', mode: first, value: second };
  if (final === 'u' && prefix === '?') return { kind: 'kitty', flags: first || 0 };
  if (final === 'c' && prefix !== '') return { kind: 'attributes' };
  // On the first row it would be F3 with a modifier: we ask on the second.
  if (final === 'R' && first > 1 && !Number.isNaN(second)) return { kind: 'cursor', row: first, column: second };
  return final === 't' || prefix === '?' || prefix === '>' || prefix === '=' ? { kind: 'other' } : null;
}
