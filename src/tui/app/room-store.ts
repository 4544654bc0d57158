import type { RoomClient } from '../../client/api.ts';
import type { State } from '../../core/model/state.ts';
import type { PaneScene } from '../panes/pane-scene.ts';
import { quotedPane } from './marked-plan.ts';
import { screenText } from '../panes/screen-text.ts';
import { ScrollSource, Scrollback } from '../panes/scrollback.ts';
import { TailSource } from '../panes/tail-source.ts';
import type { PaneSource, Rect, Stage, StageLayout } from '../paint/api.ts';
import { LiveSource } from '../paint/sources.ts';
import type { Look } from '../presentation/look.ts';
import type { Charset } from '../theme/charset.ts';
import type { Theme } from '../theme/load.ts';
import type { Binding } from '../keys/binding.ts';
import type { AnsiOptions } from '../widgets/line.ts';
import { drawnText } from './drawn-text.ts';
import { markOf, withMark } from './list-mark.ts';
import { MetricsFeed } from './metrics-feed.ts';
import { PageFeeds } from './page-feeds.ts';
import { type OutsideTools, type ProfileChoice, type Room, focusedAgent } from './room.ts';
import { type Scene, buildScene } from './scene.ts';
import type { ScrollBounds } from './scroll.ts';
import { type UiAction, type UiState, initialUi, reduceUi } from './ui-state.ts';
import { viewOf } from './view-request.ts';

export interface StoreOptions {
  readonly client: RoomClient;
  readonly stage: Stage | null;
  readonly cols: number;
  readonly rows: number;
  readonly theme: Theme;
  readonly charset: Charset;
  readonly table: readonly Binding[];
  readonly profiles: readonly ProfileChoice[];
  readonly tools: OutsideTools;
  /** Milliseconds since 1970. */
  now(): number;
}

/** News of the session redraw the room at most this often; a key press does at once. */
const NEWS_EVERY_MS = 250;

/**
 * What the screen shows, kept in one place: the session's state and this screen's own, folded into a scene. The stage hears
 * of a new scene before React does, so that the holes are where the frame expects them.
 */
