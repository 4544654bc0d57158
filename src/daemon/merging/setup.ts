/** What is run in a new worktree before the agent's own program: in its pane, so that one sees it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanSetup } from '../../core/plan/model.ts';

/** An agent whose set-up fails ends with this. */
export const SETUP_FAILED = 97;

const MARKER = 'llmctl-setup';

/**
 * Arguments: file to write and what to write into it when all is done, how many commands, then each with the path it must
 * make ('' for none), then the agent's own argv. The commands are the plan's: lines of the person's own shell.
 */
const SCRIPT = `
mark=$1 done=$2 n=$3; shift 3
while [ "$n" -gt 0 ]; do
  printf '\\033[2mllmctl: set-up: %s\\033[0m\\n' "$1"
  /bin/sh -c "$1" </dev/null || { printf 'llmctl: the set-up failed (exit %s): %s\\n' "$?" "$1"; exit ${SETUP_FAILED}; }
  if [ -n "$2" ] && [ ! -e "$2" ]; then
    printf 'llmctl: the set-up made no %s: %s\\n' "$2" "$1"; exit ${SETUP_FAILED}
  fi
  shift 2; n=$((n - 1))
done
printf %s "$done" > "$mark"
exec "$@"
`;

/** @param gitDir of the worktree. @returns `argv` as it is where the set-up is done already, or where there is none */
export async function withSetup(
  setup: readonly PlanSetup[],
  gitDir: string,
  argv: readonly string[],
): Promise<readonly string[]> {
  if (setup.length === 0) return argv;
  const marker = join(gitDir, MARKER);
  const wanted = createHash('sha256').update(JSON.stringify(setup)).digest('hex');
  if ((await readFile(marker, 'utf8').catch(() => '')) === wanted) return argv;
  const commands = setup.flatMap(({ run, creates }) => [run, creates ?? '']);
  return ['/bin/sh', '-c', SCRIPT, 'llmctl-setup', marker, wanted, String(setup.length), ...commands, ...argv];
}
