import { isOpen as isWaiting } from '../../core/landing/landing.ts';
import { isOver } from '../../core/merge/round.ts';
import { roundOf, roundWith } from '../../core/select/overlaps.ts';
import { branchedAgents, markedAgent, markedLanding, markedLock, markedOverlap, markedRound } from '../app/marked.ts';
import { undecided } from '../merge/compose.ts';
import { hunksOf } from '../merge/hunks.ts';
import type { RoomFacts } from './commands.ts';
import type { Reason } from './reasons.ts';

export const anOverlap: Reason = (facts) => (markedOverlap(facts) ? null : 'no open overlap is marked');

export const twoVersions: Reason = (facts) =>
  markedOverlap(facts)?.verdict === 'unknown' ? 'both work in one tree: there are no two versions to merge' : null;

/** A merge can begin, or waits for a yes. */
export const mergeable: Reason = (facts) => {
  const overlap = markedOverlap(facts);
  const round = overlap && roundOf(facts.state, overlap.agents);
  if (!round || (round.confirm && !round.confirmed)) return null;
  return round.phase === 'needs-person' ? 'both stand still already: Enter decides' : `it is under way: ${round.phase}`;
};

export const aRound: Reason = (facts) => {
  const overlap = markedOverlap(facts);
  return overlap && roundOf(facts.state, overlap.agents) ? null : 'nothing is under way for it: both go on';
};

export const undoable: Reason = (facts) => {
  const round = markedRound(facts);
  if (!round) return 'mark a merge that is over';
  if (round.undone) return 'it is undone already';
  return isOver(round) && round.phase === 'resolved' ? null : 'nothing came of this merge: there is nothing to undo';
};

export const aLock: Reason = (facts) => (markedLock(facts) === null ? 'mark a file that is held' : null);

export const texts: Reason = ({ overlap }) => (overlap ? null : 'the texts are not there yet');

/** Texts with conflicts in them. */
export const aHunk: Reason = (facts) => {
  const { overlap } = facts;
  if (!overlap) return texts(facts);
  if (overlap.segments === null) return 'this file has no text to choose from: a takes A, b takes B';
  return hunksOf(overlap.segments).length > 0 ? null : 'nothing is in conflict';
};

/** A side can be taken: a hunk, or a file that is no text. */
export const aSide: Reason = (facts) => (facts.overlap?.segments === null ? null : aHunk(facts));

export const aText: Reason = (facts) => {
  const { overlap } = facts;
  if (!overlap) return texts(facts);
  return overlap.segments === null ? 'this file has no text to show' : null;
};

/** The round waits for a person, and all is decided. */
export const decided: Reason = (facts) => {
  const { ui, overlap, state } = facts;
  if (ui.popup?.kind !== 'merge' || !overlap) return texts(facts);
  const { merge } = ui.popup;
  const open = undecided(overlap, merge).length;
  if (open > 0) return `${open} ${open === 1 ? 'conflict is' : 'conflicts are'} undecided: n goes to the next`;
  if (overlap.segments === null && !merge.whole) return 'nothing is decided: a takes A, b takes B';
  return waits(facts, state);
};

function waits(facts: RoomFacts, state: RoomFacts['state']): string | null {
  const overlap = markedOverlap(facts);
  const round = overlap && roundOf(state, overlap.agents);
  if (!round) return 'both write on: m pauses them first';
  return round.phase === 'needs-person' ? null : `the merge is ${round.phase}: a moment`;
}

export const editable: Reason = (facts) => {
  if (!facts.tools.editor) return 'there is no editor beside this session: i edits here';
  return aText(facts);
};

export const branched: Reason = (facts) => {
  const agent = markedAgent(facts);
  if (!agent) return 'mark an agent that has a branch';
  return agent.tree || agent.git ? null : `${agent.spec.name} has no branch of its own`;
};

export const treed: Reason = (facts) => (markedAgent(facts)?.tree ? null : 'mark an agent with a worktree of its own');

export const changes: Reason = (facts) => {
  const agent = markedAgent(facts);
  return agent?.git?.changed.length === 0 ? `${agent.spec.name} has nothing that is not committed` : null;
};

export const waitingLanding: Reason = (facts) => {
  const landing = markedLanding(facts);
  return landing && isWaiting(landing) ? null : 'mark a landing that waits';
};

export const landedLanding: Reason = (facts) => {
  const landing = markedLanding(facts);
  if (landing?.state !== 'landed' && landing?.state !== 'undone') return 'mark a landing that is on the branch, or was';
  return facts.state.rollbacks.some(({ state }) => state === 'moving') ? 'another roll-back is under way' : null;
};

export const inNoMerge: Reason = (facts) => {
  const agent = markedAgent(facts);
  return agent && roundWith(facts.state, agent.spec.id) ? `${agent.spec.name} is in a merge: afterwards` : null;
};

export const another: Reason = (facts) =>
  branchedAgents(facts.state).length > 1 ? null : 'there is no other agent with a branch';

export const pullRequests: Reason = ({ tools }) => (tools.gh ? null : "GitHub's gh is not on the PATH here");
