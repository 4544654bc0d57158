/** From what a program says about itself in escape sequences to words about its state. */
import type { PaneSignal } from '../../adapters/terminal/api.ts';
import { PLAIN, type Saying, type Source } from '../../core/agents/board.ts';
import type { WaitingFor } from '../../core/model/agent.ts';
import { firstSaying, type Clock, type ReadyRule } from '../../core/profile/match.ts';
import { resetTime } from '../../core/profile/reset-time.ts';

export interface SignalRules {
  readonly titles: readonly ReadyRule[];
  readonly notifications: readonly ReadyRule[];
}

/** What one signal says; null: the source says nothing any more. */
export interface Heard {
  readonly source: Source;
  readonly saying: Saying | null;
}

export function wordsOf(signal: PaneSignal, rules: SignalRules, clock: Clock): readonly Heard[] {
  switch (signal.kind) {
    case 'bell':
      return [];
    case 'title':
      return rules.titles.length === 0
        ? []
        : [{ source: 'title', saying: firstSaying(rules.titles, signal.text, clock) }];
    case 'notification': {
      const text = [signal.title, signal.text].filter((part) => part !== '').join(': ');
      const saying = firstSaying(rules.notifications, text, clock);
      return saying === null ? [] : [{ source: 'notification', saying }];
    }
    case 'progress':
      // OSC 9;4 has no better place: it is a notification of work, and its end one of nothing.
      if (signal.state === 'none') return [{ source: 'notification', saying: null }];
      return [{ source: 'notification', saying: { ...PLAIN, state: 'working', text: 'shows its progress' } }];
    case 'status':
      return signal.subject === null ? [{ source: 'osc', saying: statusSaying(signal, clock) }] : [];
    case 'activity':
      return [{ source: 'process', saying: activity(signal.active) }];
    case 'screen':
      return [{ source: 'screen', saying: signal.saying }];
    case 'slow-rule':
      return [];
  }
}

function activity(active: boolean): Saying {
  return { ...PLAIN, state: active ? 'working' : 'idle', text: active ? 'prints' : 'prints nothing' };
}

/** After an error it waits for a prompt, as after any other end of its turn: the error is why. */
const STATE_OF = { idle: 'idle', working: 'working', blocked: 'waiting', done: 'idle', error: 'idle' } as const;
/** Kinds of the protocol, and what a person calls them. */
const FOR: Readonly<Record<string, WaitingFor>> = {
  permission: 'permission',
  question: 'question',
  auth: 'login',
  login: 'login',
};
const LIMIT = /limit|quota|429/i;
const LOGIN = /\b401\b|log ?in\b|API key|OAuth token|authenticat/i;

/** The Program Status Protocol: state, kind, message. */
function statusSaying(signal: Extract<PaneSignal, { kind: 'status' }>, clock: Clock): Saying | null {
  const { reason, message } = signal;
  if (signal.state === 'clear') return null;
  const words = `${reason} ${message}`;
  const error = signal.state !== 'error' ? null : LIMIT.test(words) ? 'limited' : loginIn(signal) ? 'waiting' : 'idle';
  const state = error ?? STATE_OF[signal.state];
  const end = state === 'limited' ? /resets?(?: at| in)? (.*)/i.exec(words)?.[1] : undefined;
  const told = error === 'idle' ? `ended its turn with an error${message === '' ? '' : `: ${message}`}` : message;
  return {
    ...PLAIN,
    state,
    matched: message,
    text: told === '' ? `says it is ${signal.state}` : told,
    waitingFor: state !== 'waiting' ? null : error === null ? (FOR[reason] ?? null) : 'login',
    until: end === undefined ? null : resetTime(end, clock.now, clock.zoneMinutes),
  };
}

function loginIn({ reason, message }: { readonly reason: string; readonly message: string }): boolean {
  return FOR[reason] === 'login' || LOGIN.test(message);
}
