/** What the journal tells of a session as a whole, gathered event by event: what states alone forget. */
import { evolveLandings, type Landing } from '../landing/landing.ts';
import { evolveRound } from '../merge/evolve-round.ts';
import { beginRound, type Round } from '../merge/round.ts';
import type { AgentId, EpochMs } from '../model/agent.ts';
import type { Event, JournalEntry } from '../model/events.ts';
import type { OverlapVerdict } from '../model/overlap.ts';
import type { AlertLevel } from '../model/state.ts';
import { eventWords } from '../select/recent.ts';
import { enter, followAgent, newStory, type AgentStory } from './agent-story.ts';
import { eventLevel, isAtLeast, type EventLevel } from './levels.ts';

export interface CheckRun {
  readonly at: EpochMs;
  readonly name: string;
  readonly state: 'green' | 'red';
  readonly ms: number;
  readonly error: string;
}

export interface OverlapStory {
  readonly id: string;
  readonly path: string;
  readonly agents: readonly [AgentId, AgentId];
  readonly at: EpochMs;
  readonly verdict: OverlapVerdict;
}

export interface TaskStep {
  readonly at: EpochMs;
  readonly task: string;
  readonly step: 'started' | 'blocked' | 'returned' | 'done' | 'failed' | 'reopened';
  readonly agent: AgentId | null;
  readonly reason: string;
}

export interface GateStep {
  readonly at: EpochMs;
  readonly gate: string;
  readonly result: 'passed' | 'failed' | 'waived';
  readonly by: string;
  readonly reason: string;
}

export interface Moment {
  readonly seq: number;
  readonly at: EpochMs;
  readonly level: EventLevel;
  readonly agent: AgentId | null;
  readonly words: string;
}

export interface Chronicle {
  /** null before the first event. */
  readonly startedAt: EpochMs | null;
  /** null while it goes on. */
  readonly endedAt: EpochMs | null;
  /** The first and the last event of it. */
  readonly from: number;
  readonly to: number;
  readonly lastAt: EpochMs;
  readonly agents: ReadonlyMap<AgentId, AgentStory>;
  readonly checks: readonly CheckRun[];
  readonly overlaps: ReadonlyMap<string, OverlapStory>;
  readonly rounds: ReadonlyMap<string, Round>;
  readonly landings: readonly Landing[];
  readonly rollbacks: readonly {
    readonly at: EpochMs;
    readonly landing: string;
    readonly undo: boolean;
    readonly by: string;
    readonly reason: string;
  }[];
  readonly tasks: readonly TaskStep[];
  readonly gates: readonly GateStep[];
  readonly milestones: readonly {
    readonly at: EpochMs;
    readonly milestone: string;
    readonly commit: string | null;
    readonly recorded: boolean;
  }[];
  readonly alerts: Readonly<Record<AlertLevel, number>>;
  /** What a person would want to have seen, oldest first. */
  readonly moments: readonly Moment[];
}

/** Beyond this the oldest are forgotten: nobody reads a report that long, and days of it have to fit into memory. */
const RUNS_MAX = 20_000;
const MOMENTS_MAX = 5_000;

/** News that belong into the time line; what is graver than that does anyway. */
const MILESTONES: ReadonlySet<Event['type']> = new Set<Event['type']>([
  'session.started',
  'agent.added',
  'agent.removed',
  'plan.taken',
  'task.started',
  'task.done',
  'gate.passed',
  'milestone.reached',
  'milestone.recorded',
  'handover.given',
  'landing.landed',
  'rollback.done',
  'round.applied',
]);
/** Graver than news, and still no more than noise in the story of a day. */
const NOISE: ReadonlySet<Event['type']> = new Set<Event['type']>(['agent.stopping', 'alert.raised', 'agent.state']);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Give it every event in order. What it holds is read, never changed, by others. */
export class Chronicler {
  #now = empty();

  get chronicle(): Chronicle {
    return this.#now;
  }

