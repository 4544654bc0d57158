/** Questions of agents: who answers them, and what they are told. */
import { decideEvidence } from './observe.ts';
import { agentOf, isRefusal, quoted, refuse, unknownAgent, type Decision } from './refuse.ts';
import { isLive, type Actor, type Agent } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { Permission, PermissionAsk, PermissionClientCommand, PermissionObservation } from '../model/permission.ts';
import type { State } from '../model/state.ts';
import { judge } from '../permission/judge.ts';
import { oneLine, showControls } from '../text.ts';

export type PermissionCommand = PermissionClientCommand | PermissionObservation;

export function decidePermission(
  state: State,
  command: PermissionCommand,
  by: Actor,
  context: DecideContext,
): Decision {
  switch (command.type) {
    case 'permission.ask':
      return asked(state, command.agent, command.ask, context);
    case 'permission.answer':
      return answered(state, command, by, context);
    case 'permission.gone':
      return gone(state, command, context);
    case 'permission.rules':
      return JSON.stringify(command.rules) === JSON.stringify(state.permissions.rules)
        ? []
        : [{ type: 'permission.ruled', rules: command.rules }];
  }
}

const COORDINATED: Actor = { kind: 'coordinator', name: 'llmctl' };
const DIFF_LINES = 200;

function asked(state: State, id: string, ask: PermissionAsk, context: DecideContext): Decision {
  const agent = agentOf(state, id);
  if (agent === undefined || !isLive(agent)) return [];
  const open = Object.values(state.permissions.waiting).filter((one) => one.agent === id);
  const worse = open.filter((one) => isBetter(ask, one));
  // Told twice, by its hook and by its screen: the better way back counts, else the first.
  const known = open.filter((one) => !worse.includes(one));
  if (known.some((one) => one.ref === ask.ref && one.via === ask.via) || (ask.via === 'keys' && known.length > 0))
    return [];
  const permission: Permission = { ...shown(ask), id: context.newId(), agent: id, at: context.now };
  const events: Event[] = [
    ...worse.map((one): Event => ({ type: 'permission.gone', id: one.id, agent: id, reason: 'it is known better' })),
    { type: 'permission.asked', permission },
  ];
  const judgement = judge(state.permissions, id, ask);
  if (judgement === null) return [...events, ...waits(agent, permission, context)];
  const { verdict, reason } = judgement;
  return [...events, { type: 'permission.answered', permission, verdict, by: COORDINATED, reason }];
}

/** A hook or an API takes an answer; a screen alone may not even say what it is about. */
function isBetter(ask: PermissionAsk, known: Permission): boolean {
  if (known.via !== 'keys') return false;
  return ask.via !== 'keys' || (known.tool === '' && ask.tool !== '');
}

function answered(
  state: State,
  { permission: named, verdict, reason }: PermissionClientCommand,
  by: Actor,
  context: DecideContext,
): Decision {
  if (by.kind === 'agent') return refuse('invalid', 'agents ask for permissions, people give them');
  const { waiting } = state.permissions;
  const agent = agentOf(state, named);
  const open = Object.values(waiting).filter((one) => one.id === named || one.agent === agent?.spec.id);
  const [permission] = open;
  if (permission === undefined) {
    if (agent !== undefined) return refuse('already', `agent ${agent.spec.id} asks for no permission just now`);
    const ids = Object.keys(waiting).join(', ');
    const there = ids === '' ? 'nobody asks for one' : `there are ${ids}`;
    const unknown = unknownAgent(state, named);
    return {
      ...(isRefusal(unknown) ? unknown : {}),
      ...refuse('invalid', `no permission or agent ${quoted(named)}: ${there}`),
    };
  }
  if (open.length > 1 && !Object.hasOwn(waiting, named)) {
    const ids = open.map((one) => one.id).join(', ');
    return refuse('invalid', `agent ${permission.agent} asks for several: name one of ${ids}`);
  }
  const words = oneLine(reason, 500);
  const said: Event = { type: 'permission.answered', permission, verdict, by, reason: words };
  return [said, ...goesOn(state, permission, verdict === 'deny' ? 'was told no' : 'has its permission', context)];
}

function gone(
  state: State,
  { agent: id, ref, reason }: Extract<PermissionObservation, { type: 'permission.gone' }>,
  context: DecideContext,
): Decision {
  const open = Object.values(state.permissions.waiting).filter(
    (one) => one.agent === id && (ref === null || one.ref === ref),
  );
  return open.flatMap((permission) => [
    { type: 'permission.gone', id: permission.id, agent: id, reason: oneLine(reason) } as const,
    ...goesOn(state, permission, reason, context),
  ]);
}

function waits(agent: Agent, permission: Permission, context: DecideContext): readonly Event[] {
  const evidence = permission.via === 'keys' ? 'screen' : 'hook';
  const told = decideEvidence(
    agent,
    { state: 'waiting', reason: `permission: ${permission.text}`, evidence, waitingFor: 'permission' },
    context.now,
  );
  return isRefusal(told) ? [] : told;
}

/** With its last question answered it is at work again, until it says something else. */
function goesOn(
  state: State,
  { agent: id, id: one, via }: Permission,
  reason: string,
  context: DecideContext,
): readonly Event[] {
  const agent = agentOf(state, id);
  if (
    agent === undefined ||
    Object.values(state.permissions.waiting).some((other) => other.agent === id && other.id !== one)
  )
    return [];
  if ((agent.beforePause ?? agent.status).state !== 'waiting') return [];
  const evidence = via === 'keys' ? 'screen' : 'hook';
  const told = decideEvidence(agent, { state: 'working', reason, evidence }, context.now);
  return isRefusal(told) ? [] : told;
}

/** Nothing of an agent's reaches a screen as it is. */
function shown(ask: PermissionAsk): PermissionAsk {
  const diff = ask.diff.slice(0, DIFF_LINES).map((line) => showControls(line).slice(0, 500));
  return {
    ...ask,
    tool: oneLine(ask.tool, 80),
    command: ask.command === null ? null : showControls(ask.command).slice(0, 4000),
    paths: ask.paths.slice(0, 50).map((path) => oneLine(path, 400)),
    text: oneLine(ask.text, 300),
    diff,
  };
}
