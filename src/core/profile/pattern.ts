/** Patterns of profiles as regular expressions. */

export type Compiled = { readonly ok: true; readonly regexp: RegExp } | { readonly ok: false; readonly reason: string };

/**
 * Flags `mu`: `^` and `$` are ends of a row. A blank in the pattern is any stretch of blanks, line ends and frame strokes: a
 * text that a narrower pane breaks in two is the same text.
 */
export function compilePattern(source: string): Compiled {
  try {
    return { ok: true, regexp: new RegExp(source.replaceAll(' ', String.raw`[\s│┃║|]+`), 'mu') };
  } catch (error) {
    return { ok: false, reason: (error as Error).message.replace(/^Invalid regular expression: /, '') };
  }
}
