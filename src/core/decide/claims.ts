/**
 * Claims: an agent says that a file or folder is its to write. They stand beside the locks that a first touch takes: under the
 * `lock` policy a claim keeps others off, elsewhere it is for them to see.
 */
import type { Agent, AgentId } from '../model/agent.ts';
import type { Command } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { heldBy, isBinding, takenBy } from '../overlap/holders.ts';
import { showControls } from '../text.ts';
import { refuse, quoted, type Decision } from './refuse.ts';
import { freed } from './overlaps.ts';

type Claim = Extract<Command, { type: 'agent.claim' }>;
type Release = Extract<Command, { type: 'agent.release' }>;

/** All of it or nothing: two agents that each got half of what they need would wait for each other. */
export function decideClaim(state: State, agent: Agent, { paths }: Claim): Decision {
  const { id } = agent.spec;
  const wanted = [...new Set(paths)];
  for (const path of wanted) {
    const taken = takenBy(state.locks, path, id);
    if (taken === null || !Object.hasOwn(state.agents, taken.holder)) continue;
    const what = taken.path === path ? '' : ` (${quoted(taken.path)})`;
    return refuse('busy', `${quoted(path)}${what} is held by ${taken.holder}: leave it alone until it is free`);
  }
  return wanted.filter((path) => state.locks[path] !== id).map((path) => ({ type: 'lock.taken', path, holder: id }));
}

export function decideRelease(state: State, agent: Agent, { paths }: Release): Decision {
  const held = heldBy(state, agent.spec.id);
  const wanted = paths === null ? held.filter((path) => !mustKeep(state, agent, path)) : [...new Set(paths)];
  for (const path of wanted) {
    if (!held.includes(path)) return refuse('invalid', `${agent.spec.id} does not hold ${quoted(path)}`);
    if (mustKeep(state, agent, path)) {
      return refuse(
        'busy',
        `${agent.spec.id} has changed ${quoted(path)}, and only one may (policy: lock): it is kept until that has landed or is undone`,
      );
    }
  }
  const by = { kind: 'agent', name: agent.spec.id } as const;
  return wanted.flatMap((path) => freed(state, path, by));
}

/** It is done with what it claimed them for; what the plan locks stays with it until it is freed. */
export function releaseClaims(state: State, agent: AgentId): readonly Event[] {
  return heldBy(state, agent)
    .filter((path) => !isBinding(state, path))
    .flatMap((path) => freed(state, path, null));
}

/** Let go in the middle of a change, it would be changed by two. Without a tree of its own nothing is left to land. */
function mustKeep(state: State, agent: Agent, path: string): boolean {
  if (!agent.tree || !isBinding(state, path)) return false;
  const shown = showControls(path);
  return (agent.git?.changed ?? []).some((one) => one === shown || (path.endsWith('/') && one.startsWith(shown)));
}
