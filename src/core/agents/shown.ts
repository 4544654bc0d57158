/** Whether a message can be seen on a screen. */

/** Its end is what an input box shows; so much of it is no chance. */
const END = 16;
/** What Claude Code and Codex show in place of a long paste. */
const PASTED = /\[Pasted (?:text|Content)[^\]]*\]/i;

/** Frames, blanks and breaks don't count: a box wraps as it likes. */
export function isShown(message: string, rows: readonly string[]): boolean {
  const screen = rows.join('\n');
  return PASTED.test(screen) || squeezed(screen).includes(squeezed(message).slice(-END));
}

function squeezed(text: string): string {
  return text.replaceAll(/[\s\u2500-\u259f|>❯›]+/gu, '');
}
