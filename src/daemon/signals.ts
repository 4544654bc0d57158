/** From what a program says about itself in escape sequences to what the coordinator is told. */
import type { PaneSignal } from '../adapters/terminal/api.ts';
import { PROCESS_AFTER_MS } from '../core/agents/evidence.ts';
import type { AgentId } from '../core/model/agent.ts';
import type { Command, Observation } from '../core/model/commands.ts';

type Evident = Extract<Observation, { type: 'evidence' }>;

export class Signals {
  readonly #dispatch: (command: Command) => void;
  readonly #again = new Map<AgentId, NodeJS.Timeout>();

  constructor(dispatch: (command: Command) => void) {
    this.#dispatch = dispatch;
  }

  take(agent: AgentId, signals: readonly PaneSignal[]): void {
    for (const signal of signals) {
      for (const command of observations(agent, signal)) this.#dispatch(command);
      if (signal.kind === 'activity') this.#askAgain(agent, signal.active);
    }
  }

  /** Its timers are of no use once the program has ended. */
  forget(agent: AgentId): void {
    clearTimeout(this.#again.get(agent));
    this.#again.delete(agent);
  }

  /** Activity is told only when it changes; better evidence may have been too fresh for it to count just now. */
  #askAgain(agent: AgentId, active: boolean): void {
    this.forget(agent);
    const timer = setTimeout(() => {
      this.#again.delete(agent);
      this.#dispatch(activity(agent, active));
    }, PROCESS_AFTER_MS + 100);
    this.#again.set(agent, timer.unref());
  }
}

function observations(agent: AgentId, signal: PaneSignal): Observation[] {
  switch (signal.kind) {
    case 'bell':
      return [];
    case 'title':
      return [{ type: 'activity', agent, text: signal.text }];
    case 'notification':
      return [{ type: 'activity', agent, text: [signal.title, signal.text].filter((part) => part !== '').join(': ') }];
    case 'progress':
      return progress(agent, signal);
    case 'status':
      return signal.subject === null ? status(agent, signal) : [];
    case 'activity':
      return [activity(agent, signal.active)];
  }
}

function activity(agent: AgentId, active: boolean): Evident {
  return active
    ? { type: 'evidence', agent, state: 'working', reason: 'prints', evidence: 'process' }
    : { type: 'evidence', agent, state: 'idle', reason: 'prints nothing', evidence: 'process' };
}

function progress(agent: AgentId, signal: Extract<PaneSignal, { kind: 'progress' }>): Observation[] {
  if (signal.state === 'none') return [];
  const busy: Evident = { type: 'evidence', agent, state: 'working', reason: 'shows its progress', evidence: 'osc' };
  return signal.percent === null ? [busy] : [busy, { type: 'progress', agent, percent: signal.percent, text: '' }];
}

const STATE_OF = { idle: 'idle', working: 'working', blocked: 'waiting', done: 'done', error: 'waiting' } as const;

function status(agent: AgentId, signal: Extract<PaneSignal, { kind: 'status' }>): Observation[] {
  if (signal.state === 'clear') return [];
  const limited = signal.state === 'error' && /limit|quota/i.test(`${signal.reason} ${signal.message}`);
  const state = limited ? 'limited' : STATE_OF[signal.state];
  const words = [signal.reason, signal.message].filter((part) => part !== '').join(': ');
  const reason = words === '' ? `says it is ${signal.state}` : words;
  return [{ type: 'evidence', agent, state, reason, evidence: 'osc' }];
}
