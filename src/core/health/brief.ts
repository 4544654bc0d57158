/** Failures of a check, told to an agent. */
import type { HealthCheck, OwnedFailure } from '../model/health.ts';

/** The rest it sees when it runs the check itself. */
const SHOWN = 8;
const TAIL = 15;

export function failureBrief(check: HealthCheck, failures: readonly OwnedFailure[], branch: string): string {
  const { name, command, commit, tail, ms, place } = check;
  const where =
    place === 'agent'
      ? 'in your worktree'
      : place === 'integration'
        ? `on ${branch} at ${commit.slice(0, 12)}`
        : 'in the repository';
  const why = failures.find(({ why }) => why !== '')?.why ?? '';
  // Where no failure names a place the output is all there is to go by.
  const output = failures.every(({ file }) => file === null) ? tail.slice(-TAIL) : [];
  return [
    `llmctl: ${name} is red ${where}, after ${ms < 1000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`}. This concerns you${why === '' ? '' : ` (${why})`}:`,
    ...listed(failures),
    ...(output.length === 0 ? [] : ['The end of its output:', ...output]),
    `To see it run: ${command}`,
    place === 'integration' ? 'Mend it in your worktree, then say that you are done.' : 'Mend it, then go on.',
  ].join('\n');
}

/** The first ones, numbered, and how many more there are. */
export function listed(failures: readonly OwnedFailure[]): readonly string[] {
  const lines = failures.slice(0, SHOWN).map((one, i) => `${i + 1}. ${failureLine(one)}`);
  return failures.length > SHOWN ? [...lines, `and ${failures.length - SHOWN} more`] : lines;
}

/** `compile src/a.c:3:5: expected ';'` */
export function failureLine({ kind, file, line, column, text }: OwnedFailure): string {
  const place = [file, line, column].filter((part) => part !== null).join(':');
  return `${kind} ${file === null ? '' : `${place}: `}${text}`;
}

/** What tells two failures apart, however often they are seen. */
export function failureKey({ file, text }: OwnedFailure): string {
  return `${file ?? ''}\n${text}`;
}