  add(entry: JournalEntry): void {
    const { seq, at, event } = entry;
    // A session that was ended and is started again is another one.
    if (event.type === 'session.started' && this.#now.endedAt !== null) this.#now = empty();
    const now = this.#now;
    if (now.startedAt === null) Object.assign(now, { startedAt: at, from: seq });
    Object.assign(now, { to: seq, lastAt: Math.max(now.lastAt, at) });
    this.#follow(event, at);
    this.#remember(entry);
  }

  #follow(event: Event, at: EpochMs): void {
    const now = this.#now;
    switch (event.type) {
      case 'session.ended':
        for (const story of now.agents.values()) enter(story, 'stopped', at);
        now.endedAt = at;
        return;
      case 'agent.added':
        now.agents.set(event.spec.id, newStory(event.spec, at, now.agents.get(event.spec.id)));
        return;
      case 'health.finished':
        if (event.state === 'unknown') return;
        now.checks.push({ at, name: event.name, state: event.state, ms: event.ms, error: event.firstError });
        if (now.checks.length > RUNS_MAX) now.checks.splice(0, RUNS_MAX / 10);
        return;
      case 'overlap.seen':
        // The first time counts; a verdict that becomes worse is what it was.
        if (now.overlaps.get(event.id)?.verdict === 'conflict') return;
        now.overlaps.set(event.id, {
          id: event.id,
          path: event.path,
          agents: event.agents,
          at: now.overlaps.get(event.id)?.at ?? at,
          verdict: event.verdict,
        });
        return;
      case 'round.detected':
        now.rounds.set(event.round, beginRound(event, at));
        return;
      case 'rollback.done': {
        const begun = this.#begun.get(event.rollback);
        if (begun) now.rollbacks.push({ ...begun, at });
        return;
      }
      case 'rollback.begun': {
        const { landing, undo, by, reason } = event;
        this.#begun.set(event.rollback, { landing, undo, by: by.name, reason });
        return;
      }
      case 'alert.raised':
        now.alerts[event.level]++;
        return;
      default:
        this.#followAgent(event, at);
        this.#followWork(event, at);
        if (event.type.startsWith('landing.')) now.landings = evolveLandings(now.landings, event as LandingFact, at);
        if (event.type.startsWith('round.')) this.#followRound(event as RoundFact, at);
    }
  }

  readonly #begun = new Map<string, Omit<Chronicle['rollbacks'][number], 'at'>>();

  #followRound(event: RoundFact, at: EpochMs): void {
    const round = this.#now.rounds.get(event.round);
    if (round) this.#now.rounds.set(event.round, evolveRound(round, event, at));
  }

  #followAgent(event: Event, at: EpochMs): void {
    const story = 'agent' in event && event.agent !== null ? this.#now.agents.get(event.agent) : undefined;
    if (story) followAgent(story, event, at);
  }

  #followWork(event: Event, at: EpochMs): void {
    const { tasks, gates, milestones } = this.#now;
    switch (event.type) {
      case 'task.started':
        tasks.push({ at, task: event.task, step: 'started', agent: event.agent, reason: '' });
        return;
      case 'task.done':
        tasks.push({ at, task: event.task, step: 'done', agent: null, reason: '' });
        return;
      case 'task.blocked':
      case 'task.returned':
      case 'task.failed':
      case 'task.reopened': {
        const step = event.type.slice('task.'.length) as TaskStep['step'];
        tasks.push({ at, task: event.task, step, agent: null, reason: event.reason });
        return;
      }
      case 'gate.passed':
      case 'gate.failed':
      case 'gate.waived': {
        const result = event.type.slice('gate.'.length) as GateStep['result'];
        gates.push({ at, gate: event.gate, result, by: event.by.name, reason: event.reason });
        return;
      }
      case 'milestone.reached':
      case 'milestone.recorded':
        milestones.push({
          at,
          milestone: event.milestone,
          commit: event.commit,
          recorded: event.type === 'milestone.recorded',
        });
        return;
      default:
    }
  }

  /** Whether the run that was noted last came out otherwise than the one before it; a first green one is as it should be. */
  #turned(name: string): boolean {
    const { checks } = this.#now;
    const last = checks.at(-1);
    if (last?.name !== name) return false;
    const before = checks.findLast((run) => run !== last && run.name === name);
    return last.state !== (before?.state ?? 'green');
  }

  #remember({ seq, at, event }: JournalEntry): void {
    // A check that stays red is no news: that it turned is.
    if (event.type === 'health.finished' && !this.#turned(event.name)) return;
    const level = eventLevel(event);
    const isGrave = isAtLeast(level, 'warn') && !NOISE.has(event.type);
    const isAlert = event.type === 'alert.raised' && event.level === 'error';
    if (!isGrave && !isAlert && !MILESTONES.has(event.type) && event.type !== 'health.finished') return;
    const agent = 'agent' in event ? event.agent : null;
    const { moments } = this.#now;
    moments.push({ seq, at, level, agent, words: eventWords(event) });
    if (moments.length > MOMENTS_MAX) moments.splice(0, MOMENTS_MAX / 10);
  }
}

type LandingFact = Parameters<typeof evolveLandings>[1];
type RoundFact = Parameters<typeof evolveRound>[1];

interface Gathered extends Mutable<Chronicle> {
  agents: Map<AgentId, AgentStory>;
  checks: CheckRun[];
  overlaps: Map<string, OverlapStory>;
  rounds: Map<string, Round>;
  rollbacks: Chronicle['rollbacks'][number][];
  tasks: TaskStep[];
  gates: GateStep[];
  milestones: Chronicle['milestones'][number][];
  alerts: Record<AlertLevel, number>;
  moments: Moment[];
}

function empty(): Gathered {
  return {
    startedAt: null,
    endedAt: null,
    from: 0,
    to: 0,
    lastAt: 0,
    agents: new Map(),
    checks: [],
    overlaps: new Map(),
    rounds: new Map(),
    landings: [],
    rollbacks: [],
    tasks: [],
    gates: [],
    milestones: [],
    alerts: { info: 0, warn: 0, error: 0 },
    moments: [],
  };
}
