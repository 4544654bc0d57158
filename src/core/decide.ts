/** From a command to what happens because of it: events, or one line that says why not. Changes nothing itself. */
import { decideAdd } from './decide/add.ts';
import { acknowledge, clear, over, raise } from './decide/alerts.ts';
import * as claims from './decide/claims.ts';
import * as facts from './decide/facts.ts';
import * as health from './decide/health.ts';
import * as hold from './decide/hold.ts';
import * as landings from './decide/landings.ts';
import * as observe from './decide/observe.ts';
import { agentOf, isRefusal, unknownAgent, type Decision } from './decide/refuse.ts';
import * as overlaps from './decide/overlaps.ts';
import { percentOf } from './decide/percent.ts';
import { decidePermission, type PermissionCommand } from './decide/permissions.ts';
import { decideReport } from './decide/report.ts';
import * as rollbacks from './decide/rollbacks.ts';
import { decideConversation, decideUsage } from './decide/run-facts.ts';
import * as rounds from './decide/rounds.ts';
import * as steer from './decide/steer.ts';
import * as tell from './decide/tell.ts';
import { withConsequences } from './decide/consequences.ts';
import { decideWatch, progressSeen } from './decide/watch.ts';
import { decideWork } from './decide/work.ts';
import { COORDINATOR, isLive, type Actor, type Agent, type AgentGit, type AgentTree } from './model/agent.ts';
import type { Command, DecideContext, MergeCommand } from './model/commands.ts';
import type { State } from './model/state.ts';
import type { WatchCommand } from './model/watch-commands.ts';
import type { WorkCommand } from './model/work-commands.ts';
import { oneLine, showControls } from './text.ts';

/**
 * @param context the time, and ids that were never given before
 * @returns no events where all is as it was asked for already
 */
export function decide(state: State, command: Command, context: DecideContext): Decision {
  return withConsequences(state, decideAlone(state, command, context), context);
}

function decideAlone(state: State, command: Command, context: DecideContext): Decision {
  const by = command.by ?? COORDINATOR;
  if (isWork(command)) return decideWork(state, command, by, context);
  if (isWatch(command)) return decideWatch(state, command, by, context);
  if (isPermission(command)) return decidePermission(state, command, by, context);
  return 'agent' in command && isAboutAgent(command)
    ? decideAgent(state, command, by, context)
    : decideRest(state, command as Rest, by, context);
}

type AboutAgent = Extract<Command, { readonly agent: string }> & {
  readonly type: Exclude<
    Command['type'],
    Rest['type'] | WorkCommand['type'] | WatchCommand['type'] | PermissionCommand['type']
  >;
};

function isWork(command: Command): command is WorkCommand & { readonly by?: Actor } {
  return /^(task|gate|milestone|schedule)\./.test(command.type) || command.type === 'plan.take';
}

function isWatch(command: Command): command is WatchCommand & { readonly by?: Actor } {
  return /^(watch|progress|emergency|sync)\./.test(command.type) || command.type === 'agent.runaway';
}

function isPermission(command: Command): command is PermissionCommand & { readonly by?: Actor } {
  return command.type.startsWith('permission.');
}

type Rest = Extract<
  Command,
  {
    readonly type:
      | 'agent.add'
      | 'todo.add'
      | 'todo.check'
      | 'todo.remove'
      | 'health.run'
      | 'health.send'
      | 'health.tell'
      | 'health.hold'
      | 'health.release'
      | 'health.moved'
      | 'health.define'
      | 'health.result'
      | 'alert.clear'
      | 'alert.ack'
      | 'alert'
      | 'alert.over'
      | 'session.end'
      | 'git.status'
      | 'tree.moved'
      | 'plan.todo'
      | 'plan.merge'
      | 'overlaps.seen'
      | 'overlap.due'
      | 'path.touched'
      | 'round.fact'
      | 'landing.ready'
      | 'landing.fact'
      | 'rollback.fact'
      | 'health.blamed'
      | MergeCommand['type'];
  }
>;

function isAboutAgent(command: Command): command is AboutAgent {
  return (
    typeof (command as { agent?: unknown }).agent === 'string' &&
    command.type !== 'alert' &&
    command.type !== 'plan.todo' &&
    command.type !== 'health.send' &&
    command.type !== 'agent.land' &&
    command.type !== 'agent.forward' &&
    command.type !== 'landing.ready'
  );
}

