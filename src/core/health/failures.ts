/** Everything that is wrong in what a check printed, sorted by kind, each with its place and the files of its trace. */
import { errorsIn, type FirstError } from './first-error.ts';
import { sortOf, type FailureKind, type KindRule } from './kinds.ts';

export interface Failure extends FirstError {
  readonly kind: FailureKind;
  /** Files that its trace names, the nearest first; its own is among them. */
  readonly files: readonly string[];
  /** Agent that the plan wants to be told of such failures. */
  readonly to?: string;
}

/** More than that nobody reads: the first ones are to be mended first. */
export const FAILURE_LIMIT = 30;
const FILES_LIMIT = 8;
/** Lines behind an error in which its trace is looked for. */
const TRACE = 30;

/** @param lines plain text without escape sequences, oldest first, paths as they are in the repository */
export function failuresIn(lines: readonly string[], rules: readonly KindRule[] = []): readonly Failure[] {
  const found = errorsIn(lines, FAILURE_LIMIT);
  return found.map(({ error, rule, index }, at): Failure => {
    const end = Math.min(index + TRACE, found[at + 1]?.index ?? Number.POSITIVE_INFINITY);
    const named = lines.slice(index, end).flatMap(filesOf);
    const files = [...new Set([...(error.file === null ? [] : [plainPath(error.file)]), ...named])];
    return { ...error, ...sortOf(rule, error.file, error.text, rules), files: files.slice(0, FILES_LIMIT) };
  });
}

const NAMED = /(?:^|[\s("'`[])((?:\.{0,2}\/)?[\w@.+-]+(?:\/[\w@.+-]+)*\.[A-Za-z]\w{0,7})(?::|\(|", line )\d+/g;

/** Files with a line number behind them; what comes with the language or a package is nobody's. */
function filesOf(line: string): string[] {
  const found = [...line.slice(0, 500).matchAll(NAMED)].map((match) => plainPath(match[1]!));
  return found.filter(
    (path) => !/(?:^|\/)(?:node_modules|site-packages|\.cargo)\//.test(path) && !path.startsWith('/'),
  );
}

function plainPath(path: string): string {
  return path.replace(/^\.\//, '');
}
