/** The session as a screen sees it: RoomClient over the daemon's socket, connected again by itself when the line breaks. */
import { ClusterTable } from '../core/clusters.ts';
import type { ClientCommand } from '../core/model/commands.ts';
import type { JournalEntry } from '../core/model/events.ts';
import type { State } from '../core/model/state.ts';
import type { SessionSeries } from '../core/records/series.ts';
import type {
  AddRequest,
  BranchesReply,
  DaemonMessage,
  DiffReply,
  JournalReply,
  KeptReply,
  MetricsReply,
  OverlapReply,
  PaneView,
  SearchReply,
  Snapshot,
} from '../protocol/messages.ts';
import type { Connection, Damage, JournalSought, LineBlock, PaneScreen, RoomClient } from './api.ts';
import type { DaemonConnection, Greeting } from './connection.ts';
import { LlmctlError } from './error.ts';
import { Listeners } from './listeners.ts';
import { Replica } from './replica.ts';
import { Screens } from './screens.ts';
import { subscribe } from './subscribe.ts';

/** First wait before the next attempt, doubled up to the last. */
const RETRY_FIRST_MS = 20;
const RETRY_MAX_MS = 1_000;

export interface RoomOptions {
  readonly socket: string;
  readonly greeting: Greeting;
  /** Starts the daemon again where nobody listens any more; its agents live on in the ptyhost meanwhile. */
  readonly revive?: () => Promise<void>;
}

interface View {
  readonly panes: readonly PaneView[];
  readonly focus: number | null;
  readonly active: boolean;
}

export class RoomConnection implements RoomClient {
  readonly clusters = new ClusterTable();
  readonly readOnly: boolean;
  readonly #options: RoomOptions;
  readonly #screens = new Screens(this.clusters);
  readonly #changes = new Listeners<[]>();
  readonly #damages = new Listeners<[damage: Damage]>();
  readonly #frameEnds = new Listeners<[frame: number]>();
  readonly #bells = new Listeners<[agent: string]>();
  #link: DaemonConnection | null = null;
  #replica: Replica;
  #status: Connection = { state: 'connecting' };
  #view: View | null = null;
  #retry: NodeJS.Timeout | null = null;

  private constructor(options: RoomOptions, replica: Replica) {
    this.#options = options;
    this.#replica = replica;
    this.readOnly = options.greeting.readOnly;
  }

  /**
   * Connects, says hello and takes the first snapshot.
   * @throws LlmctlError `no-session`, `version` or `lost`
   */
  static async open(options: RoomOptions): Promise<RoomConnection> {
    const holder: { room: RoomConnection | null; early: DaemonMessage[] } = { room: null, early: [] };
    const { link, snapshot } = await subscribe(options, () => holder.room, holder.early);
    const room = new RoomConnection(options, new Replica(snapshot));
    holder.room = room;
    room.#live(link, holder.early);
    return room;
  }

  state(): State {
    return this.#replica.state;
  }

  connection(): Connection {
    return this.#status;
  }

  recent(): readonly JournalEntry[] {
    return this.#replica.recent;
  }

  clients(): number {
    return this.#replica.clients;
  }

  screen(pane: number): PaneScreen | undefined {
    return this.#screens.get(pane);
  }

  onChange(listener: () => void): () => void {
    return this.#changes.add(listener);
  }

  onDamage(listener: (damage: Damage) => void): () => void {
    return this.#damages.add(listener);
  }

  onFrameEnd(listener: (frame: number) => void): () => void {
    return this.#frameEnds.add(listener);
  }

  onBell(listener: (agent: string) => void): () => void {
    return this.#bells.add(listener);
  }

  ack(frame: number): void {
    this.#link?.ack(frame);
  }

  view(panes: readonly PaneView[], focus: number | null, active: boolean): void {
    this.#view = { panes, focus, active };
    this.#sendView();
  }

  /** Keys typed while the line is down are dropped: nobody could see where they went. */
  input(pane: number, bytes: Uint8Array): void {
    if (!this.readOnly) this.#link?.input(pane, bytes);
  }

  async lines(pane: number, from: number, count: number): Promise<LineBlock> {
    const payload = await this.#need().request({ method: 'lines', pane, from, count });
    return this.#screens.decodeLines(payload as Buffer, from);
  }

