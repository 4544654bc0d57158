/** Copies to the operator's clipboard through the terminal: OSC 52, also over ssh. Only on the operator's own act. */

/** Terminals cut or drop longer ones: xterm takes some 100 KB of base64, hterm 100,000 bytes, tmux 1 MB. */
const LIMIT = 100_000;
/** GNU screen passes no more than this many bytes of a DCS on at once. */
const SCREEN_CHUNK = 200;

/**
 * @param env - TMUX and STY tell of multiplexers in between, which must be asked to pass it on
 * @returns the sequence; null where the text is too long for terminals to take
 */
export function copySequence(text: string, env: Readonly<Record<string, string | undefined>>): string | null {
  const base64 = Buffer.from(text, 'utf8').toString('base64');
  if (base64.length > LIMIT) return null;
  const osc = `\x1b]52;c;${base64}`;
  if (env.TMUX) {
    // Plain for `set-clipboard on`, wrapped for `allow-passthrough on`; whichever is off ignores its own.
    return `${osc}\x07\x1bPtmux;\x1b${osc}\x07\x1b\\`;
  }
  if (env.STY) return screenChunks(`${osc}\x07`);
  return `${osc}\x1b\\`;
}

function screenChunks(sequence: string): string {
  let out = '';
  for (let i = 0; i < sequence.length; i += SCREEN_CHUNK) out += `\x1bP${sequence.slice(i, i + SCREEN_CHUNK)}\x1b\\`;
  return out;
}
