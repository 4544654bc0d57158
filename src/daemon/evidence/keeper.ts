/** Every agent's evidence: hears what sources say, judges, and tells the coordinator what has settled. */
import type { PaneSignal } from '../../adapters/terminal/api.ts';
import { evidenceOf, PLAIN, type Saying, type Source, type Word } from '../../core/agents/board.ts';
import { looked, NO_STANDING, told, type Standing } from '../../core/agents/standing.ts';
import type { AgentId, AgentStatus } from '../../core/model/agent.ts';
import type { Command } from '../../core/model/commands.ts';
import type { Event } from '../../core/model/events.ts';
import { eventSaying, type Clock } from '../../core/profile/match.ts';
import type { ScreenRule } from '../../core/profile/profile.ts';
import type { ProfileRules, RuleList } from './rules.ts';
import { patiently } from './patience.ts';
import { wordsOf } from './words.ts';

export interface KeeperParts {
  readonly dispatch: (command: Command) => void;
  /** Rules of the agent's profile; those for any program where it has none. */
  readonly rulesOf: (agent: AgentId) => ProfileRules;
  /** A rule of a profile takes too long. */
  readonly onSlow: (profile: string, list: RuleList, rule: string) => void;
}

interface Kept {
  standing: Standing;
  timer: NodeJS.Timeout | null;
  /** What the coordinator was told last. */
  toldWord: Word | null;
}

/** Milliseconds of a clock that never goes back. */
const monotonic = (): number => performance.now();

export class EvidenceKeeper {
  readonly #parts: KeeperParts;
  readonly #kept = new Map<AgentId, Kept>();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** What a program says of itself in escape sequences, and what its screen shows. */
  signals(agent: AgentId, signals: readonly PaneSignal[]): void {
    const clock = wallClock();
    for (const signal of signals) {
      const rules = this.#parts.rulesOf(agent);
      this.#sideNews(agent, signal, rules);
      const heard = patiently(rules, this.#parts.onSlow, (some) => wordsOf(signal, some, clock)) ?? [];
      for (const { source, saying } of heard) this.#hear(agent, source, saying);
    }
  }

  /**
   * A hook of the agent's CLI ran, or an event of its API came.
   * @param body as the CLI gave it, parsed
   * @returns what was understood; null where its profile has no rule for it
   */
  event(agent: AgentId, source: 'hook' | 'api', name: string, body: unknown): Saying | null {
    const clock = wallClock();
    const saying = patiently(this.#parts.rulesOf(agent), this.#parts.onSlow, ({ hooks, events, version }) =>
      eventSaying(source === 'hook' ? hooks : events, name, body, version, clock),
    );
    if (saying !== null) this.#hear(agent, source, saying);
    return saying;
  }

  /** Something else told the coordinator of a state: the agent's own report. From within the loop. */
  heardOf(event: Extract<Event, { type: 'agent.state' }>): void {
    const { agent, state, reason, evidence, source, waitingFor = null } = event;
    if (source !== undefined || (evidence !== 'report' && evidence !== 'hook')) return;
    setImmediate(() => this.#hear(agent, evidence, { ...PLAIN, state, waitingFor, text: reason }));
  }

  /** A new run: nothing that was said before is of it. */
  begin(agent: AgentId): void {
    this.forget(agent);
  }

  /** It ran before this daemon did: what was known of it counts on. */
  seed(agent: AgentId, { state, reason, evidence, waitingFor = null, until = null }: AgentStatus): void {
    if (evidence !== 'report' && evidence !== 'hook' && evidence !== 'osc') return;
    if (state === 'paused' || state === 'starting' || state === 'stopped' || state === 'failed') return;
    this.#hear(agent, evidence, { ...PLAIN, state, waitingFor, until, text: reason });
  }

  /** Keys for the dialog that stands on its screen now; null where none that its profile knows does. */
  dialog(agent: AgentId): ScreenRule['answer'] {
    const shown = this.#kept.get(agent)?.standing.board.words.screen;
    const rule = this.#parts.rulesOf(agent).screen.rules.find(({ id }) => id === shown?.rule);
    return rule?.answer ?? null;
  }

  forget(agent: AgentId): void {
    const kept = this.#kept.get(agent);
    if (kept?.timer) clearTimeout(kept.timer);
    this.#kept.delete(agent);
  }

  stop(): void {
    for (const agent of this.#kept.keys()) this.forget(agent);
  }

  /** All that is known, judged now. */
  standing(agent: AgentId): { readonly standing: Standing; readonly now: number } {
    const now = monotonic();
    return { standing: looked(this.#kept.get(agent)?.standing ?? NO_STANDING, now), now };
  }

  #hear(agent: AgentId, source: Source, saying: Saying | null): void {
    const kept = this.#kept.get(agent) ?? { standing: NO_STANDING, timer: null, toldWord: null };
    this.#kept.set(agent, kept);
    const now = monotonic();
    this.#take(agent, kept, told(kept.standing, source, saying, now), now);
  }

  #take(agent: AgentId, kept: Kept, standing: Standing, now: number): void {
    kept.standing = standing;
    if (kept.timer) clearTimeout(kept.timer);
    kept.timer = null;
    if (standing.dueAt !== null) {
      const ms = Math.max(1, Math.ceil(standing.dueAt - now));
      kept.timer = setTimeout(() => {
        const at = monotonic();
        this.#take(agent, kept, looked(kept.standing, at), at);
      }, ms).unref();
    }
    const word = standing.settled.shown;
    if (word === null || (kept.toldWord !== null && sameWord(kept.toldWord, word))) return;
    kept.toldWord = word;
    const { state, waitingFor, until, source } = word;
    const reason = reasonOf(word);
    const evidence = evidenceOf(source);
    this.#parts.dispatch({ type: 'evidence', agent, state, reason, evidence, source, waitingFor, until });
  }

  /** Titles and notifications also tell what it is at, and progress how far it is. */
  #sideNews(agent: AgentId, signal: PaneSignal, { name }: ProfileRules): void {
    const { dispatch } = this.#parts;
    if (signal.kind === 'title') {
      // A spinner in front of it is no news.
      const text = signal.text.replace(/^[^\p{L}\p{N}[("'/~.]+/u, '').trimEnd();
      if (text !== '') dispatch({ type: 'activity', agent, text });
    } else if (signal.kind === 'notification') {
      const text = [signal.title, signal.text].filter((part) => part !== '').join(': ');
      dispatch({ type: 'activity', agent, text });
    } else if (signal.kind === 'progress' && signal.percent !== null) {
      dispatch({ type: 'progress', agent, percent: signal.percent, text: '' });
    } else if (signal.kind === 'slow-rule') this.#parts.onSlow(name, 'screen', signal.rule);
  }
}

/** How far two ends of a limit may lie apart and still be the same: programs count down in whole seconds, or minutes. */
const SAME_END_MS = 60_000;

function sameWord(a: Word, b: Word): boolean {
  const sameEnd = a.until === b.until || Math.abs((a.until ?? 0) - (b.until ?? 0)) < SAME_END_MS;
  return a.state === b.state && a.waitingFor === b.waitingFor && a.source === b.source && a.text === b.text && sameEnd;
}

/** What is waited for comes first: it is what a person wants to know. */
function reasonOf({ text, waitingFor, until }: Word): string {
  const words = waitingFor === null || text.startsWith(waitingFor) ? text : `${waitingFor}: ${text}`;
  if (until === null) return words;
  const end = new Date(until).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return `${words}, until ${end}`;
}

function wallClock(): Clock {
  const now = Date.now();
  return { now, zoneMinutes: -new Date(now).getTimezoneOffset() };
}
