/** Emergencies by hand, and what is told about agents that are watched. */
import { evolve } from '../evolve.ts';
import { COORDINATOR, type Actor } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { askedStep, isActive, isOpen, type Emergency } from '../model/watch.ts';
import type { WatchClientCommand, WatchCommand } from '../model/watch-commands.ts';
import { roundWith } from '../select/overlaps.ts';
import { oneLine } from '../text.ts';
import { emergencyCause } from '../watch/alerts.ts';
import { presentCauses, ruleFor } from '../watch/causes.ts';
import { isWatched, lastProgress, span, stuckAfterMs } from '../watch/limits.ts';
import { begin, begunStep, byHand, look } from '../watch/look.ts';
import { nearestNames } from '../nearest.ts';
import { BY_HAND, syncPoints } from '../watch/sync-points.ts';
import { over, raise } from './alerts.ts';
import { decidePause, decideStop } from './steer.ts';
import { agentOf, isRefusal, hint, quoted, refuse, unknownAgent, type Decision } from './refuse.ts';

export function decideWatch(state: State, command: WatchCommand, by: Actor, context: DecideContext): Decision {
  switch (command.type) {
    case 'watch.look':
      return look(state, context, (now, events) =>
        events.reduce((one, event) => evolve(one, { seq: one.seq + 1, at: context.now, event }), now),
      );
    case 'progress.seen':
      return progressSeen(state, command, context);
    case 'agent.runaway':
      return runaway(state, command, context);
    case 'emergency.told':
      return told(state, command);
    case 'sync.told': {
      const { point, title, summary, path, due } = command;
      const digest = clippedText(command.text, DIGEST_LIMIT);
      const words = oneLine(summary, 300);
      const late = due === null ? '' : ` (${span(context.now - due)} late)`;
      const text = `${oneLine(title, 100)}${late}: ${words}`;
      const alert = raise(state, { level: 'info', text, agent: null, cause: `sync:${point}` }, context);
      return [{ type: 'sync.held', point, title, summary: words, path, text: digest, due, by }, alert];
    }
    case 'sync.hold':
      return holdSync(state, command.point, by);
    case 'emergency.start':
      return start(state, command, by, context);
    case 'emergency.go':
    case 'emergency.skip':
    case 'emergency.stop':
      return steer(state, command, by, context);
  }
}

/** Of a digest that is kept in the state: the file has all of it. */
const DIGEST_LIMIT = 16_000;