export class RoomStore {
  readonly client: RoomClient;
  readonly stage: Stage | null;
  readonly ansi: AnsiOptions;
  readonly #options: StoreOptions;
  #ui: UiState;
  #scene: Scene;
  /** As Ink has it: the last one in which something of its own was other. */
  #shown: Scene;
  #drawn = '';
  #listeners = new Set<() => void>();
  #live = new Map<string, PaneSource>();
  #scrollback: Scrollback | null = null;
  #scrollSource: PaneSource | null = null;
  #news: ReturnType<typeof setTimeout> | null = null;
  #newsAt = Number.NEGATIVE_INFINITY;
  #active = true;
  #lastView = '';
  /** What is marked in the list that is open, by the state that its lines were made of. */
  #marked: { readonly state: State; readonly ui: UiState; readonly mark: string | null } | null = null;
  readonly #metrics: MetricsFeed;
  readonly #pages: PageFeeds;
  readonly #off: () => void;
  readonly #offDamage: () => void;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.client = options.client;
    this.#metrics = new MetricsFeed(options.client, () => this.refresh());
    this.#pages = new PageFeeds(options.client, () => this.refresh());
    this.stage = options.stage;
    this.ansi = { charset: options.charset, staged: options.stage !== null };
    this.#ui = initialUi(options.cols, options.rows);
    this.#scene = this.#build();
    this.#shown = this.#scene;
    this.#tellOthers();
    this.#off = this.client.onChange(() => this.#hearNews());
    this.#offDamage = this.client.onDamage(({ pane }) => {
      if (pane === quotedPane(this.#ui, this.client.state())) this.#hearNews();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly scene = (): Scene => this.#scene;

  /** For Ink, which lays the whole screen out again for each new one. */
  readonly shown = (): Scene => this.#shown;

  size(): { readonly cols: number; readonly rows: number } {
    return this.#ui;
  }

  room(): Room {
    const { client } = this;
    const past = this.#ui.past === null ? null : this.#pages.past();
    const then = past?.latest ?? null;
    const state = then?.state ?? client.state();
    this.#keepMark(state);
    return {
      ui: this.#ui,
      state,
      connection: client.connection(),
      recent: then?.recent ?? client.recent(),
      last: client.state().seq,
      past: past && {
        seq: Number(past.subject),
        entry: then?.seq === this.#ui.past ? (then.recent.at(-1) ?? null) : null,
        trouble: past.trouble,
      },
      clients: client.clients(),
      readOnly: client.readOnly,
      table: this.#options.table,
      profiles: this.#options.profiles,
      metrics: this.#metrics.view(),
      ...this.#pages.views(),
      tools: this.#options.tools,
      screenText: (pane) => screenText(client, pane),
    };
  }

  /** News may have moved the lines of the list that is open: a key is about what was marked when its line was seen. */
  #keepMark(state: State): void {
    if (this.#marked?.state === state && this.#marked.ui === this.#ui) return;
    const { popup } = this.#ui;
    if (this.#marked && this.#marked.ui === this.#ui) {
      this.#ui = withMark({ ui: this.#ui, state }, this.#marked.mark);
    }
    this.#marked = popup && { state, ui: this.#ui, mark: markOf({ ui: this.#ui, state }) };
  }

  look(): Look {
    const { theme, charset } = this.#options;
    const staged = this.stage !== null;
    const then = this.#ui.past === null ? undefined : this.#pages.past()?.latest?.recent.at(-1);
    if (then) return { theme, charset, now: then.at, staged, still: true };
    return { theme, charset, now: this.#options.now(), staged };
  }

  /** Folds the actions, then draws once, at once. */
  dispatch(...actions: readonly UiAction[]): void {
    // What is moved from is where the mark stands by now.
    this.room();
    const before = this.#ui;
    this.#ui = actions.reduce(reduceUi, before);
    if (this.#ui === before) return;
    if (this.#ui.scroll?.pane !== before.scroll?.pane) this.#openScrollback();
    this.#metrics.watch(this.#ui.popup?.kind === 'metrics' ? this.#ui.popup.view : null);
    if (before.past !== this.#ui.past) this.#pages.follow(this.#ui, this.client.state());
    this.refresh();
  }

  /** Draws what is known now. */
  refresh(): void {
    this.#newsAt = this.#options.now();
    this.#pages.follow(this.#ui, this.client.state());
    this.#scene = this.#build();
    this.#tellOthers();
    this.#show();
    for (const listener of this.#listeners) listener();
    if (this.#ui.scroll) this.stage?.touch(this.#ui.scroll.pane);
  }

  /** Whether the operator looks at this screen: the daemon sizes agents for the screen that is looked at. */
  setActive(active: boolean): void {
    if (this.#active === active) return;
    this.#active = active;
    this.#tellOthers();
  }

  /** Size of the pane's screen and of its place here; null before its first rows came. */
  bounds(pane: number, hole?: Rect): ScrollBounds | null {
    const screen = this.client.screen(pane);
    const view = hole ?? this.#scene.panes.find((scene) => scene.pane === pane && scene.kind === 'full')?.hole;
    if (!screen || !view) return null;
    const { oldest, base, rows, cols } = screen;
    return { oldest, base, rows, cols, view: view.height };
  }

  /** Absolute number of the first line that the open pane shows now. */
  shownTop(pane: number): number {
    const { scroll } = this.#ui;
    const scene = this.#scene.panes.find((one) => one.pane === pane && one.kind === 'full');
    const base = this.client.screen(pane)?.base ?? 0;
    if (!scene) return base;
    return scroll?.pane === pane ? scroll.top : base + this.sourceOf(scene).origin(scene.hole).y;
  }

  scrollback(): Scrollback | null {
    return this.#scrollback;
  }

  sourceOf(scene: PaneScene): PaneSource {
    if (this.#ui.scroll?.pane === scene.pane && scene.kind === 'full' && this.#scrollSource) return this.#scrollSource;
    const key = `${scene.kind} ${scene.pane} ${scene.kind === 'bar' ? scene.hole.height : ''}`;
    let source = this.#live.get(key);
    if (!source) {
      source = this.#newSource(scene);
      this.#live.set(key, source);
    }
    return source;
  }

  #newSource({ kind, pane, hole }: PaneScene): PaneSource {
    return kind === 'bar' ? new TailSource(this.client, pane, hole.height) : new LiveSource(this.client, pane);
  }

  close(): void {
    this.#off();
    this.#offDamage();
    this.#metrics.watch(null);
    this.#pages.follow({ popup: null, past: null }, this.client.state());
    if (this.#news) clearTimeout(this.#news);
    this.#listeners.clear();
  }

  /** Without a stage everything on screen is Ink's. */
  #show(): void {
    const drawn = this.stage ? drawnText(this.#scene, this.#ui, this.ansi) : '';
    if (this.stage && drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#shown = this.#scene;
  }

  #build(): Scene {
    return buildScene(this.room(), this.look(), (pane, view) => this.bounds(pane, view));
  }

  /** The first news at once, those right after it together. */
  #hearNews(): void {
    if (this.#news) return;
    const wait = Math.max(0, Math.min(NEWS_EVERY_MS, this.#newsAt + NEWS_EVERY_MS - this.#options.now()));
    if (wait === 0) {
      this.refresh();
      return;
    }
    this.#news = setTimeout(() => {
      this.#news = null;
      this.refresh();
    }, wait);
  }

  #openScrollback(): void {
    const { scroll } = this.#ui;
    this.#scrollback = null;
    this.#scrollSource = null;
    if (!scroll) return;
    this.#scrollback = new Scrollback(this.client, scroll.pane, () => this.#linesCame(scroll.pane));
    this.#scrollSource = new ScrollSource(this.#scrollback, () => this.#ui.scroll);
  }

  #linesCame(pane: number): void {
    if (this.stage) this.stage.touch(pane);
    else this.refresh();
  }

  #tellOthers(): void {
    this.stage?.setLayout(this.#stageLayout());
    const { panes, focus } = viewOf(
      this.#scene,
      focusedAgent(this.room())?.pane ?? null,
      quotedPane(this.#ui, this.client.state()),
    );
    const told = JSON.stringify([panes, focus, this.#active]);
    if (told === this.#lastView) return;
    this.#lastView = told;
    this.client.view(panes, focus, this.#active);
  }

  #stageLayout(): StageLayout {
    const { panes, covers, fields, cursor } = this.#scene;
    const placements = panes
      .filter((scene) => scene.hole.width > 0 && scene.hole.height > 0)
      .map((scene) => ({ pane: scene.pane, rect: scene.hole, dim: scene.dim, source: this.sourceOf(scene) }));
    const inPane = this.#ui.mode === 'pane' && !this.#ui.popup;
    const focus = inPane ? (focusedAgent(this.room())?.pane ?? null) : null;
    return { panes: placements, covers, fields, focus, cursor };
  }
}
