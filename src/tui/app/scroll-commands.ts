import type { ScrollKeys, Stride } from '../keys/commands.ts';
import { selectedText } from '../panes/selected-text.ts';
import { EMPTY_FIELD } from '../widgets/text-field.ts';
import type { TerminalHandle } from './controller.ts';
import { focusedAgent } from './room.ts';
import type { RoomStore } from './room-store.ts';
import { type CaretMove, type Point, type ScrollBounds, lastTop } from './scroll.ts';
import type { Toaster } from './toaster.ts';
import type { UiAction } from './ui-state.ts';

/** Looking back through a pane's output: scrolling, searching, selecting, copying. */
export class ScrollCommands implements ScrollKeys {
  readonly #store: RoomStore;
  readonly #terminal: Pick<TerminalHandle, 'copy'>;
  readonly #toaster: Toaster;

  constructor(store: RoomStore, terminal: Pick<TerminalHandle, 'copy'>, toaster: Toaster) {
    this.#store = store;
    this.#terminal = terminal;
    this.#toaster = toaster;
  }

  by(stride: Stride, sign: -1 | 1): void {
    const bounds = this.#bounds();
    if (!bounds) return;
    this.lines(sign * rowsOf(stride, bounds), sign > 0 && stride === 'page');
  }

  /** @param leave coming to the end goes back to the live screen */
  lines(lines: number, leave: boolean): void {
    const bounds = this.#bounds();
    const { scroll } = this.#store.room().ui;
    if (!bounds) return;
    if (!scroll && lines < 0 && bounds.oldest >= lastTop(bounds)) {
      this.#toaster.show('info', 'nothing has scrolled off this screen yet');
      return;
    }
    if (leave && scroll && !scroll.caret && scroll.top + lines >= lastTop(bounds)) {
      this.#store.dispatch({ type: 'scroll.leave' });
      return;
    }
    this.#store.dispatch(...this.#entered(), { type: 'scroll.by', lines, bounds });
  }

  openSearch(): void {
    const agent = focusedAgent(this.#store.room());
    if (!agent) return;
    this.#store.dispatch({ type: 'popup', popup: { kind: 'search', agent: agent.spec.id, field: EMPTY_FIELD } });
  }

  leave(): void {
    this.#store.dispatch({ type: 'scroll.leave' });
  }

  /** @param query - of the search popup, once it is typed */
  async search(query: string): Promise<void> {
    const bounds = this.#bounds();
    const agent = focusedAgent(this.#store.room());
    if (!bounds || !agent || query === '') return;
    const asked = this.#store.client.search(agent.pane, query);
    if (!(await this.#toaster.attempt(asked))) return;
    const { matches } = await asked;
    if (matches.length === 0) {
      this.#toaster.show('info', `nothing matches ${query}`);
      return;
    }
    // What was printed meanwhile moved the screen on.
    const now = this.#bounds() ?? bounds;
    this.#store.dispatch(...this.#entered(), { type: 'search.found', query, matches, bounds: now });
  }

  searchStep(step: -1 | 1): void {
    const bounds = this.#bounds();
    if (bounds) this.#store.dispatch({ type: 'search.step', step, bounds });
  }

  startSelect(at: Point | null): void {
    const bounds = this.#bounds();
    if (bounds) this.#store.dispatch(...this.#entered(), { type: 'select.start', bounds, at });
  }

  dragSelect(to: Point): void {
    const bounds = this.#bounds();
    if (bounds) this.#store.dispatch({ type: 'select.drag', to, bounds });
  }

  moveCaret(move: CaretMove): void {
    const bounds = this.#bounds();
    if (bounds) this.#store.dispatch({ type: 'select.move', move, bounds });
  }

  toggleAnchor(): void {
    this.#store.dispatch({ type: 'select.anchor' });
  }

  toggleLinewise(): void {
    this.#store.dispatch({ type: 'select.linewise' });
  }

  swapEnds(): void {
    this.#store.dispatch({ type: 'select.swap' });
  }

  endSelect(): void {
    this.#store.dispatch({ type: 'select.end' });
  }

  copy(): void {
    void this.#copy();
  }

  async #copy(): Promise<void> {
    const { scroll } = this.#store.room().ui;
    const lines = this.#store.scrollback();
    if (!scroll || !lines) return;
    const text = await selectedText(scroll, lines, this.#store.client.clusters);
    if (text.trim() === '') {
      this.#toaster.show('warn', 'only blanks are selected');
      return;
    }
    if (!this.#terminal.copy(text)) {
      this.#toaster.show('error', `${text.length} characters are more than a terminal takes at once: select less`);
      return;
    }
    this.#store.dispatch({ type: 'select.end' });
    const count = text.split('\n').length;
    this.#toaster.show('info', count === 1 ? `copied ${[...text].length} characters` : `copied ${count} lines`);
  }

  #entered(): UiAction[] {
    const room = this.#store.room();
    const agent = focusedAgent(room);
    if (!agent || room.ui.scroll?.agent === agent.spec.id) return [];
    const top = this.#store.shownTop(agent.pane);
    return [{ type: 'scroll.enter', agent: agent.spec.id, pane: agent.pane, top }];
  }

  #bounds(): ScrollBounds | null {
    const agent = focusedAgent(this.#store.room());
    return agent ? this.#store.bounds(agent.pane) : null;
  }
}

function rowsOf(stride: Stride, bounds: ScrollBounds): number {
  switch (stride) {
    case 'line':
      return 1;
    case 'half':
      return Math.max(1, Math.floor(bounds.view / 2));
    case 'page':
      // One line stays in sight, to go on reading from.
      return Math.max(1, bounds.view - 1);
    case 'end':
      return bounds.base + bounds.rows;
  }
}
