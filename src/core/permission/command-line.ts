/** What can be said of a command line without running it. */

/** Anything with which a shell would do more than run one program with these words. */
const MORE = /[;&|<>()`\n\r{}]|\$\(|\$\{|\\$/;

export function isSimple(command: string): boolean {
  return !MORE.test(command);
}

/** The parts that a shell might run, simple ones; what is quoted may be cut too, which only finds more. */
export function parts(command: string): readonly string[] {
  return command
    .split(/[;&|<>()`\n\r{}]+|\$\(/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** `*` is anything; a blank is any stretch of blanks. */
export function fitsCommand(pattern: string, command: string): boolean {
  const words = pattern.trim().split(/(\*|\s+)/);
  const source = words.map((word) => (word === '*' ? '.*' : /^\s+$/.test(word) ? '\\s+' : escaped(word))).join('');
  return new RegExp(`^${source}$`, 'su').test(command.trim());
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.|+()[\]{}*?/-]/g, (sign) => (sign === '-' || sign === '/' ? sign : `\\${sign}`));
}