  async search(pane: number, query: string): Promise<SearchReply> {
    return (await this.#need().request({ method: 'search', pane, query })) as SearchReply;
  }

  async metrics(): Promise<MetricsReply> {
    return (await this.#need().request({ method: 'metrics' })) as MetricsReply;
  }

  async journal(sought: JournalSought): Promise<JournalReply> {
    return (await this.#need().request({ method: 'journal', ...sought })) as JournalReply;
  }

  async stateAt(seq: number): Promise<Snapshot> {
    return (await this.#need().request({ method: 'debugAt', seq })) as Snapshot;
  }

  async series(most: number): Promise<SessionSeries> {
    return (await this.#need().request({ method: 'series', most })) as SessionSeries;
  }

  async keep(what: 'report' | 'metrics'): Promise<readonly string[]> {
    return ((await this.#need().request({ method: 'keep', what })) as KeptReply).files;
  }

  async overlap(overlap: string): Promise<OverlapReply> {
    return (await this.#need().request({ method: 'overlap', overlap })) as OverlapReply;
  }

  async branches(): Promise<BranchesReply> {
    return (await this.#need().request({ method: 'branches' })) as BranchesReply;
  }

  async diff(agent: string, against: string | null): Promise<DiffReply> {
    return (await this.#need().request({ method: 'diff', agent, against, path: null })) as DiffReply;
  }

  async command(command: ClientCommand): Promise<void> {
    await this.#need().request({ method: 'command', command });
  }

  async add(agent: AddRequest): Promise<void> {
    await this.#need().request({ method: 'add', agent });
  }

  async down(): Promise<void> {
    if (this.readOnly) throw new LlmctlError('read-only', 'this client is read-only: it ends nothing');
    await this.#need().request({ method: 'down' });
    this.#end('the session was ended');
    this.#changes.emit();
  }

  close(): void {
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
    const link = this.#link;
    this.#link = null;
    this.#status = { state: 'ended', reason: 'left' };
    link?.close();
  }

  /** @internal What the connection delivers. */
  receive(message: Exclude<DaemonMessage, { type: 'reply' }>): void {
    switch (message.type) {
      case 'events':
        if (!this.#replica.apply(message.entries)) void this.#resync();
        this.#forgetRemoved(message.entries);
        break;
      case 'clients':
        this.#replica.clients = message.count;
        break;
      case 'bell':
        this.#bells.emit(message.agent);
        return;
      case 'bye':
        this.#end(message.reason);
        break;
      case 'output':
        return;
    }
    this.#changes.emit();
  }

  /** @internal */
  rows(payload: Uint8Array): void {
    this.#damages.emit(this.#screens.apply(payload));
  }

  /** @internal */
  frameEnd(frame: number): void {
    // Nobody draws: say so at once, or the daemon waits for ever.
    if (this.#frameEnds.size === 0) this.ack(frame);
    else this.#frameEnds.emit(frame);
  }

  /** @internal */
  lost(reason: LlmctlError): void {
    if (this.#status.state === 'ended') return;
    this.#link = null;
    this.#status = { state: 'lost', reason: reason.message };
    this.#changes.emit();
    this.#tryAgain(RETRY_FIRST_MS);
  }

  #live(link: DaemonConnection, early: readonly DaemonMessage[]): void {
    this.#link = link;
    this.#status = { state: 'live' };
    for (const message of early) if (message.type !== 'reply') this.receive(message);
    // It may have gone in the very tick in which it came.
    if (link.closed && this.#link === link) this.lost(new LlmctlError('lost', 'the session closed the connection'));
    this.#sendView();
    this.#changes.emit();
  }

  #end(reason: string): void {
    this.#status = { state: 'ended', reason };
    const link = this.#link;
    this.#link = null;
    link?.close();
  }

  #sendView(): void {
    if (this.#view === null || this.#link === null) return;
    // Refused or lost: the next view, or the one after connecting again, says it all anew.
    this.#link.request({ method: 'view', ...this.#view }).catch(() => undefined);
  }

  #forgetRemoved(entries: readonly JournalEntry[]): void {
    if (!entries.some(({ event }) => event.type === 'agent.removed')) return;
    this.#screens.keep(new Set(Object.values(this.#replica.state.agents).map(({ pane }) => pane)));
  }

  /** An event is missing: take the whole state again. */
  async #resync(): Promise<void> {
    try {
      this.#replica = new Replica((await this.#need().request({ method: 'snapshot' })) as Snapshot);
      this.#changes.emit();
    } catch {
      // The connection went; connecting again brings a snapshot too.
    }
  }

  #tryAgain(waitMs: number): void {
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#reconnect(waitMs);
    }, waitMs);
  }

  async #reconnect(waited: number): Promise<void> {
    const early: DaemonMessage[] = [];
    let attached = false;
    try {
      const { link, snapshot } = await subscribe(this.#options, () => (attached ? this : null), early);
      if (this.#status.state === 'ended') {
        link.close();
        return;
      }
      attached = true;
      this.#replica = new Replica(snapshot);
      this.#live(link, early);
    } catch (error) {
      if (this.#status.state === 'ended') return;
      await this.#afterFailure(error, waited);
    }
  }

  async #afterFailure(error: unknown, waited: number): Promise<void> {
    const code = error instanceof LlmctlError ? error.code : 'lost';
    if (code === 'version') {
      this.#end((error as Error).message);
      this.#changes.emit();
      return;
    }
    if (code === 'no-session') await this.#revive();
    if (this.#connectionState() !== 'ended') this.#tryAgain(Math.min(waited * 2, RETRY_MAX_MS));
  }

  async #revive(): Promise<void> {
    try {
      await this.#options.revive?.();
    } catch {
      // Said by the state 'lost' that lasts; tried again with the next attempt.
    }
  }

  #connectionState(): Connection['state'] {
    return this.#status.state;
  }

  #need(): DaemonConnection {
    if (this.#link === null) throw new LlmctlError('lost', 'not connected to the session just now');
    return this.#link;
  }
}