function decideRest(state: State, command: Rest, by: Actor, context: DecideContext): Decision {
  switch (command.type) {
    case 'agent.add':
      return decideAdd(state, command.agent, command.start, by);
    case 'todo.add':
      return facts.addTodo(state, command.text, command.task ?? null, by, context);
    case 'todo.check':
      return facts.checkTodo(state, command.id, command.done, by);
    case 'todo.remove':
      return facts.removeTodo(state, command.id, by);
    case 'plan.todo':
      return facts.planTodo(state, command);
    case 'health.define':
      return health.defineHealth(state, command);
    case 'health.run':
      return health.runHealth(state, command.name, by);
    case 'health.send':
      return tell.sendFailures(state, command, by);
    case 'health.moved':
      return health.worktreeMoved(state, command.tree);
    case 'health.hold':
      return hold.holdFor(state, command.name, command.others, context);
    case 'health.release':
      return hold.release(state, command.name);
    case 'health.tell':
      return tell.tellOwners(state, command.name, context);
    case 'health.result':
      return health.healthResult(state, command, context);
    case 'git.status':
      return facts.gitStatus(state, command);
    case 'tree.moved':
      return health.treeMoved(state);
    case 'alert':
      return [raise(state, command, context)];
    case 'alert.over':
      return over(state, command.cause);
    case 'alert.clear':
      return clear(state, command.id, by);
    case 'alert.ack':
      return acknowledge(state, command.id, by);
    case 'session.end':
      return [{ type: 'session.ended', by }];
    case 'plan.merge':
      return overlaps.definePolicy(state, command.policy);
    case 'overlaps.seen':
      return overlaps.seen(state, command, context);
    case 'path.touched':
      return touched(state, command, context);
    case 'lock.free':
      return overlaps.freeLock(state, command.path, by);
    case 'overlap.due':
      return rounds.due(state, command.overlap, context);
    case 'overlap.merge':
      return rounds.merge(state, command.overlap, by, context);
    case 'overlap.settle':
      return rounds.settle(state, command.overlap, command.settled, by, context);
    case 'overlap.defer':
      return rounds.defer(state, command.overlap, by);
    case 'round.undo':
      return rounds.undo(state, command.round);
    case 'agent.land':
    case 'agent.forward':
      return landings.mayLand(state, command.agent);
    case 'landing.ready':
      return landings.requested(state, command, by);
    case 'landing.withdraw':
      return landings.withdraw(state, command.landing, by);
    case 'landing.fact':
      return landings.landingFact(state, command.fact, context);
    case 'landing.rollback':
      return rollbacks.mayRollBack(state, command);
    case 'rollback.fact':
      return rollbacks.rollbackFact(state, command.fact, context);
    case 'health.blame':
      return rollbacks.mayBlame(state, command.name);
    case 'health.blamed':
      return rollbacks.blamed(state, command.name, command.inquiry, context);
    case 'round.fact':
      return rounds.fact(state, command.fact, context);
  }
}

/** Who writes a file gets on. */
function touched(state: State, command: Extract<Rest, { type: 'path.touched' }>, context: DecideContext): Decision {
  const events = overlaps.touched(state, command, context);
  const text = `wrote ${command.path}`;
  const seen = progressSeen(state, { type: 'progress.seen', agent: command.toucher, kind: 'file', text }, context);
  return isRefusal(events) || isRefusal(seen) ? events : [...events, ...seen];
}

function decideAgent(state: State, command: AboutAgent, by: Actor, context: DecideContext): Decision {
  const agent = agentOf(state, command.agent);
  if (agent === undefined) return isObservation(command) ? [] : unknownAgent(state, command.agent);
  switch (command.type) {
    case 'agent.pause':
      return steer.decidePause(agent, by);
    case 'agent.resume':
      return steer.decideResume(state, agent, by);
    case 'agent.restart':
      return steer.decideRestart(state, agent, by);
    case 'agent.stop':
      return steer.decideStop(agent, by);
    case 'agent.remove':
      return steer.decideRemove(state, agent, by);
    case 'agent.send':
      return steer.decideSend(agent, command.text, command.enter, by);
    case 'agent.keys':
      return steer.decideKeys(agent);
    case 'agent.report':
      return decideReport(state, agent, command, context);
    case 'pty.spawned':
      return observe.decideSpawned(state, agent, command);
    case 'pty.spawn-failed':
      return observe.decideSpawnFailed(state, agent, command.reason, context);
    case 'pty.exited':
      return observe.decideExited(state, agent, command, context);
    case 'tree.paused':
      return observe.decidePaused(agent, command);
    case 'tree.resumed':
      return observe.decideResumed(agent, command);
    case 'tree.pause-failed':
    case 'tree.failed':
      return observe.decideTreeFailed(state, agent, command.reason, context);
    case 'evidence': {
      const { state: told, reason, evidence, source, waitingFor, until } = command;
      const evident = { state: told, reason, evidence };
      return source === undefined
        ? observe.decideEvidence(agent, evident, context.now)
        : observe.decideJudged(agent, { ...evident, source, waitingFor: waitingFor ?? null, until: until ?? null });
    }
    case 'activity':
      return observe.decideActivity(agent, command.text);
    case 'progress':
      return decideProgress(agent, command.percent, command.text);
    case 'backoff.over':
      return observe.decideBackoffOver(state, agent, context);
    case 'agent.git':
      return decideGit(agent, command.git);
    case 'agent.conversation':
      return decideConversation(agent, command.conversation);
    case 'agent.usage':
      return decideUsage(state, agent, command.usage, context);
    case 'agent.claim':
      return claims.decideClaim(state, agent, command);
    case 'agent.release':
      return claims.decideRelease(state, agent, command);
    case 'agent.forwarded':
      return landings.forwarded(agent, command);
    case 'agent.placed':
      return samePlace(agent, command.tree) ? [] : [{ type: 'agent.placed', agent: agent.spec.id, tree: command.tree }];
  }
}

const OBSERVED: readonly Command['type'][] = [
  'agent.git',
  'agent.placed',
  'agent.forwarded',
  'agent.conversation',
  'agent.usage',
];

/** Adapters may speak of an agent that was removed meanwhile: no news. */
function isObservation(command: AboutAgent): boolean {
  return !command.type.startsWith('agent.') || OBSERVED.includes(command.type);
}

function samePlace({ tree }: Agent, next: AgentTree): boolean {
  return tree?.dir === next.dir && tree.branch === next.branch && tree.portBase === next.portBase;
}

function decideProgress(agent: Agent, value: number | null, text: string): Decision {
  const percent = percentOf(value);
  if (!isLive(agent) || (percent === agent.progress && text === '')) return [];
  return [{ type: 'agent.progress', agent: agent.spec.id, percent, text: oneLine(text, 200) }];
}

function decideGit(agent: Agent, seen: AgentGit): Decision {
  const git = { ...seen, branch: oneLine(seen.branch, 200), changed: seen.changed.map((path) => showControls(path)) };
  const same = JSON.stringify(git) === JSON.stringify(agent.git);
  return same ? [] : [{ type: 'agent.git', agent: agent.spec.id, git }];
}
