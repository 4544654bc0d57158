/** Asks an agent's program which version it is. */
import { execFile } from 'node:child_process';
import { compilePattern } from '../../core/profile/pattern.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { within } from '../patterns/within.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Some of these CLIs take a second to start. */
const PATIENCE_MS = 15_000;
/** For the pattern: a person may have written one that never comes to an end. */
const MATCH_MS = 500;
const MOST_BYTES = 100_000;

/**
 * @param file absolute path of the program
 * @returns null where the profile has no pattern for it, or the program doesn't answer in time
 */
export async function programVersion(file: string, profile: Profile, env: Env): Promise<string | null> {
  const { args, match } = profile.version;
  const compiled = match === null ? null : compilePattern(match);
  if (!compiled?.ok) return null;
  const options = { env: { ...env }, timeout: PATIENCE_MS, maxBuffer: MOST_BYTES, killSignal: 'SIGKILL' } as const;
  const said = await new Promise<string>((resolve) => {
    const child = execFile(file, [...args], options, (_error, stdout, stderr) => resolve(`${stdout}\n${stderr}`));
    child.stdin?.end();
  });
  const found = within(MATCH_MS, () => compiled.regexp.exec(said));
  return found.done ? (found.value?.[1] ?? found.value?.[0] ?? null) : null;
}
