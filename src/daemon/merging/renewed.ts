/** A landing that waits, of an agent whose worktree holds what was taken out of the branch. */
import type { Landing } from '../../core/landing/landing.ts';
import type { Command } from '../../core/model/commands.ts';
import { own } from '../../core/model/work.ts';
import { showControls } from '../../core/text.ts';
import type { Room } from '../room.ts';
import type { Forwarding } from './forwarding.ts';

export interface RenewedParts {
  readonly room: Room;
  readonly forwarding: Forwarding;
  readonly branch: string;
  /** What the agent has by then. Rejects with one line. */
  readonly commit: () => Promise<string>;
}

/** Its agent is brought forward, and what it has then is what is to land; or it fails, and says what to do. */
export async function renewed(
  { room, forwarding, branch, commit }: RenewedParts,
  { id, agent }: Landing,
  tip: string,
): Promise<Extract<Command, { type: 'landing.fact' }>['fact']> {
  const failed = { type: 'landing.failed', landing: id, partner: null, firstError: null } as const;
  const old = own(room.state.rebuilt, agent) ?? '';
  try {
    const done = await forwarding.now(agent, tip);
    if (done.kind !== 'conflict') return { type: 'landing.remade', landing: id, commit: await commit() };
    const paths = done.paths.map((path) => showControls(path)).join(', ');
    const way = `git rebase --onto ${branch} ${old.slice(0, 12)}`;
    const reason = `it builds on a landing that was taken out, in ${paths}; \`${way}\`, settle that, and land again`;
    return { ...failed, fault: 'conflict', reason };
  } catch (error) {
    const reason = `${agent} could not be brought forward: ${(error as Error).message}`;
    return { ...failed, fault: 'error', reason };
  }
}
