/**
 * Merged lines may need a file that only the other agent has: with scope `paths` it is not taken along. A cheap rule finds what
 * can be found without knowing the language: lines that name the file, or that bring in something of its name.
 */

/** Words that languages bring other files in with. */
const BRINGS_IN = /\b(?:import|include|require|from|use|using|mod|source|load|extends)\b/;

/** @returns those of `absent` that a line of `added` names. @param absent paths. @param added lines that the merge brought */
export function namedFiles(absent: readonly string[], added: readonly string[]): readonly string[] {
  const bringing = added.filter((line) => BRINGS_IN.test(line));
  return absent.filter((path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const stem = name.replace(/(?<=.)\.[^.]*$/, '');
    return hasWord(added, name) || hasWord(bringing, stem);
  });
}

/** Not as part of a longer name. */
function hasWord(lines: readonly string[], word: string): boolean {
  const part = /[\w$]/;
  return lines.some((line) => {
    for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
      if (!part.test(line[at - 1] ?? ' ') && !part.test(line[at + word.length] ?? ' ')) return true;
    }
    return false;
  });
}
