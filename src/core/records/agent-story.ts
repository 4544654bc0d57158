/** One agent in the story of a session: its states, what it was sent and what it used. */
import { endState } from '../agents/exit.ts';
import { spentBy, withUsage } from '../agents/usage.ts';
import type { AgentId, AgentStateName, EpochMs } from '../model/agent.ts';
import type { Event } from '../model/events.ts';
import type { AgentUsage, Spent } from '../model/run-facts.ts';

export interface AgentStory {
  readonly id: AgentId;
  name: string;
  profile: string;
  state: AgentStateName;
  since: EpochMs;
  /** Gone from the session. */
  removed: boolean;
  /** Milliseconds in each state, but for the one it is in. */
  readonly spent: Partial<Record<AgentStateName, number>>;
  starts: number;
  messages: number;
  usage: AgentUsage | null;
  /** What it used up to some moments, oldest first. */
  readonly counts: ({ readonly at: EpochMs } & Spent)[];
  /** States that it came into, oldest first. */
  readonly changes: { readonly at: EpochMs; readonly state: AgentStateName }[];
  /** The state to go back to on resume. */
  beforePause: AgentStateName | null;
}

/** Beyond this the oldest are forgotten. */
const CHANGES_MAX = 10_000;
const COUNT_EVERY_MS = 5_000;

/** What an event is to the agent that it is about; others are passed over. */
export function followAgent(story: AgentStory, event: Event, at: EpochMs): void {
  switch (event.type) {
    case 'agent.removed':
      enter(story, 'stopped', at);
      story.removed = true;
      return;
    case 'agent.starting':
      enter(story, 'starting', at);
      story.starts++;
      return;
    case 'agent.started':
      enter(story, 'working', at);
      return;
    case 'agent.start-failed':
      enter(story, 'failed', at);
      return;
    case 'agent.exited':
      enter(story, endState(event.exit, event.asked), at);
      return;
    case 'agent.state':
      enter(story, event.state, at);
      return;
    case 'agent.paused':
      story.beforePause = story.state;
      enter(story, 'paused', at);
      return;
    case 'agent.resumed':
      enter(story, story.beforePause ?? 'working', at);
      story.beforePause = null;
      return;
    case 'agent.sent':
      story.messages++;
      return;
    case 'agent.usage':
      story.usage = withUsage(story.usage, event.usage);
      count(story, at);
      return;
    default:
  }
}

/** @param before its story where it was here already: that goes on */
export function newStory(
  { id, name, profile }: Pick<AgentStory, 'id' | 'name' | 'profile'>,
  at: EpochMs,
  before: AgentStory | undefined,
): AgentStory {
  if (before) {
    enter(before, 'stopped', at);
    return Object.assign(before, { name, profile, removed: false });
  }
  return {
    id,
    name,
    profile,
    state: 'stopped',
    since: at,
    removed: false,
    spent: {},
    starts: 0,
    messages: 0,
    usage: null,
    counts: [],
    changes: [{ at, state: 'stopped' }],
    beforePause: null,
  };
}

/** Comes into a state. A clock that was set back takes no time away. */
export function enter(story: AgentStory, state: AgentStateName, at: EpochMs): void {
  story.spent[story.state] = (story.spent[story.state] ?? 0) + Math.max(0, at - story.since);
  if (story.state !== state) {
    story.changes.push({ at, state });
    if (story.changes.length > CHANGES_MAX) story.changes.splice(0, CHANGES_MAX / 10);
  }
  story.state = state;
  story.since = at;
}

/** Counts come with every turn: one in a while is enough for a chart. */
function count(story: AgentStory, at: EpochMs): void {
  const last = story.counts.at(-1);
  if (last && at - last.at < COUNT_EVERY_MS) story.counts.pop();
  // The first of those that are close together says when.
  story.counts.push({ at: last && at - last.at < COUNT_EVERY_MS ? last.at : at, ...spentBy(story.usage) });
  if (story.counts.length > CHANGES_MAX) story.counts.splice(0, CHANGES_MAX / 10);
}

/** Milliseconds in each state up to `now`. */
export function timeInStates(story: AgentStory, now: EpochMs): Readonly<Partial<Record<AgentStateName, number>>> {
  return { ...story.spent, [story.state]: (story.spent[story.state] ?? 0) + Math.max(0, now - story.since) };
}

/** null where its CLI says nothing of it. */
export function spentOf({ usage }: AgentStory): Spent | null {
  return usage === null ? null : spentBy(usage);
}
