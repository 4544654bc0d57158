import type { OverlapReply } from '../../client/api.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { State } from '../../core/model/state.ts';
import { showControls } from '../../core/text.ts';
import { withMarkers } from '../merge/compose.ts';
import { nameOf } from '../presentation/overlap.ts';

/** Longer files are read where they lie. */
const TEXT_MOST = 6_000;

/** Who could settle a conflict: the agent that the plan names for it, then whoever runs and has no part in it, idle ones first. */
export function helpers(state: State, merging: readonly [AgentId, AgentId]): readonly AgentId[] {
  const able = state.order.filter((id) => {
    const agent = state.agents[id];
    return agent?.run && !merging.includes(id) && agent.status.state !== 'paused';
  });
  const rank = (id: AgentId) =>
    id === state.mergePolicy.mergeAgent ? 0 : state.agents[id]!.status.state === 'idle' ? 1 : 2;
  return able.toSorted((a, b) => rank(a) - rank(b));
}

/** A conflict told to an agent: which file, both texts, and how to say what is to stand. */
export function conflictBrief(state: State, { overlap, segments }: OverlapReply): string {
  const [a, b] = [nameOf(state, overlap.agents[0]), nameOf(state, overlap.agents[1])];
  const path = showControls(overlap.path);
  const where = overlap.agents.map((id) => `${nameOf(state, id)}: ${showControls(state.agents[id]?.tree?.dir ?? '')}`);
  const text = segments === null ? '' : withMarkers(segments, {}, [a, b]);
  const shown = text.length > TEXT_MOST ? '' : text.split('\n').map(showControls).join('\n');
  return [
    `llmctl: please settle a merge conflict. ${a} and ${b} both changed ${path}, and git can't combine what they did.`,
    `Their worktrees: ${where.join(', ')}. Change nothing in them: both stand still.`,
    shown === '' ? `Read ${path} in both.` : `${path} with the conflicts marked:\n${shown}`,
    'Keep what both meant to do. Write the whole file, as it should stand, to a file of your own, then run:',
    `llmctl merge ${overlap.id} --take edit --file YOUR_FILE`,
  ].join('\n');
}
