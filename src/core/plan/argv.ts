/** A command line split into argv by quoting alone: nothing is expanded, no shell is asked. */

export type Argv =
  | { readonly ok: true; readonly argv: readonly string[] }
  | { readonly ok: false; readonly reason: string };

const QUOTED_ESCAPES = '"\\$`';

/** Shell syntax that a plain split would pass on as words: the person surely meant a shell. */
function shellSyntax(word: string): boolean {
  return ['|', '||', '&', '&&', ';', '>', '>>', '<', '2>', '2>&1'].includes(word);
}

interface Word {
  text: string;
  /** Something was quoted, so '' counts as a word and `|` as a plain one. */
  quoted: boolean;
  open: boolean;
}

function fresh(): Word {
  return { text: '', quoted: false, open: false };
}

/**
 * Splits on blanks; '…' is literal, "…" knows \" \\ \$ \`, a backslash outside quotes takes the next character as it is.
 */
export function splitArgv(line: string): Argv {
  const words: Word[] = [];
  let word = fresh();
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (quote === '' && /\s/.test(char)) {
      if (word.open) words.push(word);
      word = fresh();
      continue;
    }
    word.open = true;
    if (quote === '' && (char === "'" || char === '"')) {
      quote = char;
      word.quoted = true;
    } else if (char === quote) {
      quote = '';
    } else if (char === '\\' && (quote === '' || (quote === '"' && QUOTED_ESCAPES.includes(line[i + 1] ?? ' ')))) {
      if (i + 1 >= line.length) return { ok: false, reason: 'it ends in a backslash' };
      word.text += line[++i]!;
      word.quoted = true;
    } else {
      word.text += char;
    }
  }
  if (quote !== '') return { ok: false, reason: `a ${quote} is never closed` };
  if (word.open) words.push(word);
  if (words.length === 0 || words[0]!.text === '') return { ok: false, reason: 'it names no program' };
  const syntax = words.find((candidate) => !candidate.quoted && shellSyntax(candidate.text));
  if (syntax) {
    return { ok: false, reason: `"${syntax.text}" needs a shell; write ["sh", "-c", "…"] if you mean one` };
  }
  return { ok: true, argv: words.map((candidate) => candidate.text) };
}
