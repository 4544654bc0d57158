/** Looks now and then at what watched agents print: news, loops, limits that are near. Only those that printed since. */
import type { Agent, AgentId } from '../../core/model/agent.ts';
import { isWatched, stuckAfterMs } from '../../core/watch/limits.ts';
import { CONTEXT_PERCENT, findLoop, isNews, LOOP_LINES, nearLimit, saidLines } from '../../core/watch/output.ts';
import { log } from '../log.ts';
import type { Panes } from '../panes.ts';
import type { Room } from '../room.ts';

export interface OutlookParts {
  readonly room: Room;
  readonly panes: Pick<Panes, 'of' | 'text' | 'stats'>;
}

/** Often enough to see a limit of half an hour; a look at twelve agents costs some milliseconds. */
const LOOK_MS = 30_000;
const LEAST_MS = 1_000;
/** Looks within one limit. */
const LOOKS = 4;

interface Seen {
  readonly bytes: number;
  readonly generation: number;
  readonly said: ReadonlySet<string>;
}

export class Outlook {
  readonly #parts: OutlookParts;
  readonly #seen = new Map<AgentId, Seen>();
  /** Causes of what was said and is so still: who puts the alert away isn't told again. */
  readonly #said = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #stopped = false;

  constructor(parts: OutlookParts) {
    this.#parts = parts;
  }

  /** Nothing runs while nobody is watched. */
  start(): void {
    if (this.#timer || this.#looking || this.#stopped) return;
    const limits = this.#watched().map(({ spec }) => stuckAfterMs(this.#parts.room.state, spec.id));
    if (limits.length === 0) return;
    const wait = Math.max(LEAST_MS, Math.min(LOOK_MS, ...limits.map((ms) => ms / LOOKS)));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#looking = true;
      void this.#look()
        .catch((error: Error) => log(`watch: ${error.message}`))
        .finally(() => {
          this.#looking = false;
          this.start();
        });
    }, wait).unref();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #watched(): readonly Agent[] {
    const { state } = this.#parts.room;
    return state.order.flatMap((id) => state.agents[id] ?? []).filter((agent) => isWatched(state, agent));
  }

  async #look(): Promise<void> {
    const { panes, room } = this.#parts;
    const { panes: stats } = await panes.stats();
    const printed = new Map(stats.map(({ pane, bytes }) => [pane, bytes]));
    for (const { spec } of this.#watched()) {
      const pane = panes.of(spec.id);
      const bytes = pane && printed.get(pane.pane);
      if (!pane || bytes === undefined) continue;
      const before = this.#seen.get(spec.id);
      const same = before?.generation === pane.generation;
      if (same && before.bytes === bytes) continue;
      const { lines } = await panes.text(pane.pane, { lines: LOOP_LINES, screen: false, ansi: false });
      if (this.#stopped) return;
      const said = saidLines(lines, this.#told(spec.id));
      this.#seen.set(spec.id, { bytes, generation: pane.generation, said });
      if (same && isNews(before.said, said)) {
        room.dispatch({ type: 'progress.seen', agent: spec.id, kind: 'output', text: 'printed something new' });
      }
      this.#tell(spec.id, lines);
    }
    for (const id of this.#seen.keys()) if (!Object.hasOwn(room.state.agents, id)) this.#seen.delete(id);
  }

  /** What it was sent last. */
  #told(agent: AgentId): string {
    const sent = this.#parts.room.journal
      .recent()
      .findLast(({ event }) => event.type === 'agent.sent' && event.agent === agent)?.event;
    return sent?.type === 'agent.sent' ? sent.text : '';
  }

  #tell(agent: AgentId, lines: readonly string[]): void {
    const loop = findLoop(lines);
    const again = loop && `${agent} does the same over and over: ${loop.line} (${loop.times} times in its last lines)`;
    this.#alert(agent, `loop:${agent}`, again);
    const used = this.#parts.room.state.agents[agent]?.usage?.now.contextUsed ?? 0;
    const full = used >= 100 - CONTEXT_PERCENT ? `${Math.round(used)} % of its context is full` : null;
    const near = full ?? nearLimit(lines);
    this.#alert(agent, `context:${agent}`, near && `${agent} is near a limit: ${near}`);
  }

  /** Once; and taken back once it is over. */
  #alert(agent: AgentId, cause: string, text: string | null): void {
    const { room } = this.#parts;
    if (text !== null && !this.#said.has(cause)) {
      this.#said.add(cause);
      room.dispatch({ type: 'alert', level: 'warn', text, agent, cause });
    }
    if (text !== null) return;
    this.#said.delete(cause);
    if (room.state.alerts.some((alert) => alert.cause === cause)) room.dispatch({ type: 'alert.over', cause });
  }
}
