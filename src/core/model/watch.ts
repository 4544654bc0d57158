/** What is kept of watching over agents: who got on when, emergencies and the steps taken in them, sync points that were held. */
import type { PlanEmergency } from '../plan/sections/working.ts';
import type { Actor, AgentId, EpochMs } from './agent.ts';

/** What shows that an agent gets on. That something moves on its screen doesn't. */
export type ProgressKind = 'start' | 'report' | 'state' | 'file' | 'tool' | 'output' | 'told';

export interface Progress {
  readonly at: EpochMs;
  readonly kind: ProgressKind;
  /** In words, on one line. */
  readonly text: string;
}

export type EmergencyWhen = PlanEmergency['when'];
export type EmergencyStep = PlanEmergency['steps'][number];

/** What an emergency is about; `null` what it has nothing to do with. */
export interface EmergencySubject {
  readonly agent: AgentId | null;
  readonly check: string | null;
  readonly task: string | null;
  readonly overlap: string | null;
}

export type StepState =
  /** Under way: an answer, a search or a file is awaited. */
  | 'running'
  /** A person has to say go, skip or stop. */
  | 'asking'
  | 'done'
  /** Its condition didn't hold, or a person left it out. */
  | 'skipped'
  | 'failed';

export interface StepWork {
  readonly state: StepState;
  /** What came of it, on one line. */
  readonly said: string;
  readonly at: EpochMs;
  /** Nothing is awaited any longer then; null: for as long as it takes. */
  readonly until: EpochMs | null;
}

/** One emergency, from its beginning until what caused it is over. */
export interface Emergency {
  readonly id: string;
  /** Of one cause there is one at a time: `stuck:ana`, `build-broken:build`. */
  readonly cause: string;
  readonly when: EmergencyWhen;
  readonly title: string;
  readonly subject: EmergencySubject;
  /** How it is known, on one line. */
  readonly evidence: string;
  readonly begunAt: EpochMs;
  readonly by: Actor;
  /** As the plan had them then. */
  readonly steps: readonly EmergencyStep[];
  /** One for each step that was begun, in their order. */
  readonly work: readonly StepWork[];
  /** A person ended it: no further step is taken. */
  readonly stoppedBy: Actor | null;
  /** What caused it is over. */
  readonly goneAt: EpochMs | null;
  readonly end: string;
}

export interface SyncHeld {
  readonly at: EpochMs;
  /** One line of its digest. */
  readonly summary: string;
  /** Absolute path of the digest; '' where it could not be written. */
  readonly path: string;
  /** All of it, as it stands in the file; '' or left out: of an llmctl that did not keep it. */
  readonly text?: string;
}

export interface Watch {
  readonly progress: Readonly<Record<AgentId, Progress>>;
  /** Since when somebody waits whose waiting was told of once more. */
  readonly reminded: Readonly<Record<AgentId, EpochMs>>;
  /** Oldest first; those that are over are forgotten in time. */
  readonly emergencies: readonly Emergency[];
  /** By the name of the sync point, the last time. */
  readonly syncs: Readonly<Record<string, SyncHeld>>;
}

export const NO_WATCH: Watch = { progress: {}, reminded: {}, emergencies: [], syncs: {} };

export const EMERGENCY_LIMIT = 100;

/** What caused it is still there: no other begins for that. */
export function isOpen({ goneAt }: Emergency): boolean {
  return goneAt === null;
}

/** Steps are taken, or awaited. */
export function isActive(emergency: Emergency): boolean {
  return isOpen(emergency) && emergency.stoppedBy === null && !isFinished(emergency);
}

function isFinished({ steps, work }: Emergency): boolean {
  return work.length === steps.length && !work.some(({ state }) => state === 'running' || state === 'asking');
}

/** The step that a person has to decide; null: none. */
export function askedStep(emergency: Emergency): number | null {
  if (!isActive(emergency)) return null;
  const at = emergency.work.findIndex(({ state }) => state === 'asking');
  return at < 0 ? null : at;
}
