/** Anything from outside that is shown as text (names, titles, branches, paths) goes through here first. */

/**
 * C0, DEL and C1 controls, line separators, bidi marks and overrides (they reorder what a person reads), tag characters
 * (invisible text), lone surrogates.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** `text` with every control character replaced by a visible picture of it: ESC becomes ␛, a newline ␊, a bidi override �. */
export function showControls(text: string): string {
  return text.replace(UNSAFE, (char) => picture(char.codePointAt(0)!));
}

function picture(code: number): string {
  // The block "Control Pictures" has C0 in order from U+2400, and DEL at U+2421.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}

/** `text` on one line for a title, a reason, an alert: runs of blanks and line ends become one space, at most `max` code points. */
export function oneLine(text: string, max = 500): string {
  // Cut before the work: a program may send megabytes as its title.
  const flat = text
    .slice(0, max * 4)
    .replace(/[\s\u0085]+/gu, ' ')
    .trim();
  const shown = Array.from(showControls(flat));
  return shown.length <= max ? shown.join('') : `${shown.slice(0, max - 1).join('')}…`;
}
