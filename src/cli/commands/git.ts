/** git: the repository as the session last saw it. */
import type { State } from '../../core/model/state.ts';
import type { CommandLine } from '../define.ts';
import { snapshot } from '../requests.ts';
import { gitDocument } from '../../core/select/status.ts';

export async function git({ context }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const { state } = await snapshot(connection);
    context.answer({ git: gitDocument(state) }, describeGit(state));
  });
}

function describeGit({ git, session }: State): string {
  if (git === null) return session.git ? 'git has not been looked at yet' : `${session.repo} is no git repository`;
  const { branch, upstream, ahead, behind, changed, stale } = git;
  const against = upstream === null ? '' : ` · ${ahead} ahead, ${behind} behind ${upstream}`;
  const head = `${branch} ${git.head.slice(0, 8)}${against}${stale ? ' · stale: git could not be asked' : ''}`;
  return [head, ...changed.map(({ code, path }) => `${code} ${path}`)].join('\n');
}
