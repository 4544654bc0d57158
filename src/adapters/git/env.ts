/** The environment git is run with: nothing of the caller's may point it elsewhere or make it run a program. */

/** What git and its credential-free reading need; every GIT_*, EDITOR and PAGER stays behind. */
const KEPT = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'XDG_CONFIG_HOME', 'SystemRoot'] as const;

/** Variables of git's own that are set below; simple-git wants them named. */
export const GIT_VARIABLES = [
  'GIT_OPTIONAL_LOCKS',
  'GIT_TERMINAL_PROMPT',
  'GIT_ALLOW_PROTOCOL',
  'GIT_NO_LAZY_FETCH',
] as const;

/** `from`: usually process.env. */
export function gitEnv(from: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const env: Record<string, string> = {
    LC_ALL: 'C',
    // Reading must never hold a lock that an agent's own git then trips over.
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // A partial clone fetches missing objects on a mere status, through whatever its configuration names.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
  };
  for (const name of KEPT) {
    const value = from[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/**
 * Settings that override the repository's own: a fetched or unpacked repository must not run programs because
 * somebody looked at it. git-config(1): core.fsmonitor, core.hooksPath.
 */
export const SAFE_CONFIG = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.quotePath=true'] as const;
