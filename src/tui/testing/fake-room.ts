/** A session for component tests: no socket, no daemon; its state is what the test says. */
import type {
  AddRequest,
  BranchesReply,
  Connection,
  Damage,
  DiffReply,
  JournalReply,
  JournalSought,
  LineBlock,
  MetricsReply,
  OverlapReply,
  PaneScreen,
  PaneView,
  RoomClient,
  SearchReply,
  Snapshot,
} from '../../client/api.ts';
import { WIDTH_SHIFT, WORDS_PER_CELL } from '../../core/cells.ts';
import { ClusterTable } from '../../core/clusters.ts';
import type { Agent } from '../../core/model/agent.ts';
import type { ClientCommand } from '../../core/model/commands.ts';
import type { Event, JournalEntry } from '../../core/model/events.ts';
import { type State, emptyState } from '../../core/model/state.ts';
import type { SessionSeries } from '../../core/records/series.ts';
import { fitsFilter } from '../../core/records/journal-filter.ts';
import { PANE_FLAG } from '../../core/pane-flags.ts';

/** The time in every fake: 2026-01-02T03:04:05Z. */
export const FAKE_NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

export class FakeRoom implements RoomClient {
  readonly clusters = new ClusterTable();
  readOnly = false;
  /** What was asked, in order. */
  readonly commands: ClientCommand[] = [];
  readonly added: AddRequest[] = [];
  readonly typed: { readonly pane: number; readonly text: string }[] = [];
  readonly views: { readonly panes: readonly PaneView[]; readonly focus: number | null; readonly active: boolean }[] =
    [];
  /** Refuses the next command with these words. */
  refusal: string | null = null;
  isDown = false;
  /** What metrics() answers, asked with how many times it was called before; refused while null. */
  measure: ((times: number) => MetricsReply) | null = null;
  timesMeasured = 0;
  /** Answers of overlap(), by id; of branches(); of diff(), by `AGENT` or `AGENT AGAINST`. What is not there is refused. */
  readonly overlapReplies: Record<string, OverlapReply> = {};
  branchesReply: BranchesReply | null = null;
  readonly diffs: Record<string, DiffReply> = {};
  readonly kept: string[] = [];
  seriesReply: SessionSeries | null = null;
  readonly seriesAsked: number[] = [];
  journalPiece = 1_000;
  recentKept = 200;
  readonly pastStates: Record<number, State> = {};
  #state: State;
  #connection: Connection = { state: 'live' };
  #recent: JournalEntry[] = [];
  #screens = new Map<number, PaneScreen>();
  #history = new Map<number, string[]>();
  #changes = new Set<() => void>();
  #damages = new Set<(damage: Damage) => void>();

