/** Time has passed: who is stuck, which emergency begins, goes on or is over, and when to look again. */
import { over, raise } from '../decide/alerts.ts';
import { COORDINATOR, type Actor, type AgentId, type EpochMs } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { isActive, isOpen, type Emergency, type StepState } from '../model/watch.ts';
import { emergencyCause, waitingCause } from './alerts.ts';
import { presentCauses, ruleFor, type Cause, type Rule } from './causes.ts';
import { holds } from './conditions.ts';
import { span, waitingMs } from './limits.ts';
import { factsOf, takeStep } from './steps.ts';

/** A session of an emergency by hand has no cause that could be over. */
const BY_HAND = 'hand:';

type Fold = (state: State, events: readonly Event[]) => State;

/** @param fold what the state is after some events: what one emergency does the next one finds done */
export function look(state: State, context: DecideContext, fold: Fold): readonly Event[] {
  const events: Event[] = [];
  let now = state;
  const add = (more: readonly Event[]): void => {
    events.push(...more);
    now = fold(now, more);
  };
  const causes = new Map(presentCauses(now, context.now).map((cause) => [cause.cause, cause]));
  for (const emergency of state.watch.emergencies.filter(isOpen)) add(goneEvents(now, emergency, causes));
  for (const cause of causes.values()) {
    const rule = isDue(now, cause, context.now) ? ruleFor(now, cause.when) : null;
    if (rule !== null) add(begin(now, cause, rule, COORDINATOR, context));
  }
  // Those that have just begun take their first step in the same breath.
  for (const { id } of now.watch.emergencies.filter(isActive)) add(goOn(now, id, context));
  add(longWaits(now, context));
  return events;
}

function isDue(state: State, { cause, since, afterMs }: Cause, now: EpochMs): boolean {
  return now - since >= afterMs && !state.watch.emergencies.some((one) => isOpen(one) && one.cause === cause);
}

export function begin(
  state: State,
  { cause, when, subject, evidence }: Pick<Cause, 'cause' | 'when' | 'subject' | 'evidence'>,
  { title, steps }: Rule,
  by: Actor,
  context: DecideContext,
): readonly Event[] {
  const { agent } = subject;
  const text = `${agent === null ? title : `${agent}: ${title}`}: ${evidence}`;
  const alert = raise(state, { level: 'warn', text, agent, cause: emergencyCause(cause) }, context);
  const emergency = context.newId();
  const begun: Event = { type: 'emergency.begun', emergency, cause, when, title, subject, evidence, steps, by };
  const stuck: readonly Event[] =
    when === 'stuck' && agent !== null && by.kind === 'coordinator'
      ? [{ type: 'agent.stuck', agent, reason: evidence }]
      : [];
  return [begun, ...stuck, alert];
}

/** Of one by hand: its steps are all taken. */
function goneEvents(state: State, emergency: Emergency, causes: ReadonlyMap<string, Cause>): readonly Event[] {
  const { id, cause, when, subject } = emergency;
  const alert = over(state, emergencyCause(cause));
  if (cause.startsWith(BY_HAND)) {
    if (isActive(emergency)) return [];
    return [{ type: 'emergency.gone', emergency: id, reason: 'its steps were taken' }, ...alert];
  }
  const present = causes.get(cause);
  // A person's question is an answer, too; and what began to get on since is stuck no longer.
  if (present && (when !== 'stuck' || present.since <= emergency.begunAt)) return [];
  const last = subject.agent === null ? undefined : state.watch.progress[subject.agent];
  const goesOn =
    when === 'stuck' && last !== undefined && last.at > emergency.begunAt ? `it goes on: ${last.text}` : '';
  const agent = subject.agent === null ? undefined : state.agents[subject.agent];
  const reason = goesOn || (agent ? `${agent.spec.id} is ${agent.status.state}` : 'it is so no longer');
  return [{ type: 'emergency.gone', emergency: id, reason }, ...alert];
}

/** What is awaited for too long is given up; then the next step is taken. */
function goOn(state: State, id: string, context: DecideContext): readonly Event[] {
  const emergency = state.watch.emergencies.find((one) => one.id === id)!;
  const last = emergency.work.at(-1);
  const at = emergency.work.length - 1;
  if (last?.state === 'asking') return [];
  if (last?.state === 'running') {
    if (last.until === null || context.now < last.until) return [];
    const ended = emergency.steps[at]!.do === 'ask-status' ? 'no answer' : 'it did not end';
    return [stepEvent(id, at, 'failed', `${ended} in ${span(context.now - last.at)}`)];
  }
  const next = emergency.steps[at + 1];
  return next === undefined ? [] : begunStep(state, emergency, at + 1, false, context);
}

