/** git: the repository as the session last saw it, and where each agent's branch stands. */
import type { State } from '../../core/model/state.ts';
import { gitDocument } from '../../core/select/status.ts';
import { showControls } from '../../core/text.ts';
import type { BranchFacts, BranchesReply } from '../../protocol/messages.ts';
import type { CommandLine } from '../define.ts';
import { branches, snapshot } from '../requests.ts';
import { columns, counted } from '../table.ts';

export async function git({ context }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const { state } = await snapshot(connection);
    const { base, integration, agents } = state.session.git ? await branches(connection) : NO_BRANCHES;
    const text = [describeGit(state), ...describeAgents({ base, integration, agents })].join('\n\n');
    context.answer({ git: gitDocument(state), base, integration, agents }, text);
  });
}

const NO_BRANCHES: BranchesReply = { base: '', integration: '', agents: [] };

function describeGit({ git, session }: State): string {
  if (git === null) return session.git ? 'git has not been looked at yet' : `${session.repo} is no git repository`;
  const { branch, upstream, ahead, behind, changed, stale } = git;
  const against = upstream === null ? '' : ` · ${ahead} ahead, ${behind} behind ${showControls(upstream)}`;
  const head = `${showControls(branch)} ${git.head.slice(0, 8)}${against}${stale ? ' · stale: git could not be asked' : ''}`;
  return [head, ...changed.map(({ code, path }) => `${code} ${showControls(path)}`)].join('\n');
}

function describeAgents({ base, integration, agents }: BranchesReply): string[] {
  const against = showControls(integration || base);
  return agents.map(({ agent, branch, head, ahead, behind, files }) => {
    const place = `${ahead} ahead, ${behind} behind ${against}`;
    const line = `${agent}: ${showControls(branch) || 'detached'} ${head.slice(0, 8)} · ${place} · ${counted(files.length, 'changed file')}`;
    return files.length === 0 ? line : `${line}\n${columns(files.map(fileRow))}`;
  });
}

function fileRow({ path, added, deleted }: BranchFacts['files'][number]): readonly string[] {
  return [`  ${added === null ? 'binary' : `+${added}`}`, deleted === null ? '' : `−${deleted}`, showControls(path)];
}
