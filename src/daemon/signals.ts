/** From what a program says about itself in escape sequences to what the coordinator is told. */
import type { PaneSignal } from '../adapters/terminal/api.ts';
import { SILENT_MS } from '../core/agents/evidence.ts';
import type { AgentId } from '../core/model/agent.ts';
import type { Command, Observation } from '../core/model/commands.ts';

type Evident = Extract<Observation, { type: 'evidence' }>;

export class Signals {
  readonly #dispatch: (command: Command) => void;
  readonly #again = new Map<AgentId, NodeJS.Timeout>();
  /** Agents that print nothing. */
  readonly #quiet = new Set<AgentId>();

  constructor(dispatch: (command: Command) => void) {
    this.#dispatch = dispatch;
  }

  take(agent: AgentId, signals: readonly PaneSignal[]): void {
    for (const signal of signals) {
      for (const command of observations(agent, signal)) this.#dispatch(command);
      if (signal.kind === 'activity') this.#heardOf(agent, signal.active);
    }
  }

  /** Better evidence came, which silence may refute once it is old. */
  toldBetter(agent: AgentId): void {
    if (this.#quiet.has(agent)) this.#askAgain(agent);
  }

  /** Its timers are of no use once the program has ended. */
  forget(agent: AgentId): void {
    this.#quiet.delete(agent);
    this.#cancel(agent);
  }

  #heardOf(agent: AgentId, active: boolean): void {
    if (active) this.forget(agent);
    else {
      this.#quiet.add(agent);
      this.#askAgain(agent);
    }
  }

  /** Silence is told once, when it begins: better evidence was too fresh then for it to count. */
  #askAgain(agent: AgentId): void {
    this.#cancel(agent);
    const timer = setTimeout(() => {
      this.#again.delete(agent);
      this.#dispatch(activity(agent, false));
    }, SILENT_MS + 100);
    this.#again.set(agent, timer.unref());
  }

  #cancel(agent: AgentId): void {
    clearTimeout(this.#again.get(agent));
    this.#again.delete(agent);
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