  constructor(agents: readonly Agent[] = [], session: Partial<State['session']> = {}) {
    const info = {
      id: 'demo-0123456789',
      repo: '/repo/demo',
      git: true,
      startedAt: FAKE_NOW,
      plan: null,
      planName: 'demo',
      pid: 7,
    };
    this.#state = {
      ...emptyState({ ...info, ...session }),
      agents: Object.fromEntries(agents.map((agent) => [agent.spec.id, agent])),
      order: agents.map((agent) => agent.spec.id),
    };
    for (const agent of agents) this.print(agent.pane, [`${agent.spec.name}$ `]);
  }

  // --- what tests change ---

  update(change: (state: State) => Partial<State>): void {
    this.#state = { ...this.#state, ...change(this.#state) };
    this.#emit();
  }

  agent(id: string, change: (agent: Agent) => Partial<Agent>): void {
    this.update(({ agents }) => ({ agents: { ...agents, [id]: { ...agents[id]!, ...change(agents[id]!) } } }));
  }

  happen(...events: readonly Event[]): void {
    const from = this.#recent.length;
    this.#recent = [...this.#recent, ...events.map((event, i) => ({ seq: from + i + 1, at: FAKE_NOW, event }))];
    this.#state = { ...this.#state, seq: this.#recent.length };
    this.#emit();
  }

  connect(connection: Connection): void {
    this.#connection = connection;
    this.#emit();
  }

  /** The pane's screen as plain text; lines before it, oldest first, are its scrollback. */
  print(pane: number, rows: readonly string[], past: readonly string[] = [], cols = 80, height = 24): void {
    const lines = Array.from({ length: height }, (_, y) => rows[y] ?? '');
    const cells = new Uint32Array(cols * height * WORDS_PER_CELL);
    lines.forEach((line, y) => writeCells(cells, y * cols * WORDS_PER_CELL, line, cols));
    this.#history.set(pane, [...past, ...lines]);
    this.setScreen({
      pane,
      cols,
      rows: height,
      cells,
      cursorX: Math.min(cols - 1, rows.at(-1)?.length ?? 0),
      cursorY: Math.max(0, rows.length - 1),
      flags: PANE_FLAG.cursorVisible,
      cursorStyle: 0,
      kittyFlags: 0,
      base: past.length,
      oldest: 0,
    });
  }

  setScreen(screen: PaneScreen): void {
    this.#screens.set(screen.pane, screen);
    const damage = { pane: screen.pane, first: 0, last: screen.rows - 1, scroll: 0, full: true };
    for (const listener of this.#damages) listener(damage);
  }

  // --- RoomClient ---

  state(): State {
    return this.#state;
  }

  connection(): Connection {
    return this.#connection;
  }

  recent(): readonly JournalEntry[] {
    return this.#recent.slice(-this.recentKept);
  }

  clients(): number {
    return 1;
  }

  onChange(listener: () => void): () => void {
    this.#changes.add(listener);
    return () => this.#changes.delete(listener);
  }

  screen(pane: number): PaneScreen | undefined {
    return this.#screens.get(pane);
  }

  onDamage(listener: (damage: Damage) => void): () => void {
    this.#damages.add(listener);
    return () => this.#damages.delete(listener);
  }

  onFrameEnd(): () => void {
    return () => {};
  }

  onBell(): () => void {
    return () => {};
  }

  ack(): void {}

  view(panes: readonly PaneView[], focus: number | null, active: boolean): void {
    this.views.push({ panes, focus, active });
  }

  input(pane: number, bytes: Uint8Array): void {
    this.typed.push({ pane, text: Buffer.from(bytes).toString('utf8') });
  }

  async lines(pane: number, from: number, count: number): Promise<LineBlock> {
    const cols = this.#screens.get(pane)?.cols ?? 80;
    const lines = (this.#history.get(pane) ?? []).slice(from, from + count);
    const cells = new Uint32Array(lines.length * cols * WORDS_PER_CELL);
    lines.forEach((line, i) => writeCells(cells, i * cols * WORDS_PER_CELL, line, cols));
    return { from, count: lines.length, cols, cells };
  }

  async search(pane: number, query: string): Promise<SearchReply> {
    const lines = this.#history.get(pane) ?? [];
    const matches = lines.flatMap((text, line) => {
      const column = text.indexOf(query);
      return column < 0 ? [] : [{ line, column, length: query.length }];
    });
    return { matches };
  }

  async metrics(): Promise<MetricsReply> {
    if (!this.measure) throw new Error('not connected to the session just now');
    return this.measure(this.timesMeasured++);
  }

  /** Of the events that happened; as many looked at for one answer as `journalPiece` says. */
  async journal({ filter, from, step, limit }: JournalSought): Promise<JournalReply> {
    const order = step === 1 ? this.#recent : this.#recent.toReversed();
    const way = order.filter(({ seq }) => (step === 1 ? seq >= from : seq <= from));
    const looked = way.slice(0, this.journalPiece);
    const entries = looked.filter(({ event }) => fitsFilter(event, filter)).slice(0, limit);
    const last = entries.length === limit ? entries.at(-1)!.seq : (looked.at(-1)?.seq ?? from);
    const more = way.some(({ seq }) => (step === 1 ? seq > last : seq < last));
    return { entries, next: more ? last + step : null };
  }

  /** What the tests say was so, by event. */
  async stateAt(seq: number): Promise<Snapshot> {
    const state = this.pastStates[seq] ?? notThere(`event ${seq}`);
    return { state, seq, recent: this.#recent.filter((entry) => entry.seq <= seq), clients: 1 };
  }

  async series(most: number): Promise<SessionSeries> {
    this.seriesAsked.push(most);
    return this.seriesReply ?? notThere('series');
  }

  async keep(what: 'report' | 'metrics'): Promise<readonly string[]> {
    this.kept.push(what);
    return [`/state/reports/${what}.md`];
  }

  async overlap(overlap: string): Promise<OverlapReply> {
    return this.overlapReplies[overlap] ?? notThere(overlap);
  }

  async branches(): Promise<BranchesReply> {
    return this.branchesReply ?? notThere('branches');
  }

  async diff(agent: string, against: string | null): Promise<DiffReply> {
    const key = against === null ? agent : `${agent} ${against}`;
    return this.diffs[key] ?? notThere(key);
  }

  async command(command: ClientCommand): Promise<void> {
    this.commands.push(command);
    this.#maybeRefuse();
  }

  async add(agent: AddRequest): Promise<void> {
    this.added.push(agent);
    this.#maybeRefuse();
  }

  async down(): Promise<void> {
    this.isDown = true;
    this.connect({ state: 'ended', reason: 'stopped' });
  }

  close(): void {}

  #maybeRefuse(): void {
    const { refusal } = this;
    this.refusal = null;
    if (refusal !== null) throw new Error(refusal);
  }

  #emit(): void {
    for (const listener of this.#changes) listener();
  }
}

function notThere(what: string): never {
  throw new Error(`${what}: not there`);
}

function writeCells(cells: Uint32Array, offset: number, line: string, cols: number): void {
  [...line].slice(0, cols).forEach((char, x) => {
    cells[offset + x * WORDS_PER_CELL] = (char.codePointAt(0)! | (1 << WIDTH_SHIFT)) >>> 0;
  });
}
