/** Which word about an agent's state counts: every source has a rank, and what it said has an age. */
import type { Agent, AgentStateName, AgentStatus, Evidence, WaitingFor } from '../model/agent.ts';
import { EVIDENCE } from '../model/agent.ts';

/** States that evidence can tell; the others follow from what the daemon itself does. */
export type ToldState = Exclude<AgentStateName, 'paused' | 'starting' | 'stopped' | 'failed'>;

export interface Evident {
  readonly state: ToldState;
  readonly reason: string;
  readonly evidence: Evidence;
  readonly waitingFor?: WaitingFor | null;
}

/** How long a word stands against weaker ones. */
export const FRESH_MS: Readonly<Record<Evidence, number>> = {
  person: 60_000,
  report: 60_000,
  hook: 30_000,
  osc: 30_000,
  screen: 10_000,
  process: 0,
};

/**
 * Whether something prints says little. Where a program was ever told about better, it is asked no more: a dialog that
 * is painted anew prints too. Only work that was told of and then fell silent for this long is taken for ended.
 */
export const SILENT_MS = 30_000;

export function rankOf(evidence: Evidence): number {
  return EVIDENCE.indexOf(evidence);
}

/** The status that evidence is about: behind a pause, the one to go back to. */
export function knownStatus(agent: Agent): AgentStatus {
  return agent.beforePause ?? agent.status;
}

/** True where `told` is to replace or renew what is known at `now`. */
export function evidenceCounts(known: AgentStatus, told: Evident, now: number): boolean {
  if (rankOf(told.evidence) <= rankOf(known.evidence)) return true;
  const age = now - (known.heardAt ?? known.since);
  // A clock that was set back: an age below zero says nothing, so the newer word counts.
  const isOld = (ms: number): boolean => age < 0 || age >= ms;
  if (told.evidence !== 'process') return isOld(FRESH_MS[known.evidence]);
  return known.state === 'working' && told.state === 'idle' && isOld(SILENT_MS);
}

/**
 * That it is stuck is known from more than its state: a spinner that goes on turning says nothing against it, nor does a tool that
 * is used for the tenth time. What does is told as progress.
 */
export function isNoProgress(known: AgentStatus, { state, evidence }: Evident): boolean {
  if (known.state !== 'stuck') return false;
  return evidence === 'process' || (state === 'working' && evidence !== 'report' && evidence !== 'person');
}

/** How much older the last word must be before its repetition is worth an event. */
const RENEW_MS = 5_000;

/** True where `told` changes nothing that anybody could see, and renewing it can wait. */
export function isRepetition(known: AgentStatus, told: Evident, now: number): boolean {
  if (known.state !== told.state || known.reason !== told.reason || known.evidence !== told.evidence) return false;
  if (told.evidence === 'process') return true;
  return Math.abs(now - (known.heardAt ?? known.since)) < RENEW_MS;
}
