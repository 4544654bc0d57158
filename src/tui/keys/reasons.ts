import { allWaiting } from '../../core/select/waiting.ts';
import { isLive } from '../../core/model/agent.ts';
import type { RoomFacts } from './commands.ts';

/** Why a command can't run now; each is null when nothing is in its way. */
export type Reason = (facts: RoomFacts) => string | null;

/** The first thing in the way. */
export function firstOf(...reasons: readonly Reason[]): Reason {
  return (facts) => {
    for (const reason of reasons) {
      const why = reason(facts);
      if (why !== null) return why;
    }
    return null;
  };
}

export const anAgent: Reason = ({ focused }) => (focused ? null : 'there is no agent yet: n adds one');

export const writable: Reason = ({ readOnly, live, past }) => {
  if (past) return 'this is how it was: leave it first, there is nothing to be done in the past';
  if (readOnly) return 'this screen is read-only';
  return live ? null : 'the session does not answer just now';
};

export const running: Reason = (facts) => {
  const { focused } = facts;
  if (!focused) return anAgent(facts);
  return isLive(focused) ? null : `${focused.spec.name} is not running: r starts it again`;
};

export const notPending: Reason = ({ focused }) =>
  focused?.pending ? `${focused.spec.name} is ${focused.pending} already` : null;

export const someAgents =
  (least: number): Reason =>
  ({ state }) =>
    state.order.length >= least ? null : least === 1 ? 'there is no agent yet: n adds one' : 'there is only one agent';

export const anyRunning: Reason = ({ state }) =>
  Object.values(state.agents).some(isLive) ? null : 'no agent is running';

export const someoneWaits: Reason = ({ state }) =>
  allWaiting(state).length > 0 ? null : 'no agent waits for a person, and no gate';

export const aCheck: Reason = ({ state }) =>
  Object.keys(state.health).length > 0 ? null : 'the plan names no check: add "health: {build: COMMAND}" to it';

export const aLanding: Reason = ({ state }) =>
  state.landings.some((one) => one.state === 'landed') ? null : 'nothing has landed: nobody can have broken it';

export const aTodo: Reason = ({ state }) => (state.todos.length > 0 ? null : 'the list is empty: a adds a line');

export const anAlert: Reason = ({ state }) => (state.alerts.length > 0 ? null : 'there is no alert');

export const aMatch: Reason = ({ ui }) => {
  if (!ui.scroll?.query) return 'nothing was searched for yet: / searches';
  return ui.scroll.matches.length > 0 ? null : `nothing matches ${ui.scroll.query}`;
};

export const aSelection: Reason = ({ ui }) =>
  ui.scroll?.anchor ? null : 'nothing is selected: v starts a selection, then move';
