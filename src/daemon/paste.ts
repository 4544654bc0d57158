/** Text as a terminal would send it when a person pastes it. */
import { PANE_FLAG } from '../core/pane-flags.ts';

const PASTE_BEGIN = '\u001b[200~';
const PASTE_END = '\u001b[201~';

/**
 * Line ends become carriage returns, as terminals do it. In a bracketed paste (mode 2004) the end mark is taken out of the text, or the rest
 * would be taken for keys; other control characters but tab go too: nobody meant them, and some readers obey them.
 */
export function pasteBytes(text: string, flags: number): string {
  const lines = text.replace(/\r\n|\n/g, '\r');
  if ((flags & PANE_FLAG.bracketedPaste) === 0) return withoutControls(lines);
  return PASTE_BEGIN + withoutControls(lines.replaceAll(PASTE_END, '')) + PASTE_END;
}

function withoutControls(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '');
}
