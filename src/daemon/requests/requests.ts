/** Every request of a client, and its answer. */
import { seekJournal } from '../../adapters/journal/seek.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { Actor, Agent } from '../../core/model/agent.ts';
import { agentOf, unknownAgent } from '../../core/decide/refuse.ts';
import type { JournalEntry } from '../../core/model/events.ts';
import { oneLine } from '../../core/text.ts';
import {
  PROTOCOL_VERSION,
  type ClientMessage,
  type DiagnosticsReply,
  type EvidenceReply,
  type KeptReply,
  type HealthOutputReply,
  type PaneView,
  type Request,
  type Snapshot,
} from '../../protocol/messages.ts';
import type { Busy } from '../busy.ts';
import type { Connection } from '../connection.ts';
import type { Effects } from '../effects/effects.ts';
import type { Outputs } from '../health/outputs.ts';
import type { MergeViews } from '../merging/views.ts';
import { Metrics } from '../metrics.ts';
import type { Pane, Panes } from '../panes.ts';
import type { Records } from '../records/records.ts';
import type { Room } from '../room.ts';
import { resolveAdd, type AddContext } from './add.ts';
import type { Commands } from './commands.ts';
import { RequestError, refused } from './failure.ts';
import { AgentFiles, type FileListeners } from './agent-files.ts';
import { Pasts } from './past.ts';

export interface RequestParts {
  readonly room: Room;
  readonly panes: Panes;
  readonly busy: Busy;
  readonly effects: Effects;
  readonly commands: Commands;
  readonly merges: MergeViews;
  readonly outputs: Outputs;
  readonly heard: FileListeners;
  readonly explain: (agent: string) => EvidenceReply;
  readonly add: AddContext;
  readonly records: Records;
  readonly startedAt: number;
  readonly clients: () => readonly Connection[];
  /** Connections that show the session: what `clients` counts. */
  readonly screens: () => number;
  /** A client showed itself, changed its views, or became active. */
  readonly onViews: () => void;
  readonly onGreeted: () => void;
  readonly down: (by: Actor) => Promise<void>;
}

/** What the answer to `lines` is sent as. */
export interface LinesAnswer {
  readonly lines: Uint8Array;
}

const LOG_LIMIT = 10_000;
const SERIES_LIMIT = 2_000;
const LINES_LIMIT = 2_000;
/** An answer has to fit a frame. */
const ANSWER_BYTES = 6 * 1024 * 1024;
const READ_ONLY: readonly Request['method'][] = ['command', 'add', 'wrote', 'claim', 'release', 'mcpTrouble', 'down'];

export class Requests {
  readonly #parts: RequestParts;

