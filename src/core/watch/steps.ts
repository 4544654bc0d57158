/** What each step of an emergency does, as events; what takes time is an effect that follows from its `running`. */
import { toldAs } from '../agents/told.ts';
import { agentOf, isRefusal, type Decision } from '../decide/refuse.ts';
import { runHealth } from '../decide/health.ts';
import { raise } from '../decide/alerts.ts';
import { decidePause, decideRestart, decideResume } from '../decide/steer.ts';
import { decideTask } from '../decide/tasks.ts';
import { COORDINATOR, isLive, type Agent, type AgentId, type EpochMs } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { HealthCheck } from '../model/health.ts';
import type { State } from '../model/state.ts';
import type { Emergency, EmergencyStep, StepState } from '../model/watch.ts';
import { own } from '../model/work.ts';
import { inHandOf, standingOf } from '../schedule/standing.ts';
import { oneLine } from '../text.ts';
import { emergencyCause } from './alerts.ts';
import type { Facts } from './conditions.ts';
import { answerMs, span } from './limits.ts';

export interface Taken {
  readonly state: StepState;
  readonly said: string;
  readonly until: EpochMs | null;
  /** What is done, beside the step's own record. */
  readonly events: readonly Event[];
}

/** A search that runs builds, or a daemon that died over it, keeps nobody waiting longer. */
const SEARCH_MS = 3_600_000;
const WRITE_MS = 60_000;
/** An agent that was started anew this often for the same cause needs something else. */
const RESTARTS = 2;

export function takeStep(state: State, emergency: Emergency, step: EmergencyStep, context: DecideContext): Taken {
  const agents = subjects(state, emergency, step);
  switch (step.do) {
    case 'ask-status':
      return askStatus(state, agents, step, context);
    case 'pause':
      return each(agents, (agent) => decidePause(agent, COORDINATOR), 'paused', 'there is nobody to pause');
    case 'resume':
      return each(agents, (agent) => decideResume(state, agent, COORDINATOR), 'resumed', 'there is nobody to resume');
    case 'restart':
      return restart(state, emergency, agents);
    case 'reassign':
      return reassign(state, emergency, step, context);
    case 'split':
      return split(state, agents, step);
    case 'retry':
      return retry(state, emergency, agents, context);
    case 'notify':
      return notify(state, emergency, step, context);
    case 'ask-person':
      return { state: 'asking', said: step.text ?? 'a person decides how to go on', until: null, events: [] };
    case 'blame':
      return emergency.subject.check === null
        ? failed('it is about no check')
        : running('looks for it', SEARCH_MS, context);
    case 'rollback':
      return rollback(state, emergency, context);
    case 'collect-output':
      return running('writes it down', WRITE_MS, context);
  }
}

function done(said: string, events: readonly Event[] = []): Taken {
  return { state: 'done', said, until: null, events };
}

function failed(said: string): Taken {
  return { state: 'failed', said: oneLine(said, 300), until: null, events: [] };
}

function running(said: string, ms: number, { now }: DecideContext, events: readonly Event[] = []): Taken {
  return { state: 'running', said, until: now + ms, events };
}

/** Whom a step is done to: the one it names, else whom the emergency is about, else all that run. */
function subjects(state: State, { subject }: Emergency, { to }: EmergencyStep): readonly Agent[] {
  const name = to ?? subject.agent;
  if (name === null) return state.order.flatMap((id) => state.agents[id] ?? []).filter(isLive);
  const agent = agentOf(state, name);
  return agent === undefined ? [] : [agent];
}

function told(agent: Agent, text: string): Event {
  return { type: 'agent.sent', agent: agent.spec.id, text: toldAs(agent, text), enter: true, by: COORDINATOR };
}

/** What it is asked, so that its echo on the screen is not taken for an answer. */
export function question(state: State, agent: Agent, said: string | null): string {
  const task = inHandOf(state.work, agent.spec.id);
  const about = task === null ? '' : ` with task ${task.id}`;
  const how = 'Say it with `llmctl report progress N "…"`, or `llmctl report blocked "why"` where you need somebody.';
  return `llmctl: you have shown no progress for a while${about}. ${said ?? 'How does it stand, and what holds you up?'} ${how}`;
}

function askStatus(state: State, agents: readonly Agent[], { text }: EmergencyStep, context: DecideContext): Taken {
  const live = agents.filter((agent) => isLive(agent) && agent.status.state !== 'paused');
  if (live.length === 0) return failed('nobody runs that could be asked');
  const names = live.map(({ spec }) => spec.id).join(', ');
  const ms = answerMs(state);
  const events = live.map((agent) => told(agent, question(state, agent, text)));
  return running(`asked ${names}, an answer is awaited for ${span(ms)}`, ms, context, events);
}

function each(agents: readonly Agent[], act: (agent: Agent) => Decision, verb: string, none: string): Taken {
  const outcomes = agents.map((agent) => ({ id: agent.spec.id, decision: act(agent) }));
  const refused = outcomes.flatMap(({ decision }) => (isRefusal(decision) ? [decision.refused] : []));
  const acted = outcomes.filter(({ decision }) => !isRefusal(decision));
  if (acted.length === 0) return failed(refused[0] ?? none);
  const events = acted.flatMap(({ decision }) => (isRefusal(decision) ? [] : decision));
  return done(`${acted.map(({ id }) => id).join(', ')} ${verb}`, events);
}

