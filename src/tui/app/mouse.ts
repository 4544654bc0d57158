import type { MouseEvent } from '../input/events.ts';
import { clamp, contains } from '../layout/geometry.ts';
import type { PaneScene } from '../panes/pane-scene.ts';
import type { Controller } from './controller.ts';
import type { PopupKind } from './popup.ts';
import { focusedId } from './room.ts';
import type { RoomStore } from './room-store.ts';
import type { Point } from './scroll.ts';
import type { ScrollCommands } from './scroll-commands.ts';

const WHEEL_LINES = 3;

/** Clicks focus and mark, double clicks zoom and open, the wheel looks back, a drag selects. */
export class Mouse {
  readonly #store: RoomStore;
  readonly #controller: Controller;
  readonly #scroll: ScrollCommands;
  /** Where the button went down on a pane's screen: a drag from there on selects. */
  #pressed: { readonly pane: number; readonly at: Point } | null = null;

  /** In which list the last press has marked an entry. */
  #markedBy: PopupKind | null = null;

  constructor(store: RoomStore, controller: Controller, scroll: ScrollCommands) {
    this.#store = store;
    this.#controller = controller;
    this.#scroll = scroll;
  }

  event(event: MouseEvent): void {
    switch (event.kind) {
      case 'wheel-up':
      case 'wheel-down':
        this.#wheel(event);
        return;
      case 'press':
        this.#press(event);
        return;
      case 'double':
        this.#double(event);
        return;
      case 'drag':
        this.#drag(event);
        return;
      case 'release':
        this.#pressed = null;
        return;
      case 'move':
    }
  }

  #wheel(event: MouseEvent): void {
    const sign = event.kind === 'wheel-up' ? -1 : 1;
    const { ui } = this.#store.room();
    if (ui.popup) {
      for (let i = 0; i < WHEEL_LINES; i++) this.#controller.moveList('line', sign);
      return;
    }
    const scene = this.#at(event);
    if (!scene || scene.kind === 'bar') return;
    if (sign > 0 && ui.scroll?.agent !== scene.agent) return;
    this.#focus(scene);
    this.#scroll.lines(sign * WHEEL_LINES, sign > 0);
  }

  #press(event: MouseEvent): void {
    if (this.#store.room().ui.popup) {
      this.#onPopup(event);
      return;
    }
    const scene = this.#at(event);
    if (!scene || event.button !== 0) return;
    // In pane mode a click on another pane means that one: keys must not go on to the old one unseen.
    const leaves = this.#store.room().ui.mode === 'pane' && scene.agent !== focusedId(this.#store.room());
    if (leaves) this.#controller.leavePane();
    this.#focus(scene);
    const { scroll } = this.#store.room().ui;
    if (scroll?.caret) this.#store.dispatch({ type: 'select.end' });
    const at = this.#point(scene, event);
    this.#pressed = at ? { pane: scene.pane, at } : null;
  }

  #double(event: MouseEvent): void {
    if (this.#store.room().ui.popup) {
      // What the first of the two has marked is opened by the second, wherever it stands now.
      if (this.#markedBy === null || event.button !== 0) this.#onPopup(event);
      else if (this.#markedBy === this.#store.room().ui.popup?.kind) this.#controller.key({ name: 'Enter', text: '' });
      this.#markedBy = null;
      return;
    }
    const scene = this.#at(event);
    if (!scene) return;
    this.#focus(scene);
    this.#controller.zoom();
  }

  #drag(event: MouseEvent): void {
    const pressed = this.#pressed;
    const scene = this.#store.scene().panes.find((one) => one.pane === pressed?.pane && one.kind === 'full');
    if (!pressed || !scene || this.#store.room().ui.mode === 'pane') return;
    const to = this.#point(scene, event);
    if (!to || (to.line === pressed.at.line && to.column === pressed.at.column)) return;
    if (!this.#store.room().ui.scroll?.caret) this.#scroll.startSelect(pressed.at);
    this.#scroll.dragSelect(to);
  }

  /** A click beside a popup closes it; one on an entry of its list marks that. */
  #onPopup(event: MouseEvent): void {
    this.#markedBy = null;
    const { popup } = this.#store.scene();
    if (!popup) return;
    if (!contains(popup.rect, event.x, event.y)) return this.#controller.closePopup();
    if (event.button !== 0) return;
    const spot = popup.spotAt(event.x, event.y);
    if (spot) this.#controller.clickHunk(spot);
    const entry = popup.entries.get(event.y - popup.rect.y);
    if (entry === undefined) return;
    this.#controller.markEntry(entry);
    this.#markedBy = this.#store.room().ui.popup?.kind ?? null;
  }

  #focus(scene: PaneScene): void {
    this.#store.dispatch({ type: 'focus', agent: scene.agent });
  }

  #at(event: MouseEvent): PaneScene | undefined {
    return this.#store.scene().panes.find(({ box }) => contains(box, event.x, event.y));
  }

  /** The cell of the scrollback under the mouse; the nearest one where it is outside of the screen. */
  #point(scene: PaneScene, event: MouseEvent): Point | null {
    const bounds = this.#store.bounds(scene.pane);
    if (!bounds || scene.kind !== 'full') return null;
    const { hole } = scene;
    if (!contains(hole, event.x, event.y) && !this.#pressed) return null;
    const { x } = this.#store.sourceOf(scene).origin(hole);
    const first = this.#store.shownTop(scene.pane);
    const row = clamp(event.y - hole.y, 0, hole.height - 1);
    const column = clamp(x + event.x - hole.x, 0, bounds.cols - 1);
    return { line: Math.min(first + row, bounds.base + bounds.rows - 1), column };
  }
}