  readonly #metrics: Metrics;
  readonly files: AgentFiles;
  readonly #pasts: Pasts;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    this.#metrics = new Metrics({ room: parts.room, panes: parts.panes });
    this.files = new AgentFiles(parts.room, parts.heard);
    this.#pasts = new Pasts(parts.room);
  }

  /** @throws RequestError with what the client is to read */
  async answer(connection: Connection, request: ClientMessage): Promise<unknown> {
    if (connection.readOnly && READ_ONLY.includes(request.method)) {
      throw new RequestError('read-only', 'this client is read-only: attach without --read-only to do that');
    }
    const { room, panes, commands, busy } = this.#parts;
    switch (request.method) {
      case 'hello':
        return this.#hello(connection, request);
      case 'subscribe':
        connection.subscribed = true;
        this.#parts.onGreeted();
        return this.#snapshot();
      case 'snapshot':
        return this.#snapshot();
      case 'command': {
        const { command } = request;
        if (command.type === 'agent.report') this.#maySpeak(connection, command.agent);
        return { seq: await commands.run(command, actorOf(connection)) };
      }
      case 'add': {
        const agent = await resolveAdd(request.agent, this.#parts.add);
        await commands.run({ type: 'agent.add', agent, start: request.agent.start }, actorOf(connection));
        return { agent: agent.id };
      }
      case 'view':
        return this.#view(connection, request.panes, request.focus, request.active);
      case 'lines':
        return this.#lines(request.pane, request.from, request.count);
      case 'search':
        return panes.search(this.#pane(request.pane).pane, request.query.slice(0, 1000)).catch(asFailure);
      case 'output': {
        const { agent, lines, screen, ansi } = request;
        const text = await panes.text(this.#paneOf(agent).pane, { lines, screen, ansi }).catch(asFailure);
        return { agent, ...text };
      }
      case 'follow':
        connection.cleanups.push(panes.follow(this.#follow(connection, request.agent).pane));
        return {};
      case 'log':
        return { entries: this.#log(request.since, request.agent, request.limit) };
      case 'debugAt':
        return { ...(await this.#pasts.at(request.seq)), clients: this.#parts.screens() };
      case 'journal': {
        const { filter, from, step, limit } = request;
        return seekJournal(room.journal, { filter, from, step, limit: Math.max(1, Math.min(limit, LOG_LIMIT)) });
      }
      case 'report':
        return this.#parts.records.report();
      case 'keep':
        return { files: await this.#parts.records.keep(request.what).catch(asFailure) } satisfies KeptReply;
      case 'series':
        return this.#parts.records.series(Math.max(1, Math.min(request.most, SERIES_LIMIT)));
      case 'diagnostics':
        return this.#diagnostics();
      case 'evidence':
        return this.#parts.explain(this.#agent(request.agent).spec.id);
      case 'healthOutput':
        return this.#healthOutput(request);
      case 'metrics':
        return this.#metrics.sample(connection).catch(asFailure);
      case 'mayWrite':
      case 'wrote':
      case 'claim':
      case 'release':
        this.#maySpeak(connection, request.agent);
        return this.files.answer(this.#agent(request.agent), request);
      case 'mcpTrouble':
        return this.#mcpTrouble(connection, request);
      case 'overlap':
        return this.#parts.merges.overlap(request.overlap).catch(asFailure);
      case 'diff':
        return this.#parts.merges.diff(request.agent, request.against, request.path).catch(asFailure);
      case 'branches':
        return this.#parts.merges.branches().catch(asFailure);
      case 'idle':
        await this.#idle(busy);
        return { seq: room.state.seq };
      case 'down':
        await this.#parts.down(actorOf(connection));
        return {};
    }
  }

  async #healthOutput(request: Extract<Request, { method: 'healthOutput' }>): Promise<HealthOutputReply> {
    const { room, outputs } = this.#parts;
    if (Object.hasOwn(room.state.health, request.name)) return outputs.read(request);
    const names = Object.keys(room.state.health);
    throw new RequestError('unknown-check', `no check is named "${oneLine(request.name, 60)}"`, names.slice(0, 5));
  }

  #hello(connection: Connection, hello: Extract<Request, { method: 'hello' }>): unknown {
    if (hello.version !== PROTOCOL_VERSION) {
      const older = hello.version < PROTOCOL_VERSION ? 'this client' : 'the running session';
      const remedy =
        hello.version < PROTOCOL_VERSION ? 'update llmctl here' : '`llmctl down`, then start it again with the new one';
      const versions = `client ${hello.version}, session ${PROTOCOL_VERSION}`;
      throw new RequestError('version', `${older} speaks an older protocol (${versions}): ${remedy}`);
    }
    connection.agent = hello.kind === 'agent' ? this.#agentOfToken(hello.token, hello.user) : null;
    connection.kind = hello.kind;
    connection.readOnly = hello.readOnly;
    connection.user = oneLine(hello.user, 60) || 'somebody';
    connection.greeted = true;
    return { version: PROTOCOL_VERSION, pid: process.pid };
  }

  #agentOfToken(token: string | undefined, name: string): string {
    const agents = Object.values(this.#parts.room.state.agents);
    const found = token ? agents.find((agent) => agent.run?.token === token) : undefined;
    if (found) return found.spec.id;
    const who = oneLine(name, 60);
    throw new RequestError('invalid', `"${who}" is no agent of this session: its LLMCTL_TOKEN is of another run`);
  }

  /** One alert for each agent, however often. */
  #mcpTrouble(connection: Connection, { agent: id, text }: Extract<Request, { method: 'mcpTrouble' }>): unknown {
    this.#maySpeak(connection, id);
    const agent = this.#agent(id).spec.id;
    const words = `agent ${agent}: its MCP client: ${oneLine(text, 300)}`;
    this.#parts.room.dispatch({ type: 'alert', level: 'warn', text: words, agent, cause: `mcp:${agent}` });
    return {};
  }

  #maySpeak(connection: Connection, agent: string): void {
    if (connection.kind === 'agent' && connection.agent !== agent) {
      throw new RequestError('invalid', `agent ${connection.agent ?? '?'} can't report for ${oneLine(agent, 60)}`);
    }
  }

  #snapshot(): Snapshot {
    const { room, screens } = this.#parts;
    return { state: room.state, seq: room.state.seq, recent: fitting(room.journal.recent()), clients: screens() };
  }

  #view(connection: Connection, views: readonly PaneView[], focus: number | null, active: boolean): unknown {
    if (active) connection.activeAt = performance.now();
    connection.show(new Map(views.map((view) => [view.pane, view])), focus);
    this.#parts.onViews();
    return {};
  }

  async #lines(pane: number, from: number, count: number): Promise<LinesAnswer> {
    const known = this.#pane(pane);
    return { lines: await this.#parts.panes.lines(known.pane, from, Math.min(count, LINES_LIMIT)).catch(asFailure) };
  }

  #follow(connection: Connection, agent: string): Pane {
    const pane = this.#paneOf(agent);
    connection.following.add(pane.pane);
    return pane;
  }

  #log(since: number | null, agent: string | null, limit: number): readonly JournalEntry[] {
    const { journal } = this.#parts.room;
    return fitting(journal.select(Math.min(limit, LOG_LIMIT), since === null ? null : Math.floor(since), agent));
  }

  async #diagnostics(): Promise<DiagnosticsReply> {
    const { panes, clients, startedAt } = this.#parts;
    const stats = await panes.stats();
    return {
      pid: process.pid,
      ptyhostPid: panes.host.host.pid,
      rssBytes: process.memoryUsage.rss(),
      uptimeMs: Math.round(performance.now() - startedAt),
      clients: clients().map(({ kind, readOnly, user }) => ({ kind, readOnly, user })),
      panes: stats.panes.map(({ pane, bytes, lagBytes }) => ({
        agent: panes.agentOf(pane) ?? '',
        pane,
        bytes,
        lagBytes,
      })),
    };
  }

  async #idle(busy: Busy): Promise<void> {
    for (;;) {
      await busy.idle();
      const { panes } = await this.#parts.panes.stats();
      if (busy.count === 0 && panes.every((pane) => pane.lagBytes === 0)) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  #pane(pane: number): Pane {
    const known = this.#parts.panes.get(pane);
    if (!known) throw new RequestError('not-found', `there is no pane ${pane}`);
    return known;
  }

  #paneOf(id: string): Pane {
    const agent = this.#agent(id);
    const pane = this.#parts.panes.of(agent.spec.id);
    if (!pane)
      throw new RequestError(
        'not-running',
        `agent ${agent.spec.id} has not printed anything: it is ${agent.status.state}`,
      );
    return pane;
  }

  #agent(id: string): Agent {
    const { state } = this.#parts.room;
    const agent = agentOf(state, id);
    if (agent) return agent;
    const refusal = unknownAgent(state, id);
    throw 'refused' in refusal
      ? refused(refusal)
      : new RequestError('unknown-agent', id, nearestNames(id, state.order));
  }
}

function actorOf(connection: Connection): Actor {
  if (connection.agent !== null) return { kind: 'agent', name: connection.agent };
  return { kind: 'person', name: connection.user };
}

function asFailure(error: Error): never {
  if (error instanceof RequestError) throw error;
  throw new RequestError('failed', oneLine(error.message));
}

/** The newest of them that fit one frame. */
function fitting(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  let bytes = 0;
  for (let i = entries.length - 1; i >= 0; i--) {
    bytes += JSON.stringify(entries[i]).length;
    if (bytes > ANSWER_BYTES) return entries.slice(i + 1);
  }
  return entries;
}