/** Its profile knows how to take its conversation up again; its task is told once more. */
function restart(state: State, { cause }: Emergency, agents: readonly Agent[]): Taken {
  const before = state.watch.emergencies.filter(
    (one) =>
      one.cause === cause && one.steps.some(({ do: what }, at) => what === 'restart' && one.work[at]?.state === 'done'),
  );
  if (before.length >= RESTARTS) {
    return { state: 'skipped', said: `started anew ${before.length} times already`, until: null, events: [] };
  }
  return each(agents, (agent) => decideRestart(state, agent, COORDINATOR), 'started anew', 'there is nobody to start');
}

function reassign(state: State, emergency: Emergency, step: EmergencyStep, context: DecideContext): Taken {
  const { subject } = emergency;
  const standing = standingOf(state);
  const task = subject.task ?? (subject.agent === null ? null : (inHandOf(state.work, subject.agent)?.id ?? null));
  const check = subject.check === null ? undefined : own(state.health, subject.check);
  if (task === null || standing === null) {
    return check ? handFailure(state, check, step) : failed('there is no task to give to another');
  }
  const to = step.to ?? freeAgent(state, subject.agent);
  const decision = decideTask(state, standing, { type: 'task.assign', task, agent: to }, COORDINATOR, context);
  if (isRefusal(decision)) return failed(decision.refused);
  return done(`task ${task} is ${to ?? 'a person'}'s now`, decision);
}

/** A failure of a check goes to whom the step names, as something to mend. */
function handFailure(state: State, check: HealthCheck, { to, text }: EmergencyStep): Taken {
  const agent = to === null ? undefined : agentOf(state, to);
  if (agent === undefined) return failed('nobody is named to mend it');
  if (!isLive(agent)) return failed(`${agent.spec.id} does not run`);
  const words = `llmctl: ${check.name} fails: ${check.firstError}. ${text ?? 'Mend it, then say that you are done.'}`;
  return done(`${agent.spec.id} is to mend it`, [told(agent, words)]);
}

/** Runs, is well, and has nothing in hand; null: none, so it is a person's. */
function freeAgent(state: State, not: AgentId | null): AgentId | null {
  const isFree = (id: AgentId): boolean => {
    const agent = state.agents[id];
    if (id === not || agent === undefined || !isLive(agent) || agent.pending !== null) return false;
    return ['idle', 'done', 'working'].includes(agent.status.state) && inHandOf(state.work, id) === null;
  };
  return state.order.find(isFree) ?? null;
}

function split(state: State, agents: readonly Agent[], { text }: EmergencyStep): Taken {
  const live = agents.filter(isLive);
  const events = live.map((agent) => {
    const task = inHandOf(state.work, agent.spec.id);
    const about = task === null ? 'What you are at' : `Task ${task.id}`;
    const how =
      'Cut it into parts that each stand by themselves, do the smallest first, commit it, and report progress after each.';
    return told(agent, `llmctl: ${about} seems too much in one go. ${text ?? how}`);
  });
  if (events.length === 0) return failed('nobody runs that could split it');
  return done(`${live.map(({ spec }) => spec.id).join(', ')} told to do it in parts`, events);
}

function retry(state: State, { subject }: Emergency, agents: readonly Agent[], context: DecideContext): Taken {
  if (subject.check !== null) {
    const decision = runHealth(state, subject.check, COORDINATOR);
    return isRefusal(decision) ? failed(decision.refused) : done(`${subject.check} runs again`, decision);
  }
  const standing = standingOf(state);
  const { task } = subject;
  if (task !== null && standing !== null && own(standing.work.tasks, task)?.stage === 'failed') {
    const decision = decideTask(state, standing, { type: 'task.retry', task, force: false }, COORDINATOR, context);
    return isRefusal(decision) ? failed(decision.refused) : done(`task ${task} begins anew`, decision);
  }
  return each(agents, (agent) => decideRestart(state, agent, COORDINATOR), 'started anew', 'there is nothing to try');
}

function notify(state: State, emergency: Emergency, step: EmergencyStep, context: DecideContext): Taken {
  const { cause, subject, title, evidence } = emergency;
  const text = `${step.text ?? title}: ${evidence}`;
  const alert = raise(state, { level: 'error', text, agent: subject.agent, cause: emergencyCause(cause) }, context);
  return done('people are told', [alert]);
}

function rollback(state: State, { subject }: Emergency, context: DecideContext): Taken {
  const check = subject.check === null ? undefined : own(state.health, subject.check);
  const blame = check?.inquiry?.blame ?? null;
  if (blame === null) return failed('nobody is to blame as far as is known: nothing is taken out');
  return running(`takes the landing of ${blame.agent} out again`, SEARCH_MS, context);
}

export function factsOf(state: State, { subject }: Emergency): Facts {
  const agent = subject.agent === null ? undefined : agentOf(state, subject.agent);
  const task = subject.task === null || state.work === null ? undefined : own(state.work.tasks, subject.task);
  const check = subject.check === null ? undefined : own(state.health, subject.check);
  const said = check === undefined ? [] : [check.firstError, ...check.tail];
  const loop =
    state.alerts.find(({ cause }) => /^loop(-of-tools)?:/.test(cause) && cause.endsWith(`:${subject.agent}`))?.text ??
    '';
  const error = check === undefined ? (agent?.status.state === 'failed' ? agent.status.reason : loop) : said.join('\n');
  const kinds = (check?.failures ?? []).map(({ kind }) => kind);
  return { blocked: task?.stage === 'blocked' || agent?.status.state === 'waiting', error, kinds };
}