function stepEvent(
  emergency: string,
  step: number,
  state: StepState,
  said: string,
  until: EpochMs | null = null,
): Event {
  return { type: 'emergency.step', emergency, step, state, said, until, by: COORDINATOR };
}

/** @param agreed a person said that its condition holds */
export function begunStep(
  state: State,
  emergency: Emergency,
  at: number,
  agreed: boolean,
  context: DecideContext,
): readonly Event[] {
  const step = emergency.steps[at]!;
  const { id } = emergency;
  const so = step.if === null || agreed ? true : holds(step.if, factsOf(state, emergency));
  if (so === false) return [stepEvent(id, at, 'skipped', `not so: ${step.if}`)];
  if (so === null)
    return [stepEvent(id, at, 'asking', `${step.do} if ${step.if}: is it so?`), ...ask(state, emergency, at, context)];
  const taken = takeStep(state, emergency, step, context);
  const asks = taken.state === 'asking' ? ask(state, emergency, at, context) : [];
  return [stepEvent(id, at, taken.state, taken.said, taken.until), ...taken.events, ...asks];
}

function ask(state: State, emergency: Emergency, at: number, context: DecideContext): readonly Event[] {
  const { id, cause, subject, title } = emergency;
  const step = emergency.steps[at]!;
  const tried = emergency.steps
    .slice(0, at)
    .map(({ do: what }, index) => `${what}: ${emergency.work[index]?.said ?? ''}`)
    .join('; ');
  const what = step.text ?? (step.if === null || step.do === 'ask-person' ? title : `${step.do} if ${step.if}?`);
  const whom = subject.agent === null ? '' : `${subject.agent}: `;
  const soFar = tried === '' ? '' : ` (${tried})`;
  const text = `${whom}${what}: ${emergency.evidence}${soFar}; \`llmctl emergency go ${id}\`, skip or stop`;
  return [raise(state, { level: 'error', text, agent: subject.agent, cause: emergencyCause(cause) }, context)];
}

/** Permissions and questions that nobody answered. */
function longWaits(state: State, context: DecideContext): readonly Event[] {
  return state.order.flatMap((id): readonly Event[] => {
    const status = state.agents[id]?.status;
    const cause = waitingCause(id);
    const shown = state.alerts.some((alert) => alert.cause === cause);
    if (status?.state !== 'waiting') return shown ? over(state, cause) : [];
    const waited = context.now - status.since;
    if (state.watch.reminded[id] === status.since || waited < waitingMs(state)) return [];
    const text = `${id} has waited for ${span(waited)}: ${status.reason}`;
    return [raise(state, { level: 'warn', text, agent: id, cause }, context)];
  });
}

/** By hand, as if its cause were there. */
export function byHand(agent: AgentId | null, when: string): string {
  return `${BY_HAND}${when}${agent === null ? '' : `:${agent}`}`;
}

/** When the next thing may be due; null: nothing is awaited. */
export function nextLook(state: State, now: EpochMs): EpochMs | null {
  const times: EpochMs[] = [];
  const open = new Map(state.watch.emergencies.filter(isOpen).map((one) => [one.cause, one]));
  const causes = presentCauses(state, now);
  for (const { cause, when, since, afterMs } of causes) {
    if (!open.has(cause) && ruleFor(state, when) !== null) times.push(since + afterMs);
  }
  const present = new Map(causes.map((cause) => [cause.cause, cause]));
  for (const emergency of open.values()) {
    if (goneEvents(state, emergency, present).length > 0) times.push(now);
    if (!isActive(emergency)) continue;
    const last = emergency.work.at(-1);
    if (last?.state === 'asking') continue;
    times.push(last?.state === 'running' ? (last.until ?? now) : now);
  }
  for (const id of state.order) {
    const status = state.agents[id]?.status;
    const shown = state.alerts.some((alert) => alert.cause === waitingCause(id));
    if (status?.state !== 'waiting') times.push(...(shown ? [now] : []));
    else if (state.watch.reminded[id] !== status.since) times.push(status.since + waitingMs(state));
  }
  return times.length === 0 ? null : Math.min(...times);
}
