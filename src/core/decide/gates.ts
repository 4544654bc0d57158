/** Gates by hand. */
import { nearestNames } from '../nearest.ts';
import { gateCause } from '../schedule/causes.ts';
import { begin, failGate, isReached, isRun, passGate } from '../schedule/follow-gates.ts';
import type { ScheduledGate } from '../schedule/gates.ts';
import { areDone, type Standing } from '../schedule/needs.ts';
import type { Actor } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { State } from '../model/state.ts';
import type { WorkClientCommand } from '../model/work-commands.ts';
import { own, type GateCheckWork, type GateWork } from '../model/work.ts';
import { oneLine } from '../text.ts';
import { over } from './alerts.ts';
import { hint, quoted, refuse, type Decision } from './refuse.ts';

type GateCommand = Extract<WorkClientCommand, { readonly gate: string }>;

export function decideGate(
  state: State,
  standing: Standing,
  command: GateCommand,
  by: Actor,
  context: DecideContext,
): Decision {
  const { gate: id } = command;
  const gate = standing.index.gates.get(id);
  const known = own(standing.work.gates, id);
  if (!gate || !known) return unknownGate(standing, id);
  const reason = 'reason' in command ? oneLine(command.reason, 300) : '';
  switch (command.type) {
    case 'gate.run': {
      if (known.state === 'running') return [];
      if (!command.force && !isDue(standing, gate)) return notReached(standing, gate, 'runs');
      return begin(state, gate, known, by, !isDue(standing, gate), context);
    }
    case 'gate.pass':
      return pass(state, standing, gate, known, reason, command.force, by);
    case 'gate.fail': {
      if (known.state === 'failed') return [];
      if (!command.force && !isDue(standing, gate)) return notReached(standing, gate, 'fails');
      const checks = byHand(gate, known, 'failed');
      return failGate(state, gate, checks, reason || `no-go by ${by.name}`, by, context);
    }
    case 'gate.waive':
      if (known.state === 'waived') return [];
      return [{ type: 'gate.waived', gate: id, by, reason }, ...over(state, gateCause(id))];
  }
}

function pass(
  state: State,
  standing: Standing,
  gate: ScheduledGate,
  known: GateWork,
  reason: string,
  force: boolean,
  by: Actor,
): Decision {
  if (known.state === 'passed') return [];
  const due = isDue(standing, gate);
  if (!force && !due) return notReached(standing, gate, 'passes');
  const open = gate.checks.findIndex((check, at) => isRun(check) && known.checks[at]?.state !== 'passed');
  if (!force && open >= 0) {
    const said = known.checks[open]?.said ?? '';
    const { text } = gate.checks[open]!.check;
    const why =
      known.checks[open]?.state === 'failed'
        ? `"${text}" fails${said === '' ? '' : `: ${said}`}`
        : `"${text}" has not passed`;
    return refuse('not-ready', `gate ${gate.id}: ${why}; --force passes it all the same, \`waive\` leaves it out`);
  }
  return passGate(state, gate, byHand(gate, known, 'passed'), reason, by, !due || open >= 0);
}

/** A gate that follows nothing may be looked at whenever somebody wants to. */
function isDue(standing: Standing, gate: ScheduledGate): boolean {
  return gate.after.length === 0 || isReached(standing, gate);
}

/** A person's word is for what a person is asked. */
function byHand(gate: ScheduledGate, known: GateWork, state: 'passed' | 'failed'): readonly GateCheckWork[] {
  return gate.checks.map((check, at) => {
    const before = known.checks[at] ?? { state: 'pending', said: '' };
    if (!isRun(check)) return { state, said: '' };
    return before.state === 'running' ? { state: 'pending', said: '' } : before;
  });
}

function notReached(standing: Standing, gate: ScheduledGate, verb: string): Decision {
  const open = gate.after.filter((id) => !areDone(standing, [id]));
  const listed = `${open.slice(0, 5).join(', ')}${open.length > 5 ? ', …' : ''}`;
  const text = `gate ${gate.id} isn't reached yet: ${listed} ${open.length === 1 ? 'is' : 'are'} not done; --force ${verb} it all the same`;
  return refuse('not-ready', text);
}

function unknownGate({ index }: Standing, id: string): Decision {
  const ids = [...index.gates.keys()];
  const near = nearestNames(id, ids);
  return refuse('unknown-gate', `no gate of the plan is named ${quoted(id)}; ${hint(near, 'gates', ids)}`, near);
}