/** Whole lines of it. */
function clippedText(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, Math.max(0, text.lastIndexOf('\n', most)))}\n…\n`;
}

function holdSync(state: State, point: string, by: Actor): Decision {
  const points = syncPoints(state).map((one) => one.point);
  if (point === BY_HAND.point || points.includes(point)) return [{ type: 'sync.asked', point, by }];
  const near = nearestNames(point, points);
  return refuse('invalid', `no sync point is named ${quoted(point)}; ${hint(near, 'sync points', points)}`, near);
}

type Seen = Extract<WatchCommand, { type: 'progress.seen' }>;

/** The journal is told of it a few times within a limit at most, and at once where somebody waits for it. */
const A_LIMIT = 10;

export function progressSeen(state: State, { agent: id, kind, text }: Seen, { now }: DecideContext): Decision {
  const agent = agentOf(state, id);
  // In a round it is llmctl that writes.
  if (!agent || !isWatched(state, agent) || roundWith(state, id) !== null) return [];
  const stuck = agent.status.state === 'stuck';
  const age = now - lastProgress(state, agent).at;
  if (!stuck && age >= 0 && age < Math.min(60_000, stuckAfterMs(state, id) / A_LIMIT)) return [];
  return [{ type: 'agent.advanced', agent: id, kind, text: oneLine(text, 200) }];
}

/** Named, and held where the plan wants it. */
function runaway(
  state: State,
  { agent: id, what }: Extract<WatchCommand, { type: 'agent.runaway' }>,
  context: DecideContext,
): Decision {
  const agent = agentOf(state, id);
  const cause = `runaway:${id}`;
  if (!agent) return [];
  if (what === null) return over(state, cause);
  const wanted = state.work?.plan.limits?.runaway?.do ?? 'tell';
  const act =
    wanted === 'pause' ? decidePause(agent, COORDINATOR) : wanted === 'stop' ? decideStop(agent, COORDINATOR) : [];
  const done =
    wanted === 'tell'
      ? ''
      : isRefusal(act)
        ? `; ${act.refused}`
        : `; it is ${wanted === 'pause' ? 'paused' : 'stopped'}`;
  const text = `${id} takes too much: ${what}${done}`;
  const alert = raise(state, { level: 'error', text, agent: id, cause }, context);
  return isRefusal(act) ? [alert] : [alert, ...act];
}

/** What came of a step that took time; too late where it was given up meanwhile. */
function told(
  state: State,
  { emergency: id, step, ok, said }: Extract<WatchCommand, { type: 'emergency.told' }>,
): Decision {
  const emergency = state.watch.emergencies.find((one) => one.id === id);
  if (!emergency || !isOpen(emergency) || emergency.work[step]?.state !== 'running') return [];
  const by = { kind: 'coordinator', name: 'llmctl' } as const;
  const words = oneLine(said, 300);
  return [{ type: 'emergency.step', emergency: id, step, state: ok ? 'done' : 'failed', said: words, until: null, by }];
}

function start(
  state: State,
  { when, agent }: Extract<WatchClientCommand, { type: 'emergency.start' }>,
  by: Actor,
  context: DecideContext,
): Decision {
  if (agent !== null && !agentOf(state, agent)) return unknownAgent(state, agent);
  const rule = ruleFor(state, when);
  if (rule === null) {
    return refuse(
      'invalid',
      `the plan has nothing for "${when}": write "emergencies: [{when: ${when}, steps: […]}]" into it`,
    );
  }
  const present = presentCauses(state, context.now).find(
    (one) => one.when === when && (agent === null || one.subject.agent === agent),
  );
  const nobody = { agent, check: null, task: null, overlap: null };
  const subject = present?.subject ?? nobody;
  const evidence = present?.evidence ?? `begun by ${by.name}`;
  const cause = byHand(subject.agent, when);
  const known = state.watch.emergencies.find(
    (one) => isOpen(one) && (one.cause === cause || one.cause === present?.cause),
  );
  if (known) return refuse('already', `emergency ${known.id} is about that already: \`llmctl emergency list\``);
  return begin(state, { cause, when, subject, evidence }, rule, by, context);
}

type Steer = Extract<WatchClientCommand, { readonly emergency: string }>;

function steer(state: State, command: Steer, by: Actor, context: DecideContext): Decision {
  const emergency = find(state, command.emergency);
  if (emergency === null) return unknown(state, command.emergency);
  const { id, cause, steps, work } = emergency;
  if (!isActive(emergency)) {
    return command.type === 'emergency.stop' ? [] : refuse('invalid', `emergency ${id} has no step left to decide`);
  }
  if (command.type === 'emergency.stop') {
    return [{ type: 'emergency.stopped', emergency: id, by }, ...over(state, emergencyCause(cause))];
  }
  const asked = askedStep(emergency);
  if (command.type === 'emergency.skip') {
    const at = asked ?? (work.at(-1)?.state === 'running' ? work.length - 1 : null);
    if (at === null) return refuse('invalid', `emergency ${id} waits for nothing just now`);
    return [step(id, at, 'skipped', `left out by ${by.name}`, by), ...over(state, emergencyCause(cause))];
  }
  if (asked === null) return refuse('invalid', `emergency ${id} asks nothing just now`);
  const alert = over(state, emergencyCause(cause));
  // What asks for a person's word alone has it now.
  if (steps[asked]!.do === 'ask-person') return [step(id, asked, 'done', `go, says ${by.name}`, by), ...alert];
  return [...alert, ...begunStep(state, emergency, asked, true, context)];
}

function step(emergency: string, at: number, state: 'done' | 'skipped', said: string, by: Actor): Event {
  return { type: 'emergency.step', emergency, step: at, state, said, until: null, by };
}

/** By its id or its cause, the newest first. */
function find({ watch }: State, name: string): Emergency | null {
  return watch.emergencies.findLast((one) => one.id === name || (isOpen(one) && one.cause === name)) ?? null;
}

function unknown({ watch }: State, name: string): Decision {
  const open = watch.emergencies.filter(isOpen).map(({ id, cause }) => `${id} (${cause})`);
  const there = open.length === 0 ? 'there are none' : `there are ${open.join(', ')}`;
  return refuse('invalid', `no emergency is ${quoted(name)}; ${there}`);
}
