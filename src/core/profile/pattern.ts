/** Patterns of profiles as regular expressions. */

export type Compiled = { readonly ok: true; readonly regexp: RegExp } | { readonly ok: false; readonly reason: string };

/**
 * Flags `mu`: `^` and `$` are ends of a row. A blank between two words is any stretch of blanks, line ends and frame strokes: a text
 * that a narrower pane breaks in two is the same text. A blank with a count of its own (` *`), and one in brackets, is a blank.
 */
export function compilePattern(source: string, flags = ''): Compiled {
  try {
    return { ok: true, regexp: new RegExp(withWideBlanks(source), `mu${flags}`) };
  } catch (error) {
    return { ok: false, reason: (error as Error).message.replace(/^Invalid regular expression: \/.*\/\w*: /s, '') };
  }
}

const WIDE = String.raw`[\s│┃║|]+`;

function withWideBlanks(source: string): string {
  let out = '';
  let inClass = false;
  for (let n = 0; n < source.length; n++) {
    const char = source[n]!;
    if (char === '\\') {
      out += char + (source[++n] ?? '');
      continue;
    }
    if (char === '[') inClass = true;
    if (char === ']') inClass = false;
    const alone = source[n - 1] !== ' ' && source[n + 1] !== ' ';
    const between = n > 0 && !'(^|'.includes(source[n - 1]!) && !'*+?{|)$'.includes(source[n + 1] ?? '$');
    out += char === ' ' && !inClass && alone && between ? WIDE : char;
  }
  return out;
}
