import type { BranchesReply, DiffReply, OverlapReply, RoomClient, Snapshot } from '../../client/api.ts';
import type { State } from '../../core/model/state.ts';
import type { Highlighter } from '../code/runs.ts';
import { Feed, type Fetched } from './feed.ts';
import { JournalFeed, type JournalView } from './journal-feed.ts';
import type { UiState } from './ui-state.ts';

/** Answers that the open page is drawn from; null while it isn't open. */
export interface PageViews {
  readonly overlap: Fetched<OverlapReply> | null;
  readonly branches: Fetched<BranchesReply> | null;
  readonly diff: Fetched<DiffReply> | null;
  readonly code: Highlighter | null;
  readonly journal: JournalView | null;
}

/** Asks for what the merge screen, the git screen and diffs show, when they are opened and when the state says that it may differ. */
export class PageFeeds {
  readonly #overlap: Feed<OverlapReply>;
  readonly #branches: Feed<BranchesReply>;
  readonly #diff: Feed<DiffReply>;
  readonly #journal: JournalFeed;
  readonly #past: Feed<Snapshot>;
  readonly #onNews: () => void;
  #then: Snapshot | null = null;
  #code: Highlighter | null = null;
  #loading = false;

  constructor(client: RoomClient, onNews: () => void) {
    this.#onNews = onNews;
    this.#overlap = new Feed((id) => client.overlap(id), onNews);
    this.#branches = new Feed(() => client.branches(), onNews);
    this.#diff = new Feed((subject) => {
      const [agent, against] = JSON.parse(subject) as [string, string | null];
      return client.diff(agent, against);
    }, onNews);
    this.#journal = new JournalFeed(client, onNews);
    this.#past = new Feed((seq) => client.stateAt(Number(seq)), onNews);
  }

  views(): PageViews {
    return {
      overlap: this.#overlap.view(),
      branches: this.#branches.view(),
      diff: this.#diff.view(),
      code: this.#code,
      journal: this.#journal.view(),
    };
  }

  /** The session as it was; until the event that was asked for last is there, after the one before. null: it is shown as it is. */
  past(): Fetched<Snapshot> | null {
    const view = this.#past.view();
    if (view === null) this.#then = null;
    else if (view.latest) this.#then = view.latest;
    return view && { ...view, latest: this.#then };
  }

  follow({ popup, past }: Pick<UiState, 'popup' | 'past'>, state: State): void {
    const merge = popup?.kind === 'merge' ? popup.overlap : null;
    this.#overlap.want(merge, merge === null ? '' : overlapMark(state, merge));
    this.#branches.want(popup?.kind === 'git' ? 'all' : null, gitMark(state));
    const diff = popup?.kind === 'diff' ? JSON.stringify([popup.agent, popup.against]) : null;
    this.#diff.want(diff, gitMark(state));
    // An event is one of the list that it was opened from: that stays.
    const log = popup?.kind === 'event' ? popup.back : popup;
    this.#journal.want(log?.kind === 'log' ? log : null);
    this.#past.want(past === null ? null : String(past));
    if (merge !== null && !this.#loading) void this.#loadCode();
  }

  /** Without it code has no colours: no reason to hold anything up, or to complain. */
  async #loadCode(): Promise<void> {
    this.#loading = true;
    try {
      const { newHighlighter } = await import('../code/highlight.ts');
      this.#code = newHighlighter();
      this.#onNews();
    } catch {
      // The page stands as it is.
    }
  }
}

/** Another one when the texts of the two may be others. */
function overlapMark(state: State, id: string): string {
  const overlap = state.overlaps[id];
  const round = overlap?.round == null ? undefined : state.rounds[overlap.round];
  const trees = overlap?.agents.map((agent) => state.agents[agent]?.git);
  return JSON.stringify([overlap, round?.phase, round?.retries, trees]);
}

function gitMark({ agents, rounds, git, overlaps }: State): string {
  const trees = Object.values(agents).map((agent) => agent.git);
  return JSON.stringify([git?.head, trees, Object.keys(rounds).length, Object.keys(overlaps).length]);
}
