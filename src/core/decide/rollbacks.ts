/** Taking a landing out of the integration branch again, and whose landing broke a check. */
import { toldAs } from '../agents/told.ts';
import type { Landing } from '../landing/landing.ts';
import { listed } from '../health/brief.ts';
import { rollbackOf, type Rollback, type RollbackEvent } from '../landing/rollback.ts';
import { COORDINATOR, isLive } from '../model/agent.ts';
import type { ClientCommand, DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { Inquiry } from '../model/health.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { inquiryWords } from '../select/inquiry.ts';
import { findLanding } from '../select/landings.ts';
import { oneLine } from '../text.ts';
import { over, raise } from './alerts.ts';
import { release } from './hold.ts';
import { branchMoved } from './landings.ts';
import { agentOf, quoted, refuse, type Decision } from './refuse.ts';

/** Checks only: the daemon then makes the branch that is to be, and tells of it. */
export function mayRollBack(
  state: State,
  { landing: text, undo }: Extract<ClientCommand, { type: 'landing.rollback' }>,
): Decision {
  if (state.rollbacks.some((one) => one.state === 'moving')) return refuse('busy', 'another roll-back is under way');
  const wanted = undo ? 'undone' : 'landed';
  const landing = findLanding(state, text, wanted);
  if (landing === null) {
    const known = findLanding(state, text, null);
    if (known) return refuse('invalid', `landing ${known.id} of ${known.agent} ${wrongState(known, undo)}`);
    const such = state.landings.filter(({ state: one }) => one === wanted).map(({ id, agent }) => `${id} of ${agent}`);
    const there = such.length === 0 ? `none is ${wanted}` : `these are ${wanted}: ${such.slice(-5).join(', ')}`;
    return refuse('invalid', `no landing or merge is ${quoted(text)}; ${there}`);
  }
  if (undo)
    return rollbackOf(state.rollbacks, landing.id) ? [] : refuse('invalid', `landing ${landing.id} ${LONG_AGO}`);
  const old = own(state.rebuilt, landing.agent);
  if (old === undefined) return [];
  return refuse(
    'busy',
    `${landing.agent} has still to be brought forward to the branch without an earlier landing: \`llmctl land ${landing.agent}\` first`,
  );
}

const LONG_AGO = 'was taken out too long ago to be put back: land it again';

function wrongState({ state }: Landing, undo: boolean): string {
  if (undo) return state === 'landed' ? 'is on the branch: there is nothing to undo' : 'was never on the branch';
  return state === 'undone' ? 'is taken out already' : `is not on the branch: it is ${state}`;
}

/** What comes with it comes in the same breath, so that no daemon's death comes between. */
export function rollbackFact(state: State, fact: RollbackEvent, context: DecideContext): Decision {
  switch (fact.type) {
    case 'rollback.begun':
      return [{ ...fact, reason: oneLine(fact.reason, 500) }];
    case 'rollback.failed':
      return [{ ...fact, reason: oneLine(fact.reason, 500) }];
    case 'rollback.followed':
      return own(state.rebuilt, fact.agent) === undefined ? [] : [fact];
    case 'rollback.done': {
      const rollback = state.rollbacks.find(({ id, state: one }) => id === fact.rollback && one === 'moving');
      const landing = state.landings.find(({ id }) => id === rollback?.landing);
      if (!rollback || !landing) return [];
      const holders = state.order.filter((id) => id !== landing.agent && Boolean(state.agents[id]?.tree));
      return [
        { ...fact, holders },
        ...moved(rollback),
        ...branchMoved(state),
        ...consequences(state, rollback, landing, context),
      ];
    }
    default:
      return fact satisfies never;
  }
}

function moved({ landing, reason, by, undo, merges }: Rollback): Event[] {
  return [
    undo ? { type: 'landing.redone', landing, by } : { type: 'landing.undone', landing, reason, by },
    ...merges.map(({ id, to }): Event => ({ type: 'landing.replayed', landing: id, merge: to })),
  ];
}

function consequences(state: State, rollback: Rollback, landing: Landing, context: DecideContext): Event[] {
  const { undo, by, reason } = rollback;
  const blamed = Object.values(state.health).filter(({ inquiry }) => inquiry?.blame?.landing === landing.id);
  const cause = `rollback:${landing.agent}`;
  if (undo) return [...over(state, cause), ...told(state, landing, 'llmctl: your landing is back on the branch.')];
  const text = `the landing of ${landing.agent} was taken out again by ${by.name}: ${reason}`;
  const again = reopened(state, landing, reason);
  const branch = state.session.integration ?? '';
  const words = `llmctl: what you landed was taken out of ${branch} again: ${reason}. Your branch and your files are as they were. Mend it, then say that you are done.`;
  return [
    raise(state, { level: 'warn', text, agent: landing.agent, cause }, context),
    ...blamed.flatMap(({ name }) => [...over(state, blameCause(name)), ...release(state, name)]),
    ...again,
    // Who gets its task once more hears of it with that.
    ...(again.length > 0 ? [] : told(state, landing, words)),
  ];
}

/** What it landed for is not done after all. */
function reopened({ work }: State, { task, merge }: Landing, reason: string): Event[] {
  const known = work === null || task === null ? undefined : own(work.tasks, task);
  if (!known || known.stage !== 'done' || known.commit !== merge) return [];
  const why = `what landed of it was taken out again: ${reason}`;
  return [{ type: 'task.reopened', task: task!, reason: why, by: COORDINATOR, forced: true }];
}

function told(state: State, landing: Landing, words: string): Event[] {
  const agent = agentOf(state, landing.agent);
  if (agent === undefined || !isLive(agent)) return [];
  return [{ type: 'agent.sent', agent: agent.spec.id, text: toldAs(agent, words), enter: true, by: COORDINATOR }];
}

/** Checks only: the daemon then looks for it. */
export function mayBlame(state: State, name: string | null): Decision {
  const names = Object.keys(state.health);
  if (names.length === 0) return refuse('unknown-check', 'the plan names no checks (add a `health:` section)');
  if (name === null || names.includes(name)) return [];
  return refuse('unknown-check', `no check is named ${quoted(name)}; there are ${names.join(', ')}`);
}

export function blamed(state: State, name: string, inquiry: Inquiry, context: DecideContext): Decision {
  const known = own(state.health, name);
  if (known === undefined) return [];
  const { blame, verdict } = inquiry;
  const clean: Inquiry = {
    ...inquiry,
    reason: oneLine(inquiry.reason, 500),
    blame: blame && { ...blame, reason: oneLine(blame.reason, 500) },
  };
  const event: Event = { type: 'health.blamed', name, inquiry: clean };
  if (verdict === 'green') return [event, ...over(state, blameCause(name)), ...release(state, name)];
  const remedy = blame === null ? '' : `; \`llmctl rollback ${blame.landing}\` takes it out again`;
  const level = blame === null ? 'warn' : 'error';
  const text = `${inquiryWords(name, clean)}${remedy}`;
  const raised = raise(state, { level, text, agent: blame?.agent ?? null, cause: blameCause(name) }, context);
  const landing = state.landings.find(({ id }) => id === blame?.landing);
  // Once for each landing: it is looked for again as often as somebody asks.
  if (!landing || known.inquiry?.blame?.landing === landing.id) return [event, raised];
  const words = `llmctl: since your work landed ${name} fails: ${clean.reason}. It may be taken out again; mend it, then say that you are done.`;
  const { failures = [], command } = known;
  const more = failures.length > 1 ? [`All that fails:`, ...listed(failures)] : [];
  return [event, raised, ...told(state, landing, [words, ...more, `To see it run: ${command}`].join('\n'))];
}

function blameCause(name: string): string {
  return `blame:${name}`;
}
